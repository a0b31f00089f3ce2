"""What is too small to publish, and what else must stay unprinted so that it cannot be worked out.

A group of fewer than 10 respondents is suppressed. Because areas add up, one suppressed community could be had by
subtraction; so further cells are suppressed until every small group keeps, from everything printed, a feasible range
of at least 10 persons and 20 points. The range in points is taken as if the attacker knew how many answered in the
small group (another indicator with the same base, or the fieldwork figures, may tell), which is the stricter reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_RESPONDENTS = 10
LEAST_PERSONS_RANGE = 10
LEAST_POINTS_RANGE = 0.20
#: Below this size, or above this sampling fraction, a unanimous group is shown as a range.
RANGE_BELOW = 30
RANGE_ABOVE_FRACTION = 0.5


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One area in a tree of sums: its respondents on each base, how many are counted, and its parent's index."""

    sizes: tuple[int, ...]
    count: int
    parent: int | None

    @property
    def small(self) -> bool:
        return max(self.sizes) > 0 and min(self.sizes) < LEAST_RESPONDENTS

    @property
    def empty(self) -> bool:
        return max(self.sizes) == 0


def suppressed_cells(cells: Sequence[Cell]) -> frozenset[int]:
    """The indices of ``cells`` that must not be printed; a parent stands before its children.

    Respondents of a parent who belong to none of its children are a group of their own that is never printed.

    Three communities of 8, 40 and 60 under one city: the 8 are small; the city minus the other two would give them
    away, so the next smallest goes too.

    >>> city = Cell(sizes=(108,), count=80, parent=None)
    >>> communities = [Cell(sizes=(n,), count=k, parent=0) for n, k in ((8, 5), (40, 30), (60, 45))]
    >>> sorted(suppressed_cells([city, *communities]))
    [1, 2]
    """
    tree = _Tree(cells)
    for index in reversed(range(len(cells))):
        if not tree.is_hidden(index):
            _protect(tree, index)
    return frozenset(index for index in tree.hidden if index < len(cells))


class _Tree:
    """The cells with their children; those of a parent who are in no child hang below it as a hidden cell."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = list(cells)
        self.children: list[list[int]] = [[] for _ in cells]
        for index, cell in enumerate(cells):
            if cell.parent is not None:
                if cell.parent >= index:
                    raise ValueError(f"cell {index}: got parent {cell.parent}, expected a parent before its children")
                self.children[cell.parent].append(index)
        self.hidden = {index for index, cell in enumerate(cells) if cell.small}
        for index in range(len(cells)):
            self._add_rest(index)

    def _add_rest(self, parent: int) -> None:
        below = [self.cells[child] for child in self.children[parent]]
        if not below:
            return
        whole = self.cells[parent]
        sizes = tuple(size - sum(cell.sizes[base] for cell in below) for base, size in enumerate(whole.sizes))
        rest = Cell(sizes=sizes, count=whole.count - sum(cell.count for cell in below), parent=parent)
        if min(sizes) < 0 or rest.count < 0:
            raise ValueError(f"cell {parent}: got {whole}, expected at least the sum of its children")
        if not rest.empty:
            self.cells.append(rest)
            self.children.append([])
            self.children[parent].append(len(self.cells) - 1)
            self.hidden.add(len(self.cells) - 1)

    def is_hidden(self, index: int) -> bool:
        return index in self.hidden

    def hidden_leaves(self, index: int) -> Iterator[int]:
        """The unknowns in the sum printed at ``index``: hidden cells below it that are no sum of printed ones."""
        for child in self.children[index]:
            if child not in self.hidden:
                continue
            if self.children[child]:
                yield from self.hidden_leaves(child)
            else:
                yield child

    def hide(self, index: int) -> None:
        """Hide a cell and, since a sum of printed cells hides nothing, its smallest part down to a leaf."""
        self.hidden.add(index)
        while self.children[index] and not any(child in self.hidden for child in self.children[index]):
            index = min((c for c in self.children[index] if not self.cells[c].empty), key=self._size)
            self.hidden.add(index)

    def smallest_printed_child(self, index: int) -> int | None:
        printed = [c for c in self.children[index] if c not in self.hidden and not self.cells[c].empty]
        return min(printed, key=self._size) if printed else None

    def _size(self, index: int) -> tuple[int, int]:
        return max(self.cells[index].sizes), index


def _protect(tree: _Tree, parent: int) -> None:
    """Hide children of a printed cell, or in the end the cell itself, until its small unknowns are safe."""
    while not _safe([tree.cells[leaf] for leaf in tree.hidden_leaves(parent)]):
        child = tree.smallest_printed_child(parent)
        if child is None:
            tree.hidden.add(parent)
            return
        tree.hide(child)


def _safe(unknown: Sequence[Cell]) -> bool:
    """Whether a printed sum of ``unknown`` leaves every small one of them a wide enough range."""
    small = [cell for cell in unknown if cell.small]
    if not small:
        return True
    count = sum(cell.count for cell in unknown)
    for base in range(len(unknown[0].sizes)):
        total = sum(cell.sizes[base] for cell in unknown)
        if len(unknown) < 2 or total < LEAST_PERSONS_RANGE:
            return False
        for cell in small:
            size = cell.sizes[base]
            if size and _points_range(size, total, count) < LEAST_POINTS_RANGE:
                return False
    return True


def _points_range(size: int, total: int, count: int) -> float:
    """How far apart the possible rates of ``size`` among ``total`` are when ``count`` of all are counted.

    8 of 48 with 35 counted: at least 0 and at most 8 of the 8.

    >>> _points_range(8, 48, 35), _points_range(8, 48, 47)
    (1.0, 0.125)
    """
    return (min(size, count) - max(0, count - (total - size))) / size


def range_to_show(n: int, count: int, fraction: float = 0.0) -> tuple[float, float] | None:
    """The range printed in place of a point when everyone, or all but one, answered alike in a small group.

    The range is in steps of five points and always holds at least three possible counts; ``None``: print the point.

    >>> range_to_show(10, 10), range_to_show(20, 19), range_to_show(20, 18), range_to_show(100, 100)
    ((0.8, 1.0), (0.9, 1.0), None, None)
    >>> range_to_show(12, 1), range_to_show(100, 100, fraction=0.6)
    ((0.0, 0.2), (0.95, 1.0))
    """
    if n >= RANGE_BELOW and fraction <= RANGE_ABOVE_FRACTION:
        return None
    if count >= n - 1:
        return 20 * (n - 2) // n / 20, 1.0
    if count <= 1:
        return 0.0, -(-20 * 2 // n) / 20
    return None
