"""What a regression cannot be fitted to, one name each: what was got, what was expected, what to do."""

from collections.abc import Sequence

from analysis.design_errors import DesignError
from analysis.estimation.undefined import UndefinedReason


class RegressionError(DesignError):
    """Answers that no finite coefficients fit best; ``reason`` says it in one word where a table has to."""

    reason: UndefinedReason


class Separated(RegressionError):
    """Some combination of the columns tells for certain who has the outcome: an odds ratio would be infinite."""

    reason = UndefinedReason.SEPARATED

    def __init__(self, names: Sequence[str], n: int) -> None:
        super().__init__(
            f"outcome: got {n} answers that {', '.join(filter(None, names)) or 'the columns'} tell apart for certain, "
            "expected both outcomes on either side (leave a column out, or join its groups)"
        )


class ScoringRanAway(RegressionError):
    """The steps to the best coefficients did not come to an end."""

    reason = UndefinedReason.NO_CONVERGENCE

    def __init__(self, names: Sequence[str], n: int) -> None:
        super().__init__(
            f"coefficients: got no end to the steps for {', '.join(filter(None, names)) or 'the columns'} on "
            f"{n} answers, expected to settle (look for columns of very different size, or nearly the same)"
        )


ERRORS = {UndefinedReason.SEPARATED: Separated, UndefinedReason.NO_CONVERGENCE: ScoringRanAway}
