"""Waves that asked alike, estimated as one: for communities too small to be shown from one wave alone.

A pooled rate is one more publication about the same people. Where a wave of the period is published already, what is
pooled less what is published tells about the rest: pooled rows are for those who may see every number, unless they were
looked at together with all earlier ones (:mod:`analysis.disclosure`).
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from analysis.design import DesignError, IntArray
from analysis.estimation.pooled_design import pool_designs
from analysis.wave_estimates import Rate, WaveAnswers


def pool_answers(
    waves: Sequence[WaveAnswers],
    indicators: Sequence[str],
    *,
    psu_labels: Sequence[Sequence[Hashable | None]] | None = None,
) -> WaveAnswers:
    """All waves' answers to ``indicators`` as those of one, the latest wave last: its areas, targets and level hold.

    Which indicators were asked alike, and over which period, is decided before
    (:func:`analysis.estimation.pooling.rolling_period`). ``psu_labels`` as in
    :func:`analysis.estimation.pooled_design.pool_designs`. Nothing is recomputed without coached respondents.

    Raises :class:`DesignError` without a wave, for a wave that is no probability sample or lacks an indicator, for
    subsets that differ, and for an area that the latest wave does not have.
    """
    if not waves:
        raise DesignError("waves: got none, expected at least one")
    latest = waves[-1]
    for wave in waves:
        if not wave.probability or wave.subset is not latest.subset:
            raise DesignError("waves: got one that is no probability sample or another subset, expected alike samples")
    return replace(
        latest,
        rates=[_pooled_rate(waves, code) for code in indicators],
        unit_areas=np.concatenate([_areas(wave, latest) for wave in waves]),
        design=pool_designs([wave.design for wave in waves], psu_labels=psu_labels),
        headline=frozenset(),
    )


def _pooled_rate(waves: Sequence[WaveAnswers], code: str) -> Rate:
    of_wave = [next((rate for rate in wave.rates if rate.code == code), None) for wave in waves]
    found = [rate for rate in of_wave if rate is not None]
    if len(found) < len(waves):
        raise DesignError(f"indicator {code}: got it in {len(found)} waves, expected it in all {len(waves)}")
    return replace(found[-1], states=np.concatenate([rate.states for rate in found]))


def _areas(wave: WaveAnswers, latest: WaveAnswers) -> IntArray:
    """The place in the latest wave's tree of each unit's area, found by its code, (n,)."""
    place = {code: index for index, code in enumerate(latest.tree.codes)}
    used = {wave.tree.codes[index] for index in np.unique(wave.unit_areas)}
    missing = sorted(used - place.keys())
    if missing:
        raise DesignError(f"area {missing[0]}: got answers from it, expected areas of the latest wave only")
    return np.array([place.get(code, -1) for code in wave.tree.codes], dtype=np.int64)[wave.unit_areas]
