"""Which group each answer of a sample is in: by what it says itself, and while its wave is open by what the log says.

Sex and age are answers, the mode stands beside them. Who asked, and who led the way to the door, stands in the sealed
log alone; once that is gone, see :mod:`survey.store.frozen_groups`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from analysis.divisions import Division
from questionnaires.definition import Item, OptionKind, Questionnaire
from survey.casework.case_log import CaseLog
from survey.fieldwork.payloads import LedBy
from survey.groupings import ALONE, AND_UNKNOWN, GUIDED, NOBODY, UNKNOWN, Grouping
from survey.reports.group_table import SCALES
from survey.store.accounts import list_accounts
from survey.store.responses import StoredResponse

#: Fewer people of whom it is not known are no group of their own.
LEAST_UNKNOWN = 30
#: In this order, the unknown last.
_GUIDANCE = (ALONE, GUIDED, NOBODY, UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of an answer that came of a visit: the type of the canvasser's account, and whether somebody led the way."""

    canvasser_type: str
    guided: str


def item_of(questionnaire: Questionnaire, grouping: Grouping) -> Item | None:
    """The item that asks for it: the first on its scale; ``None`` where the instrument does not ask."""
    scale = SCALES.get(grouping)
    return next((item for item in questionnaire.items if scale and item.scale == scale), None)


def divisions_by_answer(questionnaire: Questionnaire, responses: Sequence[StoredResponse]) -> tuple[Division, ...]:
    """By sex, age and mode, as far as they are asked and somebody is known to be in a group."""
    found = []
    for grouping in (Grouping.SEX, Grouping.AGE):
        item = item_of(questionnaire, grouping)
        if item is not None:
            known = {option.code for option in item.options if option.kind is OptionKind.SUBSTANTIVE}
            codes = [str(code) if code in known else UNKNOWN for code in _answers(item, responses)]
            order = [str(option.code) for option in item.options]
            found.append(_division(grouping, [*order, UNKNOWN], _with_unknown(codes)))
    modes = [response.mode.value for response in responses]
    found.append(_division(Grouping.MODE, sorted(set(modes)), modes))
    return tuple(division for division in found if division.groups not in ((), (UNKNOWN,)))


def _with_unknown(codes: list[str]) -> list[str]:
    """A few who did not say stand with the largest group, which is named so: by themselves they would be hidden, and
    would take a whole group with them.
    """
    often = Counter(code for code in codes if code != UNKNOWN)
    if not often or not 0 < codes.count(UNKNOWN) < LEAST_UNKNOWN:
        return codes
    largest = min(often, key=lambda code: (-often[code], code))
    return [f"{largest}{AND_UNKNOWN}" if code in (largest, UNKNOWN) else code for code in codes]


def _answers(item: Item, responses: Sequence[StoredResponse]) -> Iterable[object]:
    for response in responses:
        answer = response.answers.get(item.id)
        yield answer if isinstance(answer, int) else None


def divisions_by_log(asked: Mapping[UUID, Asked], responses: Sequence[StoredResponse]) -> tuple[Division, ...]:
    """By canvassers' type and by guidance; ``asked`` as :func:`read_asked` finds it."""
    told = [asked.get(response.uuid, Asked(canvasser_type=UNKNOWN, guided=UNKNOWN)) for response in responses]
    types = _with_unknown([one.canvasser_type for one in told])
    order = [*sorted(set(types) - {NOBODY, UNKNOWN}), NOBODY, UNKNOWN]
    return (
        _division(Grouping.CANVASSER_TYPE, order, types),
        _division(Grouping.GUIDED, _GUIDANCE, _with_unknown([one.guided for one in told])),
    )


def read_asked(session: Session, logs: Sequence[CaseLog]) -> dict[UUID, Asked]:
    """Of every answer in the log of an open wave; online nobody asked and nobody was led."""
    types = {account.id: account.canvasser_type for account in list_accounts(session)}
    found = {}
    for log in logs:
        for interview in log.interviews:
            kind = types.get(interview.payload.canvasser)
            found[interview.uuid] = Asked(
                canvasser_type=kind.value if kind else UNKNOWN,
                guided=ALONE if interview.payload.led_by is LedBy.NOBODY else GUIDED,
            )
        for visit in log.visits:
            if visit.uuid not in found:
                found[visit.uuid] = Asked(canvasser_type=NOBODY, guided=NOBODY)
    return found


def _division(grouping: Grouping, order: Sequence[str], codes: Sequence[str]) -> Division:
    """Only groups that somebody is in."""
    present = set(codes)
    both = (code for each in order for code in (each, f"{each}{AND_UNKNOWN}"))
    groups = tuple(code for code in dict.fromkeys(both) if code in present)
    index = {code: place for place, code in enumerate(groups)}
    return Division(name=grouping.value, groups=groups, units=np.array([index[code] for code in codes], dtype=np.int64))
