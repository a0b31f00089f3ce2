import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, FloatArray
from analysis.design_errors import LengthsDiffer
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.cells import cross
from analysis.weighting.errors import (
    CellsTooSmall,
    MarginsCannotBeMet,
    MarginsDoNotAddUp,
    NoConvergence,
    UnknownGroups,
)
from analysis.weighting.margins import Margin
from analysis.weighting.raking import Raking, RakingResiduals

SIZES = (2, 3, 4)


def margin(name: str, codes: list[int], totals: list[float]) -> Margin:
    return Margin(name=name, codes=np.array(codes, dtype=np.int64), totals=np.array(totals, dtype=np.float64))


def raking(*margins: Margin, residuals: RakingResiduals = RakingResiduals.REGRESSED) -> Raking:
    return Raking(margins=margins, least_cell=1, residuals=residuals)


@st.composite
def samples(draw: st.DrawFn) -> tuple[tuple[Margin, ...], FloatArray]:
    """Every combination of groups occurs, so margins of the same sum can be met."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    every = np.array(np.meshgrid(*[np.arange(size) for size in SIZES])).reshape(len(SIZES), -1)
    more = draw(st.integers(0, 40))
    codes = np.hstack([every, [rng.integers(0, size, more) for size in SIZES]])
    shares = [rng.dirichlet(np.full(size, 5.0)) for size in SIZES]
    population = draw(st.floats(10, 1e6))
    margins = tuple(
        Margin(name=str(place), codes=codes[place], totals=share * population) for place, share in enumerate(shares)
    )
    return margins, rng.uniform(0.5, 20, codes.shape[1])


@given(samples())
def test_every_margin_is_met(sample: tuple[tuple[Margin, ...], FloatArray]) -> None:
    margins, base = sample

    weights = base * raking(*margins).factor(base)

    for given_margin in margins:
        sums = np.bincount(given_margin.codes, weights=weights)
        assert sums == pytest.approx(given_margin.totals, rel=1e-9)
    assert (weights > 0).all()


@given(samples(), st.floats(1e-3, 1e3))
def test_only_the_proportions_of_the_base_weights_matter(
    sample: tuple[tuple[Margin, ...], FloatArray], scale: float
) -> None:
    margins, base = sample
    step = raking(*margins)

    assert scale * base * step.factor(scale * base) == pytest.approx(base * step.factor(base), rel=1e-9)


@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(sample: tuple[tuple[Margin, ...], FloatArray], random: object) -> None:
    margins, base = sample
    order = np.arange(len(base))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = tuple(Margin(name=one.name, codes=one.codes[order], totals=one.totals) for one in margins)

    assert raking(*moved).factor(base[order]) == pytest.approx(raking(*margins).factor(base)[order], rel=1e-9)


@given(samples())
def test_the_same_as_calibration_on_the_groups(sample: tuple[tuple[Margin, ...], FloatArray]) -> None:
    margins, base = sample
    groups = np.column_stack([one.codes == code for one in margins for code in range(len(one.totals))]).astype(float)
    totals = np.concatenate([one.totals for one in margins])
    by_newton = Calibration(matrix=groups, totals=totals, method=CalibrationMethod.RAKING)

    assert raking(*margins).factor(base) == pytest.approx(by_newton.factor(base), rel=1e-7)


@given(samples())
def test_what_a_margin_fixes_leaves_no_residual(sample: tuple[tuple[Margin, ...], FloatArray]) -> None:
    margins, base = sample
    fixed = (margins[1].codes == 2).astype(float)[:, np.newaxis]

    for residuals in RakingResiduals:
        step = raking(*margins, residuals=residuals)
        factor = step.factor(base)
        left = step.carry_back(fixed, before=base, factor=factor)
        tolerance = 1e-9 if residuals is RakingResiduals.REGRESSED else 0.05
        assert np.abs(left / factor[:, np.newaxis]).max() < tolerance


def test_regressed_residuals_follow_the_base_weights_where_these_differ_much() -> None:
    """What a unit adds to a raked total, by the derivative of the total: R's sweeps are further from it."""
    rng = np.random.default_rng(12)
    base = rng.choice([20.0, 60.0, 270.0], 120)
    codes = [rng.integers(0, size, 120) for size in (3, 2, 2)]
    wanted = base * rng.uniform(0.7, 1.3, 120)
    wanted *= 6000 / wanted.sum()
    margins = tuple(
        Margin(name=str(place), codes=code, totals=np.bincount(code, weights=wanted))
        for place, code in enumerate(codes)
    )
    y = codes[0] + 2.0 * codes[1] + rng.normal(0, 0.3, 120)
    step = raking(*margins)
    factor = step.factor(base)

    def total(unit: int, change: float) -> float:
        moved = base.copy()
        moved[unit] *= 1 + change
        return float(moved * step.factor(moved) @ y)

    slopes = np.array([(total(unit, 1e-4) - total(unit, -1e-4)) / 2e-4 for unit in range(120)])
    apart = {}
    for residuals in RakingResiduals:
        left = raking(*margins, residuals=residuals).carry_back(y[:, np.newaxis], before=base, factor=factor)[:, 0]
        apart[residuals] = np.linalg.norm(base * left - slopes) / np.linalg.norm(slopes)

    assert apart[RakingResiduals.REGRESSED] < 0.05
    assert apart[RakingResiduals.SWEPT] > 2 * apart[RakingResiduals.REGRESSED]
    assert Raking(margins=margins).residuals is RakingResiduals.REGRESSED


