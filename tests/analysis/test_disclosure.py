"""Suppression, and an attacker who knows every rule but the answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.disclosure import Cell, ranges_to_show, suppress, suppress_parts


def cell(asked: int, valid: int, count: int, parent: int | None = 0) -> Cell:
    return Cell(sizes=(asked, valid), count=count, parent=parent)


def add_up(leaves: Sequence[Cell], parents: Sequence[int | None]) -> list[Cell]:
    """The tree whose cells have these ``parents``; those without children are the ``leaves`` in order."""
    inner = {parent for parent in parents if parent is not None}
    own = iter(leaves)
    sums = [[0, 0, 0] if index in inner else [*(leaf := next(own)).sizes, leaf.count] for index in range(len(parents))]
    for index in reversed(range(len(parents))):
        parent = parents[index]
        if parent is not None:
            sums[parent] = [a + b for a, b in zip(sums[parent], sums[index], strict=True)]
    return [cell(*numbers, parent=parent) for numbers, parent in zip(sums, parents, strict=True)]


class TestByHand:
    def test_nothing_is_hidden_without_need(self) -> None:
        cells = add_up([cell(10, 10, 10), cell(40, 40, 0), cell(60, 55, 30)], [None, 0, 0, 0])
        assert not suppress(cells).hidden

    def test_a_small_one_takes_the_next_smallest_along(self) -> None:
        # 9 alone would be 109 - 100.
        cells = add_up([cell(9, 9, 6), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 0])
        assert suppress(cells).hidden == {1, 2}

    def test_two_small_ones_cover_each_other(self) -> None:
        # 14 together: each may be anything from 1 to 13.
        cells = add_up([cell(7, 7, 4), cell(7, 7, 5), cell(60, 60, 45)], [None, 0, 0, 0])
        assert suppress(cells).hidden == {1, 2}

    def test_two_very_small_ones_do_not(self) -> None:
        # 11 together, nobody's area empty: 1 to 10 is a range of nine persons only.
        cells = add_up([cell(5, 5, 3), cell(6, 6, 3), cell(60, 60, 45), cell(70, 70, 45)], [None, 0, 0, 0, 0])
        assert suppress(cells).hidden == {1, 2, 3}

    def test_few_valid_answers_are_few(self) -> None:
        cells = add_up([cell(50, 9, 6), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 0])
        assert {1} < suppress(cells).hidden

    def test_nearly_unanimous_neighbours_cover_nothing(self) -> None:
        # 8 + 40 with 47 of 48 counted: at least 7 of the 8, a range of 12.5 points. With the 60, 4 are not counted.
        cells = add_up([cell(8, 8, 8), cell(40, 40, 39), cell(60, 60, 57)], [None, 0, 0, 0])
        assert suppress(cells).hidden == {1, 2, 3}

    def test_a_unanimous_whole_gives_every_part_away(self) -> None:
        cells = add_up([cell(8, 8, 8), cell(40, 40, 40), cell(60, 60, 60)], [None, 0, 0, 0])
        assert suppress(cells).hidden == {0, 1, 2, 3}

    def test_a_whole_that_is_small(self) -> None:
        assert suppress(add_up([cell(4, 4, 1), cell(5, 5, 2)], [None, 0, 0])).hidden == {0, 1, 2}

    def test_an_only_child_takes_its_parent_along(self) -> None:
        # The street's one community is small; the other street must cover it, down to one of its communities.
        cells = add_up([cell(6, 6, 3), cell(30, 30, 20), cell(50, 50, 40)], [None, 0, 0, 1, 2, 2])
        assert suppress(cells).hidden == {1, 2, 3, 4}

    def test_a_small_street_of_small_communities(self) -> None:
        """The street of 8 is as small as its two communities of 4: 12 beside it must cover all 8."""
        # 8 + 12 = 20, one of them not counted: enough for 4 of 20 (25 points), not for 8 (12.5 points).
        cells = add_up([cell(4, 4, 4), cell(4, 4, 4), cell(12, 12, 11), cell(60, 60, 30)], [None, 0, 0, 0, 1, 1])
        assert cells[1].sizes == (72, 72)
        cells = add_up([cell(12, 12, 11), cell(60, 60, 30), cell(4, 4, 4), cell(4, 4, 4)], [None, 0, 0, 0, 1, 1])
        assert cells[1].sizes == (8, 8)
        assert suppress(cells).hidden == {1, 2, 3, 4, 5}

    def test_those_without_a_finer_area_are_a_group_too(self) -> None:
        # 6 of the street live nobody knows where: 46 - 40 would be they.
        street = [cell(46, 46, 33, None), cell(20, 20, 15), cell(20, 20, 13)]
        assert suppress(street).hidden == {1}
        assert suppress([cell(50, 50, 33, None), *street[1:]]).hidden == frozenset()

    def test_where_nobody_was_asked_there_is_nothing_to_hide(self) -> None:
        cells = add_up([cell(0, 0, 0), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 0])
        assert not suppress(cells).hidden
        # Nor does it cover anything.
        cells = add_up([cell(0, 0, 0), cell(8, 8, 4), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 0, 0])
        assert suppress(cells).hidden == {2, 3}

    def test_the_sums_right_above(self) -> None:
        cells = add_up([cell(8, 8, 4), cell(20, 20, 10), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 1, 1, 2, 2])
        found = suppress(cells)
        assert (found.hidden, found.over) == ({3, 4}, {1})

    @pytest.mark.parametrize(
        "cells", [[cell(9, 9, 9, None), cell(10, 10, 5)], [cell(9, 9, 3, None), cell(5, 5, 4)], [cell(9, 9, 9, 0)]]
    )
    def test_trees_that_cannot_be(self, cells: list[Cell]) -> None:
        with pytest.raises(ValueError, match="expected"):
            suppress(cells)


def test_by_enumeration() -> None:
    """8 (5 counted) and 40 (30) hidden, a printed 108 (80) less a printed 60 (45): every way to split 48 and 35."""
    cells = add_up([cell(8, 8, 5), cell(40, 40, 30), cell(60, 60, 45)], [None, 0, 0, 0])
    assert suppress(cells).hidden == {1, 2}
    ways = [
        (n, k)
        for n, k in product(range(1, 48), range(36))
        if k <= n and 35 - k <= 48 - n  # nobody's area is empty, and each counted one is a respondent
    ]
    assert max(n for n, _ in ways) - min(n for n, _ in ways) >= 10
    of_eight = [k for n, k in ways if n == 8]
    assert (max(of_eight) - min(of_eight)) / 8 >= 0.2


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


@settings(max_examples=40)
@given(trees(SIZES))
def test_no_attack_narrows_a_small_group(tree: Tree) -> None:
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


@settings(max_examples=40)
@given(trees(SIZES), st.data())
def test_no_attack_on_a_recomputed_rate(tree: Tree, data: st.DataObject) -> None:
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
        kept = Cell(sizes=(one.sizes[0] - part.sizes[0], one.sizes[1] - part.sizes[1]), count=0, parent=None)
        terms = [place[leaf] for leaf in tree.leaves(index)]
        for group in (part, kept):
            if group.small:
                before, after = untold.range(terms), told.range(terms)
                needed = min(before[1] - before[0], 0.2 * max(group.sizes))
                assert after[1] - after[0] >= needed


class TestRecomputed:
    def test_neighbours_without_members_cover_nothing(self) -> None:
        # 5 of 40 left out in the first community and nobody in the second: whole and first community would tell.
        wholes = add_up([cell(40, 40, 20), cell(50, 50, 30)], [None, 0, 0])
        parts = add_up([cell(5, 5, 3), cell(0, 0, 0)], [None, 0, 0])
        assert suppress_parts(wholes, parts, frozenset()).hidden == {0, 1}

    def test_few_left_out_in_many_places_leave_the_whole(self) -> None:
        wholes = add_up([cell(100, 100, 80)] * 8, [None, *[0] * 8])
        parts = add_up([cell(5, 5, 4)] * 8, [None, *[0] * 8])
        assert suppress_parts(wholes, parts, frozenset()).hidden == set(range(1, 9))

    def test_few_who_remain(self) -> None:
        wholes = add_up([cell(40, 40, 20), cell(50, 50, 30)], [None, 0, 0])
        parts = add_up([cell(32, 32, 18), cell(25, 25, 14)], [None, 0, 0])
        assert suppress_parts(wholes, parts, frozenset()).hidden == {1, 2}

    def test_large_groups_on_both_sides(self) -> None:
        wholes = add_up([cell(40, 40, 20), cell(50, 50, 30)], [None, 0, 0])
        parts = add_up([cell(12, 12, 8), cell(25, 25, 14)], [None, 0, 0])
        assert not suppress_parts(wholes, parts, frozenset()).hidden
        assert suppress_parts(wholes, parts, frozenset({2})).hidden == {2}


class TestRanges:
    def test_examples(self) -> None:
        assert ranges_to_show([10, 10], 10, [1.0, 1.0]) == ((0.8, 1.0), (0.8, 1.0))
        assert ranges_to_show([20, 20], 19, [0.95, 0.95]) == ((0.9, 1.0), (0.9, 1.0))
        assert ranges_to_show([12, 12], 1, [1 / 12, 1 / 12]) == ((0.0, 0.2), (0.0, 0.2))
        assert ranges_to_show([20, 20], 18, [0.9, 0.9]) == (None, None)
        assert ranges_to_show([30, 30], 30, [1.0, 1.0]) == (None, None)
        assert ranges_to_show([30, 30], 30, [1.0, 1.0], fraction=0.51) == ((0.9, 1.0), (0.9, 1.0))

    def test_a_base_nobody_is_in(self) -> None:
        assert ranges_to_show([0, 0], 0, [0.0, 0.0]) == (None, None)
        assert ranges_to_show([12, 0], 0, [0.0, 0.0]) == ((0.0, 0.2), None)

    @given(
        asked=st.integers(10, 60),
        unusable=st.integers(0, 20),
        short=st.integers(0, 60),
        fraction=st.sampled_from([0.0, 0.6]),
    )
    def test_three_counts_fit_on_every_base(self, asked: int, unusable: int, short: int, fraction: float) -> None:
        valid = max(10, asked - unusable)
        asked = max(asked, valid)
        count = max(0, valid - short)
        sizes = [asked, valid]
        shown = ranges_to_show(sizes, count, [count / asked, count / valid], fraction)
        alike = [n for n in sizes if (n < 30 or fraction > 0.5) and (count >= n - 1 or count <= 1)]
        assert [one is not None for one in shown] == [bool(alike)] * 2
        for n, one in zip(sizes, shown, strict=True):
            if one is not None:
                low, high = one
                assert 0 <= low <= count / n <= high <= 1
                fitting = [k for k in range(n + 1) if low - 1e-9 <= k / n <= high + 1e-9]
                assert len(fitting) >= 3
                assert (round(20 * low, 9) % 1, round(20 * high, 9) % 1) == (0, 0)

    def test_holds_the_weighted_rate(self) -> None:
        # 19 of 20 counted, but the one weighs as much as four others: 19/23 = .826.
        assert ranges_to_show([20], 19, [19 / 23]) == ((0.8, 1.0),)
