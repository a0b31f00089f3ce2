"""What an area model cannot be fitted to, one name each; every message says what was got and what was expected."""

from analysis.design import DesignError


class SmallAreaError(DesignError):
    """No model of these areas."""


class NotANumber(SmallAreaError):
    """A value that is NaN or infinite."""


class VarianceNotPositive(SmallAreaError):
    """A sampling variance or an effective size of zero or less in an area that has a sample."""


class TooFewAreas(SmallAreaError):
    """Fewer areas with a sample than the model needs."""


class CollinearCovariates(SmallAreaError):
    """A covariate that the others already say."""


class NoVariation(SmallAreaError):
    """Everyone or nobody counted everywhere: there is no rate to model."""


class NoConvergence(SmallAreaError):
    """The likelihood has no maximum that could be found (separated areas, or covariates that tell everything)."""
