"""Intervals and mean squared errors of the mixed model by parametric bootstrap.

Each sample is drawn from the fitted model (areas' rates, then answers) and fitted anew. The mean squared error is that
of the samples' predictions about the rates they were drawn with (González-Manteiga, Lombardía, Molina, Morales &
Santamaría 2007, CSDA 51:2720-2733). The interval is that of Laird & Louis (1987, JASA 82:739-750): each area's
posterior averaged over the models of all samples, so that what is not known about the model widens it; quantiles from
its first four cumulants on the scale of log-odds (Cornish & Fisher 1938). 200 samples are enough because none of them
is asked for its own tail.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtri

from analysis.design import FloatArray
from analysis.estimation.small_area.area_posteriors import Rule, find_peaks, moments, rate_at
from analysis.estimation.small_area.errors import NoConvergence, SmallAreaError
from analysis.estimation.small_area.mixed_logit import MixedLogit
from analysis.estimation.small_area.mixed_logit_fit import Start, fit

#: Numbers in an array that is worked on at once: larger ones leave the processor's caches.
_AT_ONCE = 24_000
_TOLERANCE = 1e-6
_NODES = 9
#: Samples without a maximum are left out; with more than this part of them the model is not to be trusted.
_MOST_FAILED = 0.1
_LEAST_SAMPLES = 20


@dataclass(frozen=True, kw_only=True)
class ModelIntervals:
    """``low``, ``high`` (m,) at ``level`` and ``mse`` (m,) of the rates; ``samples`` that were used."""

    low: FloatArray
    high: FloatArray
    mse: FloatArray
    level: float
    samples: int


def bootstrap_intervals(
    model: MixedLogit, *, samples: int = 200, level: float = 0.95, seed: int = 20240917
) -> ModelIntervals:
    """Intervals of a fitted model's rates; the same seed gives the same.

    Raises :class:`NoConvergence` where more than a tenth of the samples have no maximum.
    """
    if not 0 < level < 1:
        raise SmallAreaError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
    if samples < _LEAST_SAMPLES:
        raise SmallAreaError(f"samples: got {samples}, expected at least {_LEAST_SAMPLES}")
    rng = np.random.default_rng(seed)
    areas = len(model.estimate)
    error, used, left = np.zeros(areas), 0, samples
    about = (model.fits.beta @ model.basis.rows.T + model.sigma * model.fits.peaks)[0]
    raw = np.zeros((4, areas))
    while left:
        count = min(left, max(1, _AT_ONCE // areas))
        left -= count
        part = _part(model, count, about, rng)
        error += part[0]
        raw += part[1]
        used += part[2]
    if used < samples * (1 - _MOST_FAILED):
        raise NoConvergence(
            f"bootstrap: got no maximum in {samples - used} of {samples} samples, expected one in nearly all"
        )
    low, high = _quantiles(about, raw / used, level)
    return ModelIntervals(
        low=np.minimum(low, model.estimate),
        high=np.maximum(high, model.estimate),
        mse=error / used,
        level=level,
        samples=used,
    )


def _part(
    model: MixedLogit, count: int, about: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, int]:
    """Sums over ``count`` samples: squared errors (m,), moments of posteriors (4, m), and how many were fitted."""
    sizes, rows = model.effective_sizes, model.basis.rows
    parts = rng.standard_normal((count, len(sizes)))
    truth = rate_at(model.fits.beta @ rows.T + model.sigma * parts)[0]
    # Answers are whole; what is counted of the effective size then need not be.
    whole = np.where(sizes > 0, np.maximum(np.rint(sizes), 1), 0).astype(np.int64)
    counted = rng.binomial(whole, truth) * (sizes / np.maximum(whole, 1))
    beta = np.repeat(model.fits.beta, count, axis=0)
    log_sigma = np.repeat(model.fits.log_sigma, count)
    start = Start(beta=beta, log_sigma=log_sigma, peaks=parts)
    fits = fit(counted, sizes, rows, start, tolerance=_TOLERANCE, nodes=_NODES)
    kept = fits.converged
    error = ((fits.posteriors.rate - truth)[kept] ** 2).sum(axis=0)

    fixed, sigma = fits.beta[kept] @ rows.T, np.exp(fits.log_sigma[kept])[:, None]
    y = np.broadcast_to(model.counted, fixed.shape)
    peak = find_peaks(y, sizes, fixed, sigma, (about - fixed) / sigma)
    found = moments(Rule(y=y, n=sizes, fixed=fixed, sigma=sigma, peak=peak), about, _NODES)
    return error, np.stack([moment.sum(axis=0) for moment in found]), int(kept.sum())


def _quantiles(about: FloatArray, raw: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Limits of the rates from raw moments (4, m) of log-odds - ``about``."""
    mean = raw[0]
    variance = raw[1] - mean**2
    third = raw[2] - 3 * mean * raw[1] + 2 * mean**3
    fourth = raw[3] - 4 * mean * raw[2] + 6 * mean**2 * raw[1] - 3 * mean**4
    # Beyond these the expansion is no longer a quantile function.
    skewness = np.clip(third / variance**1.5, -1, 1)
    excess = np.clip(fourth / variance**2 - 3, -1, 3)
    limits = []
    for z in (ndtri((1 - level) / 2), ndtri((1 + level) / 2)):
        bent = z + (z**2 - 1) * skewness / 6 + (z**3 - 3 * z) * excess / 24 - (2 * z**3 - 5 * z) * skewness**2 / 36
        limits.append(expit(about + mean + np.sqrt(variance) * bent))
    return limits[0], limits[1]
