"""Totals with cross-products that add up: means, ratios and totals of scores, as drawn or calibrated.

A :class:`CrossTotals` holds, PSU by PSU, sums of weighted columns and of the products of every two of them. Parts of
one sample add up, as those of :class:`~analysis.estimation.mergeable.PsuTotals` do. From it alone come, the same as
from units: totals and ratios of any columns (so means: over a column of ones; so domains: columns that are 0 outside)
with their Taylor variances in one stage, and all of these after linear calibration without bounds to known totals of
some of the columns, with the variance of the residuals. Calibration by raking or logit, and bounds, change each weight
by a factor that is no sum: they need units.

The factor of a unit is g = 1 + x'λ, so that Σ w g v over a PSU is Σ w v + (Σ w v x') λ: a sum of sums.
Reference: Särndal, Swensson & Wretman, *Model Assisted Survey Sampling* (1992), sections 6.4 to 6.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.codes import dense
from analysis.design import DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.adding_up import check_plain, population_of
from analysis.estimation.statistic import Estimate
from analysis.estimation.sums import sum_by
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.variance import covariance, domain_df
from analysis.weighting.errors import MarginsCannotBeMet


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossTotals:
    """Sums of k ``columns`` over R PSUs, in order of their codes.

    ``psus``, ``strata``, ``units`` (R,): units of a weight above 0. ``population`` (R,): eligible adults in the PSU's
    stratum, ``inf`` without correction; ``drawn`` (R,): all units. ``sums`` (R, k) of weighted columns, ``products``
    (R, k, k) of weighted products.
    """

    columns: tuple[str, ...]
    psus: IntArray
    strata: IntArray
    units: IntArray
    drawn: IntArray
    population: FloatArray
    sums: FloatArray
    products: FloatArray

    def __add__(self, other: "CrossTotals") -> "CrossTotals":
        """Two parts of one sample together. Raises :class:`DesignError` for other columns or another design."""
        if self.columns != other.columns:
            raise DesignError(f"columns: got {', '.join(other.columns)}, expected {', '.join(self.columns)}")
        parts = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("psus", "strata", "units", "drawn", "population", "sums", "products")
        }
        psus, first, row = np.unique(parts["psus"], return_index=True, return_inverse=True)
        for name in ("strata", "population"):
            if not np.array_equal(parts[name][first][row], parts[name]):
                raise DesignError(f"{name}: got two for one PSU, expected the same in both parts")
        sums, products = np.zeros((len(psus), *self.sums.shape[1:])), np.zeros((len(psus), *self.products.shape[1:]))
        np.add.at(sums, row, parts["sums"])
        np.add.at(products, row, parts["products"])
        return CrossTotals(
            columns=self.columns,
            psus=psus,
            strata=parts["strata"][first],
            units=sum_by(row, parts["units"], len(psus)).astype(np.int64),
            drawn=sum_by(row, parts["drawn"], len(psus)).astype(np.int64),
            population=parts["population"][first],
            sums=sums,
            products=products,
        )

    def estimate(
        self, wanted: Sequence[str], *, over: Sequence[str] | None = None, margins: Mapping[str, float] | None = None
    ) -> Estimate | Undefined:
        """Totals of the columns ``wanted``, or their ratios to the totals of the columns ``over``, with covariances.

        ``margins``: what is known of the totals of some columns; the weights are calibrated to it first. ``n`` and
        ``df`` are of the whole sample. Raises :class:`MarginsCannotBeMet` where the columns do not allow it.
        """
        if not self.units.any():
            return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
        sums, scores = self._calibrated(margins or {})
        above = [self.columns.index(name) for name in wanted]
        value, of_psus = sums[:, above].sum(axis=0), scores[:, above]
        if over is not None:
            below = [self.columns.index(name) for name in over]
            size = sums[:, below].sum(axis=0)
            if (size == 0).any():
                return Undefined(reason=UndefinedReason.ZERO_DENOMINATOR)
            value = value / size
            of_psus = (of_psus - scores[:, below] * value) / size
        design = self._design
        return Estimate(
            value=value,
            covariance=covariance(design, of_psus),
            df=domain_df(design, self.units > 0),
            n=int(self.units.sum()),
        )

    def _calibrated(self, margins: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
        """Sums of the calibrated columns by PSU, and of what the margins do not explain of them, (R, k) each."""
        if not margins:
            return self.sums, self.sums
        known = [self.columns.index(name) for name in margins]
        missed = np.array(list(margins.values())) - self.sums[:, known].sum(axis=0)
        together = self.products.sum(axis=0)
        squares = together[np.ix_(known, known)]
        slopes, *_ = np.linalg.lstsq(squares, np.column_stack([missed, together[known]]), rcond=None)
        sums = self.sums + self.products[:, :, known] @ slopes[:, 0]
        if not np.allclose(squares @ slopes[:, 0], missed, rtol=1e-9, atol=1e-9 * np.abs(missed).max()):
            raise MarginsCannotBeMet(f"margins: got totals of {', '.join(margins)} that contradict each other")
        return sums, sums - sums[:, known] @ slopes[:, 1:]

    @property
    def _design(self) -> SurveyDesign:
        """Of the PSUs, whose sums are weighted already."""
        strata = dense(self.strata)[0]
        count = int(strata.max()) + 1
        drawn = np.bincount(strata, weights=self.drawn, minlength=count)
        fractions = np.zeros(count)
        fractions[strata] = drawn[strata] / self.population
        return SurveyDesign(weights=np.ones(len(strata)), strata=strata, sampling_fractions=fractions)


def cross_totals_of(design: SurveyDesign, columns: Mapping[str, FloatArray]) -> CrossTotals:
    """The sums of ``columns`` (n,) each; units without a PSU of their own are PSUs by their number.

    Three people aged 1, 2 and 3, calibrated to 36 people: all weigh 12.

    >>> design = SurveyDesign(weights=np.full(3, 10.0), strata=np.zeros(3, dtype=int))
    >>> found = cross_totals_of(design, {"people": np.ones(3), "years": np.array([1.0, 2.0, 3.0])})
    >>> found.estimate(["years"], margins={"people": 36.0}).value.round(9).tolist()
    [72.0]

    Raises :class:`DesignError` when lengths differ, for a value that is no number, and for a design that totals do not
    serve.
    """
    check_plain(design)
    n = len(design.weights)
    for name, values in columns.items():
        if len(values) != n:
            raise DesignError(f"{name}: got {len(values)} values, expected {n}, one per weight")
        if not np.isfinite(values).all():
            raise DesignError(f"{name}: got a value that is no number, expected finite ones")
    given = np.arange(n) if design.psus is None else design.psus
    psus, first, row = np.unique(given, return_index=True, return_inverse=True)
    count, k, population = len(psus), len(columns), population_of(design)

    weighted = [design.weights * values for values in columns.values()]
    products = np.zeros((count, k, k))
    for one, first_column in enumerate(weighted):
        for other, values in enumerate(columns.values()):
            if other >= one:
                products[:, one, other] = products[:, other, one] = sum_by(row, first_column * values, count)
    return CrossTotals(
        columns=tuple(columns),
        psus=psus,
        strata=design.strata[first],
        units=sum_by(row, (design.weights > 0).astype(np.float64), count).astype(np.int64),
        drawn=np.bincount(row, minlength=count),
        population=np.full(count, np.inf) if population is None else population[design.strata[first]],
        sums=np.column_stack([sum_by(row, values, count) for values in weighted]) if k else np.zeros((count, 0)),
        products=products,
    )
