"""What is too small to publish, and what else must stay unprinted so that it cannot be worked out.

A group of fewer than 10 respondents is suppressed. Because areas add up, one suppressed community could be had by
subtraction; so further cells are suppressed until every small group keeps, from everything printed, a feasible range
of at least 10 persons and 20 points. The range in points is taken as if the attacker knew how many answered in the
small group (a rate that hides other neighbours may tell it, or the fieldwork figures): the stricter reading.

Areas are a tree, so each hidden group stands in exactly one printed sum: that of its nearest printed ancestor.
"""

import math
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
    """One area in a tree of sums: its respondents on each base (the widest base first), how many of them are
    counted, and its parent's index.
    """

    sizes: tuple[int, ...]
    count: int
    parent: int | None

    @property
    def small(self) -> bool:
        return max(self.sizes) > 0 and min(self.sizes) < LEAST_RESPONDENTS

    @property
    def empty(self) -> bool:
        return max(self.sizes) == 0


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """Indices of cells: ``hidden`` must not be printed; ``over`` are the printed sums right above a small hidden group
    (a variance printed there may tell about it).
    """

    hidden: frozenset[int]
    over: frozenset[int]


def suppress(cells: Sequence[Cell]) -> Suppression:
    """What of ``cells`` must not be printed; a parent stands before its children.

    Respondents of a parent who belong to none of its children are a group of their own that is never printed.

    Three communities of 8, 40 and 60 under one city: the 8 are small; the city minus the other two would give them
    away, so the next smallest goes too.

    >>> city = Cell(sizes=(108,), count=80, parent=None)
    >>> communities = [Cell(sizes=(n,), count=k, parent=0) for n, k in ((8, 5), (40, 30), (60, 45))]
    >>> found = suppress([city, *communities])
    >>> sorted(found.hidden), sorted(found.over)
    ([1, 2], [0])
    """
    nodes = []
    for index, cell in enumerate(_with_rests(cells)):
        floor = 1 if index < len(cells) and not cell.empty else 0  # an area where nobody was asked says so
        nodes.append(
            _Node(
                parent=cell.parent,
                sizes=cell.sizes,
                count=cell.count,
                bounds=tuple((0, size) for size in cell.sizes),
                guarded=(cell.sizes,) if cell.small else (),
                floor=floor,
            )
        )
    return _suppress(_Tree(nodes, hidden=range(len(cells), len(nodes))), printable=len(cells))


def suppress_parts(wholes: Sequence[Cell], parts: Sequence[Cell], hidden: frozenset[int]) -> Suppression:
    """In which cells a rate may not be printed without some part of the respondents, given that the rates of ``wholes``
    are printed beside it: the answers of that part follow by subtraction, and of the rest directly.

    Both are groups like any other. How many belong to the part is taken as known (the share of the part is itself a
    published rate), the answers of all as known everywhere: so a part's count is bounded on both sides, a cell without
    members of the part covers nothing, and a small group must keep 20 points or all that those bounds leave it.
    ``hidden`` cells are not printed anyway; those that the wholes hide must be among them.

    Of 60 respondents 5 are left out, of 50 others 20: the 5 are few, so neither community is printed, while both
    together tell enough about neither.

    >>> wholes = [Cell(sizes=(n,), count=k, parent=p) for n, k, p in ((110, 70, None), (60, 40, 0), (50, 30, 0))]
    >>> parts = [Cell(sizes=(n,), count=k, parent=p) for n, k, p in ((25, 14, None), (5, 4, 0), (20, 10, 0))]
    >>> sorted(suppress_parts(wholes, parts, frozenset()).hidden)
    [1, 2]
    """
    nodes = []
    for whole, part in zip(_with_rests(wholes), _with_rests(parts), strict=True):
        kept = Cell(
            sizes=tuple(all_ - some for all_, some in zip(whole.sizes, part.sizes, strict=True)),
            count=whole.count - part.count,
            parent=whole.parent,
        )
        pairs = list(zip(whole.sizes, part.sizes, strict=True))
        least = max(0, *(some - (all_ - whole.count) for all_, some in pairs))
        most = min(whole.count, *(some for _, some in pairs))
        guarded = tuple(group.sizes for group in (part, kept) if group.small)
        nodes.append(
            _Node(
                parent=whole.parent,
                sizes=part.sizes,
                count=part.count,
                bounds=((least, most),) * len(pairs),
                guarded=guarded,
                floor=None,
            )
        )
    rests = range(len(wholes), len(nodes))
    return _suppress(_Tree(nodes, hidden=(*hidden, *rests)), printable=len(wholes))


