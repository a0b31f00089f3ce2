"""A reference case's data: columns of a CSV file, where an empty cell is a missing value."""

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray

#: One case as in the JSON files, with the ``folder`` it was read from.
Case = dict[str, Any]
#: One row of results: a name and a number, a list of them, or ``Undefined``.
Row = dict[str, Any]

HERE = Path(__file__).parent
MISSING = frozenset({"", "NA"})


def folder() -> Path:
    """The folder named by REFERENCE_VECTORS, else this one."""
    return Path(os.environ.get("REFERENCE_VECTORS") or HERE)


def read_cases(where: Path) -> Iterator[Case]:
    """The cases of every ``<statistic>.json`` in a folder and in its folder ``more``."""
    for path in sorted([*where.glob("*.json"), *where.glob("more/*.json")]):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and read.get("schema") == 1:
            for case in read["cases"]:
                yield {**case, "folder": str(path.parent)}


def read_extra(name: str) -> Any:
    """A file of the folder's ``extra``, or ours where it has none of this name."""
    path = next(path for path in (folder() / "extra" / name, HERE / "extra" / name) if path.exists())
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Data:
    """Columns of text, all as long as the table; what was made of them once is known to the next case."""

    columns: Mapping[str, Sequence[str]]
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def text(self, name: str) -> list[str]:
        return list(self.columns[name])

    def numbers(self, name: str) -> FloatArray:
        """The column's numbers, (n,), NaN where missing."""
        if name not in self.known:
            self.known[name] = np.array([np.nan if cell in MISSING else _number(cell) for cell in self.columns[name]])
        return cast(FloatArray, self.known[name].copy())

    def missing(self, name: str) -> BoolArray:
        return np.array([cell in MISSING for cell in self.columns[name]], dtype=bool)

    def levels(self, name: str) -> list[str]:
        """The values of a column in the order of R's factor(): numbers by size, words by alphabet."""
        found = {cell for cell in self.columns[name] if cell not in MISSING}
        return sorted(found, key=_order)

    def codes(self, names: Sequence[str]) -> IntArray:
        """One code for each combination of values, (n,)."""
        if tuple(names) not in self.known:
            keys = list(zip(*(self.columns[name] for name in names), strict=True))
            place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
            self.known[tuple(names)] = np.array([place[key] for key in keys], dtype=np.int64)
        return cast(IntArray, self.known[tuple(names)].copy())

    def where(self, wanted: Mapping[str, Any]) -> BoolArray:
        """The rows in which every named column has the value, (n,)."""
        inside = np.ones(len(self), dtype=bool)
        for name, value in wanted.items():
            inside &= np.array([same(cell, value) for cell in self.columns[name]], dtype=bool)
        return inside


def columns(case: Case) -> Data:
    """The data set of a case."""
    return _read(Path(case["folder"]) / case["dataset"])


def domains(case: Case) -> list[tuple[dict[str, Any] | None, BoolArray]]:
    """The domains a case asks for, or everyone."""
    data = columns(case)
    wanted: list[dict[str, Any] | None] = case["request"].get("domains") or [None]
    return [(domain, data.where(domain or {})) for domain in wanted]


def same(cell: str, value: Any) -> bool:
    """Whether a cell holds the value: as numbers where both are."""
    if cell == str(value):
        return True
    try:
        return cell not in MISSING and _number(cell) == float(value)
    except (TypeError, ValueError):
        return False


@cache
def _read(path: Path) -> Data:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return Data(columns=dict(zip(header, zip(*rows, strict=True), strict=True)))


def _number(cell: str) -> float:
    return float({"TRUE": "1", "FALSE": "0"}.get(cell, cell))


def _order(cell: str) -> tuple[int, float, str]:
    try:
        return (0, float(cell), cell)
    except ValueError:
        return (1, 0.0, cell)
