"""One draw of a series: its permanent numbers, the windows it takes, and what it must leave alone or keep.

Dwellings take nothing from a stream, see :mod:`analysis.sampling.rest_windows` (in draws of stages/1 ``below(F)``: the
start among F free ones). Grids and communities take from those of the stages: ``below(N)`` (``below(X)``) for the first
start; later ``below`` of the same for the jitter of :func:`analysis.sampling.overlap.moved_start`, then ``below(q)``
where the shift is one more with probability p/q, which it is for a result below p.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, IntArray
from analysis.sampling import arc_windows, rest_windows
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.earlier_draws import EarlierDraws, Window
from analysis.sampling.overlap import Shift, moved_start, shift_by_size, shift_equal
from analysis.sampling.permanent_numbers import circle
from analysis.sampling.pps_inclusion import Inclusion, inclusion
from analysis.sampling.pps_systematic import points
from analysis.sampling.sample_design import SHIFTED, Method, Rest, Stage, StageUnit
from analysis.sampling.stage_errors import NobodyFreeError, OverlapUnknownError, RestUnknownError


@dataclass(frozen=True, kw_only=True)
class Line:
    """Grids or communities in the ``order`` (N,) of their numbers, ``total`` points for the start, what the draw
    ``before`` took here and how far to ``shift`` from it; ``chances``: by size, along the order.
    """

    order: IntArray
    take: int
    total: int
    before: Window | None
    shift: Shift | None
    chances: Inclusion | None = None


class SeriesDraw:
    """``windows``: by label, as they are taken. Without earlier draws ``seed`` begins a series. ``by_arcs``: dwellings
    as in draws of stages/1, see :mod:`analysis.sampling.arc_windows`.
    """

    def __init__(self, seed: bytes, earlier: EarlierDraws | None, rest: Rest | None, *, by_arcs: bool = False) -> None:
        self._seed = seed
        self._series_seed = seed if earlier is None else earlier.series_seed
        self._earlier = earlier
        self._rest = Rest() if rest is None else rest
        self._by_arcs = by_arcs
        self.windows: dict[str, Window] = {}

    def takes(self, stage: Stage) -> bool:
        """Whether the grids or communities of this stage are drawn in the order of their permanent numbers."""
        return stage.method is Method.PERMANENT or (stage.method in SHIFTED and self._rest.overlap is not None)

    def dwellings(
        self,
        stream: CounterStream,
        label: str,
        keys_of: Callable[[], Sequence[bytes]],
        *,
        n: int,
        community: str,
        code: str,
    ) -> IntArray:
        """Positions (n,), rising, of the dwellings of ``code``, a community or a grid of it; ``keys_of`` them.

        Raises :class:`NobodyFreeError`, :class:`RestUnknownError`,
        :class:`analysis.sampling.stage_errors.PermanentKeysError`.
        """
        keys = keys_of()
        if self._by_arcs:
            return self._dwellings_by_arcs(stream, label, keys, n=n, community=community, code=code)
        resting = self.resting(label, keys, community=community, code=code)
        self.check_free(len(keys) - int(resting.sum()), len(keys), n=n, code=code)
        key = rest_windows.window_key(self._seed, label)
        words = rest_windows.numbers_in(key, keys)
        places, self.windows[label] = rest_windows.take(words, resting, keys, n=n, key=key, code=code)
        return places

    def resting(self, label: str, keys: Sequence[bytes], *, community: str, code: str) -> BoolArray:
        """Which of the dwellings lie in a window to be stepped over, (N,). Raises as :meth:`dwellings`."""
        found = np.zeros(len(keys), np.bool_)
        by_arcs: list[arc_windows.Arc] = []
        for window in self._windows_at_rest(label, community):
            if window.key:
                found |= rest_windows.inside(window, rest_windows.numbers_in(window.key, keys))
            else:
                by_arcs += window.arcs
        if by_arcs:
            around = circle(self._series_seed, StageUnit.DWELLING, keys, code=code)
            found[around.order[arc_windows.inside(around.numbers, by_arcs)]] = True
        return found

    def check_free(self, free: int, units: int, *, n: int, code: str) -> None:
        """Raises :class:`NobodyFreeError`."""
        if free < n:
            raise NobodyFreeError(code, free=free, units=units, wanted=n, months=self._rest.months)

    def _dwellings_by_arcs(
        self, stream: CounterStream, label: str, keys: Sequence[bytes], *, n: int, community: str, code: str
    ) -> IntArray:
        around = circle(self._series_seed, StageUnit.DWELLING, keys, code=code)
        arcs = sorted(arc for window in self._windows_at_rest(label, community) for arc in window.arcs)
        resting = arc_windows.inside(around.numbers, arcs)
        self.check_free(len(keys) - int(resting.sum()), len(keys), n=n, code=code)
        start = stream.below(max(int((~resting).sum()), 1))
        places, self.windows[label] = arc_windows.take(around.numbers, n=n, start=start, resting=arcs)
        return np.sort(around.order[places])

    def places(
        self, stage: Stage, stream: CounterStream, label: str, codes: Sequence[str], sizes: IntArray | None
    ) -> IntArray:
        """Positions (n,), rising, of the grids or communities drawn.

        Raises :class:`OverlapUnknownError`, :class:`analysis.sampling.stage_errors.OverlapError`.
        """
        line = self.line(stage, label, codes, sizes)
        start = self._start(stream, line)
        drawn = (start + np.arange(line.take)) % line.total
        if line.chances is not None:
            drawn = positions_from(line.chances, start)
        self.windows[label] = Window(method=stage.method, taken=line.take, start=start, total=line.total)
        return np.sort(line.order[drawn])

    def line(self, stage: Stage, label: str, codes: Sequence[str], sizes: IntArray | None) -> "Line":
        """What does not hang on the stream. Raises as :meth:`places`."""
        order = circle(self._series_seed, stage.unit, [code.encode() for code in codes], code=label).order
        n, before = stage.take or 0, self._window_before(stage, label)
        if sizes is None:
            shift, total = None, len(codes)
            if before is not None:
                taken = min(before.taken, total)
                shift = shift_equal(label, taken=taken, n=n, total=total, overlap=self._overlap)
            return Line(order=order, take=n, total=total, before=before, shift=shift)
        chances = inclusion(sizes[order], n=n)
        shift = None if before is None else self._shift_by_size(label, before, chances)
        return Line(order=order, take=n, total=max(chances.total, 1), before=before, shift=shift, chances=chances)

    @staticmethod
    def _start(stream: CounterStream, line: "Line") -> int:
        start, before = stream.below(line.total), line.before
        if before is None or line.shift is None:
            return start
        more = line.shift.one_more
        one_more = int(stream.below(more.denominator) < more.numerator) if more else 0
        shift = line.shift.least + one_more
        return moved_start(before.start, before.total, jitter=start, now=line.total, shift=shift)

    def _window_before(self, stage: Stage, label: str) -> Window | None:
        """What the draw before took here; ``None`` where nothing is to be kept."""
        if self._rest.overlap is None or self._earlier is None or not self._earlier.draws:
            return None
        before = self._earlier.draws[-1]
        kind = label.partition(":")[0]
        methods = {window.method for name, window in before.windows.items() if name.partition(":")[0] == kind}
        if methods != {stage.method}:
            raise OverlapUnknownError(before.visited_on, stage.method)
        return before.windows.get(label)

    def _shift_by_size(self, label: str, window: Window, chances: Inclusion) -> Shift:
        before = inclusion(chances.sizes, n=min(window.taken, len(chances.sizes)))
        return shift_by_size(label, before=before, now=chances, overlap=self._overlap)

    @property
    def _overlap(self) -> float:
        return self._rest.overlap or 0.0

    def _windows_at_rest(self, label: str, community: str) -> list[Window]:
        """Those to be stepped over: of the same stratum, and of the community for a grid of it."""
        if self._earlier is None:
            return []
        found: list[Window] = []
        for draw in self._earlier.within(self._rest.months):
            by_grid = any(name.startswith("grid:") for name in draw.windows)
            by_community = any(name.startswith("stratum:") for name in draw.windows)
            if not by_grid and not by_community:
                raise RestUnknownError(draw.visited_on, by_grid=False)
            if by_grid and not label.startswith("grid:"):
                raise RestUnknownError(draw.visited_on, by_grid=True)
            found += [draw.windows[name] for name in (label, f"stratum:{community}") if name in draw.windows]
        return found


def positions_from(chances: Inclusion, start: int) -> IntArray:
    """What the systematic draw from this start takes, certain ones first."""
    if not chances.take:
        return chances.certain
    at = points(n=chances.take, total=chances.total, start=start)
    return np.concatenate([chances.certain, np.searchsorted(np.cumsum(chances.left()), at, side="right")])
