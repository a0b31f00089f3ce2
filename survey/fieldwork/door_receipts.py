"""Receipts of the door: for whoever was asked there, and for whoever would not be.

A device that has no connection tells the receipt all the same: it works it out from the payload's salt. So its payload
alone leads to it, which is sealed under the wave's key, and its row in the list of receipts leads to nothing.
"""

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import InterviewPayload, VisitPayload
from survey.fieldwork.resident_codes import codes_of

#: Visits at which somebody was spoken to and that ended there. Who refused gets a receipt as well, so that nobody can
#: demand one as proof of having answered.
SPOKEN = frozenset(
    {
        Outcome.REFUSED_HOUSEHOLD,
        Outcome.REFUSED_PERSON,
        Outcome.BREAK_OFF,
        Outcome.UNABLE,
        Outcome.LANGUAGE,
        Outcome.NOBODY_ELIGIBLE,
    }
)


def door_receipt(payload: VisitPayload | InterviewPayload) -> str | None:
    """The 12 characters of the receipt; ``None``: of a visit at which there was nobody to have one.

    An answer that came with the interview has its receipt by that.
    """
    if isinstance(payload, VisitPayload) and payload.outcome not in SPOKEN:
        return None
    return codes_of(payload.salt).receipt
