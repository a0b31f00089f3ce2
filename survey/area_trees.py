"""The areas of a frame as the estimators see them: a tree of those that someone answered in."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from analysis.areas import AreaTree
from analysis.design import IntArray
from survey.areas import RANK, Area, Level


def areas_with_answers(frame: Sequence[Area], answered: Collection[str], finest: int) -> tuple[Area, ...]:
    """The areas someone ``answered`` in, and all above them, parents first.

    None is finer than communities, or than the rank ``finest`` if that is finer.
    """
    by_code = {area.code: area for area in frame}
    found: dict[str, Area] = {}
    for code in answered:
        area: Area | None = by_code[code]
        while area is not None:
            if RANK[area.level] <= max(finest, RANK[Level.COMMUNITY]):
                found[area.code] = area
            area = by_code[area.parent] if area.parent else None
    return tuple(sorted(found.values(), key=lambda area: (RANK[area.level], area.code)))


def tree_of(areas: Sequence[Area]) -> AreaTree:
    """``areas`` stand parents first."""
    index = {area.code: position for position, area in enumerate(areas)}
    return AreaTree(
        codes=tuple(index),
        parents=tuple(index[area.parent] if area.parent else None for area in areas),
        tiers=tuple(RANK[area.level] for area in areas),
        populations=tuple(area.population for area in areas),
    )


def unit_areas(areas: Sequence[Area], parents: Mapping[str, str | None], codes: Sequence[str]) -> IntArray:
    """The index into ``areas`` of the finest of them each of the ``codes`` lies in, (n,)."""
    index = {area.code: position for position, area in enumerate(areas)}
    for code in set(codes) - index.keys():
        above = parents[code]
        while above not in index:
            above = parents[above or ""]
        index[code] = index[above]
    return np.array([index[code] for code in codes], dtype=np.int64)


def strata_of(tree: AreaTree, areas_of_units: IntArray) -> tuple[IntArray, int]:
    """Stratum = community; answers known only to a larger area make it a stratum of its own.

    With it the tier whose areas share the design: the communities, or the finest there is above them.
    """
    communities = RANK[Level.COMMUNITY]
    tier = max((tier for tier in set(tree.tiers) if tier <= communities), default=communities)
    community = tree.ancestors_at(tier)[areas_of_units]
    area = np.where(community >= 0, community, areas_of_units)
    strata: IntArray = np.unique(area, return_inverse=True)[1].astype(np.int64)
    return strata, tier
