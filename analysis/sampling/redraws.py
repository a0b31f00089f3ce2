"""A draw made again and again by other seeds, to see what samples of the design are usually like.

Who is free does not hang on the seed, and the window of a seed takes a simple random sample of the free: so dwellings
by permanent random numbers are drawn here as a simple random sample (``Generator.choice``) of those that the earlier
draws leave, instead of by the number of every dwelling of the frame each time. Every other stage is drawn as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.earlier_draws import EarlierDraws
from analysis.sampling.frame_arrays import FrameArrays
from analysis.sampling.sample_design import Rest, SampleDesign, Stage
from analysis.sampling.series_draw import Line, SeriesDraw
from analysis.sampling.stage_plan import make_plan
from analysis.sampling.stages import DrawnUnits, draw_planned


class Redraws:
    """Raises as :func:`analysis.sampling.stages.draw_units`, by and by."""

    def __init__(self, frame: FrameArrays, design: SampleDesign, earlier: EarlierDraws | None) -> None:
        self._plan, self._keys, self._earlier = make_plan(frame, design), frame.keys, earlier
        self._known = _Known()

    def draw(self, seed: bytes) -> DrawnUnits:
        """A sample of the law of the draw; no windows of dwellings, as no draw is to follow."""
        series = _Redraw(seed, self._earlier, self._plan.design.rest, self._known)
        return draw_planned(self._plan, series, seed, self._keys)


@dataclass(frozen=True)
class _Known:
    """What hangs on no seed, by label: ``free`` positions of dwellings, ``lines`` of grids and communities."""

    free: dict[str, IntArray] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)


class _Redraw(SeriesDraw):
    def __init__(self, seed: bytes, earlier: EarlierDraws | None, rest: Rest | None, known: _Known) -> None:
        super().__init__(seed, earlier, rest)
        self._known = known
        self._begins = earlier is None
        self._rng = np.random.default_rng(int.from_bytes(seed))

    def dwellings(
        self,
        stream: CounterStream,  # noqa: ARG002 - the other numbers are as good for a look
        label: str,
        keys_of: Callable[[], Sequence[bytes]],
        *,
        n: int,
        community: str,
        code: str,
    ) -> IntArray:
        if (free := self._known.free.get(label)) is None:
            keys = keys_of()
            free = np.flatnonzero(~self.resting(label, keys, community=community, code=code))
            self.check_free(len(free), len(keys), n=n, code=code)
            self._known.free[label] = free
        return np.sort(self._rng.choice(free, n, replace=False, shuffle=False))

    def line(self, stage: Stage, label: str, codes: Sequence[str], sizes: IntArray | None) -> Line:
        if self._begins:  # the seed is the series'
            return super().line(stage, label, codes, sizes)
        if (found := self._known.lines.get(label)) is None:
            found = self._known.lines[label] = super().line(stage, label, codes, sizes)
        return found
