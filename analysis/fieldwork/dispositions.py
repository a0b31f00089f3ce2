"""What came of a visit, and what came of a case: the outcomes people record and the classes the rates count.

Codes and classes: AAPOR, Standard Definitions (10th edition, 2023), in-person household surveys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """One attempt at one door, as a canvasser records it (online answers record theirs the same way)."""

    COMPLETE = "complete"  # 1.1
    PARTIAL = "partial"  # 1.2
    REFUSED_HOUSEHOLD = "refused_household"  # 2.111, someone else refused
    REFUSED_PERSON = "refused_person"  # 2.112, the selected person refused
    BREAK_OFF = "break_off"  # 2.12
    NO_ENTRY = "no_entry"  # gate or entrance locked: 2.23 if known occupied, else 3.17
    NO_ANSWER = "no_answer"  # nobody opened: 2.24 only with evidence of occupancy, else unknown eligibility 3.20
    AWAY = "away"  # the selected person is not there, 2.25
    APPOINTMENT = "appointment"  # agreed to come again, 2.25 if nothing follows
    UNABLE = "unable"  # illness or disability for the whole period, 2.32
    LANGUAGE = "language"  # 2.33
    OTHER = "other"  # 2.36
    NO_SUCH_ADDRESS = "no_such_address"  # 4.10
    NOT_A_DWELLING = "not_a_dwelling"  # business or office, 4.51
    VACANT = "vacant"  # 4.61
    NOBODY_ELIGIBLE = "nobody_eligible"  # 4.70


class DispositionClass(StrEnum):
    """The letters of the rates' formulas."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    NOT_ELIGIBLE = "NE"


class Disposition(StrEnum):
    """The final code of a case: the AAPOR number."""

    COMPLETE = "1.1"
    PARTIAL = "1.2"
    REFUSED_HOUSEHOLD = "2.111"
    REFUSED_PERSON = "2.112"
    BREAK_OFF = "2.12"
    NO_ENTRY_OCCUPIED = "2.23"
    NO_ANSWER_OCCUPIED = "2.24"
    AWAY = "2.25"
    UNABLE = "2.32"
    LANGUAGE = "2.33"
    OTHER = "2.36"
    NOT_ATTEMPTED = "3.11"
    NO_ENTRY_UNKNOWN = "3.17"
    NO_ANSWER_UNKNOWN = "3.20"
    NO_SUCH_ADDRESS = "4.10"
    NOT_A_DWELLING = "4.51"
    VACANT = "4.61"
    NOBODY_ELIGIBLE = "4.70"


