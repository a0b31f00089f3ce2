"""A tree of printed sums: what else must stay unprinted so that the guarded ones below a sum keep their range."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_PERSONS_RANGE = 10


@dataclass(frozen=True, kw_only=True)
class Node:
    """``bounds``: on each base the least and most that ``count`` may be as far as anything else tells; ``guarded``: of
    each group whose rate it would give away how many persons wide its range must stay on each base; ``floor``: the
    least persons it is known to have, ``None`` where its size is public.
    """

    parent: int | None
    sizes: tuple[int, ...]
    count: int
    bounds: tuple[tuple[int, int], ...]
    guarded: tuple[tuple[float, ...], ...]
    floor: int | None

    @property
    def covers(self) -> bool:
        """Whether anything about it is unknown, so that hiding it hides something."""
        return any(low < high for low, high in self.bounds)


class _Tree:
    def __init__(self, nodes: Sequence[Node], hidden: Sequence[int]) -> None:
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

    def _enough_points(self, index: int, unknown: Sequence[Node], base: int) -> bool:
        node = self.nodes[index]
        own = [self.nodes[leaf] for leaf in self.unknowns(index)] if self.children[index] else [node]
        low, high = (sum(leaf.bounds[base][side] for leaf in own) for side in (0, 1))
        others_low, others_high = (
            sum(leaf.bounds[base][side] for leaf in unknown) - own_bound for side, own_bound in ((0, low), (1, high))
        )
        count = sum(leaf.count for leaf in unknown)
        left = min(high, count - others_low) - max(low, count - others_high)
        return all(left >= min(high - low, needed[base]) for needed in node.guarded)


def _enough_persons(unknown: Sequence[Node]) -> bool:
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


def suppress_in_tree(nodes: Sequence[Node], hidden: Sequence[int], printable: int) -> tuple[set[int], set[int]]:
    """Of the first ``printable`` nodes: which must not be printed, and which are the printed sums right above guarded
    ones. ``hidden``: what is not printed anyway; a parent stands before its children.

    Bottom up: hide children of a printed cell, or in the end the cell itself, until its guarded unknowns are safe.
    """
    tree = _Tree(nodes, hidden)
    for parent in reversed(range(printable)):
        while parent not in tree.hidden and not tree.is_safe(parent):
            child = tree.next_to_hide(parent)
            if child is None:
                tree.hidden.add(parent)
            else:
                tree.hide(child)
    printed = [index for index in range(printable) if index not in tree.hidden]
    over = {index for index in printed if any(tree.nodes[below].guarded for below in tree.below(index))}
    return {index for index in tree.hidden if index < printable}, over
