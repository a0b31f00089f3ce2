"""Other readings of rates (broad, valid answers only, top box, mean score) and indexes of scores, with intervals.

A reading gives every answer a value between 0 and 1; its figure is the weighted mean on its base. It is shown nowhere
the rate itself is not: and as rate and reading side by side tell more than either, a group is protected in each and in
their difference (who counts in one and not in the other), as if these were rates printed by themselves.

An index is the weighted mean of its parts' mean scores, each over its own valid answers: it is shown where all of them
are, and says nothing that they and the printed weights do not say.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.area_ranges import alike_counts, area_ranges
from analysis.areas import AreaTree
from analysis.design import BoolArray, FloatArray
from analysis.disclosure import Cell, Suppression, suppress
from analysis.domains import Domains
from analysis.estimation.intervals import wilson_effective
from analysis.estimation.proportions import Proportions
from analysis.pooled_designs import guarded_domains, pooled_design
from analysis.publication import AlternateFigure, Base, PublishedEstimate, Reading, Reason
from analysis.readings import IndexOfScores, ReadAnswers
from analysis.rows import with_interval
from analysis.wave_estimates import WaveAnswers, estimate_wave

#: Where rates may be shown, by indicator, area and base.
Shown = dict[tuple[str, str | None, Base], PublishedEstimate]
_OF_SCORES = 100.0


def estimate_alternates(
    answers: WaveAnswers, readings: Sequence[ReadAnswers], indexes: Sequence[IndexOfScores] = ()
) -> tuple[AlternateFigure, ...]:
    """The figures of each reading, then of each index, for the whole and every area with respondents.

    ``answers`` holds the rates that are read; the scores of an index's parts are among the ``readings``. Readings of
    rates that nobody was asked are left out, and indexes with such a part.

    Raises :class:`analysis.design.DesignError` as :func:`analysis.wave_estimates.estimate_wave` does.
    """
    work = _Work(answers)
    figures: list[AlternateFigure] = []
    scores: dict[str, _Figures] = {}
    for read in readings:
        if read.indicator in work.rates:
            found = work.read(read)
            figures += found.rows
            if read.reading is Reading.SCORE:
                scores[read.indicator] = found
    for index in indexes:
        if all(code in scores for code in index.weights):
            figures += work.index(index, scores)
    return tuple(figures)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Figures:
    """One reading in all domains: what it is made of, and what may be shown of it."""

    proportions: Proportions
    scores: list[FloatArray]
    hidden: frozenset[int]
    guarded: BoolArray
    rows: list[AlternateFigure]

    def shown(self) -> dict[str | None, AlternateFigure]:
        return {row.area: row for row in self.rows if row.published}


class _Work:
    def __init__(self, answers: WaveAnswers) -> None:
        self.answers = replace(answers, headline=frozenset())
        self.domains = Domains(design=answers.design, tree=answers.tree, unit_areas=answers.unit_areas)
        self.rates = {rate.code: rate for rate in answers.rates}
        totals = self.domains.totals([rate.states for rate in answers.rates])
        self.totals = {rate.code: of_rate.on for rate, of_rate in zip(answers.rates, totals, strict=True)}
        rows = estimate_wave(self.answers)
        self.rows: Shown = {(row.indicator, row.area, row.base): row for row in rows if row.subset is answers.subset}

    def read(self, read: ReadAnswers) -> _Figures:
        on = self.totals[read.indicator]
        inside = read.members(self.rates[read.indicator].states)
        values = np.where(inside, read.values, 0.0)
        scores: list[FloatArray] = []
        proportions = on[read.base]
        if read.difference is not None or read.reading is Reading.SCORE:  # else it is the rate on another base
            means = self.domains.means
            scores = means.scores(values, inside)
            proportions = replace(
                proportions,
                proportion=means.means(values, inside),
                variance=means.variances(scores),
                count=_counts(self.domains, values),
            )
        groups = [proportions.count]
        if read.difference is not None:
            groups.append(_counts(self.domains, np.where(inside, read.difference, 0.0)))
        sizes = [on[base].n for base in Base]
        cells = [self.domains.cells(sizes, each) for each in (on[Base.ASKED].count, *groups)]
        found = _together([suppress(each) for each in cells])
        guarded = guarded_domains(found.over, self.domains)
        rows = self._rows(read, proportions, found.hidden, guarded, cells)
        return _Figures(proportions=proportions, scores=scores, hidden=found.hidden, guarded=guarded, rows=rows)

    def _rows(
        self,
        read: ReadAnswers,
        proportions: Proportions,
        hidden: frozenset[int],
        guarded: BoolArray,
        cells: Sequence[Sequence[Cell]],
    ) -> list[AlternateFigure]:
        told = hidden.union(*(self._as_ranges(of, hidden) for of in cells[1:]))
        reasons = {index: self._kept_back(read.indicator, index, told) for index in self.domains.present}
        return self._with_intervals(read.indicator, read.reading, read.base, proportions, (hidden, guarded), reasons)

    def _as_ranges(self, cells: Sequence[Cell], hidden: frozenset[int]) -> frozenset[int]:
        """Where a rate made of these counts would be shown as a range."""
        needed = alike_counts(cells, hidden, self.domains.fractions.tolist())
        return frozenset(area_ranges(cells, hidden, needed))

    def _kept_back(self, indicator: str, index: int, hidden: Collection[int]) -> Reason | None:
        """Why nothing is shown in a domain, if so."""
        rates = [self.rows[indicator, self.domains.code(index), base] for base in Base]
        for rate in rates:
            if not rate.published and rate.reason is not None:
                return rate.reason
        if index in hidden or any(rate.shown_range is not None for rate in rates):
            return Reason.TOO_FEW
        if self.answers.probability and any(rate.low is None for rate in rates):
            return next((rate.reason for rate in rates if rate.reason is not None), Reason.TOO_FEW)
        return None

    def _with_intervals(
        self,
        indicator: str,
        reading: Reading,
        base: Base,
        proportions: Proportions,
        quiet: tuple[frozenset[int], BoolArray],
        reasons: dict[int, Reason | None],
    ) -> list[AlternateFigure]:
        """``quiet``: the domains that are hidden, and those whose own variance is; ``reasons``: of each domain that is
        wanted why it is not shown, ``None`` where it is.
        """
        answers, domains, (hidden, guarded) = self.answers, self.domains, quiet
        pooled, between = pooled_design(
            proportions, hidden, guarded, domains, answers.pooling_tier, least=0.0 if reading.is_score else 1.0
        )
        guards = np.where(guarded, domains.weight_effects(between=between), 0.0) if guarded.any() else None
        intervals = wilson_effective(proportions, pooled, answers.level, guarded=guards, capped=not reading.is_score)
        rows = []
        for index, reason in reasons.items():
            row = self._nothing(indicator, base, index, reason)
            if reason is None:
                n, p = int(proportions.n[index]), float(proportions.proportion[index])
                row = replace(row, published=True, n=n, proportion=p)
                row = with_interval(row, proportions, intervals, index, probability=answers.probability)
                if answers.probability and row.low is None:
                    row = self._nothing(indicator, base, index, row.reason)
            rows.append(_figure(row, reading))
        return rows

    def _nothing(self, indicator: str, base: Base, index: int, reason: Reason | None) -> PublishedEstimate:
        area, level = self.domains.code(index), self.answers.level
        return PublishedEstimate(indicator=indicator, area=area, base=base, published=False, level=level, reason=reason)

    def index(self, index: IndexOfScores, scores: dict[str, _Figures]) -> list[AlternateFigure]:
        weights = {code: weight / sum(index.weights.values()) for code, weight in index.weights.items()}
        parts = {code: scores[code] for code in weights}
        combined = [
            sum((weights[code] * part.scores[family] for code, part in parts.items()), start=np.zeros(1))
            for family in range(len(next(iter(parts.values())).scores))
        ]
        each = [part.proportions for part in parts.values()]
        least = np.argmin([of.n for of in each], axis=0)
        domain = np.arange(self.domains.count)
        proportions = Proportions(
            n=np.array([of.n for of in each])[least, domain],
            count=np.zeros(self.domains.count, dtype=np.int64),
            proportion=np.sum([weights[code] * part.proportions.proportion for code, part in parts.items()], axis=0),
            variance=self.domains.means.variances(combined),
            df=np.min([of.df for of in each], axis=0),
            fraction=np.max([of.fraction for of in each], axis=0),
        )
        hidden = frozenset[int]().union(*(part.hidden for part in parts.values()))
        guarded: BoolArray = np.any([part.guarded for part in parts.values()], axis=0)
        shown = [part.shown() for part in parts.values()]
        reasons = {
            domain: None if all(self.domains.code(domain) in of for of in shown) else Reason.TOO_FEW
            for domain in self.domains.present
        }
        return self._with_intervals(index.code, Reading.INDEX, Base.VALID, proportions, (hidden, guarded), reasons)


def _figure(row: PublishedEstimate, reading: Reading) -> AlternateFigure:
    scale = _OF_SCORES if reading.is_score else 1.0
    value, se, low, high = (
        None if number is None else scale * number for number in (row.proportion, row.se, row.low, row.high)
    )
    return AlternateFigure(
        indicator=row.indicator,
        reading=reading,
        area=row.area,
        base=row.base,
        published=row.published,
        n=row.n,
        n_effective=row.n_effective,
        value=value,
        se=se,
        low=low,
        high=high,
        level=row.level,
        df=row.df,
        pooled=row.pooled,
        reliability=row.reliability,
        reason=row.reason,
    )


def _together(found: Sequence[Suppression]) -> Suppression:
    """What any of them hides. Hiding more never makes a group less safe: it widens the sums that it stands in."""
    hidden = frozenset[int]().union(*(each.hidden for each in found))
    over = frozenset[int]().union(*(each.over for each in found))
    return Suppression(hidden=hidden, over=over - hidden)


def _counts(domains: Domains, values: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The sum of ``values`` (n,) in every domain as a number of people, (D,): rounded in each area by itself, so that
    areas add up.
    """
    tree: AreaTree = domains.tree
    own = np.rint(np.bincount(domains.unit_areas, weights=values, minlength=len(tree.codes))).astype(np.int64)
    counts = np.concatenate([np.zeros(1, dtype=np.int64), own])
    for domain in reversed(range(1, domains.count)):  # children stand after their parents
        parent = domains.parents[domain]
        if parent is not None:
            counts[parent] += counts[domain]
    return counts