def test_a_table_too_large_to_keep_has_only_the_cells_that_occur() -> None:
    rng = np.random.default_rng(5)
    codes = [rng.integers(0, size, 2000) for size in (400, 300, 5)]
    codes[0][:400], codes[1][:300] = np.arange(400), np.arange(300)
    base = rng.uniform(1, 2, 2000)
    wanted = base * rng.uniform(0.8, 1.2, 2000)
    margins = [
        Margin(name=str(place), codes=code, totals=np.bincount(code, weights=wanted))
        for place, code in enumerate(codes)
    ]

    cells = cross(margins)
    weights = base * raking(*margins).factor(base)

    assert cells.count <= 5 * 2000
    for code, groups, one in zip(codes, cells.groups, margins, strict=True):
        assert (groups[cells.of_unit] == code).all()
        assert np.bincount(code, weights=weights) == pytest.approx(one.totals, rel=1e-9)


def test_units_of_weight_0_stay_nobody() -> None:
    step = raking(margin("sex", [0, 0, 1, 1], [6, 4]), margin("age", [0, 1, 0, 1], [5, 5]))
    weights = np.array([1.0, 1, 1, 0])

    # 4 men who are young leave 1 young woman and 5 old ones.
    assert weights * step.factor(weights) == pytest.approx([1, 5, 4, 0])
    with pytest.raises(MarginsCannotBeMet, match="got nobody in group 1"):
        step.factor(np.array([1.0, 1, 0, 0]))


def test_a_total_of_0_leaves_nobody() -> None:
    step = raking(margin("sex", [0, 0, 1, 1], [6, 4]), margin("age", [0, 1, 0, 1], [0, 10]))

    assert step.factor(np.ones(4)).tolist() == [0, 6, 0, 4]


def test_groups_that_only_occur_together_cannot_have_different_totals() -> None:
    step = raking(margin("sex", [0, 0, 1, 1], [6, 4]), margin("age", [0, 0, 1, 1], [5, 5]))

    with pytest.raises(MarginsCannotBeMet, match="no factors from 1e-06 to inf meet"):
        step.factor(np.ones(4))


def test_margins_that_nearly_say_the_same_take_newtons_steps() -> None:
    rng = np.random.default_rng(1)
    own = rng.integers(0, 10, 20_000)
    other = np.where(rng.random(20_000) < 0.999, own, rng.integers(0, 10, 20_000))
    wanted = rng.uniform(0.5, 2, 10)[own] * rng.uniform(0.5, 2, 10)[other]
    margins = [Margin(name=str(code[0]), codes=code, totals=np.bincount(code, weights=wanted)) for code in (own, other)]

    weights = raking(*margins).factor(np.ones(20_000))

    for one in margins:
        assert np.bincount(one.codes, weights=weights) == pytest.approx(one.totals, rel=1e-9)


def test_margins_that_could_be_met_are_said_not_to_have_converged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.weighting.raking._MOST_ENTRIES", 0)
    margins = (margin("sex", [0, 0, 1, 1, 1], [6, 4]), margin("age", [0, 1, 0, 1, 1], [4, 6]))

    with pytest.raises(NoConvergence, match="after 1 cycles"):
        Raking(margins=margins, least_cell=1, max_cycles=1).factor(np.ones(5))
    monkeypatch.undo()
    by_newton = Raking(margins=margins, least_cell=1, max_cycles=1).factor(np.ones(5))
    assert by_newton == pytest.approx(raking(*margins).factor(np.ones(5)), rel=1e-9)


def test_margins_of_different_populations() -> None:
    with pytest.raises(MarginsDoNotAddUp, match=r"got totals that add up to 11, expected 10 as of sex"):
        raking(margin("sex", [0, 1], [6, 4]), margin("age", [0, 1], [6, 5]))


def test_groups_without_a_total() -> None:
    with pytest.raises(UnknownGroups, match="got a unit in group 2"):
        margin("sex", [0, 2], [6, 4])
    with pytest.raises(UnknownGroups, match="got a unit in group -1"):
        margin("sex", [0, -1], [6, 4])
    with pytest.raises(UnknownGroups, match="got a unit in group x, expected one of f, m"):
        Margin.of_labels("sex", ["f", "x"], {"f": 6, "m": 4})


def test_a_total_of_people_who_are_not_in_the_sample() -> None:
    step = raking(Margin.of_labels("sex", ["f", "f"], {"f": 6, "m": 4}))

    with pytest.raises(MarginsCannotBeMet, match="got nobody in group m, expected somebody who can stand for 4"):
        step.check(np.ones(2))


def test_cells_of_fewer_than_20() -> None:
    step = Raking(margins=(margin("sex", [0] * 20 + [1] * 19, [50, 50]),))

    with pytest.raises(CellsTooSmall, match="got 19 respondents in group 1, expected at least 20"):
        step.check(np.ones(39))


def test_wrong_input() -> None:
    with pytest.raises(DesignError, match="negative or no number"):
        margin("sex", [0], [np.nan])
    with pytest.raises(DesignError, match="got 2 labels, expected 1"):
        Margin(name="sex", codes=np.array([0]), totals=np.ones(1), labels=("f", "m"))
    with pytest.raises(DesignError, match="at least one"):
        Raking(margins=())
    with pytest.raises(DesignError, match="got 1 units, expected 2"):
        raking(margin("sex", [0, 0], [1]), margin("age", [0], [1]))
    with pytest.raises(LengthsDiffer):
        raking(margin("sex", [0, 0], [1])).check(np.ones(3))
