"""Cells merged over several rows or columns, as every reader of workbooks treats them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

#: Row number as the user sees it, and the row's cells.
Row = tuple[int, tuple[str, ...]]


def fill_merged(rows: list[tuple[int, dict[int, str]]], merged: Sequence[tuple[int, int, int]]) -> list[Row]:
    """Rows of equal length. A cell merged over several rows (column, first, last) counts in each of them.

    Merged over several columns it stays in the first: so a title above the table is one cell, not a row of them.

    >>> fill_merged([(1, {1: "东", 2: "101"}), (2, {2: "102"})], [(1, 1, 2)])
    [(1, ('东', '101')), (2, ('东', '102'))]
    """
    numbers = [number for number, _ in rows]
    filled_to: dict[int, int] = {}
    for column, first, last in sorted(merged):
        # Ranges never overlap in a sound file; in a hostile one they would multiply the work.
        if first <= filled_to.get(column, 0) or last == first:
            continue
        filled_to[column] = last
        start, stop = bisect_left(numbers, first), bisect_right(numbers, last)
        if start < stop and numbers[start] == first and (text := rows[start][1].get(column)):
            for _, cells in rows[start + 1 : stop]:
                cells.setdefault(column, text)
    width = max((max(cells) for _, cells in rows), default=0)
    places = range(1, width + 1)
    return [(number, tuple([cells.get(place, "") for place in places])) for number, cells in rows]
