"""Frames of a few dwellings."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.sampling.stages import FrameArrays


def small_city(
    city: Mapping[str, Sequence[int]], *, residents: Sequence[int] | None = None, keys: bool = False
) -> FrameArrays:
    """Community -> dwellings of each of its grids, in canonical order; grid i of community C has the code C + i."""
    grids = [(code, number, units) for code, parts in city.items() for number, units in enumerate(parts)]
    counts = [units for _, _, units in grids]
    communities = tuple(city)
    total = sum(counts)
    return FrameArrays(
        communities=communities,
        community=np.repeat(np.array([communities.index(code) for code, _, _ in grids], np.int64), counts),
        grids=tuple(f"{code}{number}" for code, number, _ in grids),
        grid=np.repeat(np.arange(len(grids)), counts),
        residents=np.ones(total, np.int64) if residents is None else np.array(residents, np.int64),
        keys=[f"home {row}".encode() for row in range(total)] if keys else None,
    )
