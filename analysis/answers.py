"""How one respondent stands to one rate."""

from enum import IntEnum


class AnswerState(IntEnum):
    """The coding of questionnaires gives the same numbers."""

    OUTSIDE = -1  # not routed to the item, or no experience of it: in no base
    NOT_COUNTED = 0
    COUNTED = 1
    DONT_KNOW = 2
    REFUSED = 3
    NO_ANSWER = 4  # asked, and nothing usable came back


#: The headline base: everyone asked, because the field's handbook divides by all respondents.
ASKED = (
    AnswerState.NOT_COUNTED,
    AnswerState.COUNTED,
    AnswerState.DONT_KNOW,
    AnswerState.REFUSED,
    AnswerState.NO_ANSWER,
)
#: The base beside it: those who gave a substantive answer.
VALID = (AnswerState.NOT_COUNTED, AnswerState.COUNTED)
