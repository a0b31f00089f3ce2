import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.proportions import Layout, Proportions, estimate_in, estimate_proportions

NONE = np.zeros(0, dtype=np.int64)


def estimate(
    counted: list[int],
    *,
    weights: list[float] | None = None,
    strata: list[int] | None = None,
    psus: list[int] | None = None,
    domains: list[int] | None = None,
    base: list[int] | None = None,
    population: list[float] | None = None,
) -> Proportions:
    n = len(counted)
    design = SurveyDesign(
        weights=np.array(weights if weights is not None else [1.0] * n),
        strata=np.array(strata if strata is not None else [0] * n, dtype=np.int64),
        psus=None if psus is None else np.array(psus, dtype=np.int64),
        population=None if population is None else np.array(population),
    )
    where = np.array(domains if domains is not None else [0] * n, dtype=np.int64)
    return estimate_proportions(
        design,
        counted=np.array(counted, dtype=bool),
        in_base=np.array(base if base is not None else [1] * n, dtype=bool),
        domains=where,
        domain_count=int(where.max(initial=0)) + 1,
    )


class TestByHand:
    def test_weights(self) -> None:
        # Weights 1, 2, 3; the first and last are counted: p = 4/6. Residuals w (y - p)/6: 1/18, -4/18, 3/18; they add
        # up to 0. v = 3/2 x (1 + 16 + 9)/324 = 39/324.
        found = estimate([1, 0, 1], weights=[1, 2, 3])
        assert found.proportion[0] == pytest.approx(4 / 6)
        assert found.variance[0] == pytest.approx(39 / 324)
        assert (found.n[0], found.count[0], found.df[0]) == (3, 2, 2)

    def test_clusters(self) -> None:
        # PSUs (1, 1), (1, 0), (0, 0): p = .5; residual totals 1/6, 0, -1/6; v = 3/2 x 2/36 = 1/12.
        # Taken as six single units it would be 6/5 x .25/6 = .05: clusters cost 5/3.
        found = estimate([1, 1, 1, 0, 0, 0], psus=[0, 0, 1, 1, 2, 2])
        assert found.variance[0] == pytest.approx(1 / 12)
        assert found.df[0] == 2

    def test_strata(self) -> None:
        # Two strata of two, all alike inside each: no variance between the units of a stratum, though p is .5.
        found = estimate([1, 1, 0, 0], strata=[0, 0, 1, 1])
        assert (found.proportion[0], found.variance[0], found.df[0]) == (0.5, 0.0, 2)

    def test_population_correction(self) -> None:
        # 4 of 16 eligible adults answered: f = 1/4, v = 3/4 x .0625.
        found = estimate([1, 1, 1, 0], population=[16])
        assert found.variance[0] == pytest.approx(0.75 * 0.0625)
        assert found.fraction[0] == 0.25

    def test_domain_inside_a_stratum(self) -> None:
        # Of 4 drawn, 2 are in the domain, one of them counted. The other two count as zeros:
        # residuals 1/4, -1/4, 0, 0; v = 4/3 x 2/16 = 1/6. One degree of freedom inside.
        found = estimate([1, 0, 1, 1], domains=[0, 0, 1, 1])
        assert found.variance[0] == pytest.approx(1 / 6)
        assert found.df[0] == 1

    def test_domain_through_psus(self) -> None:
        # Both PSUs lie half in each domain; in domain 0 they say 1 and 0: residuals ±1/4, v = 2 x 2/16 = 1/4.
        found = estimate([1, 1, 0, 1], psus=[0, 0, 1, 1], domains=[0, 1, 0, 1])
        assert found.proportion.tolist() == [0.5, 1.0]
        assert found.variance.tolist() == [pytest.approx(0.25), 0.0]
        assert found.df.tolist() == [1, 1]

    def test_domain_inside_one_psu_has_no_variance_of_its_own(self) -> None:
        found = estimate([1, 0, 1, 0], psus=[0, 0, 1, 2], domains=[0, 0, 1, 1])
        assert (found.variance[0], found.df[0]) == (0.0, 0)

    def test_lonely_psu_is_centred_at_the_grand_mean(self) -> None:
        # Stratum 1 has the one PSU: p = 2/4; residuals 1/8 twice... by stratum 0: (1, 0, 0) -> 1/8, -1/8, -1/8,
        # mean -1/24; 3/2 x Σ(z - mean)² = 3/2 x 24/576 = 1/16; stratum 1: (1) -> z = 1/8, z² = 1/64.
        found = estimate([1, 0, 0, 1], strata=[0, 0, 0, 1])
        assert found.variance[0] == pytest.approx(1 / 16 + 1 / 64)
        assert found.df[0] == 2

    def test_base(self) -> None:
        found = estimate([1, 0, 0, 1], base=[1, 1, 0, 1])
        assert (found.n[0], found.count[0], found.proportion[0]) == (3, 2, pytest.approx(2 / 3))

    def test_census(self) -> None:
        found = estimate([1, 0, 1], population=[3])
        assert (found.fraction[0], found.variance[0]) == (1.0, 0.0)


