"""How like its frame a sample is, and how like it samples of the same design usually are.

The measure is the standardised difference of a covariate, (weighted mean of the sample - mean of the frame) / standard
deviation in the frame; Austin, Statistics in Medicine 28 (2009) 3083. What is large depends on the design and the size,
so the same design is drawn again many times and the largest difference of the draw is placed among theirs. An honest
draw is among the odd five in a hundred in five of a hundred draws: the place tells of errors in frame or program, and
is no reason by itself to draw again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.sampling.sampling_error import SamplingError

#: Redrawn so many times, the share of redraws with larger differences has a standard error of 2.2 points at most.
REDRAWS = 500
#: Standard deviations; less is the rounding of sums.
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Redrawn:
    """A sample: ``units`` (m,) rows of the frame, ``weights`` (m,): 1 / inclusion probability."""

    units: IntArray
    weights: FloatArray


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Of one covariate; ``usual``: the middle 95 % of the redraws. All in standard deviations but the two means.

    ``larger``: the share of redraws, 0-1, whose difference is as large or larger in size, the draw itself counted.
    """

    name: str
    sample: float
    frame: float
    difference: float
    usual: tuple[float, float]
    larger: float


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``largest``: the largest difference in size; ``larger``: the share of redraws whose largest is as large or
    larger; ``all_largest`` (times,), rising: the largest of each redraw. ``constant``: covariates that have no spread,
    or that the design keeps equal in every sample.
    """

    differences: tuple[Difference, ...]
    constant: tuple[str, ...]
    largest: float
    larger: float
    all_largest: FloatArray

    @property
    def redraws(self) -> int:
        return len(self.all_largest)


def standardised_differences(covariates: FloatArray, sample: Redrawn) -> FloatArray:
    """(k,), of ``covariates`` (n, k) of all units of the frame; 0 where a covariate has no spread.

    Four units of 0, 0, 1, 1 have mean .5 and standard deviation .5; units 1, 2 and 3, equally weighted, have mean 2/3:

    >>> drawn = Redrawn(units=np.array([1, 2, 3]), weights=np.ones(3))
    >>> standardised_differences(np.array([[0.0], [0], [1], [1]]), drawn).round(6).tolist()
    [0.333333]
    """
    return _differences(covariates, covariates.mean(axis=0), covariates.std(axis=0), sample)


def balance(
    names: Sequence[str],
    covariates: FloatArray,
    sample: Redrawn,
    redraw: Callable[[], Redrawn],
    *,
    times: int = REDRAWS,
) -> Balance:
    """The differences of ``sample``, and their place among those of ``times`` samples that ``redraw`` gives.

    ``names`` (k), ``covariates`` (n, k) of all units that could be drawn. A place is (1 + redraws as large) ÷
    (1 + redraws): Davison, Hinkley, Bootstrap Methods (1997) 4.2.

    Raises :class:`SamplingError` for shapes that do not fit, values that are not finite, an empty sample, no redraws.
    """
    _check(names, covariates, sample, times)
    means, spread = covariates.mean(axis=0), covariates.std(axis=0)
    ours = _differences(covariates, means, spread, sample)
    others = np.array([_differences(covariates, means, spread, redraw()) for _ in range(times)])
    varies = (spread > 0) & (np.maximum(np.abs(ours), np.abs(others).max(axis=0)) > ROUNDING)
    weighted = np.average(covariates[sample.units], axis=0, weights=sample.weights)
    all_largest = np.sort(np.abs(others).max(axis=1, initial=0.0))
    largest = float(np.abs(ours).max(initial=0.0))
    return Balance(
        differences=tuple(
            _difference(names[at], float(weighted[at]), float(means[at]), float(ours[at]), others[:, at])
            for at in np.flatnonzero(varies).tolist()
        ),
        constant=tuple(name for name, one in zip(names, varies.tolist(), strict=True) if not one),
        largest=largest,
        larger=_place(largest, all_largest),
        all_largest=all_largest,
    )


def _check(names: Sequence[str], covariates: FloatArray, sample: Redrawn, times: int) -> None:
    if covariates.shape != (len(covariates), len(names)) or not np.isfinite(covariates).all():
        raise SamplingError(f"covariates: got shape {covariates.shape}, expected finite numbers, {len(names)} a unit")
    if not len(sample.units) or times < 1:
        raise SamplingError(f"got a sample of {len(sample.units)} and {times} redraws, expected one or more of each")


def _difference(name: str, sample: float, frame: float, own: float, others: FloatArray) -> Difference:
    """``own`` among those of the redraws, ``others`` (times,)."""
    return Difference(
        name=name,
        sample=sample,
        frame=frame,
        difference=own,
        usual=(float(np.quantile(others, 0.025)), float(np.quantile(others, 0.975))),
        larger=_place(abs(own), np.abs(others)),
    )


def _differences(covariates: FloatArray, means: FloatArray, spread: FloatArray, sample: Redrawn) -> FloatArray:
    weights = sample.weights / sample.weights.sum()
    gaps = weights @ covariates[sample.units] - means
    found: FloatArray = np.divide(gaps, spread, out=np.zeros_like(gaps), where=spread > 0)
    return found


def _place(own: float, others: FloatArray) -> float:
    # Sums in another order differ in the last digits: a redraw of the very same units is as large.
    return float((1 + (others >= own - 1e-12).sum()) / (1 + len(others)))
