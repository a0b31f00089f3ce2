"""What a commitment names of the program: how the sample is worked out. Another program could else draw another one."""

from analysis.sampling.sample_design import SampleDesign
from survey.messages import N_, Message

#: How teams and dates are worked out, see :mod:`analysis.sampling.teams`; another way would be another name.
TEAM_METHOD = "teams/1"


def promised_method(method: str, design: SampleDesign) -> str:
    """``method``: of the sample (:mod:`survey.sampling.samples`); beside it that of teams, where the design has them.

    >>> from survey.sampling.sample_designs import of_equal
    >>> promised_method("stages/2", of_equal(10))
    'stages/2'
    """
    return f"{method} {TEAM_METHOD}" if design.teams else method


def promised_for_sample(promised: str) -> str:
    """
    >>> promised_for_sample("stages/2 teams/1")
    'stages/2'
    """
    return promised.split(" ")[0]


def method_words(promised: str | None) -> Message:
    """Of a commitment, as its notice and the certificate say it."""
    if promised is None:
        return Message(N_("承诺里没有写明"))
    return Message("{method}", {"method": promised})
