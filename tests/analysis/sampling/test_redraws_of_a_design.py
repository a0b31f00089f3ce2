"""Redraws are what the draw itself could have been: other seeds, the same design, the same homes at rest."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws
from analysis.sampling.redraws import Redraws
from analysis.sampling.sample_design import Method, Reserves, Rest, SampleDesign, Size, Stage, StageUnit
from analysis.sampling.stage_errors import NobodyFreeError
from analysis.sampling.stages import DrawnUnits, draw_units
from tests.analysis.sampling.small_city import small_city

FRAME = small_city({"A": [20, 25, 30, 15], "B": [12, 18, 40]}, keys=True)
HOMES = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=20),),
    rest=Rest(months=12),
    reserves=Reserves(replicates=1, per_community=10),
)
GRIDS = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=2, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=10),
    ),
    rest=Rest(months=1, overlap=0.75),
)


def after(drawn: DrawnUnits) -> EarlierDraws:
    before = EarlierDraw(visited_on=date(2026, 6, 1), windows=drawn.windows)
    return EarlierDraws(series_seed=b"series", on=date(2026, 12, 1), draws=(before,))


@pytest.mark.parametrize("method", [Method.SIMPLE, Method.SYSTEMATIC])
def test_without_permanent_numbers_a_redraw_is_the_draw_of_its_seed(method: Method) -> None:
    design = SampleDesign(stages=(Stage(unit=StageUnit.DWELLING, method=method, take=20),))
    redraws = Redraws(FRAME, design, None)

    for seed in (b"1", b"2"):
        assert redraws.draw(seed).units.tolist() == draw_units(FRAME, design, seed=seed).units.tolist()


def test_the_same_grids_stay_and_the_same_probabilities_stand() -> None:
    earlier = after(draw_units(FRAME, GRIDS, seed=b"series"))
    redraws = Redraws(FRAME, GRIDS, earlier)

    for seed in (b"1", b"2", b"3"):
        again, drawn = redraws.draw(seed), draw_units(FRAME, GRIDS, seed=seed, earlier=earlier)
        assert (again.stages, again.psus, again.strata) == (drawn.stages, drawn.psus, drawn.strata)


def test_whoever_is_free_is_as_likely() -> None:
    first = draw_units(FRAME, HOMES, seed=b"series")
    redraws = Redraws(FRAME, HOMES, after(first))
    times = 2000

    counts = Counter(unit for number in range(times) for unit in redraws.draw(number.to_bytes(4)).units.tolist())

    assert not set(first.units.tolist()) & counts.keys()
    free = np.array([counts[unit] for unit in range(90) if unit not in set(first.units.tolist())])
    assert (len(free), free.sum()) == (60, 30 * times)
    assert abs(free / times - 0.5).max() < 0.05


def test_nobody_left_for_a_redraw() -> None:
    small = small_city({"A": [50]}, keys=True)

    with pytest.raises(NobodyFreeError):
        Redraws(small, HOMES, after(draw_units(small, HOMES, seed=b"series"))).draw(b"2")