class TestEdges:
    def test_empty_domain(self) -> None:
        found = estimate([1, 0], domains=[1, 1])
        assert (found.n[0], found.proportion[0], found.variance[0], found.df[0]) == (0, 0, 0, 0)

    def test_nobody(self) -> None:
        design = SurveyDesign(weights=np.zeros(0), strata=NONE, psus=NONE)
        nobody = np.zeros(0, dtype=bool)
        found = estimate_proportions(design, counted=nobody, in_base=nobody, domains=NONE, domain_count=2)
        assert found.n.tolist() == [0, 0]

    def test_who_has_no_weight_is_in_no_base(self) -> None:
        found = estimate([1, 0, 1, 1], weights=[1, 1, 1, 0], psus=[0, 1, 2, 3])
        assert (found.n[0], found.count[0], found.df[0]) == (3, 2, 2)
        # The PSU was drawn all the same: 4/3 x (2 x (1/9)² + (2/9)²).
        assert found.variance[0] == pytest.approx(4 / 3 * 6 / 81)

    def test_only_people_without_weight(self) -> None:
        found = estimate([1, 0], weights=[0, 0])
        assert (found.n[0], found.proportion[0]) == (0, 0)

    def test_everyone_counted_is_exactly_one(self) -> None:
        found = estimate(
            [1, 1, 1, 1, 1, 0], weights=[0.1, 0.2, 0.3, 0.7, 1.1, 1.0], psus=[0, 1, 0, 2, 1, 3], domains=[0] * 5 + [1]
        )
        assert found.proportion.tolist() == [1.0, 0.0]
        assert found.variance.tolist() == [0.0, 0.0]

    @pytest.mark.parametrize("size", [3, 7, 30])
    def test_equal_clusters_leave_no_dust(self, size: int) -> None:
        """Every cluster says the same: no variance at all, not 1e-18 of it (which would claim certainty)."""
        found = estimate([1, 1, 0] * size, weights=[0.1, 0.7, 1 / 3] * size, psus=[i // 3 for i in range(3 * size)])
        assert found.variance[0] == 0.0

    @pytest.mark.parametrize("wrong", ["counted", "in_base", "domains"])
    def test_lengths(self, wrong: str) -> None:
        arrays = {"counted": np.zeros(2, bool), "in_base": np.ones(2, bool), "domains": np.zeros(2, np.int64)}
        arrays[wrong] = arrays[wrong][:1]
        design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64))
        with pytest.raises(DesignError, match=f"{wrong}: got 1 values, expected 2"):
            estimate_proportions(design, **arrays, domain_count=1)

    def test_counted_outside_the_base(self) -> None:
        with pytest.raises(DesignError, match="outside the base"):
            estimate([1, 1], base=[1, 0])

    def test_domains_that_have_no_place(self) -> None:
        design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64))
        with pytest.raises(DesignError, match="domains: expected codes from -1 to 0"):
            Layout(design=design, domains=np.array([0, 1]), domain_count=1)


