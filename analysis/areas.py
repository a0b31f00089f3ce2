"""Areas as the estimators see them: a tree of indices, parents first."""

from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, IntArray


@dataclass(frozen=True, kw_only=True)
class AreaTree:
    """A areas: their ``codes``, the index of each one's parent (``None`` at the top; parents first), the ``tiers``
    they stand on (0 highest; areas of one tier are estimated and banded together) and eligible adults if known.

    Raises :class:`DesignError` for a parent that does not stand before its children and on a higher tier.
    """

    codes: tuple[str, ...]
    parents: tuple[int | None, ...]
    tiers: tuple[int, ...]
    populations: tuple[int | None, ...]

    def __post_init__(self) -> None:
        for index, (code, parent, tier) in enumerate(zip(self.codes, self.parents, self.tiers, strict=True)):
            if parent is not None and not (0 <= parent < index and self.tiers[parent] < tier):
                raise DesignError(
                    f"area {code}: got parent {parent}, expected one that stands before it, on a higher tier"
                )

    def ancestors_at(self, tier: int) -> IntArray:
        """For every area the index of the area of ``tier`` it lies in (itself included), -1 if none; (A,).

        >>> tree = AreaTree(codes=("city", "a", "b"), parents=(None, 0, 0), tiers=(0, 4, 4), populations=(None,) * 3)
        >>> tree.ancestors_at(4).tolist(), tree.ancestors_at(0).tolist()
        ([-1, 1, 2], [0, 0, 0])
        """
        found = np.full(len(self.codes), -1, dtype=np.int64)
        for index, (parent, own) in enumerate(zip(self.parents, self.tiers, strict=True)):
            if own == tier:
                found[index] = index
            elif own > tier and parent is not None:
                found[index] = found[parent]
        return found
