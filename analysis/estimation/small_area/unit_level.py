"""Battese-Harter-Fuller: scores of respondents, a regression, and a part of the area's own.

y_ij = x_ij'b + v_i + e_ij (Battese, Harter & Fuller 1988, JASA 83:28-36), by maximum or restricted likelihood. Mean
squared error: Prasad & Rao 1990 (JASA 85:163-171) and, for the bias of maximum likelihood, Datta & Lahiri 2000
(Statistica Sinica 10:613-627). For mean scores (满意度), never for yes/no answers. The model takes respondents of an
area as drawn with equal chances; unequal weights belong among the covariates.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.estimation.small_area.covariates import Basis, basis, require_finite
from analysis.estimation.small_area.errors import NoVariation, SmallAreaError, TooFewAreas
from analysis.estimation.small_area.unit_level_variances import AreaSums, Components, components


class UnitLevelMethod(StrEnum):
    REML = "reml"
    ML = "ml"


@dataclass(frozen=True, kw_only=True)
class UnitLevel:
    """The model's word on the mean score of m areas; arrays are (m,) unless said otherwise.

    ``estimate`` with ``mse``; beside it ``direct``, the area's unweighted mean (0 where ``sizes`` is 0: nobody asked),
    and ``synthetic``, what the covariates say. ``shrinkage`` 0-1: the part taken from the synthetic one.
    ``coefficients`` (p,); ``variance`` between areas and ``error_variance`` within.
    """

    estimate: FloatArray
    mse: FloatArray
    shrinkage: FloatArray
    direct: FloatArray
    synthetic: FloatArray
    sizes: IntArray
    coefficients: FloatArray
    variance: float
    error_variance: float
    method: UnitLevelMethod
    modelled: Literal[True] = True


def unit_level(
    scores: FloatArray,
    areas: IntArray,
    *,
    area_means: FloatArray,
    covariates: FloatArray | None = None,
    population: FloatArray | None = None,
    method: UnitLevelMethod = UnitLevelMethod.REML,
) -> UnitLevel:
    """``scores`` (n,) of respondents in ``areas`` (n,) 0…m-1; ``covariates`` (n, p) with their constant (``None``: only
    that) and their ``area_means`` (m, p) over everybody who lives there. ``population`` (m,): how many they are; those
    asked are then known, and only the others are estimated.

    Raises :class:`TooFewAreas` (two areas, more respondents than areas and covariates), :class:`NoVariation` where
    scores follow from areas and covariates, :class:`NotANumber`, :class:`CollinearCovariates`.
    """
    everyone = np.ones(len(scores), dtype=bool)
    _check(scores, areas, area_means, population)
    x = basis(covariates, everyone)
    if area_means.ndim != 2 or area_means.shape[1] != x.rows.shape[1]:
        raise SmallAreaError(f"area_means: got shape {area_means.shape}, expected {x.rows.shape[1]} columns")
    method = UnitLevelMethod(method)
    sums = AreaSums.of(scores, areas, x.rows, len(area_means))
    found = components(sums, restricted=method == UnitLevelMethod.REML)
    return _predict(found, sums, x, area_means @ x.back, population, method)


def _check(scores: FloatArray, areas: IntArray, area_means: FloatArray, population: FloatArray | None) -> None:
    if len(areas) != len(scores):
        raise SmallAreaError(f"areas: got {len(areas)} values, expected {len(scores)}, one per score")
    require_finite("scores", scores)
    require_finite("area_means", area_means)
    count = len(area_means)
    if len(areas) and not 0 <= areas.min() <= areas.max() < count:
        raise SmallAreaError(f"areas: got codes {areas.min()} to {areas.max()}, expected 0 to {count - 1}")
    sizes = np.bincount(areas, minlength=count)
    if (sizes > 0).sum() < 2 or sizes.max(initial=0) < 2:
        raise TooFewAreas("areas: got fewer than two with respondents, or none with two, expected both")
    if population is not None:
        if len(population) != count:
            raise SmallAreaError(f"population: got {len(population)} values, expected {count}, one per area")
        require_finite("population", population)
        if (population < np.maximum(sizes, 1)).any():
            raise SmallAreaError("population: got fewer people than respondents, expected at least as many")
    if np.ptp(scores) == 0:
        raise NoVariation(f"scores: got {scores[0]:g} from everybody, expected scores that differ")


def _predict(
    found: Components,
    sums: AreaSums,
    x: Basis,
    means: FloatArray,
    population: FloatArray | None,
    method: UnitLevelMethod,
) -> UnitLevel:
    asked: BoolArray = sums.sizes > 0
    fraction = np.zeros(len(sums.sizes)) if population is None else sums.sizes / population
    kept = found.kept(sums.sizes)
    synthetic = means @ found.beta
    own = kept * (sums.mean_y - sums.mean_x @ found.beta)
    estimate = synthetic + (1 - fraction) * own + fraction * (sums.mean_y - sums.mean_x @ found.beta)
    # Of those not asked: their covariates' means, were the asked taken away.
    rest = np.divide(
        means - fraction[:, None] * sums.mean_x, 1 - fraction[:, None], out=means.copy(), where=fraction[:, None] < 1
    )
    mse = (1 - fraction) ** 2 * found.mse(sums, rest)
    if population is not None:
        mse += (1 - fraction) * found.within / population
    return UnitLevel(
        estimate=estimate,
        mse=mse,
        shrinkage=1 - (fraction + (1 - fraction) * kept),
        direct=np.where(asked, sums.mean_y, 0.0),
        synthetic=synthetic,
        sizes=sums.sizes.astype(np.int64),
        coefficients=x.coefficients(found.beta),
        variance=found.between,
        error_variance=found.within,
        method=method,
    )
