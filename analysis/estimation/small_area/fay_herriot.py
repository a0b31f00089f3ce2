"""Fay-Herriot: direct estimates of areas and a regression, weighed by what each is worth.

Estimate and mean squared error: Fay & Herriot 1979 (JASA 74:269-277); Prasad & Rao 1990 (JASA 85:163-171); Datta &
Lahiri 2000 (Statistica Sinica 10:613-627) for ML and REML; Datta, Rao & Smith 2005 (Biometrika 92:183-196) for the
moment estimator; Li & Lahiri 2010 (J. Multivariate Analysis 101:882-892) and Yoshimori & Lahiri 2014 (the same,
124:281-294) for the adjusted likelihoods.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.small_area.area_variance import VarianceMethod, area_variance
from analysis.estimation.small_area.covariates import Basis, basis, require_finite
from analysis.estimation.small_area.errors import SmallAreaError, VarianceNotPositive


@dataclass(frozen=True, kw_only=True)
class FayHerriot:
    """The model's word on m areas. Arrays are (m,) unless said otherwise.

    ``estimate`` with its mean squared error ``mse``; beside it ``direct`` (0 where ``sampled`` is false and nothing was
    measured) and ``synthetic``, what the covariates alone say. ``shrinkage`` 0-1: the part taken from the synthetic one
    (0: the direct estimate stands, 1: the area's own answers count for nothing). ``coefficients`` (p,) and their
    ``coefficient_covariance`` (p, p); ``variance`` between areas; ``leading_mse``: the part of ``mse`` that would
    remain were the model known.
    """

    estimate: FloatArray
    mse: FloatArray
    leading_mse: FloatArray
    shrinkage: FloatArray
    direct: FloatArray
    synthetic: FloatArray
    sampled: BoolArray
    coefficients: FloatArray
    coefficient_covariance: FloatArray
    variance: float
    method: VarianceMethod
    modelled: Literal[True] = True


def fay_herriot(
    direct: FloatArray,
    variances: FloatArray,
    *,
    covariates: FloatArray | None = None,
    sampled: BoolArray | None = None,
    method: VarianceMethod = VarianceMethod.REML,
) -> FayHerriot:
    """``direct`` estimates (m,) with known sampling ``variances`` (m,), ``covariates`` (m, p) with their constant.

    Where ``sampled`` is false the two values are not looked at and the estimate is synthetic. Raises
    :class:`TooFewAreas`, :class:`VarianceNotPositive`, :class:`NotANumber`, :class:`CollinearCovariates` or
    :class:`NoConvergence`.

    Mean 0, A = 16/3 - 1, so each value keeps A/(A + 1) = 13/16 of itself.

    >>> found = fay_herriot(np.array([2.0, -2.0, 2.0, -2.0]), np.ones(4))
    >>> found.estimate.round(6).tolist(), found.shrinkage.round(6).tolist()
    ([1.625, -1.625, 1.625, -1.625], [0.1875, 0.1875, 0.1875, 0.1875])
    """
    inside = _sampled(direct, variances, sampled)
    method = VarianceMethod(method)
    # Restricted likelihood falls as A^(-(m-p)/2): times A it has a maximum from p + 3 areas on.
    x = basis(covariates, inside, spare=3 if method == VarianceMethod.ADJUSTED_LI_LAHIRI else 1)
    y, psi, rows = direct[inside], variances[inside], x.rows[inside]
    between = area_variance(y, psi, rows, method)
    of_basis, covariance = _regression(y, 1 / (between + psi), rows)
    synthetic = x.rows @ of_basis
    shrinkage, estimate = np.ones(len(direct)), synthetic.copy()
    shrinkage[inside] = psi / (between + psi)
    estimate[inside] += between / (between + psi) * (y - synthetic[inside])
    leading, mse = _mse(x, inside, psi, between, covariance, method)
    return FayHerriot(
        estimate=estimate,
        mse=mse,
        leading_mse=leading,
        shrinkage=shrinkage,
        direct=np.where(inside, direct, 0.0),
        synthetic=synthetic,
        sampled=inside,
        coefficients=x.coefficients(of_basis),
        coefficient_covariance=x.back @ covariance @ x.back.T,
        variance=between,
        method=method,
    )


def _regression(y: FloatArray, weights: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    covariance = np.asarray(np.linalg.inv(rows.T @ (weights[:, None] * rows)), dtype=np.float64)
    return covariance @ (rows.T @ (weights * y)), covariance


def _sampled(direct: FloatArray, variances: FloatArray, sampled: BoolArray | None) -> BoolArray:
    areas = len(direct)
    inside = np.ones(areas, dtype=bool) if sampled is None else sampled
    for name, values in (("variances", variances), ("sampled", inside)):
        if len(values) != areas:
            raise SmallAreaError(f"{name}: got {len(values)} values, expected {areas}, one per area")
    require_finite("direct", direct[inside])
    require_finite("variances", variances[inside])
    if (variances[inside] <= 0).any():
        raise VarianceNotPositive(
            f"variances: got {variances[inside].min():g}, expected more than 0 (smooth them, or leave the area out)"
        )
    return inside


def _mse(
    x: Basis, inside: BoolArray, psi: FloatArray, between: float, covariance: FloatArray, method: VarianceMethod
) -> tuple[FloatArray, FloatArray]:
    """g1, and g1 + g2 + 2 g3 less what the bias of A adds to g1; both (m,)."""
    weights = 1 / (between + psi)
    kept_from_model = np.ones(len(x.rows))
    kept_from_model[inside] = psi * weights
    leading = np.full(len(x.rows), between)
    leading[inside] = between * psi * weights
    regression = kept_from_model**2 * ((x.rows @ covariance) * x.rows).sum(axis=1)
    spread = 2 / (weights**2).sum()
    bias = 0.0
    rows = x.rows[inside]
    if method == VarianceMethod.ML:
        bias = -float(np.trace(covariance @ (rows.T @ (weights[:, None] ** 2 * rows)))) / (weights**2).sum()
    elif method == VarianceMethod.MOMENTS:
        areas, total = len(psi), weights.sum()
        spread = 2 * areas / total**2
        bias = 2 * (areas * (weights**2).sum() - total**2) / total**3
    elif method == VarianceMethod.ADJUSTED_LI_LAHIRI:
        bias = 2 / (between * (weights**2).sum())
    uncertainty = np.zeros(len(x.rows))
    uncertainty[inside] = 2 * (psi * weights) ** 2 * weights * spread
    whole = leading + regression + uncertainty - bias * kept_from_model**2
    # With few areas the correction for a bias upwards can be larger than what it corrects.
    return leading, np.where(whole > regression, whole, leading + regression + uncertainty)
