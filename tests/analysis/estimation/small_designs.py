"""Small designs with strata, clusters and unequal weights for laws that hold in every design."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from analysis.design import FloatArray, IntArray, Replicates, SurveyDesign


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A ``design`` of n units with ``score`` 0-9, ``yes`` 0 or 1 and ``group`` 0-2, (n,) each."""

    design: SurveyDesign
    score: FloatArray
    yes: FloatArray
    group: IntArray

    def shuffled(self, seed: int) -> "Answers":
        order = np.random.default_rng(seed).permutation(len(self.score))
        return Answers(
            design=replace(
                self.design,
                weights=self.design.weights[order],
                strata=self.design.strata[order],
                psus=None if self.design.psus is None else self.design.psus[order],
            ),
            score=self.score[order],
            yes=self.yes[order],
            group=self.group[order],
        )

    def scaled(self, factor: float) -> "Answers":
        return replace(self, design=replace(self.design, weights=self.design.weights * factor))


def answers_of(seed: int, *, n: int = 60) -> Answers:
    """Two strata of five clusters; who is satisfied hangs on group and score."""
    random = np.random.default_rng(seed)
    psus = np.sort(random.integers(0, 10, n)).astype(np.int64)
    psus[:10] = np.arange(10)
    strata = (psus >= 5).astype(np.int64)
    group = random.integers(0, 3, n).astype(np.int64)
    group[:3] = np.arange(3)
    score = random.integers(0, 10, n).astype(np.float64)
    yes = (random.random(n) < 0.3 + 0.15 * group + 0.02 * score).astype(np.float64)
    yes[:2] = 0, 1
    weights = random.uniform(1, 4, n)
    design = SurveyDesign(weights=weights, strata=strata, psus=psus)
    return Answers(design=design, score=score, yes=yes, group=group)


def any_answers() -> st.SearchStrategy[Answers]:
    return st.integers(0, 10_000).map(answers_of)


def simple(n: int) -> SurveyDesign:
    return SurveyDesign(weights=np.ones(n), strata=np.zeros(n, dtype=np.int64))


def jackknifed(design: SurveyDesign) -> SurveyDesign:
    """The design with one replicate for each unit left out."""
    n = len(design.weights)
    weights = design.weights[:, np.newaxis] * (1 - np.eye(n)) * n / (n - 1)
    return replace(design, replicates=Replicates(weights=weights, scale=(n - 1) / n, rscales=np.ones(n)))
