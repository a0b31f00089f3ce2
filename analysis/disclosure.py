"""What is too small to publish, and what else must stay unprinted so that it cannot be worked out.

A group of fewer than 10 respondents is suppressed. Because areas add up, one suppressed community could be had by
subtraction; so further cells are suppressed until every small group keeps, from everything printed, a feasible range
of at least 10 persons and 20 points. The range in points is taken as if the attacker knew how many answered in the
small group (a rate that hides other neighbours may tell it, or the fieldwork figures): the stricter reading.

Areas are a tree, so each hidden group stands in exactly one printed sum: that of its nearest printed ancestor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.disclosure_tree import Node, suppress_in_tree
from analysis.shown_ranges import APART, counts_of_alike

LEAST_RESPONDENTS = 10
LEAST_POINTS_RANGE = 0.20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One area in a tree of sums: its respondents on each base (from the widest to the narrowest), how many of them are
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
    for index, cell in enumerate(with_rests(cells)):
        floor = 1 if index < len(cells) and not cell.empty else 0  # an area where nobody was asked says so
        nodes.append(
            Node(
                parent=cell.parent,
                sizes=cell.sizes,
                count=cell.count,
                bounds=tuple((0, size) for size in cell.sizes),
                guarded=(_points(cell),) if cell.small else (),
                floor=floor,
            )
        )
    return _suppressed(nodes, range(len(cells), len(nodes)), printable=len(cells))


def suppress_parts(
    wholes: Sequence[Cell], parts: Sequence[Cell], hidden: frozenset[int], fractions: Sequence[float] | None = None
) -> Suppression:
    """In which cells a rate may not be printed without some part of the respondents, given that the rates of ``wholes``
    are printed beside it: the answers of that part follow by subtraction, and of the rest directly.

    Both are groups like any other: neither may be few, nor few and of one mind (``fractions``: respondents ÷ eligible
    of each whole; see :func:`analysis.shown_ranges.counts_of_alike`). How many belong to the part is taken as known
    (the share of the part is itself a published rate), the answers of all as known everywhere: so a part's count is
    bounded on both sides, a cell without members of the part covers nothing, and such a group must keep its range or
    all that those bounds leave it. ``hidden`` cells are not printed anyway; those that the wholes hide must be among
    them.

    Of 60 respondents 5 are left out, of 50 others 20: the 5 are few, so neither community is printed, while both
    together tell enough about neither.

    >>> wholes = [Cell(sizes=(n,), count=k, parent=p) for n, k, p in ((110, 70, None), (60, 40, 0), (50, 30, 0))]
    >>> parts = [Cell(sizes=(n,), count=k, parent=p) for n, k, p in ((25, 14, None), (5, 4, 0), (20, 10, 0))]
    >>> sorted(suppress_parts(wholes, parts, frozenset()).hidden)
    [1, 2]
    """
    nodes = []
    known = [*(fractions or [0.0] * len(wholes))]
    for index, (whole, part) in enumerate(zip(with_rests(wholes), with_rests(parts), strict=True)):
        kept = Cell(
            sizes=tuple(all_ - some for all_, some in zip(whole.sizes, part.sizes, strict=True)),
            count=whole.count - part.count,
            parent=whole.parent,
        )
        pairs = list(zip(whole.sizes, part.sizes, strict=True))
        least = max(0, *(some - (all_ - whole.count) for all_, some in pairs))
        most = min(whole.count, *(some for _, some in pairs))
        fraction = known[index] if index < len(known) else 0.0
        guarded = tuple(width for group in (part, kept) if (width := _to_keep(group, fraction)) is not None)
        nodes.append(
            Node(
                parent=whole.parent,
                sizes=part.sizes,
                count=part.count,
                bounds=((least, most),) * len(pairs),
                guarded=guarded,
                floor=None,
            )
        )
    rests = range(len(wholes), len(nodes))
    return _suppressed(nodes, (*hidden, *rests), printable=len(wholes))


def _suppressed(nodes: Sequence[Node], hidden: Sequence[int], printable: int) -> Suppression:
    found, over = suppress_in_tree(nodes, hidden, printable)
    return Suppression(hidden=frozenset(found), over=frozenset(over))


def _points(cell: Cell) -> tuple[float, ...]:
    """How many persons 20 points are, on each base."""
    return tuple(LEAST_POINTS_RANGE * size for size in cell.sizes)


def _to_keep(cell: Cell, fraction: float) -> tuple[float, ...] | None:
    """How many persons wide the range of a group must stay on each base: few people as in :func:`suppress`, those who
    answered alike as where they are printed by themselves; ``None``: its rate may be known.
    """
    points = _points(cell) if cell.small else None
    if counts_of_alike(cell.sizes, cell.count, fraction) is None:
        return points
    return tuple(max(APART, persons) for persons in points or (0.0,) * len(cell.sizes))


def with_rests(cells: Sequence[Cell]) -> list[Cell]:
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
