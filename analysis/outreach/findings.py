"""The words between estimates and actions: which kinds of answer there are, and what each of them answers."""

from enum import StrEnum


class ActionKind(StrEnum):
    """Three answers to three different things; none of them talks people out of what they think."""

    TELL = "tell"  # people do not know of it, or do not take part
    FIX = "fix"  # people are dissatisfied with something a department can mend
    ASK = "ask"  # nobody can tell yet, or nobody knows what is behind it


class Finding(StrEnum):
    """Why an action is proposed."""

    BELOW_TARGET = "below_target"  # clearly: the band says so
    #: Clearly below in support or overall satisfaction, where no single object stands out.
    CAUSE_UNKNOWN = "cause_unknown"
    #: One word for too few and for protecting such a group, as in the estimates.
    NOT_SHOWN = "not_shown"
    WITH_CARE = "with_care"
    UNDECIDED = "undecided"  # no difference to the target seen, and the interval reaches far below it
    SELF_CHOSEN = "self_chosen"  # no random sample: nothing is decided, and more of the same would not decide it
