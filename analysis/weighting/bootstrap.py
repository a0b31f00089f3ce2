"""The bootstrap of a design with all its weighting steps: the reference variance of a survey with weights.

PSUs are drawn with replacement inside strata, one less than there are, and weights rescaled so that the variance of
a total comes out right; then every step that made the final weights is repeated on each replicate.

Reference: Rao, Wu, Yue, Some recent work on resampling methods for complex surveys (Survey Methodology 1992).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from analysis.design import DesignError, FloatArray, Replicates, SurveyDesign
from analysis.weighting.replicates import FirstStage, first_stage
from analysis.weighting.steps import Step, weigh


def rao_wu(design: SurveyDesign, *, count: int, seed: int, mse: bool = False) -> Replicates:
    """``count`` replicates of the base weights, without any step repeated.

    A single PSU in a stratum keeps its weight. Takes count × n × 8 bytes; :func:`bootstrap_covariance` does not.
    """
    rng, stage = _start(design, count, seed)
    factors = np.column_stack([_draw(stage, rng) for _ in range(count)])
    return _replicates(design.weights[:, np.newaxis] * factors[stage.of_unit], stage, mse=mse)


def bootstrap(
    design: SurveyDesign, steps: Sequence[Step], *, count: int, seed: int, mse: bool = False
) -> tuple[SurveyDesign, FloatArray]:
    """The design with its final weights and bootstrap replicates of them, and the factors of all steps, (n,).

    ``design`` has the base weights of everybody drawn, those who did not answer as well if a step is on non-response.

    Raises what the steps raise, :class:`~analysis.weighting.errors.ReplicateFailed` if they cannot be repeated.
    """
    weighting = weigh(design.weights, steps)
    made = rao_wu(design, count=count, seed=seed, mse=mse)
    replicates = Replicates(
        weights=weighting.apply(made.weights), scale=made.scale, rscales=made.rscales, mse=mse, df=made.df
    )
    return replace(design, weights=weighting.weights, replicates=replicates), weighting.total_factor


def bootstrap_covariance(
    design: SurveyDesign,
    steps: Sequence[Step],
    statistic: Callable[[FloatArray], FloatArray],
    *,
    count: int,
    seed: int,
) -> FloatArray:
    """The covariance (k, k) of ``statistic`` (weights (n,) to (k,)) over replicates, one at a time."""
    weighting = weigh(design.weights, steps)
    rng, stage = _start(design, count, seed)
    values = np.array(
        [statistic(weighting.apply(design.weights * _draw(stage, rng)[stage.of_unit])) for _ in range(count)]
    )
    deviations = values - values.mean(axis=0)
    covariance: FloatArray = deviations.T @ deviations / (count - 1)
    return covariance


def _start(design: SurveyDesign, count: int, seed: int) -> tuple[np.random.Generator, FirstStage]:
    if count < 2:
        raise DesignError(f"bootstrap: got {count} replicates, expected at least 2")
    return np.random.default_rng(seed), first_stage(design)


def _draw(stage: FirstStage, rng: np.random.Generator) -> FloatArray:
    """The factor of each PSU, (m,), in one replicate.

    From the m_h PSUs of a stratum m_h - 1 are drawn, k times each: 1 - √(1 - f) + √(1 - f) k m_h / (m_h - 1).
    """
    size = stage.counts[stage.strata]
    order = np.argsort(stage.strata, kind="stable")
    starts = np.cumsum(stage.counts) - stage.counts
    draws = np.maximum(stage.counts - 1, 0)
    stratum = np.repeat(np.arange(len(draws)), draws)
    place = starts[stratum] + (rng.random(len(stratum)) * stage.counts[stratum]).astype(np.int64)
    times = np.bincount(order[place], minlength=len(size))
    part = np.sqrt(1 - stage.fractions)[stage.strata]
    drawn = 1 - part + part * times * size / np.maximum(size - 1, 1)
    return np.where(size > 1, drawn, 1.0)


def _replicates(weights: FloatArray, stage: FirstStage, *, mse: bool) -> Replicates:
    count = weights.shape[1]
    return Replicates(
        weights=weights,
        scale=1 / count if mse else 1 / (count - 1),
        rscales=np.ones(count),
        mse=mse,
        df=min(stage.df, count - 1),
    )
