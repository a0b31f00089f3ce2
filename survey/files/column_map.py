"""The column map: which column of a file of answers is which item, and what its values mean.

```toml
[file]
id = "id"                 # the respondent's number: makes an import repeatable without doubling anyone
area = "district"         # values are area codes, unless [areas] translates them
mode = "method"           # optional; [modes] translates; else every row has default_mode
default_mode = "web_open"
day = "date"              # optional, year, month and day: 2026-03-02 or 2026/3/2
design = "assumed-srs"    # optional; without it the answers are a non-probability sample
blank = ["NA", "99"]      # read as "asked, not answered" like an empty cell

[areas]
"1" = "290001000001"

[items.A1]
column = "q31"
codes = { "Y" = 1, "N" = 2 }   # optional: no other value is understood then; without it the value is the code
blank = ["-"]                  # optional, besides those of the file

[items.C1]                     # an item with several answers: one column with separators …
column = "c1"
separator = ";"

[items.E3]                     # … or one column per option, chosen where it says 1
columns = { e3_a = 1, e3_b = 2 }

[items."A2.10"]                # the words to an open option of A2, kept where that option was chosen
column = "a2_other"
```
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.files.csv_files import refuse
from survey.messages import N_, BadInput, Message, Problem
from survey.runs import ASSUMED_SRS
from survey.waves import Mode

#: In one column per option: chosen, and not chosen.
CHOSEN = frozenset({"1", "1.0", "y", "yes", "true", "x", "√", "是", "有"})
NOT_CHOSEN = frozenset({"", "0", "0.0", "2", "2.0", "n", "no", "false", "否", "没有"})

#: Before a value that the map's codes do not know: it must not pass for a code of the item.
UNMAPPED = "\ue000"

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])")
_FILE_KEYS = ("id", "area", "mode", "default_mode", "day", "design", "blank")
_ITEM_KEYS = ("column", "columns", "codes", "blank", "separator")


@dataclass(frozen=True, kw_only=True)
class ItemColumns:
    """Where one item's answer stands. Either ``column``, or ``columns``: column name -> option code."""

    item: str
    column: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] | None = None
    blank: frozenset[str] = frozenset()
    separator: str | None = None


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    id: str
    area: str
    mode: str | None
    default_mode: Mode
    day: str | None
    design: str | None
    areas: Mapping[str, str] | None
    modes: Mapping[str, Mode]
    items: tuple[ItemColumns, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the map names, once."""
        names = [self.id, self.area, self.mode, self.day]
        for item in self.items:
            names += [item.column, *item.columns]
        return tuple(dict.fromkeys(name for name in names if name))


def parse_column_map(text: str, name: str) -> ColumnMap:
    """The map in ``text``; :class:`BadInput` lists everything that is wrong with it."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(Message(N_("{file} 不是 TOML：{reason}"), {"file": name, "reason": error})) from error
    reader = _Reader(document)
    column_map = reader.read()
    refuse(reader.problems, name)
    return column_map


def raw_answer(item: ItemColumns, cells: Sequence[str], positions: Mapping[str, int]) -> object:
    """What the cells of one item say, in the item's own codes where the map translates them; ``None``: nothing.

    A value that the map's codes do not know comes behind :data:`UNMAPPED`.

    >>> reversed_scale = ItemColumns(item="A1", column="q1", codes={"1": 5, "5": 1})
    >>> raw_answer(reversed_scale, ["1"], {"q1": 0}), raw_answer(reversed_scale, ["4"], {"q1": 0}) == UNMAPPED + "4"
    (5, True)
    """
    if item.column is None:
        return _chosen(item, cells, positions)
    value = cells[positions[item.column]].strip()
    if value in item.blank:
        return None
    if item.separator:
        parts = [part.strip() for part in value.split(item.separator)]
        return [_code(item, part) for part in parts if part and part not in item.blank] or None
    return _code(item, value)


def _code(item: ItemColumns, value: str) -> int | str | None:
    if item.codes is None or not value:
        return value or None
    return item.codes.get(value, UNMAPPED + value)


def _chosen(item: ItemColumns, cells: Sequence[str], positions: Mapping[str, int]) -> object:
    """The options whose columns say that they were chosen, and what else stands in the columns."""
    written = {code: cells[positions[column]].strip() for column, code in item.columns.items()}
    values = {code: "" if value in item.blank else value.lower() for code, value in written.items()}
    if not any(values.values()):
        return None
    strange = [UNMAPPED + value for value in values.values() if value not in CHOSEN | NOT_CHOSEN]
    return [code for code, value in values.items() if value in CHOSEN] + strange or None


def read_day(value: str) -> date | None:
    """A day as files write it, with or without a time behind it; ``None`` for what is none.

    >>> read_day("2026-03-02 10:15") == read_day("2026/3/2") == read_day("2026年3月2日") == date(2026, 3, 2)
    True
    """
    found = _DAY.match(value)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:  # say, the 31st of June
        return None


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def read(self) -> ColumnMap:
        self._known("", self.document, ("file", "areas", "modes", "items"))
        file = self._table("file")
        self._known("file", file, _FILE_KEYS)
        blank = self._texts("file", file.get("blank", []))
        design = file.get("design")
        if design not in (None, ASSUMED_SRS):
            self._problem("file.design", design, Message(N_("“assumed-srs”，或者不写（非概率样本）")))
        items = self._table("items")
        if not items:
            self._problem("items", "", Message(N_("至少一个 [items.题号]")))
        return ColumnMap(
            id=self._text("file.id", file.get("id")) or "",
            area=self._text("file.area", file.get("area")) or "",
            mode=self._text("file.mode", file.get("mode"), needed=False),
            default_mode=self._mode("file.default_mode", file.get("default_mode", Mode.IMPORTED)),
            day=self._text("file.day", file.get("day"), needed=False),
            design=design,
            areas={key: str(value) for key, value in self._table("areas").items()} or None,
            modes={key: self._mode(f"modes.{key}", value) for key, value in self._table("modes").items()},
            items=tuple(self._item(key, value, blank) for key, value in items.items()),
        )

    def _item(self, item: str, table: Any, blank: frozenset[str]) -> ItemColumns:
        where = f"items.{item}"
        if not isinstance(table, dict):
            self._problem(where, table, Message(N_('一张表，如 column = "q1"')))
            return ItemColumns(item=item)
        self._known(where, table, _ITEM_KEYS)
        if ("column" in table) == bool(table.get("columns")):
            self._problem(where, ", ".join(table), Message(N_("column 或 columns，二者之一")))
        elif "columns" in table and table.keys() & {"codes", "separator"}:
            self._problem(where, ", ".join(table), Message(N_("columns 不与 codes、separator 同用")))
        return ItemColumns(
            item=item,
            column=self._text(f"{where}.column", table.get("column"), needed=False),
            columns=self._codes(f"{where}.columns", table.get("columns", {})),
            codes=self._codes(f"{where}.codes", table["codes"]) if "codes" in table else None,
            blank=blank | self._texts(where, table.get("blank", [])),
            separator=self._text(f"{where}.separator", table.get("separator"), needed=False),
        )

    def _problem(self, where: str, got: object, expected: Message) -> None:
        self.problems.append(Problem(where=where, column="", got="" if got is None else str(got), expected=expected))

    def _known(self, where: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                expected = Message(N_("以下之一：{choices}"), {"choices": ", ".join(keys)})
                self._problem(f"{where}.{key}".lstrip("."), key, expected)

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self.document.get(key, {})
        if isinstance(table, dict):
            return table
        self._problem(key, table, Message(N_("一张表 [{name}]"), {"name": key}))
        return {}

    def _text(self, where: str, value: Any, *, needed: bool = True) -> str | None:
        if value is None and not needed:
            return None
        if isinstance(value, str) and value:
            return value
        self._problem(where, value, Message(N_("列名或文字，写在引号里")))
        return None

    def _texts(self, where: str, value: Any) -> frozenset[str]:
        if isinstance(value, list):
            return frozenset(str(entry) for entry in value)
        self._problem(f"{where}.blank", value, Message(N_('一列值，如 ["NA", "99"]')))
        return frozenset()

    def _codes(self, where: str, value: Any) -> Mapping[str, int]:
        if isinstance(value, dict) and all(type(code) is int for code in value.values()):
            return value
        self._problem(where, value, Message(N_('文字到选项代码的对应，如 { "Y" = 1 }')))
        return {}

    def _mode(self, where: str, value: Any) -> Mode:
        try:
            return Mode(value)
        except ValueError:
            self._problem(where, value, Message(N_("以下之一：{choices}"), {"choices": ", ".join(Mode)}))
            return Mode.IMPORTED
