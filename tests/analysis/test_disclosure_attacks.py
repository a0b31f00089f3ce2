"""An attacker who knows every rule but the answers, and what is printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.area_ranges import alike_counts, area_ranges, coached_counts
from analysis.disclosure import Cell, suppress, suppress_parts
from analysis.shown_ranges import Counts, counts_of_alike


def cell(asked: int, valid: int, count: int, parent: int | None = 0) -> Cell:
    return Cell(sizes=(asked, valid), count=count, parent=parent)


@dataclass
class Attacker:
    """Linear equations and inequalities in whole numbers; asks how far they let a sum of unknowns go."""

    variables: int
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def knows(self, terms: Sequence[tuple[int, float]], least: float, most: float) -> None:
        row: dict[int, float] = {}
        for variable, factor in terms:
            row[variable] = row.get(variable, 0) + factor
        self.rows.append((row, least, most))

    def range(self, terms: Sequence[int], *also: tuple[Sequence[int], int]) -> tuple[int, int]:
        rows = [*self.rows, *((dict.fromkeys(known, 1.0), value, value) for known, value in also)]
        matrix = np.zeros((len(rows), self.variables))
        for index, (row, _, _) in enumerate(rows):
            matrix[index, list(row)] = list(row.values())
        constraint = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows])
        aim = np.zeros(self.variables)
        aim[list(terms)] = 1
        ends = []
        for sign in (1, -1):
            solved = milp(
                sign * aim,
                constraints=constraint,
                integrality=np.ones(self.variables),
                bounds=Bounds(0, np.inf),
                options={"presolve": False},  # with it the solver has called feasible trees infeasible
            )
            assert solved.success
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]


@dataclass(frozen=True, kw_only=True)
class Tree:
    cells: list[Cell]

    @property
    def children(self) -> list[list[int]]:
        return [[i for i, one in enumerate(self.cells) if one.parent == index] for index in range(len(self.cells))]

    def leaves(self, index: int) -> list[int]:
        """Leaves below ``index``, itself if one; the respondents without a finer area of cell i are leaf -1 - i."""
        if not self.children[index]:
            return [index]
        below = [leaf for child in self.children[index] for leaf in self.leaves(child)]
        return [*below, -1 - index]

    def rest(self, index: int) -> list[int]:
        """What is left of a cell after its children, (asked, valid, counted)."""
        below = [self.cells[child] for child in self.children[index]]
        whole = self.cells[index]
        return [
            whole.sizes[0] - sum(one.sizes[0] for one in below),
            whole.sizes[1] - sum(one.sizes[1] for one in below),
            whole.count - sum(one.count for one in below),
        ]

    def numbers(self, leaf: int) -> list[int]:
        return self.rest(-1 - leaf) if leaf < 0 else [*self.cells[leaf].sizes, self.cells[leaf].count]


@st.composite
def trees(draw: st.DrawFn, sizes: st.SearchStrategy[int]) -> Tree:
    """A whole with 1-5 areas, some of them with 1-3 areas below, some with respondents that are in none of those."""
    parents: list[int | None] = [None]
    parents += [0] * draw(st.integers(1, 5))
    for area in range(1, len(parents)):
        parents += [area] * draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
    own = []
    for index in range(len(parents)):
        asked = draw(sizes) if index not in parents else draw(st.sampled_from([0, 0, 0, 3, 12]))
        valid = asked - draw(st.sampled_from([0, 0, 0, 1, 5, 30]))
        valid = max(valid, 0)
        count = min(valid, max(0, draw(st.sampled_from([0, 1, valid // 2, valid - 2, valid - 1, valid]))))
        own.append([asked, valid, count])
    for index in reversed(range(1, len(parents))):
        parent = parents[index]
        assert parent is not None
        own[parent] = [a + b for a, b in zip(own[parent], own[index], strict=True)]
    return Tree(cells=[cell(*numbers, parent=parent) for numbers, parent in zip(own, parents, strict=True)])


SIZES = st.one_of(st.integers(0, 14), st.integers(10, 60))


def attack(tree: Tree, hidden: frozenset[int]) -> tuple[Attacker, dict[int, int]]:
    """Everything printed: both n and the count of every cell not hidden, and where nobody was asked."""
    leaves = tree.leaves(0)
    place = {leaf: 3 * position for position, leaf in enumerate(leaves)}
    attacker = Attacker(3 * len(leaves))
    for leaf in leaves:
        asked, valid, count = (place[leaf] + offset for offset in range(3))
        attacker.knows([(asked, 1), (valid, -1)], 0, np.inf)
        attacker.knows([(valid, 1), (count, -1)], 0, np.inf)
        empty = tree.numbers(leaf)[0] == 0
        attacker.knows([(asked, 1)], 0 if empty or leaf < 0 else 1, 0 if empty else np.inf)
    for index, one in enumerate(tree.cells):
        if index not in hidden:
            for offset, number in enumerate((*one.sizes, one.count)):
                attacker.knows([(place[leaf] + offset, 1) for leaf in tree.leaves(index)], number, number)
    return attacker, place


def try_on(most: int, attack_one: Callable[..., None], *examples: st.SearchStrategy[Any]) -> None:
    settings(max_examples=most)(given(*examples)(attack_one))()


#: A few each day, many in the whole run: an attack takes a quarter of a second.
few_and_many = pytest.mark.parametrize("most", [4, pytest.param(40, marks=pytest.mark.slow)])


@few_and_many
def test_no_attack_narrows_a_small_group(most: int) -> None:
    try_on(most, attack_small_groups, trees(SIZES))


def attack_small_groups(tree: Tree) -> None:
    """At least ten persons on each base, and 20 points even when its size on that base is known."""
    hidden = suppress(tree.cells).hidden
    attacker, place = attack(tree, hidden)
    for index, one in enumerate(tree.cells):
        if not one.small:
            continue
        assert index in hidden
        asked, valid, count = ([place[leaf] + offset for leaf in tree.leaves(index)] for offset in range(3))
        everything_hidden = 0 in hidden
        for persons, size in ((asked, one.sizes[0]), (valid, one.sizes[1])):
            if not everything_hidden:
                low, high = attacker.range(persons)
                assert high - low >= 10
            if size:
                low, high = attacker.range(count, (persons, size))
                assert (high - low) / size >= 0.2


@given(trees(st.integers(10, 60)))
def test_nothing_is_hidden_where_all_are_ten_or_more(tree: Tree) -> None:
    all_large = all(not one.small for one in tree.cells)
    rests = [tree.rest(index)[:2] for index in range(len(tree.cells)) if tree.children[index]]
    assume(all_large and all(max(rest) == 0 or min(rest) >= 10 for rest in rests))
    assert suppress(tree.cells).hidden == suppress(tree.cells).over == frozenset()


@given(trees(SIZES))
def test_is_the_same_each_time_and_hides_every_small_one(tree: Tree) -> None:
    found = suppress(tree.cells)
    assert found == suppress(list(tree.cells))
    assert found.hidden >= {index for index, one in enumerate(tree.cells) if one.small}
    assert not found.hidden & found.over


@pytest.mark.slow
@few_and_many
def test_no_attack_on_a_recomputed_rate(most: int) -> None:
    try_on(most, attack_recomputed_rate, trees(SIZES), st.data())


def attack_recomputed_rate(tree: Tree, data: st.DataObject) -> None:
    """Left out: some of each leaf. Known: all answers of all, and how many were left out everywhere. A small group on
    either side keeps 20 points, or all that the answers of all leave it.
    """
    leaves = tree.leaves(0)
    own: dict[int, list[int]] = {}
    for leaf in leaves:
        asked, valid, count = tree.numbers(leaf)
        out_count = data.draw(st.sampled_from(sorted({0, min(1, count), count // 2, count})))
        others = data.draw(st.sampled_from(sorted({0, min(2, valid - count), valid - count})))
        unusable = data.draw(st.sampled_from(sorted({0, (asked - valid) // 2, asked - valid})))
        own[leaf] = [out_count + others + unusable, out_count + others, out_count]
    sums = [[sum(own[leaf][i] for leaf in tree.leaves(index)) for i in range(3)] for index in range(len(tree.cells))]
    parts = [cell(*numbers, parent=one.parent) for numbers, one in zip(sums, tree.cells, strict=True)]
    hidden = suppress_parts(tree.cells, parts, suppress(tree.cells).hidden).hidden

    place = {leaf: position for position, leaf in enumerate(leaves)}
    untold, told = Attacker(len(leaves)), Attacker(len(leaves))
    for leaf in leaves:
        asked, valid, count = tree.numbers(leaf)
        out_asked, out_valid, _ = own[leaf]
        for attacker in (untold, told):
            attacker.knows([(place[leaf], 1)], max(0, out_valid - (valid - count)), min(out_valid, count))
            attacker.knows([(place[leaf], 1)], max(0, out_asked - (asked - count)), min(out_asked, count))
    for index, part in enumerate(parts):
        if index not in hidden:
            told.knows([(place[leaf], 1) for leaf in tree.leaves(index)], part.count, part.count)
    for index, (one, part) in enumerate(zip(tree.cells, parts, strict=True)):
        sizes = (one.sizes[0] - part.sizes[0], one.sizes[1] - part.sizes[1])
        kept = Cell(sizes=sizes, count=one.count - part.count, parent=None)
        terms = [place[leaf] for leaf in tree.leaves(index)]
        for group in (part, kept):
            wanted = 0.2 * max(group.sizes) if group.small else 0.0
            if counts_of_alike(group.sizes, group.count) is not None:
                wanted = max(wanted, 2)
            if wanted:
                before, after = untold.range(terms), told.range(terms)
                assert after[1] - after[0] >= min(before[1] - before[0], wanted)


@few_and_many
@pytest.mark.parametrize("coaching", [False, True])
def test_no_attack_on_a_range(most: int, *, coaching: bool) -> None:
    def attack_ranges(tree: Tree) -> None:
        hidden = suppress(tree.cells).hidden
        needed = coached_counts(tree.cells) if coaching else alike_counts(tree.cells, hidden, [0.0] * len(tree.cells))
        attack_each_range(tree, hidden, needed)

    try_on(most, attack_ranges, trees(SIZES))


def attack_each_range(tree: Tree, hidden: frozenset[int], needed: dict[int, Counts]) -> None:
    """Known: how many answered everywhere, every printed count, and the counts behind every printed range."""
    ranges = area_ranges(tree.cells, hidden, needed)
    leaves = tree.leaves(0)
    place = {leaf: position for position, leaf in enumerate(leaves)}
    attacker = Attacker(len(leaves))
    for leaf in leaves:
        attacker.knows([(place[leaf], 1)], 0, tree.numbers(leaf)[1])
    exact = [index for index, one in enumerate(tree.cells) if not one.empty and index not in {*hidden, *ranges}]
    for index, one in enumerate(tree.cells):
        if index in ranges or index in exact:
            least, most = ranges.get(index, (one.count, one.count))
            assert least <= one.count <= most
            attacker.knows([(place[leaf], 1) for leaf in tree.leaves(index)], least, most)
    for index in needed:
        low, high = attacker.range([place[leaf] for leaf in tree.leaves(index)])
        assert high - low >= min(2, tree.cells[index].sizes[1]) or not exact
