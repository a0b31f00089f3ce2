"""The base of every error of sampling, in a module of its own: designs are read where no numbers are worked out."""


class SamplingError(ValueError):
    """Something no draw can be made of: says what was got and what was expected."""
