"""Areas from an office's table: a frame, with units or without, or the list of rows that keep it from being one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import RANK, Area, Level
from survey.files.csv_files import CsvFile, damaged_by_spreadsheet, need_columns, refuse
from survey.files.spreadsheets import SheetRows
from survey.messages import N_, BadInput, Message, Problem
from survey.sampling.frame_digest import areas_digest, shown_digest, units_digest
from survey.store.areas import Frame, add_frame, list_frames
from survey.store.units import add_units
from survey.units import Unit, UnitKind

COLUMNS = ("code", "name", "level", "parent", "population")
MOST_ROWS_ABOVE = 30
_HEADERS = {
    header: column
    for column, headers in {
        "code": "代码 区划代码 统计用区划代码 地区代码",
        "name": "名称 地区名称 单位名称",
        "level": "层级 级别 类型",
        "parent": "上级代码 上级 上级区划代码",
        # Not the bare 人口: offices mean everybody by it, and the column is of eligible adults.
        "population": "成年人口 18岁及以上人口 18岁及以上常住人口",
    }.items()
    for header in headers.split()
}
_LEVELS = {
    word: level
    for level, words in {
        Level.CITY: "市 地市 城市",
        Level.COUNTY: "县 区 县级 区县 县(市、区)",
        Level.STREET: "街道 镇 乡 乡镇 镇街",
        Level.ZONE: "片区",
        Level.COMMUNITY: "社区 居委会",
        Level.VILLAGE: "村 村委会 行政村",
        Level.GRID: "网格",
    }.items()
    for word in words.split()
}
CODE_DIGITS = 12
GRID_DIGITS = 15
LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class ImportedFrame:
    """``digest``: of areas and units together, where there are units."""

    id: int
    digest: str
    areas: int
    kind: UnitKind | None
    units: int


def import_frame(
    session: Session,
    *,
    areas: Sequence[Area],
    at: datetime,
    kind: UnitKind | None = None,
    units: Sequence[Unit] = (),
) -> ImportedFrame:
    """Store checked areas as a frame, with checked units (by serial) if there are any."""
    of_areas, of_units = areas_digest(areas), units_digest(units) if kind else None
    frame_id = add_frame(
        session, areas=areas, digest=of_areas, at=at, kind=kind, units_digest=of_units, unit_count=len(units)
    )
    add_units(session, frame_id, units)
    return ImportedFrame(
        id=frame_id, digest=shown_digest(of_areas, of_units), areas=len(areas), kind=kind, units=len(units)
    )


def describe_import(frame: Frame) -> ImportedFrame:
    """What the import that made ``frame`` told."""
    return ImportedFrame(
        id=frame.id,
        digest=shown_digest(frame.digest, frame.units_digest),
        areas=len(frame.areas),
        kind=frame.kind,
        units=frame.unit_count,
    )


def find_same(session: Session, *, areas: Sequence[Area], kind: UnitKind | None, units: Sequence[Unit]) -> int | None:
    """The first frame that says exactly this already: a file sent twice needs no second one."""
    of_areas, of_units = areas_digest(areas), units_digest(units) if kind else None
    return next(
        (
            frame.id
            for frame in list_frames(session)
            if (frame.digest, frame.kind, frame.units_digest) == (of_areas, kind, of_units)
        ),
        None,
    )


def _table(table: SheetRows) -> CsvFile:
    """The rows under the header of a table of areas, whose columns may have Chinese headers and words for levels."""
    at = next((at for at, (_, cells) in enumerate(table.rows[:MOST_ROWS_ABOVE]) if _is_header(cells)), 0)
    header = tuple(_HEADERS.get(cell, cell) for cell in map(_plain, table.rows[at][1]))
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        message = N_("{file} 的表头有重复的列：{columns}")
        raise BadInput(Message(message, {"file": table.name, "columns": ", ".join(repeated)}))
    rows = table.rows[at + 1 :]
    expected = Message(N_("{count} 格，和表头一样多"), {"count": len(header)})
    ragged = [(number, len(cells)) for number, cells in rows if len(cells) != len(header)]
    refuse([Problem(where=str(n), column="", got=str(got), expected=expected) for n, got in ragged], table.name)
    if not rows:
        raise BadInput(Message(N_("{file} 只有表头，没有数据行"), {"file": table.name}))
    return CsvFile(
        name=table.name,
        header=header,
        rows=[cells for _, cells in rows],
        line_numbers=[number for number, _ in rows],
        digest="",  # areas are known by the digest of what they say
    )


def _is_header(cells: Sequence[str]) -> bool:
    return {"code", "level"} <= {_HEADERS.get(_plain(cell), _plain(cell)) for cell in cells}


def read_areas(source: CsvFile | SheetRows) -> tuple[Area, ...]:
    """The areas of ``source``, parents first; :class:`~survey.messages.BadInput` lists every bad row."""
    file = _table(source) if isinstance(source, SheetRows) else source
    positions = need_columns(file, COLUMNS)
    problems: list[Problem] = []
    found: dict[str, tuple[int, Area]] = {}
    for line, cells in zip(file.line_numbers, file.rows, strict=True):
        row = _Row(line, {column: _cell(column, cells[at]) for column, at in positions.items()}, problems)
        area = row.area()
        if area is None:
            continue
        if area.code in found:
            row.problem("code", Message(N_("每个代码只出现一次；第 {line} 行已有"), {"line": found[area.code][0]}))
        else:
            found[area.code] = (line, area)
    # A parent whose own row is bad is named there, not again at each of its children.
    bad = {_plain(cells[positions["code"]]) for cells in file.rows} - found.keys()
    for line, area in found.values():
        if area.parent not in bad:
            _check_parent(line, area, found, problems)
    problems.sort(key=lambda problem: int(problem.where))
    refuse(problems, file.name)
    return tuple(sorted((area for _, area in found.values()), key=lambda area: (RANK[area.level], area.code)))


def _plain(cell: str) -> str:
    """Full-width digits and spaces as offices type them, made plain."""
    return unicodedata.normalize("NFKC", cell).strip()


def _cell(column: str, cell: str) -> str:
    """A name stays as it is written, full-width brackets and all, in one line."""
    return " ".join(cell.split()) if column == "name" else _plain(cell)


class _Row:
    def __init__(self, line: int, cells: dict[str, str], problems: list[Problem]) -> None:
        self.line, self.cells, self.problems = line, cells, problems

    def problem(self, column: str, expected: Message) -> None:
        self.problems.append(Problem(where=str(self.line), column=column, got=self.cells[column], expected=expected))

    def area(self) -> Area | None:
        before = len(self.problems)
        level = self._level()
        code = self._code("code", GRID_DIGITS if level is Level.GRID else CODE_DIGITS)
        parent = self._code("parent", CODE_DIGITS) if self.cells["parent"] else None
        population = self._population()
        if not 0 < len(self.cells["name"]) <= LONGEST_NAME:
            self.problem("name", Message(N_("名称，1 到 {most} 个字"), {"most": LONGEST_NAME}))
        if level is None or len(self.problems) > before:
            return None
        return Area(code=code, name=self.cells["name"], level=level, parent=parent, population=population)

    def _level(self) -> Level | None:
        word = self.cells["level"].lower()
        try:
            return _LEVELS.get(word) or Level(word)
        except ValueError:
            self.problem("level", Message(N_("以下之一：{choices}"), {"choices": ", ".join(Level)}))
            return None

    def _code(self, column: str, digits: int) -> str:
        code = self.cells[column]
        if damaged_by_spreadsheet(code):
            self.problem(
                column,
                Message(
                    N_("{digits} 位代码；Excel 把它变成了科学计数，末几位已丢失：把该列设为文本，从原表重新粘贴"),
                    {"digits": digits},
                ),
            )
        elif not re.fullmatch(rf"[0-9]{{{digits}}}", code):
            self.problem(column, Message(N_("{digits} 位数字"), {"digits": digits}))
        return code

    def _population(self) -> int | None:
        text = self.cells["population"].replace(",", "")
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,9}", text):
            return int(text)
        self.problem("population", Message(N_("整数（18 岁及以上常住人口），或者留空")))
        return None


def _check_parent(line: int, area: Area, found: dict[str, tuple[int, Area]], problems: list[Problem]) -> None:
    if area.parent is None:
        if area.level is Level.GRID:
            expected = Message(N_("网格必须有上级社区或村的代码"))
            problems.append(Problem(where=str(line), column="parent", got="", expected=expected))
        return
    parent = found.get(area.parent)
    if parent is None:
        expected = Message(N_("本文件里某一行的 code"))
    elif RANK[parent[1].level] >= RANK[area.level]:
        expected = Message(N_("比 {level} 高一层或几层的地区"), {"level": area.level})
    elif area.level is Level.GRID and not area.code.startswith(area.parent):
        expected = Message(N_("网格代码的前 12 位 {code}"), {"code": area.code[:CODE_DIGITS]})
    else:
        return
    problems.append(Problem(where=str(line), column="parent", got=area.parent, expected=expected))
