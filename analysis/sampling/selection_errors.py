"""What a selection refuses, with the units it is about as positions 0 … N-1: who asked knows their names."""

from collections.abc import Sequence

from analysis.sampling.sampling_error import SamplingError

_NAMED = 10


class SizesError(SamplingError):
    """Sizes that are no whole numbers, or not one per unit."""


class SizesNotPositiveError(SizesError):
    """``positions`` (rising) of the units whose size is zero or negative: probability in proportion to it has none."""

    def __init__(self, positions: Sequence[int]) -> None:
        first = ", ".join(str(position) for position in positions[:_NAMED])
        more = f" and {len(positions) - _NAMED} more" if len(positions) > _NAMED else ""
        super().__init__(f"sizes: got zero or less for the units {first}{more}, expected 1 or more")
        self.positions = tuple(positions)


class SizesTooLargeError(SizesError):
    """Sizes whose ``total`` is 2^63 or more."""

    def __init__(self, total: int) -> None:
        super().__init__(f"sizes: got a total of {total}, expected less than 2^63")
        self.total = total


class TooFewUnitsError(SamplingError):
    """``n`` units asked for where there are ``total``."""

    def __init__(self, n: int, total: int) -> None:
        super().__init__(f"selection: got {n} of {total} units, expected from 0 to {total}")
        self.n = n
        self.total = total


class DrawTooLongError(SamplingError):
    """``method`` would need about ``steps`` steps for these sizes, and ``most`` are reasonable."""

    def __init__(self, method: str, *, steps: int, most: int) -> None:
        super().__init__(f"{method}: expected at most {most} steps, got sizes and a number that need about {steps}")
        self.method = method
        self.steps = steps
        self.most = most


class JointUnknownError(SamplingError):
    """``method`` with ``n`` units has no closed form of joint inclusion probabilities."""

    def __init__(self, method: str, n: int) -> None:
        super().__init__(f"joint inclusion: got {method} with n = {n}, which has no closed form")
        self.method = method
        self.n = n