Sample = tuple[SurveyDesign, BoolArray, BoolArray, IntArray]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Up to 40 units in 1-3 strata and 12 PSUs, three domains that cut through everything, some outside the base."""
    n = draw(st.integers(1, 40))
    psus = np.array(draw(st.lists(st.integers(0, 11), min_size=n, max_size=n)))
    strata = psus % draw(st.integers(1, 3))  # a PSU is in one stratum
    weights = np.array(draw(st.lists(st.sampled_from([0.5, 1.0, 1.7, 3.0]), min_size=n, max_size=n)))
    base = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    counted = base & np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    domains = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)))
    population = None
    if draw(st.booleans()):
        population = np.bincount(strata) * 2.0 + 1
    design = SurveyDesign(weights=weights, strata=strata, psus=psus, population=population)
    return design, counted, base, domains


def of(sample: Sample) -> Proportions:
    design, counted, base, domains = sample
    return estimate_proportions(design, counted=counted, in_base=base, domains=domains, domain_count=3)


def assert_same(one: Proportions, other: Proportions) -> None:
    for name in ("n", "count", "df"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    for name in ("proportion", "variance", "fraction"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9, abs=1e-14)


def slowly(sample: Sample, domain: int) -> tuple[float, float, int]:
    """Rate, variance and df of one domain, one PSU after the other, as in the textbook."""
    design, counted, base, domains = sample
    assert design.psus is not None
    inside = base & (domains == domain)
    size = design.weights[inside].sum()
    if size == 0:
        return 0.0, 0.0, 0
    share = design.weights[inside & counted].sum() / size
    residual: FloatArray = np.where(inside, design.weights * (counted - share) / size, 0.0)
    variance, df = 0.0, 0
    for stratum in np.unique(design.strata):
        own = np.unique(design.psus[design.strata == stratum])
        totals = np.array([residual[design.psus == psu].sum() for psu in own])
        centre = totals.mean() if len(own) > 1 else 0.0
        factor = len(own) / (len(own) - 1) if len(own) > 1 else 1.0
        fraction = 0.0 if design.population is None else (design.strata == stratum).sum() / design.population[stratum]
        variance += (1 - fraction) * factor * ((totals - centre) ** 2).sum()
        df += max(0, len(np.unique(design.psus[inside & (design.strata == stratum)])) - 1)
    return float(share), float(variance), df


@given(samples())
def test_agrees_with_the_textbook(sample: Sample) -> None:
    found = of(sample)
    for domain in range(3):
        share, variance, df = slowly(sample, domain)
        assert found.proportion[domain] == pytest.approx(share)
        assert found.variance[domain] == pytest.approx(variance, abs=1e-15)
        assert found.df[domain] == df


@given(samples(), st.randoms(use_true_random=False))
def test_order_does_not_matter(sample: Sample, random: object) -> None:
    design, counted, base, domains = sample
    order = np.arange(len(counted))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert design.psus is not None
    shuffled = SurveyDesign(
        weights=design.weights[order],
        strata=design.strata[order],
        psus=design.psus[order],
        population=design.population,
    )
    assert_same(of(sample), of((shuffled, counted[order], base[order], domains[order])))


@given(samples(), st.sampled_from([1e-3, 0.1, 7.0, 1e6]))
def test_scale_of_the_weights_does_not_matter(sample: Sample, scale: float) -> None:
    design, counted, base, domains = sample
    scaled = SurveyDesign(
        weights=design.weights * scale, strata=design.strata, psus=design.psus, population=design.population
    )
    assert_same(of(sample), of((scaled, counted, base, domains)))


@given(samples())
def test_the_others_are_the_complement(sample: Sample) -> None:
    design, counted, base, domains = sample
    one, other = of(sample), of((design, base & ~counted, base, domains))
    assert one.n.tolist() == other.n.tolist()
    assert (one.proportion + other.proportion)[one.n > 0] == pytest.approx(1.0)
    assert one.variance == pytest.approx(other.variance, abs=1e-15)


@given(samples())
def test_domains_add_up(sample: Sample) -> None:
    design, counted, base, domains = sample
    parts, whole = of(sample), of((design, counted, base, np.where(domains >= 0, 0, -1)))
    assert parts.n.sum() == whole.n[0]
    assert parts.count.sum() == whole.count[0]


@given(samples())
def test_numbers_are_numbers(sample: Sample) -> None:
    found = of(sample)
    assert np.isfinite(found.variance).all()
    assert (found.variance >= 0).all()
    assert ((found.proportion >= 0) & (found.proportion <= 1)).all()
    assert ((found.fraction >= 0) & (found.fraction <= 1)).all()


@given(samples())
def test_a_layout_serves_many_rates(sample: Sample) -> None:
    design, counted, base, domains = sample
    layout = Layout(design=design, domains=domains, domain_count=3)
    estimate_in(layout, counted=base, in_base=base)
    assert_same(estimate_in(layout, counted=counted, in_base=base), of(sample))


def test_single_units_are_psus_of_one() -> None:
    counted, weights = [1, 0, 1, 1, 0], [1.0, 2, 3, 1, 1]
    assert_same(estimate(counted, weights=weights), estimate(counted, weights=weights, psus=[4, 2, 0, 1, 3]))
