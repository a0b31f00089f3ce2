"""The tables of an exported draw as plain CSV, without loss: what is read is what was written, to the letter.

UTF-8 without a mark, comma, quoted where needed. A name that a spreadsheet would run as a formula, or that begins with
an apostrophe, has one apostrophe more in front, which reading takes away.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from analysis.sampling.psu_pairs import PsuPair
from survey.areas import Area, Level
from survey.files.draw_documents import not_utf8
from survey.files.draw_record import CaseLine
from survey.messages import N_, BadInput, Message, Problem
from survey.sampling.drawable_units import DrawableUnits, UnitColumns, UnitRow, gather_units
from survey.sampling.frame_digest import UnitsDigest

AREA_COLUMNS = ("code", "name", "level", "parent", "population")
UNIT_COLUMNS = ("serial", "area", "grid", "status", "residents", "address")
CASE_COLUMNS = (
    *("serial", "area", "grid", "inclusion_n", "inclusion_total"),
    *("replicate", "stratum", "psu", "stages"),
)
PAIR_COLUMNS = ("stratum", "first", "second", "probability")
#: Rows read at once: more of them alive together are looked through by the collector of rubbish, again and again.
CHUNK = 500
#: Wrong rows that are named.
MOST_NAMED = 10
_FORMULA_OR_APOSTROPHE = ("=", "+", "-", "@", "\t", "\r", "'")
T = TypeVar("T")


def write_areas(path: Path, areas: Iterable[Area]) -> None:
    """By code, the order in which their digest takes them."""
    rows = (
        (area.code, _guarded(area.name), area.level.value, area.parent or "", _number(area.population))
        for area in sorted(areas, key=lambda area: area.code)
    )
    _write(path, AREA_COLUMNS, rows)


def write_units(path: Path, rows: Iterable[UnitRow]) -> None:
    """By serial; the address is the JSON text that the digest covers. Codes and JSON need no apostrophe."""
    _write(path, UNIT_COLUMNS, (["" if cell is None else str(cell) for cell in row] for row in rows))


def write_cases(path: Path, cases: Iterable[CaseLine]) -> None:
    _write(path, CASE_COLUMNS, (list(map(str, case)) for case in cases))


def write_pairs(path: Path, pairs: Iterable[PsuPair]) -> None:
    _write(path, PAIR_COLUMNS, ((one.stratum, one.first, one.second, repr(one.probability)) for one in pairs))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_areas(path: Path) -> tuple[Area, ...]:
    def area(row: Sequence[str]) -> Area:
        code, name, level, parent, population = row
        return Area(
            code=code,
            name=name[1:] if name.startswith("'") else name,
            level=Level(level),
            parent=parent or None,
            population=_optional(population),
        )

    return _read(path, AREA_COLUMNS, area)


@dataclass(frozen=True, kw_only=True)
class FileUnits:
    """``digest`` and ``count``: of all units of the file, the ones that are not drawn too."""

    units: DrawableUnits
    digest: str
    count: int


def read_units(path: Path, *, keys: bool) -> FileUnits:
    """In one pass. ``keys``: with those of permanent random numbers.

    Raises :class:`BadInput`, and :class:`analysis.sampling.stage_errors.NothingToDrawError`.
    """
    digest = UnitsDigest()

    def units_of(rows: Sequence[Sequence[str]]) -> list[UnitColumns]:
        """By columns: a city has a million rows."""
        serials, areas, grids, statuses, residents, addresses = zip(*rows, strict=True)
        people = [int(number) if number else None for number in residents]
        return [(list(map(int, serials)), areas, grids, statuses, people, [text.encode() for text in addresses])]

    def portions() -> Iterator[UnitColumns]:
        for (columns,) in _read_portions(path, UNIT_COLUMNS, units_of):
            digest.add(columns)
            yield columns

    units = gather_units(portions(), keys=keys)
    return FileUnits(units=units, digest=digest.hexdigest(), count=digest.count)


def read_cases(path: Path) -> tuple[CaseLine, ...]:
    def case(row: Sequence[str]) -> CaseLine:
        serial, area, grid, n, total, replicate, stratum, psu, stages = row
        return CaseLine(int(serial), area, grid, int(n), int(total), int(replicate), stratum, psu, stages)

    return _read(path, CASE_COLUMNS, case)


def read_pairs(path: Path) -> tuple[PsuPair, ...]:
    def pair(row: Sequence[str]) -> PsuPair:
        stratum, first, second, probability = row
        return PsuPair(stratum=stratum, first=first, second=second, probability=float(probability))

    return _read(path, PAIR_COLUMNS, pair)


def _read(path: Path, columns: Sequence[str], make: Callable[[Sequence[str]], T]) -> tuple[T, ...]:
    """What ``make`` (raises ``ValueError``) makes of each row. Raises as :func:`_read_portions`."""
    return tuple(chain.from_iterable(_read_portions(path, columns, lambda rows: [make(row) for row in rows])))


def _read_portions(
    path: Path, columns: Sequence[str], make: Callable[[Sequence[Sequence[str]]], list[T]]
) -> Iterator[list[T]]:
    """What ``make`` (raises ``ValueError``) makes of the rows, portion by portion.

    Raises :class:`BadInput` for another header, and for the first portion with rows that cannot be read.
    """
    first = 2
    for rows in _portions(path, columns):
        try:
            yield make(rows)
        except ValueError as error:
            lines = ((number, row) for number, row in enumerate(rows, start=first) if not _readable(make, row))
            message = Message(N_("{file} 有读不懂的行，无法核对"), {"file": path.name})
            expected = Message(N_("导出时的样子：{columns}"), {"columns": ",".join(columns)})
            problems = [
                Problem(where=f"{path.name}:{number}", column="", got=",".join(row), expected=expected)
                for number, row in islice(lines, MOST_NAMED)
            ]
            raise BadInput(message, problems) from error
        first += len(rows)


def _readable(make: Callable[[Sequence[Sequence[str]]], list[T]], row: Sequence[str]) -> bool:
    try:
        make([row])
    except ValueError:
        return False
    return True


def _portions(path: Path, columns: Sequence[str]) -> Iterator[list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            if tuple(header) != tuple(columns):
                message = N_("{file} 的表头是 {got}，应为 {expected}")
                facts = {"file": path.name, "got": ",".join(header)[:200], "expected": ",".join(columns)}
                raise BadInput(Message(message, facts))
            while portion := list(islice(rows, CHUNK)):
                yield portion
    except FileNotFoundError as error:
        raise BadInput(Message(N_("找不到文件 {file}"), {"file": path})) from error
    except UnicodeDecodeError as error:
        raise not_utf8(path.name) from error
    except (OSError, csv.Error) as error:
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": error})) from error


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_OR_APOSTROPHE) else text


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _optional(text: str) -> int | None:
    return int(text) if text else None
