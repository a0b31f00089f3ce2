"""Areas from CSV: a frame, or the list of rows that keep it from being one."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import RANK, Area, Level
from survey.csv_files import CsvFile, damaged_by_spreadsheet, need_columns, refuse
from survey.messages import N_, Message, Problem
from survey.store.areas import add_frame

COLUMNS = ("code", "name", "level", "parent", "population")
CODE_DIGITS = 12
GRID_DIGITS = 15
LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class ImportedFrame:
    id: int
    digest: str
    areas: int


def import_frame(session: Session, *, areas: Sequence[Area], at: datetime) -> ImportedFrame:
    """Store checked areas as a frame."""
    digest = frame_digest(areas)
    return ImportedFrame(id=add_frame(session, areas=areas, digest=digest, at=at), digest=digest, areas=len(areas))


def frame_digest(areas: Sequence[Area]) -> str:
    """SHA-256 over the areas in the order of their codes: the order of rows does not matter."""
    lines = sorted(
        "\t".join((area.code, area.name, area.level, area.parent or "", str(area.population))) for area in areas
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_areas(file: CsvFile) -> tuple[Area, ...]:
    """The areas of ``file``, parents first; :class:`~survey.messages.BadInput` lists every bad row."""
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
        try:
            return Level(self.cells["level"].lower())
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
