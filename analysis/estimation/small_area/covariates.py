"""What models of areas are fitted to: rates that are rates, and covariates as an orthonormal basis, so that no fit
depends on the units they are measured in.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.small_area.errors import (
    CollinearCovariates,
    NotANumber,
    SmallAreaError,
    TooFewAreas,
    VarianceNotPositive,
)

#: A covariate that keeps less than this part of itself beside the others says nothing of its own.
_SAME = 1e-10


def require_finite(name: str, values: FloatArray) -> None:
    """Raises :class:`NotANumber` where a value is NaN or infinite."""
    wrong = ~np.isfinite(values)
    if wrong.any():
        raise NotANumber(f"{name}: got {values[wrong][0]} in {int(wrong.sum())} places, expected numbers")


def sampled_areas(proportions: FloatArray, effective_sizes: FloatArray) -> BoolArray:
    """The areas with a sample (``effective_sizes`` (m,) above 0), (m,), once their ``proportions`` (m,) are rates.

    Raises :class:`SmallAreaError` for lengths that differ and rates outside 0-1, :class:`NotANumber`, and
    :class:`VarianceNotPositive` for a size below 0.

    >>> sampled_areas(np.array([0.9, np.nan]), np.array([20.0, 0.0])).tolist()
    [True, False]
    """
    if len(effective_sizes) != len(proportions):
        raise SmallAreaError(
            f"effective_sizes: got {len(effective_sizes)} values, expected {len(proportions)}, one per area"
        )
    require_finite("effective_sizes", effective_sizes)
    if (effective_sizes < 0).any():
        raise VarianceNotPositive(f"effective_sizes: got {effective_sizes.min():g}, expected 0 or more")
    sampled: BoolArray = effective_sizes > 0
    require_finite("proportions", proportions[sampled])
    if ((proportions < 0) | (proportions > 1))[sampled].any():
        raise SmallAreaError("proportions: got a rate outside 0 to 1, expected shares, not percents")
    return sampled


@dataclass(frozen=True, kw_only=True)
class Basis:
    """X = Q R over the areas with a sample, Q scaled to mean square 1.

    ``rows`` (m, p): Q's rows for every area, those without a sample too. ``back`` (p, p): coefficients of X = back x
    coefficients of Q.
    """

    rows: FloatArray
    back: FloatArray

    def coefficients(self, of_basis: FloatArray) -> FloatArray:
        """Coefficients of the covariates as given, from those of the basis (p,)."""
        found: FloatArray = self.back @ of_basis
        return found


def basis(covariates: FloatArray | None, sampled: BoolArray, *, spare: int = 1) -> Basis:
    """The basis of ``covariates`` (m, p), their constant column included; ``None`` is the constant alone.

    Raises :class:`TooFewAreas` unless at least p + ``spare`` areas have a sample, :class:`CollinearCovariates` and
    :class:`NotANumber` for columns that cannot be used.

    >>> found = basis(None, np.array([True, True, False]))
    >>> found.rows.tolist(), found.back.tolist()
    ([[1.0], [1.0], [1.0]], [[1.0]])
    """
    areas = len(sampled)
    matrix = np.ones((areas, 1)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    if matrix.ndim != 2 or len(matrix) != areas or matrix.shape[1] < 1:
        raise SmallAreaError(f"covariates: got shape {matrix.shape}, expected {areas} rows and at least one column")
    require_finite("covariates", matrix)
    count, columns = int(sampled.sum()), matrix.shape[1]
    if count < columns + spare:
        raise TooFewAreas(
            f"areas: got {count} with a sample, expected at least {columns + spare} for {columns} covariates"
        )
    used = matrix[sampled]
    sizes = np.sqrt((used**2).mean(axis=0))
    if (sizes <= 0).any():
        raise CollinearCovariates("covariates: got a column of zeros, expected columns that differ")
    triangle = np.linalg.qr(used / sizes, mode="r") / np.sqrt(count)
    own = np.abs(np.diag(triangle))
    if (own < _SAME).any():
        raise CollinearCovariates(
            f"covariates: got column {int(np.argmin(own))} made up of others, expected columns that differ"
        )
    back = np.linalg.inv(triangle * np.sign(np.diag(triangle))[:, None]) / sizes[:, None]
    return Basis(rows=matrix @ back, back=back)
