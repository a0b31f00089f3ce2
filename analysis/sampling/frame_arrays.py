"""A frame as arrays, and its units by community and by grid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from analysis.sampling.pps_inclusion import exact_sum
from analysis.sampling.sample_design import Size
from analysis.sampling.stage_errors import FrameError, GridsSharedError, NoGridError, NothingToDrawError


@dataclass(frozen=True, kw_only=True)
class FrameArrays:
    """The n drawable units of a frame, rows in canonical order.

    ``community`` (n,): positions in ``communities`` (their codes). ``grid`` (n,): positions in ``grids`` (their codes),
    -1 where a unit has none. ``residents`` (n,): as the frame says, 0 unknown. ``keys``: for permanent random numbers
    alone, of each unit what stays the same from frame to frame (no place in a list, no use, no number of residents).

    Raises :class:`FrameError` for arrays that do not fit together.
    """

    communities: tuple[str, ...]
    community: IntArray
    grids: tuple[str, ...]
    grid: IntArray
    residents: IntArray
    keys: Sequence[bytes] | None = None

    def __post_init__(self) -> None:
        n = len(self.community)
        if len(self.grid) != n or len(self.residents) != n or (self.keys is not None and len(self.keys) != n):
            raise FrameError(f"frame: got columns of different lengths, expected {n} rows in each")
        if not n:
            raise NothingToDrawError
        if self.community.min() < 0 or self.community.max() >= len(self.communities):
            raise FrameError(f"community: got positions outside 0 … {len(self.communities) - 1}")
        if self.grid.min() < -1 or self.grid.max() >= len(self.grids):
            raise FrameError(f"grid: got positions outside -1 … {len(self.grids) - 1}")
        if self.residents.min() < 0:
            raise FrameError("residents: got a negative number, expected 0 or more")
        if (people := exact_sum(self.residents)) >= 2**63:
            raise FrameError(f"residents: got {people} in all, expected fewer than 2^63")
        for codes in (self.communities, self.grids):
            if len(set(codes)) < len(codes):
                raise FrameError("codes: got one twice, expected each once")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Places (communities or grids) that have units, by code.

    ``codes``: rising. ``rows`` (n,): the frame's rows, place by place, each in canonical order; place i has those from
    ``starts[i]`` to ``starts[i + 1]`` (p + 1,). ``units``, ``residents`` (p,).
    """

    codes: tuple[str, ...]
    rows: IntArray
    starts: IntArray
    units: IntArray
    residents: IntArray

    def rows_of(self, place: int) -> IntArray:
        return self.rows[self.starts[place] : self.starts[place + 1]]

    def size(self, size: Size) -> IntArray:
        return self.units if size is Size.UNITS else self.residents


def by_community(frame: FrameArrays) -> Places:
    return _places(frame.communities, frame.community, frame.residents)


def by_grid(frame: FrameArrays, communities: Places) -> tuple[Places, IntArray]:
    """The grids, by the code of the community and then their own; with the community of each, (p,).

    Raises :class:`NoGridError` where units stand in no grid, and :class:`GridsSharedError`.
    """
    if (missing := frame.grid < 0).any():
        numbers = np.unique(frame.community[missing])
        raise NoGridError(sorted(frame.communities[number] for number in numbers))
    order = {code: place for place, code in enumerate(communities.codes)}
    places = np.array([order.get(code, -1) for code in frame.communities], np.int64)[frame.community]
    first = np.full(len(frame.grids), -1, np.int64)
    first[frame.grid] = places
    if (shared := first[frame.grid] != places).any():
        raise GridsSharedError(sorted(frame.grids[number] for number in np.unique(frame.grid[shared])))
    ranks = sorted(range(len(frame.grids)), key=lambda grid: (int(first[grid]), frame.grids[grid]))
    found = _places(frame.grids, frame.grid, frame.residents, ranks)
    community_of = dict(zip(frame.grids, first.tolist(), strict=True))
    return found, np.array([community_of[code] for code in found.codes], np.int64)


def _places(codes: Sequence[str], of: IntArray, residents: IntArray, ranks: Sequence[int] | None = None) -> Places:
    """``ranks``: the positions of the codes in the order wanted; by code where it is not given."""
    ranks = sorted(range(len(codes)), key=codes.__getitem__) if ranks is None else ranks
    rank_of = np.empty(len(codes), np.int64)
    rank_of[list(ranks)] = np.arange(len(codes))
    rank = rank_of[of]
    rows = np.argsort(rank, kind="stable")
    units = np.bincount(rank, minlength=len(codes))
    used = units > 0
    starts = np.concatenate([[0], np.cumsum(units[used])])
    return Places(
        codes=tuple(codes[place] for place, has in zip(ranks, used, strict=True) if has),
        rows=rows,
        starts=starts,
        units=units[used],
        residents=np.add.reduceat(residents[rows], starts[:-1]),
    )
