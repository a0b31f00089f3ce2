"""A hash of what respondents are asked: two waves are compared only where it is the same."""

import hashlib
import json
from typing import Any

from questionnaires.definition import Condition, Item, Questionnaire, Text
from questionnaires.document import to_document


def item_fingerprint(item: Item) -> str:
    """SHA-256 (hex) of the item's type, wording, options (code, text, kind, polarity) and conditions, and of what
    else the person who answers notices where it is not as usual: that it cannot be skipped, the bounds of a date.

    Its own id, section, place in a module and the notes for interviewers are not part of it, nor which options are
    decoys and in which order each person gets them: they change nothing for the person who answers.
    """
    asked = {
        "type": item.type.value,
        "text": _text(item.text),
        "options": [
            [option.code, _text(option.text), option.kind.value, option.polarity and option.polarity.value]
            for option in item.options
        ],
        "ask_if": [_condition(condition) for condition in item.ask_if],
    }
    noticed = {"required": item.required, "earliest": item.earliest, "latest": item.latest}
    return _digest({**asked, **{name: value for name, value in noticed.items() if value}})


def indicator_fingerprint(questionnaire: Questionnaire, code: str) -> str:
    """SHA-256 (hex) of what makes a rate: its item as it is asked, who is asked it, and which answers count.

    Who is asked depends on the items that its conditions name, so their wording is part of it; the rate's label is
    not. Fill a questionnaire's placeholders first (:func:`questionnaires.wording.fill_questionnaire`): about another
    campaign it is another question.
    """
    indicator = questionnaire.indicator(code)
    asked = _with_conditions(questionnaire, indicator.item, ())
    items = [questionnaire.item(each) for each in asked]
    return _digest(
        {
            "items": [[item_fingerprint(item), sorted(item.modes), item.max_choices] for item in items],
            "codes": sorted(indicator.codes),
        }
    )


def _with_conditions(questionnaire: Questionnaire, item_id: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The item, and after it every item that decides whether it is asked."""
    if item_id in before:
        return before
    found = (*before, item_id)
    for condition in questionnaire.item(item_id).ask_if:
        found = _with_conditions(questionnaire, condition.item, found)
    return found


def questionnaire_fingerprint(questionnaire: Questionnaire) -> str:
    """SHA-256 (hex) of everything asked and counted: introductions, items in order, scores, indicators.

    Slug, version, expected duration, notes for interviewers, recommended departments and what supervisors may check
    are not part of it.
    """
    document = to_document(questionnaire)
    for name in ("slug", "version", "target_minutes"):
        document["instrument"].pop(name, None)
    for item in document["item"]:
        item.pop("interviewer_note", None)
        item.pop("department", None)
        item.pop("scale", None)  # the name of the scale; its options are in the item
    for section in document["section"]:
        section.pop("factual", None)
    return _digest(document)


def _condition(condition: Condition) -> list[Any]:
    bounds = [condition.at_least, condition.at_most]
    return [condition.item, sorted(condition.codes), *(bounds if bounds != [None, None] else ())]


def _text(text: Text) -> list[Any]:
    return [text.zh_Hans, text.en, *([tag, wording] for tag, wording in text.others)]


def _digest(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
