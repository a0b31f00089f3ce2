"""Draws of a series by designs as they are written: homes rest, grids stay, probabilities are what is recorded."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from analysis.sampling import stages as stages_module
from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws
from analysis.sampling.sample_design import Method, Reserves, Rest, SampleDesign, Size, Stage, StageUnit
from analysis.sampling.series_draw import SeriesDraw
from analysis.sampling.stage_errors import NobodyFreeError, OverlapError, OverlapUnknownError, RestUnknownError
from analysis.sampling.stages import DrawnUnits, FrameArrays, draw_units
from tests.analysis.sampling.every_draw import CountedStream, every_draw
from tests.analysis.sampling.small_city import small_city

SERIES = b"series"
SPRING, AUTUMN, YEAR_AFTER = date(2026, 4, 30), date(2026, 10, 31), date(2027, 4, 1)
HOMES = SampleDesign(stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=20),), rest=Rest(months=12))


def by_grids(method: Method, take: int, dwellings: int, rest: Rest, homes: Method = Method.PERMANENT) -> SampleDesign:
    size = Size.UNITS if method is Method.PPS_SYSTEMATIC else None
    return SampleDesign(
        stages=(
            Stage(unit=StageUnit.GRID, method=method, take=take, size=size),
            Stage(unit=StageUnit.DWELLING, method=homes, take=dwellings),
        ),
        rest=rest,
    )


def after(*draws: tuple[date, DrawnUnits], on: date = YEAR_AFTER) -> EarlierDraws:
    before = tuple(EarlierDraw(visited_on=day, windows=drawn.windows) for day, drawn in draws)
    return EarlierDraws(series_seed=SERIES, on=on, draws=before)


def homes(drawn: DrawnUnits) -> set[int]:
    return set(drawn.units.tolist())


def test_homes_visited_within_the_months_are_left_alone_and_come_back() -> None:
    frame = small_city({"A": [70], "B": [61]}, keys=True)
    first = draw_units(frame, HOMES, seed=SERIES)
    second = draw_units(frame, HOMES, seed=b"2", earlier=after((SPRING, first)))
    third = draw_units(frame, HOMES, seed=b"3", earlier=after((SPRING, first), (AUTUMN, second)))

    assert not homes(first) & homes(second)
    assert not homes(third) & (homes(first) | homes(second))
    assert set(third.stages) == {"20/70", "20/61"}
    shorter = replace(HOMES, rest=Rest(months=6))
    many = [draw_units(frame, shorter, seed=bytes([k]), earlier=after((SPRING, first))) for k in range(20)]
    assert any(homes(first) & homes(drawn) for drawn in many)


def test_nobody_left() -> None:
    frame = small_city({"A": [70], "B": [50]}, keys=True)
    first = draw_units(frame, HOMES, seed=SERIES)
    second = draw_units(frame, HOMES, seed=b"2", earlier=after((SPRING, first)))

    with pytest.raises(NobodyFreeError) as caught:
        draw_units(frame, HOMES, seed=b"3", earlier=after((SPRING, first), (AUTUMN, second)))

    error = caught.value
    assert (error.code, error.free, error.units, error.wanted, error.months) == ("B", 10, 50, 20, 12)


def test_reserves_rest_as_well() -> None:
    design = replace(HOMES, reserves=Reserves(replicates=1, per_community=10))
    frame = small_city({"A": [60]}, keys=True)
    first = draw_units(frame, design, seed=SERIES)

    assert homes(first) | homes(draw_units(frame, design, seed=b"2", earlier=after((SPRING, first)))) == set(range(60))


def test_homes_of_a_community_draw_rest_in_a_draw_by_grids() -> None:
    frame = small_city({"A": [40, 40, 40]}, keys=True)
    first = draw_units(frame, HOMES, seed=SERIES)
    design = by_grids(Method.SIMPLE, 2, 15, Rest(months=12))

    for number in range(10):
        second = draw_units(frame, design, seed=bytes([number]), earlier=after((SPRING, first)))
        assert not homes(first) & homes(second)


def test_what_cannot_be_left_alone_is_refused() -> None:
    frame = small_city({"A": [40, 40]}, keys=True)
    grids = draw_units(frame, by_grids(Method.SIMPLE, 1, 10, Rest()), seed=SERIES)
    simple = draw_units(frame, by_grids(Method.SIMPLE, 1, 10, Rest(), Method.SIMPLE), seed=SERIES)

    with pytest.raises(RestUnknownError) as by_grid:
        draw_units(frame, HOMES, seed=b"2", earlier=after((AUTUMN, grids)))
    with pytest.raises(RestUnknownError) as without:
        draw_units(frame, HOMES, seed=b"2", earlier=after((AUTUMN, simple)))
    draw_units(frame, HOMES, seed=b"2", earlier=after((AUTUMN, simple), on=date(2028, 1, 1)))

    assert (by_grid.value.visited_on, by_grid.value.by_grid) == (AUTUMN, True)
    assert not without.value.by_grid


def test_new_homes_rest_with_those_who_were_visited_in_proportion() -> None:
    """60 homes, half of them drawn; of 200 that come later the same share lies in the window, and none is left out."""
    design = SampleDesign(
        stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=30),), rest=Rest(months=12)
    )
    first = draw_units(small_city({"A": [60]}, keys=True), design, seed=SERIES)
    now = small_city({"A": [260]}, keys=True)
    found: set[int] = set()

    for number in range(60):
        drawn = homes(draw_units(now, design, seed=bytes([number]), earlier=after((SPRING, first))))
        assert not drawn & homes(first)
        found |= drawn

    assert 70 <= len([home for home in found if home >= 60]) <= 130


def test_homes_rest_that_a_draw_of_before_took() -> None:
    frame = small_city({"A": [70]}, keys=True)
    first = draw_units(frame, HOMES, seed=SERIES, by_arcs=True)
    second = draw_units(frame, HOMES, seed=b"2", earlier=after((SPRING, first)), by_arcs=True)
    earlier = after((SPRING, first), (AUTUMN, second))

    third = draw_units(frame, HOMES, seed=b"3", earlier=earlier)

    assert not homes(second) & homes(first)
    assert not homes(third) & (homes(first) | homes(second))
    assert homes(first) != homes(draw_units(frame, HOMES, seed=SERIES))


def pairs(
    first: FrameArrays, design: SampleDesign, second: FrameArrays, then: SampleDesign
) -> dict[tuple[frozenset[str], frozenset[str]], Fraction]:
    """Probability of (grids of one draw, grids of the next)."""

    def both() -> tuple[frozenset[str], frozenset[str]]:
        before = draw_units(first, design, seed=SERIES)
        drawn = draw_units(second, then, seed=b"2", earlier=after((SPRING, before)))
        return grids(first, before), grids(second, drawn)

    found: dict[tuple[frozenset[str], frozenset[str]], Fraction] = defaultdict(Fraction)
    for probability, pair in every_draw(both):
        found[pair] += probability
    return found


def grids(frame: FrameArrays, drawn: DrawnUnits) -> frozenset[str]:
    return frozenset(frame.grids[frame.grid[row]] for row in drawn.units.tolist())


@pytest.mark.parametrize(
    ("before", "now"),
    [([10] * 6, [10] * 6), ([10] * 6, [10] * 7), ([10] * 6, [10] * 5)],
)
def test_grids_of_equal_probability_stay(monkeypatch: pytest.MonkeyPatch, before: list[int], now: list[int]) -> None:
    monkeypatch.setattr(stages_module, "CounterStream", CountedStream)
    design = by_grids(Method.PERMANENT, 3, 10, Rest(overlap=0.5), Method.SIMPLE)

    found = pairs(small_city({"A": before}), design, small_city({"A": now}), design)

    for number in range(len(now)):
        chance = sum((p for (_, then), p in found.items() if f"A{number}" in then), Fraction(0))
        assert chance == Fraction(3, len(now))
    if before == now:
        assert sum(p * len(first & then) for (first, then), p in found.items()) == Fraction(3, 2)


@pytest.mark.parametrize("now", [[3, 2, 4, 2], [5, 2, 3, 2], [2, 4, 3, 2, 2]])
def test_grids_by_size_stay(now: list[int]) -> None:
    before = [3, 2, 4, 2]
    rest = Rest(overlap=0.75)
    stage = Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=2, size=Size.UNITS)

    def draw(sizes: list[int], earlier: EarlierDraws | None) -> tuple[frozenset[int], SeriesDraw]:
        series = SeriesDraw(SERIES, earlier, rest)
        codes = [f"A{number}" for number in range(len(sizes))]
        found = series.places(stage, CountedStream(seed=b"2", label="x"), "grids:A", codes, np.array(sizes))
        return frozenset(found.tolist()), series

    def both() -> tuple[frozenset[int], frozenset[int]]:
        first, series = draw(before, None)
        draws = (EarlierDraw(visited_on=SPRING, windows=series.windows),)
        return first, draw(now, EarlierDraws(series_seed=SERIES, on=AUTUMN, draws=draws))[0]

    chances: dict[int, Fraction] = defaultdict(Fraction)
    kept = Fraction(0)
    for probability, (first, then) in every_draw(both):
        kept += probability * len(first & then)
        for grid in then:
            chances[grid] += probability

    assert chances == {number: Fraction(2 * size, sum(now)) for number, size in enumerate(now)}
    if before == now:
        assert kept == Fraction(3, 2)


def test_shares_that_cannot_be() -> None:
    frame = small_city({"A": [10] * 4})
    design = by_grids(Method.PERMANENT, 3, 10, Rest(overlap=0.5), Method.SIMPLE)
    first = draw_units(frame, design, seed=SERIES)

    with pytest.raises(OverlapError) as caught:
        draw_units(frame, design, seed=b"2", earlier=after((SPRING, first)))

    assert (caught.value.label, caught.value.most) == ("grids:A", 1)
    assert caught.value.least == pytest.approx(2 / 3)


def test_grids_drawn_otherwise_before_cannot_be_kept() -> None:
    frame = small_city({"A": [10] * 6})
    simple = by_grids(Method.SIMPLE, 3, 10, Rest(), Method.SIMPLE)
    by_size = by_grids(Method.PPS_SYSTEMATIC, 3, 10, Rest(overlap=0.5), Method.SIMPLE)
    equal = by_grids(Method.PERMANENT, 3, 10, Rest(overlap=0.5), Method.SIMPLE)

    for before in (simple, equal):
        first = draw_units(frame, before, seed=SERIES)
        with pytest.raises(OverlapUnknownError) as caught:
            draw_units(frame, by_size, seed=b"2", earlier=after((SPRING, first)))
        assert (caught.value.visited_on, caught.value.method) == (SPRING, Method.PPS_SYSTEMATIC)


def test_a_community_that_is_new_is_drawn_as_in_a_first_draw() -> None:
    design = by_grids(Method.PPS_SYSTEMATIC, 2, 10, Rest(overlap=0.5), Method.SIMPLE)
    first = draw_units(small_city({"A": [20] * 6}), design, seed=SERIES)

    drawn = draw_units(small_city({"A": [20] * 6, "B": [30] * 5}), design, seed=b"2", earlier=after((SPRING, first)))

    assert {label: window.taken for label, window in drawn.windows.items()} == {"grids:A": 2, "grids:B": 2}


def test_only_designs_with_permanent_numbers_belong_to_a_series() -> None:
    plain = by_grids(Method.PPS_SYSTEMATIC, 2, 10, Rest(), Method.SIMPLE)

    assert HOMES.uses_permanent_numbers
    assert by_grids(Method.PPS_SYSTEMATIC, 2, 10, Rest(overlap=0.0), Method.SIMPLE).uses_permanent_numbers
    assert not plain.uses_permanent_numbers
    assert draw_units(small_city({"A": [20] * 3}), plain, seed=SERIES).windows == {}