def _with_rests(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, and after them for each parent its respondents that are in no child (often nobody)."""
    below: list[list[Cell]] = [[] for _ in cells]
    for index, cell in enumerate(cells):
        if cell.parent is not None:
            if not 0 <= cell.parent < index:
                raise ValueError(f"cell {index}: got parent {cell.parent}, expected a parent before its children")
            below[cell.parent].append(cell)
    rests = []
    for parent, whole in enumerate(cells):
        if not below[parent]:
            continue
        sizes = tuple(size - sum(cell.sizes[base] for cell in below[parent]) for base, size in enumerate(whole.sizes))
        rest = Cell(sizes=sizes, count=whole.count - sum(cell.count for cell in below[parent]), parent=parent)
        if min(sizes) < 0 or rest.count < 0:
            raise ValueError(f"cell {parent}: got {whole}, expected at least the sum of its children")
        rests.append(rest)
    return [*cells, *rests]


@dataclass(frozen=True, kw_only=True)
class _Node:
    """``bounds``: on each base the least and most that ``count`` may be as far as anything else tells; ``guarded``: the
    sizes of the small groups whose rates it would give away; ``floor``: the least persons it is known to have, ``None``
    where its size is public.
    """

    parent: int | None
    sizes: tuple[int, ...]
    count: int
    bounds: tuple[tuple[int, int], ...]
    guarded: tuple[tuple[int, ...], ...]
    floor: int | None

    @property
    def covers(self) -> bool:
        """Whether anything about it is unknown, so that hiding it hides something."""
        return any(low < high for low, high in self.bounds)


class _Tree:
    def __init__(self, nodes: Sequence[_Node], hidden: Sequence[int]) -> None:
        self.nodes = nodes
        self.children: list[list[int]] = [[] for _ in nodes]
        for index, node in enumerate(nodes):
            if node.parent is not None:
                self.children[node.parent].append(index)
        self.hidden = {*hidden, *(index for index, node in enumerate(nodes) if node.guarded)}

    def below(self, index: int) -> Iterator[int]:
        """The hidden cells in the sum printed at ``index``, down to but not beyond printed ones."""
        for child in self.children[index]:
            if child in self.hidden:
                yield child
                yield from self.below(child)

    def unknowns(self, index: int) -> Iterator[int]:
        """The leaves among them: the others are sums of these and of printed cells."""
        return (child for child in self.below(index) if not self.children[child])

    def hide(self, index: int) -> None:
        """Hide a cell and, since a sum of printed cells hides nothing, its smallest part down to a leaf."""
        self.hidden.add(index)
        while self.children[index] and not any(
            child in self.hidden and self.nodes[child].covers for child in self.children[index]
        ):
            coverable = [child for child in self.children[index] if self.nodes[child].covers]
            if not coverable:
                return
            index = min(coverable, key=self._size)
            self.hidden.add(index)

    def next_to_hide(self, index: int) -> int | None:
        """The smallest printed child that covers anything; when there is none left, the smallest one further down."""
        hidden_sums = [below for below in self.below(index) if self.children[below]]
        for parents in ([index], hidden_sums):
            children = (child for parent in parents for child in self.children[parent])
            printed = [child for child in children if child not in self.hidden and self.nodes[child].covers]
            if printed:
                return min(printed, key=self._size)
        return None

    def _size(self, index: int) -> tuple[int, int]:
        return max(self.nodes[index].sizes), index

    def is_safe(self, parent: int) -> bool:
        """Whether the sum printed at ``parent`` leaves every small group in it a wide enough range."""
        small = [index for index in self.below(parent) if self.nodes[index].guarded]
        if not small:
            return True
        unknown = [self.nodes[leaf] for leaf in self.unknowns(parent)]
        return _enough_persons(unknown) and all(
            self._enough_points(index, unknown, base) for index in small for base in range(len(unknown[0].sizes))
        )

    def _enough_points(self, index: int, unknown: Sequence[_Node], base: int) -> bool:
        node = self.nodes[index]
        own = [self.nodes[leaf] for leaf in self.unknowns(index)] if self.children[index] else [node]
        low, high = (sum(leaf.bounds[base][side] for leaf in own) for side in (0, 1))
        others_low, others_high = (
            sum(leaf.bounds[base][side] for leaf in unknown) - own_bound for side, own_bound in ((0, low), (1, high))
        )
        count = sum(leaf.count for leaf in unknown)
        left = min(high, count - others_low) - max(low, count - others_high)
        return all(left >= min(high - low, LEAST_POINTS_RANGE * sizes[base]) for sizes in node.guarded)


def _enough_persons(unknown: Sequence[_Node]) -> bool:
    """Whether each could be anything in a range of ten persons, as far as their printed sum tells."""
    floors = [node.floor for node in unknown if node.floor is not None]
    if not floors:
        return True
    bases = range(len(unknown[0].sizes))
    # Only on the widest base is an area known not to be empty.
    return all(
        sum(node.sizes[base] for node in unknown) - (sum(floors) if base == 0 else 0) >= LEAST_PERSONS_RANGE
        for base in bases
    )


def _suppress(tree: _Tree, printable: int) -> Suppression:
    """Bottom up: hide children of a printed cell, or in the end the cell itself, until its small unknowns are safe."""
    for parent in reversed(range(printable)):
        while parent not in tree.hidden and not tree.is_safe(parent):
            child = tree.next_to_hide(parent)
            if child is None:
                tree.hidden.add(parent)
            else:
                tree.hide(child)
    printed = [index for index in range(printable) if index not in tree.hidden]
    return Suppression(
        hidden=frozenset(index for index in tree.hidden if index < printable),
        over=frozenset(index for index in printed if any(tree.nodes[below].guarded for below in tree.below(index))),
    )


def ranges_to_show(
    sizes: Sequence[int], count: int, proportions: Sequence[float], fraction: float = 0.0
) -> tuple[tuple[float, float] | None, ...]:
    """On each base the range printed in place of the point when everyone, or all but one, answered alike in a small
    group; ``None``: print the point.

    Ranges are in steps of five points, hold at least three possible counts and the (weighted) proportion. Alike on one
    base means a range on all: the point of another base would tell the count. ``fraction``: respondents ÷ eligible.

    >>> ranges_to_show([10], 10, [1.0]), ranges_to_show([20], 18, [0.9])
    (((0.8, 1.0),), (None,))
    >>> ranges_to_show([25, 20], 20, [0.8, 1.0])  # all 20 with a valid answer: 18 to 20 of the 25 asked
    ((0.7, 0.8), (0.9, 1.0))
    >>> ranges_to_show([100], 100, [1.0]), ranges_to_show([100], 100, [1.0], fraction=0.6)
    ((None,), ((0.95, 1.0),))
    """
    few = [size for size in sizes if size and (size < RANGE_BELOW or fraction > RANGE_ABOVE_FRACTION)]
    nearly_all = [size for size in few if count >= size - 1]
    if nearly_all:
        least, most = max(0, min(nearly_all) - 2), min(nearly_all)
    elif few and count <= 1:
        least, most = 0, 2
    else:
        return (None,) * len(sizes)
    return tuple(
        (
            min(20 * least // size, math.floor(20 * p)) / 20,
            max(-(-20 * min(most, size) // size), math.ceil(20 * p)) / 20,
        )
        if size
        else None
        for size, p in zip(sizes, proportions, strict=True)
    )
