"""The tables of an exported draw as plain CSV, without loss: what is read is what was written, to the letter.

UTF-8 without a mark, comma, quoted where needed. A cell that a spreadsheet would run as a formula, or that begins with
an apostrophe, has one apostrophe more in front, which reading takes away.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from analysis.sampling.psu_pairs import PsuPair
from survey.areas import Area, Level
from survey.drawable_units import DrawableUnits, UnitRow, gather_units
from survey.files.draw_record import RecordedCase
from survey.frame_digest import UnitsDigest
from survey.messages import N_, BadInput, Message, Problem

AREA_COLUMNS = ("code", "name", "level", "parent", "population")
UNIT_COLUMNS = ("serial", "area", "grid", "status", "residents", "address")
CASE_COLUMNS = (
    *("serial", "area", "grid", "inclusion_n", "inclusion_total"),
    *("replicate", "stratum", "psu", "stages"),
)
CHUNK = 10_000
PAIR_COLUMNS = ("stratum", "first", "second", "probability")
#: Wrong rows that are named.
MOST_NAMED = 10
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class FileCase:
    """A line of ``cases.csv``."""

    area: str
    grid: str
    unit_serial: int
    inclusion_n: int
    inclusion_total: int
    replicate: int
    stratum: str
    psu: str
    stages: str


def write_areas(path: Path, areas: Iterable[Area]) -> None:
    """By code, the order in which their digest takes them."""
    rows = (
        (area.code, area.name, area.level.value, area.parent or "", _number(area.population))
        for area in sorted(areas, key=lambda area: area.code)
    )
    write_table(path, AREA_COLUMNS, rows)


def write_units(path: Path, rows: Iterable[UnitRow]) -> None:
    """By serial; the address is the JSON text that the digest covers."""
    write_table(path, UNIT_COLUMNS, (["" if cell is None else str(cell) for cell in row] for row in rows))


def write_cases(path: Path, cases: Iterable[RecordedCase]) -> None:
    rows = (
        (
            *(str(case.unit_serial), case.area, case.grid, str(case.inclusion_n), str(case.inclusion_total)),
            *(str(case.replicate), case.stratum, case.psu, case.stages),
        )
        for case in cases
    )
    write_table(path, CASE_COLUMNS, rows)


def write_pairs(path: Path, pairs: Iterable[PsuPair]) -> None:
    write_table(path, PAIR_COLUMNS, ((one.stratum, one.first, one.second, repr(one.probability)) for one in pairs))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([f"'{cell}" if cell.startswith(_GUARDED) else cell for cell in row] for row in rows)


def read_areas(path: Path) -> tuple[Area, ...]:
    def area(row: Sequence[str]) -> Area:
        code, name, level, parent, population = row
        return Area(code=code, name=name, level=Level(level), parent=parent or None, population=_optional(population))

    return tuple(_read(path, AREA_COLUMNS, area))


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
    digest, count = UnitsDigest(), 0

    def unit(row: Sequence[str]) -> UnitRow:
        serial, area, grid, status, residents, address = row
        return int(serial), area, grid, status, _optional(residents), address

    def portions() -> Iterator[Sequence[UnitRow]]:
        nonlocal count
        rest = _read(path, UNIT_COLUMNS, unit)
        while portion := list(islice(rest, CHUNK)):
            digest.add(portion)
            count += len(portion)
            yield portion

    units = gather_units(portions(), keys=keys)
    return FileUnits(units=units, digest=digest.hexdigest(), count=count)


def read_cases(path: Path) -> tuple[FileCase, ...]:
    def case(row: Sequence[str]) -> FileCase:
        serial, area, grid, n, total, replicate, stratum, psu, stages = row
        return FileCase(
            area=area,
            grid=grid,
            unit_serial=int(serial),
            inclusion_n=int(n),
            inclusion_total=int(total),
            replicate=int(replicate),
            stratum=stratum,
            psu=psu,
            stages=stages,
        )

    return tuple(_read(path, CASE_COLUMNS, case))


def read_pairs(path: Path) -> tuple[PsuPair, ...]:
    def pair(row: Sequence[str]) -> PsuPair:
        stratum, first, second, probability = row
        return PsuPair(stratum=stratum, first=first, second=second, probability=float(probability))

    return tuple(_read(path, PAIR_COLUMNS, pair))


def _read(path: Path, columns: Sequence[str], make: Callable[[Sequence[str]], T]) -> Iterator[T]:
    """What ``make`` (raises ``ValueError``) makes of each row.

    Raises :class:`BadInput` for another header, and at the end for rows that cannot be read.
    """
    problems: list[Problem] = []
    for line, row in _rows(path):
        if line == 1:
            if tuple(row) != tuple(columns):
                message = N_("{file} 的表头是 {got}，应为 {expected}")
                facts = {"file": path.name, "got": ",".join(row)[:200], "expected": ",".join(columns)}
                raise BadInput(Message(message, facts))
            continue
        try:
            yield make(row)
        except ValueError:
            expected = Message(N_("导出时的样子：{columns}"), {"columns": ",".join(columns)})
            problems.append(Problem(where=f"{path.name}:{line}", column="", got=",".join(row), expected=expected))
            if len(problems) == MOST_NAMED:
                break
    if problems:
        raise BadInput(Message(N_("{file} 有读不懂的行，无法核对"), {"file": path.name}), problems)


def _rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Line and cells, the header first; marks that keep a cell from running are taken away."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            yield 1, next(rows, [])
            for number, row in enumerate(rows, start=2):
                yield number, [cell[1:] if cell[:1] == "'" else cell for cell in row]
    except FileNotFoundError as error:
        raise BadInput(Message(N_("找不到文件 {file}"), {"file": path})) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": error})) from error


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _optional(text: str) -> int | None:
    return int(text) if text else None
