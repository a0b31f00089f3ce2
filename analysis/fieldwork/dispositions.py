"""What came of a visit, and what came of a case: the outcomes people record and the classes the rates count.

Codes and classes: AAPOR, Standard Definitions (10th edition, 2023), in-person household surveys.
"""

from collections.abc import Mapping
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
