"""The main sample of a draw beside its frame, and beside other samples of the same design."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.sampling.balance import REDRAWS, Redrawn, balance
from analysis.sampling.earlier_draws import earlier_of
from analysis.sampling.frame_arrays import FrameArrays
from analysis.sampling.redraws import Redraws
from survey.messages import N_
from survey.sampling.draw_review import CovariateBalance, SampleBalance, count_bars
from survey.sampling.sample_designs import from_canonical
from survey.store.draws import Draw
from survey.units import Unit, UnitStatus

#: What is compared: only what the frame knows of every unit before anybody is asked.
NAMES: Mapping[str, str] = {
    "owned": N_("自住"),
    "rented": N_("出租"),
    "vacant": N_("空置"),
    "residents": N_("常住人口"),
    "residents_unknown": N_("没有填常住人口"),
    "floor": N_("楼层"),
    "place": N_("在本社区地址顺序中的位置（0 到 1）"),
    "grid_size": N_("所在网格的单元数"),
    "community_size": N_("所在社区的单元数"),
}
_STATUSES = (UnitStatus.OWNED, UnitStatus.RENTED, UnitStatus.VACANT)
_ROOM = re.compile(r"([0-9]{1,3})[0-9]{2}")


def main_sample(frame: FrameArrays, units: IntArray, probabilities: FloatArray, replicate: IntArray) -> Redrawn:
    """The main part of a draw: rows ``units`` (m,) of the frame, ``probabilities`` (m,) of the whole draw.

    Where the main sample is another share of what is drawn than elsewhere (a small community taken whole, numbers that
    differ), its weights say so: 1 / probability × drawn ÷ main cases of the community.
    """
    main, community = replicate == 0, frame.community[units]
    drawn, kept = np.bincount(community), np.bincount(community[main])
    weights = drawn[community[main]] / kept[community[main]] / probabilities[main]
    return Redrawn(units=units[main], weights=weights)


def balance_draw(
    draw: Draw, frame: FrameArrays, units: Sequence[Unit], sample: Redrawn, *, times: int = REDRAWS
) -> SampleBalance:
    """``units``: the drawable ones, the rows of ``frame``. ``sample``: the :func:`main_sample`.

    The redraws have seeds that follow from the draw's digest: looked at twice, a draw looks the same.
    """
    codes, covariates = _covariates(frame, units)
    found = balance(codes, covariates, sample, _redraws(draw, frame), times=times)
    top = max(float(found.all_largest[-1]), found.largest) or 1.0
    return SampleBalance(
        cases=len(sample.units),
        redraws=found.redraws,
        covariates=tuple(
            CovariateBalance(
                code=one.name,
                sample=one.sample,
                frame=one.frame,
                difference=one.difference,
                usual_low=one.usual[0],
                usual_high=one.usual[1],
                larger=one.larger,
            )
            for one in found.differences
        ),
        constant=found.constant,
        largest=found.largest,
        larger=found.larger,
        top=top,
        bars=count_bars(found.all_largest.tolist(), top),
    )


def _redraws(draw: Draw, frame: FrameArrays) -> Callable[[], Redrawn]:
    rng = np.random.default_rng(int(draw.digest, 16))
    redraws = Redraws(frame, from_canonical(draw.design), earlier_of(draw.earlier))

    def redraw() -> Redrawn:
        again = redraws.draw(rng.bytes(32))
        return main_sample(frame, again.units, again.numerators / again.denominators, again.replicate)

    return redraw


def _covariates(frame: FrameArrays, units: Sequence[Unit]) -> tuple[tuple[str, ...], FloatArray]:
    """Codes (k), values (n, k). Where a unit does not tell a number it counts as the mean of those that do."""
    sizes = np.bincount(frame.community)
    grids = np.bincount(frame.grid + 1)
    told = np.array([unit.residents is not None for unit in units])
    columns = {status.value: np.array([unit.status is status for unit in units], float) for status in _STATUSES}
    columns["residents"] = _filled(np.array([np.nan if unit.residents is None else unit.residents for unit in units]))
    columns["residents_unknown"] = (~told).astype(float)
    columns["floor"] = _filled(np.array([_floor(unit.address) for unit in units]))
    columns["place"] = _places(frame.community, sizes)
    columns["grid_size"] = np.where(frame.grid >= 0, grids[frame.grid + 1], 0).astype(float)
    columns["community_size"] = sizes[frame.community].astype(float)
    return tuple(columns), np.column_stack(list(columns.values()))


def _filled(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    return np.where(known, values, values[known].mean() if known.any() else 0.0)


def _floor(address: Mapping[str, str]) -> float:
    """As the address says, or its room's number (501: 5); NaN where neither does."""
    floor = address.get("floor", "")
    if floor.isascii() and floor.isdecimal() and len(floor) < 4:
        return float(floor)
    room = _ROOM.fullmatch(address.get("room", ""))
    return float(room[1]) if room else float("nan")


def _places(community: IntArray, sizes: IntArray) -> FloatArray:
    """Each unit's place among those of its community, in canonical order."""
    order = np.argsort(community, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    places = np.empty(len(community))
    places[order] = np.arange(len(community)) - starts[community[order]]
    found: FloatArray = (places + 0.5) / sizes[community]
    return found
