from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import Cell, suppress, suppress_parts
from analysis.shown_ranges import ranges_to_show


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


class TestFurtherDown:
    def test_cells_further_down_are_hidden_before_the_whole(self) -> None:
        city, west, east = cell(314, 314, 4, None), cell(107, 107, 0, 0), cell(207, 207, 4, 0)
        communities = [cell(7, 7, 0, 1), cell(100, 100, 0, 1), cell(100, 100, 0, 2), cell(107, 107, 4, 2)]
        hidden = suppress([city, west, east, *communities]).hidden
        assert 0 not in hidden
        assert {3, 4, 6} <= hidden
