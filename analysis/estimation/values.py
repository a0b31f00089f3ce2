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
    """``values`` (n,) or (n, k) as (n, k), 0 outside the domain and where nobody is stood for.

    Raises :class:`LengthsDiffer`; :class:`NotANumber` for a value in the domain that is not finite.
    """
    n = len(design.weights)
    if len(values) != n:
        raise LengthsDiffer(name, len(values), n)
    columns = np.asarray(values, dtype=np.float64).reshape(n, -1)
    members = inside[:, np.newaxis]
    broken = members & ~np.isfinite(columns)
    if broken.any():
        raise NotANumber(name, int(broken.sum()))
    return np.where(members, columns, 0.0)
