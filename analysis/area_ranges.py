"""Which areas are shown as a range so that those which must be cannot be worked out from the others.

An area that is shown as a range would follow by subtraction from its city and the other communities. So others are
shown as ranges with it, the smallest first, until each that must be keeps three possible counts. The attacker is taken
to know every printed rate as a count, and the range of counts behind each printed range.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from analysis.disclosure import Cell, with_rests
from analysis.integrity.coaching import untold_counts
from analysis.shown_ranges import APART, Counts, counts_around, counts_of_alike


def area_ranges(cells: Sequence[Cell], hidden: Collection[int], needed: Mapping[int, Counts]) -> dict[int, Counts]:
    """Index -> between which counts each cell is said to be: those ``needed``, and those that cover them.

    ``hidden`` cells are shown by nothing; one of them that is ``needed`` keeps three possible counts, too. A parent
    stands before its children.

    Three communities where 1, 12 and 20 said it; 33 less 12 and 20 would say that it was one:

    >>> city = Cell(sizes=(160,), count=33, parent=None)
    >>> communities = [Cell(sizes=(n,), count=k, parent=0) for n, k in ((53, 1), (50, 12), (57, 20))]
    >>> area_ranges([city, *communities], (), {1: (0, 2)})
    {1: (0, 2), 2: (10, 14)}
    """
    known = _Known(cells, hidden, needed)
    for target in needed:
        while not known.is_open(target):
            partners = list(known.partners(target))
            if not partners:
                break
            chosen = next((index for index in partners if known.helps(index, target)), partners[0])
            known.blur(chosen)
    return {index: known.own[index] for index in sorted(known.ranged)}


def alike_counts(cells: Sequence[Cell], hidden: Collection[int], fractions: Sequence[float]) -> dict[int, Counts]:
    """Index -> between which counts each printed cell may be said to be that is small and of one mind.

    ``fractions``: respondents ÷ eligible of each.
    """
    found = {}
    for index, cell in enumerate(cells):
        counts = None if index in hidden else counts_of_alike(cell.sizes, cell.count, fractions[index])
        if counts is not None:
            found[index] = counts
    return found


def coached_counts(cells: Sequence[Cell]) -> dict[int, Counts]:
    """The same of the coaching rate, hidden cells included: of them, too, nobody is to be looked for."""
    found = {}
    for index, cell in enumerate(cells):
        counts = untold_counts(respondents=cell.sizes[-1], coached=cell.count)
        if counts is not None:
            found[index] = counts
    return found


class _Known:
    """``own``: the least and the most that the count of each cell may be by what is printed of itself."""

    def __init__(self, cells: Sequence[Cell], hidden: Collection[int], needed: Mapping[int, Counts]) -> None:
        self.cells = with_rests(cells)
        self.printed = {index for index in range(len(cells)) if index not in hidden and not cells[index].empty}
        self.ranged = {index for index in needed if index in self.printed}
        self.own = [
            (cell.count, cell.count) if index in self.printed or cell.empty else (0, min(cell.sizes))
            for index, cell in enumerate(self.cells)
        ]
        for index in self.ranged:
            self.own[index] = needed[index]
        self.children: list[list[int]] = [[] for _ in self.cells]
        for index, cell in enumerate(self.cells):
            if cell.parent is not None:
                self.children[cell.parent].append(index)
        self.needed = needed

    def blur(self, index: int) -> None:
        self.ranged.add(index)
        least, most = counts_around(self.cells[index].count, APART)
        self.own[index] = least, min(most, *self.cells[index].sizes)

    def helps(self, index: int, target: int) -> bool:
        """Whether the ``target`` could be more when ``index`` is a range, too."""
        before, own = self._width(target), self.own[index]
        self.blur(index)
        wider = self._width(target) > before
        self.ranged.discard(index)
        self.own[index] = own
        return wider

    def is_open(self, target: int) -> bool:
        return self._width(target) >= min(APART, *self.cells[target].sizes)

    def partners(self, target: int) -> Iterator[int]:
        """Cells printed exactly: beside the target and below those, then its parent, and so on upwards."""
        at: int | None = target
        while at is not None:
            parent = self.cells[at].parent
            beside = [index for index in self.children[parent] if index != at] if parent is not None else []
            for index in sorted(beside, key=lambda index: (max(self.cells[index].sizes), index)):
                yield from (each for each in self._tree(index) if self._is_exact(each))
            if parent is not None and self._is_exact(parent):
                yield parent
            at = parent

    def _is_exact(self, index: int) -> bool:
        return index in self.printed and index not in self.ranged

    def _tree(self, index: int) -> Iterator[int]:
        yield index
        for child in self.children[index]:
            yield from self._tree(child)

    def _width(self, target: int) -> int:
        """Between the least and the most that the target may be, by all that is printed."""
        bounds = self._from_below()
        path = [target]
        while (parent := self.cells[path[-1]].parent) is not None:
            path.append(parent)
        least, most = bounds[path.pop()]
        while path:
            child = path.pop()
            others = [bounds[index] for index in self.children[self.cells[child].parent or 0] if index != child]
            low, high = bounds[child]
            least, most = (
                max(low, least - sum(high for _, high in others)),
                min(high, most - sum(low for low, _ in others)),
            )
        return most - least

    def _from_below(self) -> list[Counts]:
        """What each may be by itself and by all below it; rests and children stand after their parents."""
        bounds = list(self.own)
        for index in reversed(range(len(bounds))):
            if self.children[index]:
                low, high = bounds[index]
                below = [bounds[child] for child in self.children[index]]
                bounds[index] = (
                    max(low, sum(least for least, _ in below)),
                    min(high, sum(most for _, most in below)),
                )
        return bounds
