"""What can be wrong with weights, one name each: what was got, what was expected, what to do."""

from analysis.design import DesignError


class WeightingError(DesignError):
    """Weights that cannot be made as asked."""


class UnknownGroups(WeightingError):
    """A unit lies in a group without a total, or a total is given for a group that is not known."""


class MarginsDoNotAddUp(WeightingError):
    """Margins of the same people add up to different numbers of them."""


class MarginsCannotBeMet(WeightingError):
    """No weights, or none within the bounds, have the totals that were asked for."""


class NoConvergence(WeightingError):
    """Weights may exist, but were not found."""


class CellsTooSmall(WeightingError):
    """A cell has fewer respondents than a factor may rest on."""


class NegativeWeights(WeightingError):
    """Linear calibration without bounds gave weights below 0."""


class FactorsOutOfLimits(WeightingError):
    """A step multiplies weights by more, or by less, than is allowed."""


class NothingToTrimTo(WeightingError):
    """All weights are outside the limits, so there is nobody to take what is trimmed."""


class ReplicateFailed(WeightingError):
    """Weights that exist for the sample could not be made for one of its replicates."""
