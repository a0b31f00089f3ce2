"""Fay-Herriot for rates on the scale z = arcsin √p, where sampling has about the variance 1/(4 n_eff) at any rate.

Going back by sin² alone is biased: E sin²(θ + e) is not sin²(θ). With everything at 97 % and n = 20 it adds a point and
a half, because z of an area that is unanimous is far beyond z of the rate. For normal e of variance c,
E sin²(θ + e) = (1 - exp(-2c) cos 2θ)/2, so the way back is

- ``POSTERIOR``: c = the variance left by the model (Sugasawa & Kubokawa 2017, CSDA 114:47-60, for transformed
  Fay-Herriot models in general; Hadam, Würz, Kreutzmann & Schmid 2024, Stat. Methods & Appl. 33:205-233, for arcsin);
- ``SAMPLING`` (default): c = that and the sampling variance, because sin² z, the direct estimate, is what is unbiased,
  and z itself is not: over all areas the estimates then add up to what the direct ones do;
- ``PLAIN``: c = 0, for comparison.

Near 0 or 100 % with few answers the mixed model is the better one: z is far from normal there.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from scipy.special import ndtri

from analysis.design import BoolArray, FloatArray
from analysis.estimation.small_area.area_variance import VarianceMethod
from analysis.estimation.small_area.covariates import sampled_areas
from analysis.estimation.small_area.errors import SmallAreaError
from analysis.estimation.small_area.fay_herriot import FayHerriot, fay_herriot


class WayBack(StrEnum):
    PLAIN = "plain"
    POSTERIOR = "posterior"
    SAMPLING = "sampling"


@dataclass(frozen=True, kw_only=True)
class ArcsineFayHerriot:
    """Rates 0-1 of m areas, (m,) each, as :class:`FayHerriot` has them, with an interval; ``model``: on the scale z."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray
    shrinkage: FloatArray
    direct: FloatArray
    synthetic: FloatArray
    sampled: BoolArray
    level: float
    way_back: WayBack
    model: FayHerriot
    modelled: Literal[True] = True


def arcsine_fay_herriot(
    proportions: FloatArray,
    effective_sizes: FloatArray,
    *,
    covariates: FloatArray | None = None,
    method: VarianceMethod = VarianceMethod.ADJUSTED_YOSHIMORI_LAHIRI,
    way_back: WayBack = WayBack.SAMPLING,
    level: float = 0.95,
) -> ArcsineFayHerriot:
    """Direct ``proportions`` (m,) on ``effective_sizes`` (m,); size 0: no sample, the estimate is synthetic.

    ``effective_sizes`` should come from a design effect pooled over areas. Limits are taken on the scale z and brought
    back both with and without the correction, the wider of the two ways kept.
    Raises what :func:`fay_herriot` raises, and :class:`SmallAreaError` for rates outside 0-1.
    """
    if not 0 < level < 1:
        raise SmallAreaError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
    sampled = sampled_areas(proportions, effective_sizes)
    sampling = 1 / (4 * np.where(sampled, effective_sizes, 1.0))
    z = np.arcsin(np.sqrt(np.where(sampled, proportions, 0.0)))
    found = fay_herriot(z, sampling, covariates=covariates, sampled=sampled, method=method)
    # An area without a sample goes back as the areas did that its estimate was learnt from.
    sampling = np.where(sampled, sampling, sampling[sampled].mean())
    correction = {
        WayBack.PLAIN: np.zeros(len(z)),
        WayBack.POSTERIOR: found.leading_mse,
        WayBack.SAMPLING: found.leading_mse + sampling,
    }[way_back]
    low, high = _limits(found, correction, level)
    estimate = back_transform(np.clip(found.estimate, 0, np.pi / 2), correction)
    between = np.full(len(z), found.variance) if way_back != WayBack.PLAIN else np.zeros(len(z))
    alone = back_transform(found.synthetic, between + (sampling if way_back == WayBack.SAMPLING else 0))
    return ArcsineFayHerriot(
        estimate=estimate,
        low=np.minimum(low, estimate),
        high=np.maximum(high, estimate),
        shrinkage=found.shrinkage,
        direct=np.where(sampled, proportions, 0.0),
        synthetic=alone,
        sampled=sampled,
        level=level,
        way_back=WayBack(way_back),
        model=found,
    )


def _limits(found: FayHerriot, correction: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    half = ndtri((1 + level) / 2) * np.sqrt(found.mse)
    low, high = (np.clip(found.estimate + side * half, 0, np.pi / 2) for side in (-1, 1))
    plain = np.zeros_like(correction)
    return (
        np.minimum(back_transform(low, correction), back_transform(low, plain)),
        np.maximum(back_transform(high, correction), back_transform(high, plain)),
    )


def back_transform(angles: FloatArray, variances: FloatArray) -> FloatArray:
    """E sin²(θ + e) for normal e: (1 - exp(-2 variance) cos 2θ)/2; arrays of one shape.

    >>> back_transform(np.array([np.pi / 4, np.pi / 2]), np.array([0.3, 0.0])).round(9).tolist()
    [0.5, 1.0]
    """
    found: FloatArray = (1 - np.exp(-2 * variances) * np.cos(2 * angles)) / 2
    return found
