"""How days, times and names of states are written on pages, in Shanghai time and the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask

from survey import outreach
from survey.account_rules import CANVASSER_TYPE_NAMES, ROLE_NAMES
from survey.fieldwork import words as fieldwork_words
from survey.fieldwork.recusal import OBSTACLE_WORDS
from survey.files.unit_headers import FIELD_NAMES, UNIT_STATUS_NAMES
from survey.pages.language import gettext
from survey.reports import wording
from survey.store.waves import STATE_NAMES
from survey.units import KIND_NAMES
from survey.workflow.show_accounts import STANDING_NAMES

#: Filter of the templates -> the words of each choice.
NAMES: Mapping[str, Mapping[Any, str]] = {
    "role_name": ROLE_NAMES,
    "canvasser_type_name": CANVASSER_TYPE_NAMES,
    "standing_name": STANDING_NAMES,
    "state_name": STATE_NAMES,
    "unit_status_name": UNIT_STATUS_NAMES,
    "unit_field_name": FIELD_NAMES,
    "mode_name": wording.MODE_WORDS,
    "approval_name": wording.APPROVAL_WORDS,
    "outcome_name": fieldwork_words.OUTCOME_WORDS,
    "disposition_name": fieldwork_words.DISPOSITION_WORDS,
    "led_by_name": fieldwork_words.LED_BY_WORDS,
    "presence_name": fieldwork_words.PRESENCE_WORDS,
    "unit_kind_name": KIND_NAMES,
    "obstacle_name": OBSTACLE_WORDS,
    "action_kind_name": outreach.KIND_NAMES,
    "action_status_name": outreach.STATUS_NAMES,
    "ledger_outcome_name": outreach.OUTCOME_NAMES,
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, moment=moment)
    for name, words in NAMES.items():
        app.jinja_env.filters[name] = lambda choice, words=words: gettext(words[choice])
    app.jinja_env.filters["words_of"] = lambda choice, name: gettext(NAMES[name][choice])


def day(value: date) -> str:
    """A calendar day in the reader's language."""
    return wording.day(value, gettext)


def clock(value: datetime) -> str:
    """The time of day in Shanghai.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 1, 1, 23, 5, tzinfo=UTC))
    '07:05'
    """
    return f"{value.astimezone(wording.BEIJING):%H:%M}"


def moment(value: datetime) -> str:
    """Day and time of day in Shanghai."""
    return f"{day(value.astimezone(wording.BEIJING).date())} {clock(value)}"
