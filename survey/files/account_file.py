"""The table of accounts that offices fill in: its columns, and the words they write in them.

Columns and words may be Chinese or English. A title or notes above the header do not disturb; a column that is not
known is refused rather than dropped, because what it says might have mattered.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from survey.account_rules import (
    CANVASSER_TYPE_NAMES,
    FIELD_NAMES,
    ROLE_NAMES,
    Field,
    Person,
    Places,
    find_area_codes,
    find_faults,
    is_name,
    name_key,
)
from survey.files.spreadsheets import SheetRows
from survey.i18n import LANGUAGES, translate
from survey.messages import N_, BadInput, Message, Problem
from survey.roles import CanvasserType, Role, Scope

MOST_ACCOUNTS = 2000
#: The header stands in one of the first rows.
_HEADER_WITHIN = 10
_SEPARATORS = re.compile(r"[、，,;；\s]+")
_WORD = TypeVar("_WORD", bound=StrEnum)

#: The columns and words that the template offers.
COLUMNS = N_("账号、姓名、角色、访员类型、负责地区、负责轮次、所属社区")
ROLES = N_("管理员、统计员、督导、访员、干部、领导、网格员、部门之一")
TYPES = N_("学生、社区工作者、调查公司之一，或空着")

EXPLANATIONS: Mapping[Field, str] = {
    Field.NAME: N_("必填。登录用，1 到 64 个可见字符，不含空格，不能与已有账号相同。"),
    Field.FULL_NAME: N_("只有管理员和督导看得到。"),
    Field.ROLE: ROLES,
    Field.CANVASSER_TYPE: TYPES,
    Field.AREAS: N_("空着表示全部；地区代码或抽样框里唯一的名称，几个之间用顿号隔开。"),
    Field.WAVES: N_("空着表示全部；轮次的编号，几个之间用顿号隔开。"),
    Field.TIES: N_("访员居住或工作的社区：不会把那里的样本户分给他们。"),
}

HEADERS: Mapping[Field, tuple[str, ...]] = {
    Field.NAME: ("账号", "帐号", "账号名", "用户名", "登录名", "account", "username", "user", "login", "name"),
    Field.FULL_NAME: ("姓名", "名字", "真实姓名", "full name", "fullname"),
    Field.ROLE: ("角色", "身份", "role"),
    Field.CANVASSER_TYPE: ("访员类型", "类型", "canvasser type", "type"),
    Field.AREAS: ("负责地区", "地区", "负责社区", "areas", "area"),
    Field.WAVES: ("负责轮次", "轮次", "waves", "wave"),
    Field.TIES: ("所属社区", "回避社区", "ties", "tie", "own community", "own communities", "communities"),
}
ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("系统管理员", "admin"),
    Role.STATISTICIAN: ("统计人员",),
    Role.SUPERVISOR: ("督导员",),
    Role.CANVASSER: ("调查员", "入户员", "访问员", "interviewer"),
    Role.OFFICIAL: ("工作人员",),
    Role.LEADER: ("分管领导",),
    Role.GRID_WORKER: ("网格长",),
    Role.DEPARTMENT: ("责任单位", "职能部门"),
}
TYPE_WORDS: Mapping[CanvasserType, tuple[str, ...]] = {
    CanvasserType.STUDENT: ("大学生",),
    CanvasserType.COMMUNITY_STAFF: ("社区工作人员", "社区干部", "社工"),
    CanvasserType.AGENCY: ("第三方", "第三方机构", "机构", "公司"),
}


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """One row of the file."""

    row: int
    name: str
    person: Person


@dataclass(frozen=True, kw_only=True)
class _Header:
    """Column number -> what it tells, and how the file calls it."""

    fields: Mapping[int, Field]
    names: Mapping[Field, str]


def template_workbook(language: str) -> bytes:
    """An empty XLSX table with the columns in the reader's language, every cell text, and a sheet that explains."""
    from openpyxl import Workbook  # a quarter of a second that reading does not need
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    table = book.worksheets[0]
    table.title = translate(N_("账号"), language)
    for column, field in enumerate(Field, start=1):
        head = table.cell(row=1, column=column, value=translate(FIELD_NAMES[field], language))
        head.font = Font(bold=True)
        table.column_dimensions[head.column_letter].width = 22
        table.column_dimensions[head.column_letter].number_format = "@"  # codes are text, not numbers
        for row in range(2, 202):
            table.cell(row=row, column=column).number_format = "@"
    table.freeze_panes = "A2"
    notes = book.create_sheet(translate(N_("说明"), language))
    notes.column_dimensions["A"].width = 20
    notes.column_dimensions["B"].width = 90
    for row, (field, text) in enumerate(EXPLANATIONS.items(), start=1):
        notes.cell(row=row, column=1, value=translate(FIELD_NAMES[field], language)).font = Font(bold=True)
        notes.cell(row=row, column=2, value=translate(text, language)).alignment = Alignment(wrap_text=True)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read_accounts(sheet: SheetRows, places: Places, taken: frozenset[str]) -> tuple[NewAccount, ...]:
    """Every account of the file; ``taken``: the keys of the names in use (:func:`~survey.account_rules.name_key`).

    Raises :class:`BadInput` with everything that is wrong, by row.
    """
    position, header = _find_header(sheet)
    rows = sheet.rows[position + 1 :]
    if not rows:
        raise BadInput(Message(N_("{file} 里只有表头，没有账号"), {"file": sheet.name}))
    if len(rows) > MOST_ACCOUNTS:
        counts = {"file": sheet.name, "got": len(rows), "most": MOST_ACCOUNTS}
        raise BadInput(Message(N_("{file} 有 {got} 行，一次最多 {most} 个账号：请分成几个文件"), counts))
    problems: list[Problem] = []
    found: list[NewAccount] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        told = {field: cells[column].strip() if column < len(cells) else "" for column, field in header.fields.items()}
        account, faults = _read_row(number, told, header, places)
        name = told[Field.NAME]
        faults += _name_faults(name, taken, seen, where=str(number), column=header.names[Field.NAME])
        seen.setdefault(name_key(name), number)
        problems += faults
        found.append(account)
    if problems:
        bad = len({problem.where for problem in problems})
        counts = {"file": sheet.name, "bad": bad, "rows": len(rows)}
        raise BadInput(Message(N_("{file} 的 {rows} 行里有 {bad} 行要改；一个账号也没有建立"), counts), problems)
    return tuple(found)


