"""Designs and requests that no estimator can use: each error says what was got and what was expected."""


class DesignError(ValueError):
    """A design that no estimator can use: says what was got and what was expected."""


class LengthsDiffer(DesignError):
    """Two arrays that belong together have different lengths."""

    def __init__(self, name: str, got: int, expected: int) -> None:
        super().__init__(f"{name}: got {got} values, expected {expected}, one per weight")


class InvalidWeights(DesignError):
    """A weight that is negative, infinite or no number."""


class EmptyStratum(DesignError):
    """A stratum that was said to be sampled holds no unit."""


class LonelyPsuError(DesignError):
    """A stratum with a single PSU, where the design says that this must not be."""

    def __init__(self, count: int, stage: int) -> None:
        super().__init__(
            f"strata: got {count} with a single unit at stage {stage}, expected at least two units in each "
            "(or another rule for lonely PSUs)"
        )


class NotANumber(DesignError):
    """A value inside the domain that is missing or infinite."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(f"{name}: got {count} values that are no finite numbers, expected none in the domain")
