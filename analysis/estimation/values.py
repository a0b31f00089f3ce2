"""Values and domains as statistics take them: checked, in columns, 0 outside the domain."""

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.design_errors import LengthsDiffer, NotANumber


def everyone(design: SurveyDesign, inside: BoolArray | None) -> BoolArray:
    """The units of a domain, (n,): all of them where ``None``."""
    if inside is None:
        return np.ones(len(design.weights), dtype=bool)
    if len(inside) != len(design.weights):
        raise LengthsDiffer("inside", len(inside), len(design.weights))
    return inside


def checked(design: SurveyDesign, name: str, values: FloatArray, inside: BoolArray) -> FloatArray:
    """``values`` (n,) or (n, k) as (n, k), 0 outside the domain.

    Units of weight 0 may have any value, none among them.

    Raises :class:`LengthsDiffer`; :class:`NotANumber` for a value of anyone else in the domain that is not finite.
    """
    n = len(design.weights)
    if len(values) != n:
        raise LengthsDiffer(name, len(values), n)
    columns = np.asarray(values, dtype=np.float64).reshape(n, -1)
    known = np.isfinite(columns)
    broken = int(np.count_nonzero(~known & (inside & (design.weights != 0))[:, np.newaxis]))
    if broken:
        raise NotANumber(name, broken)
    return np.where(known & inside[:, np.newaxis], columns, 0.0)