CLASSES: Mapping[Disposition, DispositionClass] = {
    Disposition.COMPLETE: DispositionClass.COMPLETE,
    Disposition.PARTIAL: DispositionClass.PARTIAL,
    Disposition.REFUSED_HOUSEHOLD: DispositionClass.REFUSAL,
    Disposition.REFUSED_PERSON: DispositionClass.REFUSAL,
    Disposition.BREAK_OFF: DispositionClass.REFUSAL,
    Disposition.NO_ENTRY_OCCUPIED: DispositionClass.NON_CONTACT,
    Disposition.NO_ANSWER_OCCUPIED: DispositionClass.NON_CONTACT,
    Disposition.AWAY: DispositionClass.NON_CONTACT,
    Disposition.UNABLE: DispositionClass.OTHER,
    Disposition.LANGUAGE: DispositionClass.OTHER,
    Disposition.OTHER: DispositionClass.OTHER,
    Disposition.NOT_ATTEMPTED: DispositionClass.UNKNOWN_HOUSEHOLD,
    Disposition.NO_ENTRY_UNKNOWN: DispositionClass.UNKNOWN_HOUSEHOLD,
    Disposition.NO_ANSWER_UNKNOWN: DispositionClass.UNKNOWN_HOUSEHOLD,
    Disposition.NO_SUCH_ADDRESS: DispositionClass.NOT_ELIGIBLE,
    Disposition.NOT_A_DWELLING: DispositionClass.NOT_ELIGIBLE,
    Disposition.VACANT: DispositionClass.NOT_ELIGIBLE,
    Disposition.NOBODY_ELIGIBLE: DispositionClass.NOT_ELIGIBLE,
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one attempt tells: its outcome, and whether somebody is seen to live there (``None``: no evidence)."""

    outcome: Outcome
    occupied: bool | None = None


#: Outcomes that are also the final code, in the classes whose order decides.
_INTERVIEWS = {Outcome.COMPLETE: Disposition.COMPLETE, Outcome.PARTIAL: Disposition.PARTIAL}
_REFUSALS = {
    Outcome.REFUSED_HOUSEHOLD: Disposition.REFUSED_HOUSEHOLD,
    Outcome.REFUSED_PERSON: Disposition.REFUSED_PERSON,
    Outcome.BREAK_OFF: Disposition.BREAK_OFF,
}
_CONTACTS_FOR_GOOD = {
    Outcome.UNABLE: Disposition.UNABLE,
    Outcome.LANGUAGE: Disposition.LANGUAGE,
    Outcome.OTHER: Disposition.OTHER,
    Outcome.NOBODY_ELIGIBLE: Disposition.NOBODY_ELIGIBLE,
}
_CONTACTS_FOR_NOW = {Outcome.AWAY: Disposition.AWAY, Outcome.APPOINTMENT: Disposition.AWAY}
_CLOSED_DOORS = {
    Outcome.NO_ENTRY: (Disposition.NO_ENTRY_OCCUPIED, Disposition.NO_ENTRY_UNKNOWN),
    Outcome.NO_ANSWER: (Disposition.NO_ANSWER_OCCUPIED, Disposition.NO_ANSWER_UNKNOWN),
}
_BY_APPEARANCE = {
    Outcome.NO_SUCH_ADDRESS: Disposition.NO_SUCH_ADDRESS,
    Outcome.NOT_A_DWELLING: Disposition.NOT_A_DWELLING,
    Outcome.VACANT: Disposition.VACANT,
}

#: The first of these groups that an attempt falls in decides: by its latest attempt. Closed doors and looks come after.
DECIDING: tuple[frozenset[Outcome], ...] = (
    *(frozenset({outcome}) for outcome in _INTERVIEWS),
    frozenset(_REFUSALS),
    frozenset(_CONTACTS_FOR_GOOD),
    frozenset(_CONTACTS_FOR_NOW),
)
#: With one of these nobody lives there who belongs to the population.
NOT_ELIGIBLE: frozenset[Outcome] = frozenset({*_BY_APPEARANCE, Outcome.NOBODY_ELIGIBLE})
#: With one of these somebody was met.
CONTACTS: frozenset[Outcome] = frozenset().union(*DECIDING)
CLOSED_DOORS: frozenset[Outcome] = frozenset(_CLOSED_DOORS)


def final_disposition(attempts: Sequence[Attempt]) -> Disposition:
    """The one final code of a case from all its attempts, oldest first.

    The first rule that applies decides:

    1. no attempt: 3.11;
    2. a complete interview, else a partial one;
    3. a refusal or break-off, the latest: what came after it does not undo it;
    4. somebody was met: the latest of illness, language, other reason and "nobody eligible"; else 2.25, also for an
       appointment that nothing followed;
    5. nobody was met, but some closed door showed that people live there: the latest closed door, 2.23 or 2.24
       ("vacant" at another attempt does not count then: it would take the case out of the rates);
    6. the latest attempt: a closed door of unknown eligibility (3.17 gate, 3.20 door), or not eligible by its looks
       (4.10 no such address, 4.51 not a dwelling, 4.61 vacant).

    >>> final_disposition([Attempt(outcome=Outcome.NO_ANSWER, occupied=True), Attempt(outcome=Outcome.NO_ENTRY)]).value
    '2.23'
    >>> final_disposition([Attempt(outcome=Outcome.REFUSED_PERSON), Attempt(outcome=Outcome.VACANT)]).value
    '2.112'
    """
    if not attempts:
        return Disposition.NOT_ATTEMPTED
    latest = [attempt.outcome for attempt in reversed(attempts)]
    for outcome, code in _INTERVIEWS.items():
        if outcome in latest:
            return code
    for group in (_REFUSALS, _CONTACTS_FOR_GOOD, _CONTACTS_FOR_NOW):
        for outcome in latest:
            if outcome in group:
                return group[outcome]
    occupied = any(attempt.occupied is True and attempt.outcome in _CLOSED_DOORS for attempt in attempts)
    for outcome in latest:
        if outcome in _CLOSED_DOORS:
            known, unknown = _CLOSED_DOORS[outcome]
            return known if occupied else unknown
        if not occupied:
            return _BY_APPEARANCE[outcome]
    raise AssertionError(f"no rule for {latest}")  # every outcome is in one of the groups
