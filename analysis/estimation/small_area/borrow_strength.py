"""The rates of a wave's communities with the strength of all of them, ready to be shown as modelled.

Mixed model on effective sizes, bootstrap intervals, then one shift of all log-odds so that the communities add up to
the direct estimate of the whole that is printed beside them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.estimation.small_area.benchmarking import log_odds_shift, population_shares, shifted
from analysis.estimation.small_area.errors import (
    CollinearCovariates,
    NoConvergence,
    NoVariation,
    SmallAreaError,
    TooFewAreas,
    VarianceNotPositive,
)
from analysis.estimation.small_area.mixed_logit import MixedLogit, mixed_logit
from analysis.estimation.small_area.mixed_logit_intervals import ModelIntervals, bootstrap_intervals
from analysis.estimation.undefined import Undefined, UndefinedReason


@dataclass(frozen=True, kw_only=True)
class DirectRates:
    """One rate in m areas as measured; arrays are (m,).

    ``n`` respondents (0: nobody asked), ``effective_sizes`` as the default interval has them (pooled where it pools),
    ``shares`` of the population, to be scaled to 1. ``covariates`` (m, q): what is known of every area beforehand,
    without a constant. ``hidden``: areas whose answers may not be told; they are left out of the model and get what it
    says about any area like them, because from a modelled rate, its shrinkage and the others the direct one follows.
    """

    proportions: FloatArray
    effective_sizes: FloatArray
    n: IntArray
    shares: FloatArray
    covariates: FloatArray | None = None
    hidden: BoolArray | None = None


@dataclass(frozen=True, kw_only=True)
class ModelledRate:
    """One row: ``area`` counts from 0 as given; ``direct``, ``n`` and ``n_effective`` are ``None`` where nobody was
    asked or what they said is hidden. ``shrinkage`` 0-1: the part of ``estimate`` that is the model's, and
    ``synthetic`` what that alone would say."""

    area: int
    n: int | None
    n_effective: float | None
    direct: float | None
    estimate: float
    low: float
    high: float
    shrinkage: float
    synthetic: float
    modelled: Literal[True] = True


@dataclass(frozen=True, kw_only=True)
class BorrowedStrength:
    """``rates`` in the order given; ``whole``: what they add up to. ``sigma``: spread of the areas' log-odds about the
    model; ``shift`` of all log-odds that was needed to add up; ``areas`` the model was learnt from; bootstrap
    ``samples``."""

    rates: tuple[ModelledRate, ...]
    whole: float
    level: float
    sigma: float
    shift: float
    areas: int
    samples: int
    modelled: Literal[True] = True


def borrow_strength(
    direct: DirectRates,
    *,
    whole: float | None = None,
    level: float = 0.95,
    samples: int = 200,
    seed: int = 20240917,
) -> BorrowedStrength | Undefined:
    """Modelled rates with intervals; they add up to ``whole``, the direct estimate of all areas together (``None``: the
    direct rates by their shares).

    :class:`Undefined` under 30 areas, where everyone or nobody is counted everywhere, where covariates say the same
    or the likelihood has no maximum. Raises :class:`SmallAreaError` for input that is no set of rates.
    """
    _check(direct)
    used: BoolArray = direct.n > 0
    if direct.hidden is not None:
        used = used & ~direct.hidden
    try:
        return _model(direct, used, whole, level, samples, seed)
    except TooFewAreas:
        return Undefined(reason=UndefinedReason.TOO_FEW_AREAS)
    except NoVariation:
        return Undefined(reason=UndefinedReason.ALL_OR_NONE)
    except CollinearCovariates:
        return Undefined(reason=UndefinedReason.COLLINEAR)
    except NoConvergence:
        return Undefined(reason=UndefinedReason.NO_CONVERGENCE)


def _check(direct: DirectRates) -> None:
    areas = len(direct.proportions)
    for name in ("effective_sizes", "n", "shares", "covariates", "hidden"):
        values = getattr(direct, name)
        if values is not None and len(values) != areas:
            raise SmallAreaError(f"{name}: got {len(values)} values, expected {areas}, one per area")
    if (direct.n < 0).any():
        raise SmallAreaError(f"n: got {direct.n.min()} respondents, expected 0 or more")
    if (direct.effective_sizes <= 0)[direct.n > 0].any():
        raise VarianceNotPositive("effective_sizes: got 0 or less where people were asked, expected more than 0")


def _model(
    direct: DirectRates, used: BoolArray, whole: float | None, level: float, samples: int, seed: int
) -> BorrowedStrength:
    sizes = np.where(used, direct.effective_sizes, 0.0)
    rates = np.where(used, direct.proportions, 0.0)
    constant = np.ones((len(sizes), 1))
    covariates = constant if direct.covariates is None else np.hstack([constant, direct.covariates])
    # In an order of their own, so that the same areas get the same random numbers however they were listed.
    order = np.lexsort((*covariates.T, rates, sizes))
    back = np.argsort(order)
    model = mixed_logit(rates[order], sizes[order], covariates=covariates[order])
    interval = bootstrap_intervals(model, samples=samples, level=level, seed=seed)
    shares = population_shares(direct.shares, len(sizes))
    if whole is None:
        whole = float(shares[used] @ rates[used] / shares[used].sum())
    shift = log_odds_shift(model.estimate[back], shares, whole)
    return BorrowedStrength(
        rates=_rows(direct, used, model, interval, back, shift),
        whole=whole,
        level=level,
        sigma=model.sigma,
        shift=shift,
        areas=int(used.sum()),
        samples=interval.samples,
    )


def _rows(
    direct: DirectRates,
    used: BoolArray,
    model: MixedLogit,
    interval: ModelIntervals,
    back: IntArray,
    shift: float,
) -> tuple[ModelledRate, ...]:
    columns = (model.estimate, interval.low, interval.high, model.synthetic)
    estimate, low, high, synthetic = (shifted(values[back], shift).tolist() for values in columns)
    shrinkage = model.shrinkage[back].tolist()
    return tuple(
        ModelledRate(
            area=area,
            n=int(direct.n[area]) if known else None,
            n_effective=float(direct.effective_sizes[area]) if known else None,
            direct=float(direct.proportions[area]) if known else None,
            estimate=estimate[area],
            low=low[area],
            high=high[area],
            shrinkage=shrinkage[area],
            synthetic=synthetic[area],
        )
        for area, known in enumerate(used)
    )