def _find_header(sheet: SheetRows) -> tuple[int, _Header]:
    for position, (_, cells) in enumerate(sheet.rows[:_HEADER_WITHIN]):
        meant = {column: _field(cell) for column, cell in enumerate(cells) if cell.strip()}
        if {Field.NAME, Field.ROLE} <= set(meant.values()):
            return position, _check_header(sheet, cells, meant)
    raise BadInput(
        Message(
            N_("{file} 里找不到表头：前几行里应有一行写着这些列名中的“账号”和“角色”：{columns}"),
            {"file": sheet.name, "columns": Message(COLUMNS)},
        )
    )


def _check_header(sheet: SheetRows, cells: Sequence[str], meant: Mapping[int, Field | None]) -> _Header:
    row = str(next(number for number, found in sheet.rows if found is cells))
    fields: dict[int, Field] = {}
    problems = []
    for column, field in meant.items():
        if field is None:
            problems.append(Problem(where=row, column="", got=cells[column].strip(), expected=Message(COLUMNS)))
        elif field in fields.values():
            once = Message(N_("每一列只出现一次"))
            problems.append(Problem(where=row, column="", got=cells[column].strip(), expected=once))
        else:
            fields[column] = field
    if problems:
        raise BadInput(
            Message(N_("{file} 的表头有 {count} 处要改"), {"file": sheet.name, "count": len(problems)}), problems
        )
    return _Header(fields=fields, names={field: cells[column].strip() for column, field in fields.items()})


def _field(cell: str) -> Field | None:
    word = _plain(cell)
    return next((field for field, words in HEADERS.items() if word in map(_plain, (*words, *_own_names(field)))), None)


def _own_names(field: Field) -> tuple[str, ...]:
    """The column as the template of each language calls it, and its short name."""
    return (str(field), *(translate(FIELD_NAMES[field], language) for language in LANGUAGES))


def _plain(word: str) -> str:
    """
    >>> _plain("Full_Name"), _plain(" 账号 *")
    ('fullname', '账号')
    """
    return re.sub(r"[\s_*＊：:]+", "", word).lower()


def _read_row(
    number: int, told: Mapping[Field, str], header: _Header, places: Places
) -> tuple[NewAccount, list[Problem]]:
    """The account of a row as far as it can be read, and what is wrong."""
    problems: list[Problem] = []

    def wrong(field: Field, got: str, expected: Message) -> None:
        problems.append(Problem(where=str(number), column=header.names[field], got=got, expected=expected))

    role = _find_word(told[Field.ROLE], ROLE_NAMES, ROLE_WORDS)
    if role is None:
        wrong(Field.ROLE, told[Field.ROLE], Message(ROLES))
    type_told = told.get(Field.CANVASSER_TYPE, "")
    canvasser_type = _find_word(type_told, CANVASSER_TYPE_NAMES, TYPE_WORDS)
    if type_told and canvasser_type is None:
        wrong(Field.CANVASSER_TYPE, type_told, Message(TYPES))
    waves = set()
    for word in _words(told.get(Field.WAVES, "")):
        if word.isascii() and word.isdigit() and len(word) < 10:
            waves.add(int(word))
        else:
            wrong(Field.WAVES, word, Message(N_("已有轮次的编号")))
    person = Person(
        role=role or Role.LEADER,
        full_name=told.get(Field.FULL_NAME, ""),
        canvasser_type=canvasser_type if role else None,
        scope=Scope(areas=find_area_codes(_words(told.get(Field.AREAS, "")), places.areas), waves=frozenset(waves)),
        ties=find_area_codes(_words(told.get(Field.TIES, "")), places.areas),
    )
    for fault in find_faults(person, places):
        wrong(fault.field, fault.got, fault.expected)
    return NewAccount(row=number, name=told[Field.NAME], person=person), problems


def _name_faults(
    name: str, taken: frozenset[str], seen: Mapping[str, int], *, where: str, column: str
) -> Iterator[Problem]:
    if not is_name(name):
        yield Problem(where=where, column=column, got=name, expected=Message(N_("1 到 64 个可见字符，不含空格")))
    elif name_key(name) in seen:
        before = Message(
            N_("每个账号只出现一次，大小写和全半角不算不同（第 {row} 行已有）"), {"row": seen[name_key(name)]}
        )
        yield Problem(where=where, column=column, got=name, expected=before)
    elif name_key(name) in taken:
        yield Problem(
            where=where, column=column, got=name, expected=Message(N_("还没有使用的账号名，大小写和全半角不算不同"))
        )


def _find_word(told: str, names: Mapping[_WORD, str], others: Mapping[_WORD, tuple[str, ...]]) -> _WORD | None:
    """The choice meant by a Chinese name, another word for it or the English one."""
    word = _plain(told)
    for choice, name in names.items():
        if word and word in [_plain(other) for other in (name, str(choice), *others[choice])]:
            return choice
    return None


def _words(cell: str) -> list[str]:
    return [word for word in _SEPARATORS.split(cell) if word]
