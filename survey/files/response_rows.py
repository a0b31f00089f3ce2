"""A file of answers row by row: who, where, when, and what the questionnaire makes of each cell.

A blank or an unknown code is "asked, not answered" and counted in the report; an unknown area, a missing or a
repeated id refuses the file before its first row.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from questionnaires.checking import AnswerChecker, AnswerProblemKind, CheckedAnswers, CheckedItem
from questionnaires.definition import Item, ItemType, Questionnaire, open_key
from survey.files.column_map import UNMAPPED, ColumnMap, ItemColumns, raw_answer, read_day
from survey.files.csv_files import CsvFile, need_columns, refuse
from survey.messages import N_, BadInput, Message, Problem
from survey.waves import Mode

#: Distinct values listed per kind in a report; all of them are counted.
MOST_LISTED = 200
#: Characters of a way or a day that a report quotes.
LONGEST_SHOWN = 12

#: Lists of a report beside what was not understood: answers kept as they are (beside the route or at odds with another
#: answer), words that were cut, words to an option that was not chosen.
LISTED = ("kept", "shortened", "not_used")
_LISTS = {
    AnswerProblemKind.NOT_ROUTED: "kept",
    AnswerProblemKind.TOO_LONG: "shortened",
    AnswerProblemKind.NOT_CHOSEN: "not_used",
}
_CODE = r"(?:[-+]?\d{1,4}(?:[.]\d{1,2})?|[A-Za-z?*.-])"
_CODES = re.compile(rf'{_CODE}|\["{_CODE}"(?:, "{_CODE}")*\]')


class ResponseRow(NamedTuple):
    """One row; ``id`` is the file's own."""

    id: str
    area: str
    mode: Mode
    day: date | None
    checked: CheckedAnswers


class ResponseRows:
    """The rows of ``file``, to be read once; after that :meth:`report` says what was met.

    Raises :class:`BadInput` at once for a map that leads nowhere, unknown areas, and repeated or empty ids.
    """

    def __init__(self, file: CsvFile, column_map: ColumnMap, *, questionnaire: Questionnaire, areas: Set[str]) -> None:
        _check_map(column_map, questionnaire, areas)
        positions = need_columns(file, column_map.columns)
        self._file, self._map = file, column_map
        self._places = _Places(column_map, positions, areas)
        self._places.check(file)
        self._checker = AnswerChecker(questionnaire)
        self._columns = [_Column(item, positions, self._checker) for item in column_map.items]
        self._seen = _Seen({item.item: item.column or ", ".join(item.columns) for item in column_map.items})
        self._hard = frozenset(check.id for check in questionnaire.checks if check.hard)

    def __iter__(self) -> Iterator[ResponseRow]:
        seen, columns = self._seen, self._columns
        for line, cells in zip(self._file.line_numbers, self._file.rows, strict=True):
            own, area, mode, day = self._places.place(cells, seen)
            checked = self._checker.check([column[column.cells_of(cells)] for column in columns])
            for problem in checked.problems:
                kept = problem.kind is AnswerProblemKind.CHECK_FAILED and problem.check not in self._hard
                seen.note(line, problem.item, problem.kind, problem.value.replace(UNMAPPED, ""), kept=kept)
            seen.screened += checked.screened
            seen.completeness[checked.completeness] += 1
            yield ResponseRow(own, area, mode, day, checked)

    def report(self) -> dict[str, object]:
        """What was not understood, counted; the first of each kind listed."""
        used = set(self._map.columns)
        return self._seen.report(len(self._file.rows), [name for name in self._file.header if name not in used])


def respondent(own: str) -> UUID | str:
    """Whom an id means: a UUID is the same in small letters, in capitals or without hyphens.

    >>> respondent("R007")
    'R007'
    >>> respondent("6F1C5B0E8A5B4B0F9A3D2C1B0A998877") == respondent("6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877")
    True
    """
    try:
        return UUID(own)
    except ValueError:
        return own


class _Column(dict[Any, CheckedItem]):
    """What the cells of one item mean. Few different values stand in a column: each is understood once."""

    def __init__(self, item: ItemColumns, positions: Mapping[str, int], checker: AnswerChecker) -> None:
        super().__init__()
        names = [item.column] if item.column else list(item.columns)
        self.cells_of = itemgetter(*(positions[name] for name in names))
        self._item, self._checker = item, checker
        self._places = {name: place for place, name in enumerate(names)}

    def __missing__(self, cells: Any) -> CheckedItem:
        values = (cells,) if isinstance(cells, str) else cells
        raw = raw_answer(self._item, values, self._places)
        found = self[cells] = self._checker.check_item(self._item.item, raw)
        return found


def _check_map(column_map: ColumnMap, questionnaire: Questionnaire, areas: Set[str]) -> None:
    """Raise :class:`BadInput` where the map leads to an item, a code or an area that is not there."""
    known = questionnaire.items_by_id
    words = {open_key(item.id, code) for item in questionnaire.items for code in item.open_codes}
    problems: list[Problem] = []
    for columns in column_map.items:
        item = known.get(columns.item)
        if item is not None:
            problems += _check_item(columns, item)
            continue
        if columns.item in words:
            problems += _check_words(columns)
            continue
        names = {"slug": questionnaire.slug, "items": ", ".join(known)}
        expected = Message(N_("问卷 {slug} 的题号：{items}"), names)
        problems.append(Problem(where=f"items.{columns.item}", column="", got=columns.item, expected=expected))
    for value, area in (column_map.areas or {}).items():
        if area not in areas:
            problems.append(Problem(where="areas", column=value, got=area, expected=_area_codes(areas)))
    if problems:
        raise BadInput(Message(N_("列对应表与轮次的问卷或抽样框不符，什么也没有导入")), problems)


def _check_item(columns: ItemColumns, item: Item) -> Iterator[Problem]:
    where = f"items.{columns.item}"
    if item.type is ItemType.NOTE:
        yield Problem(where=where, column="", got=item.type, expected=Message(N_("有人回答的题：说明没有答案")))
    if item.type is not ItemType.MULTI and (columns.separator or columns.columns):
        field = "separator" if columns.separator else "columns"
        yield Problem(where=where, column=field, got=item.type, expected=Message(N_("多选题")))
    if columns.codes is not None and not item.options:
        yield Problem(where=where, column="codes", got=item.type, expected=Message(N_("有选项的题")))
        return
    for code in sorted({*columns.columns.values(), *(columns.codes or {}).values()} - item.options_by_code.keys()):
        codes = ", ".join(str(known) for known in item.options_by_code)
        expected = Message(N_("本题的选项代码：{codes}"), {"codes": codes})
        yield Problem(where=where, column="codes", got=str(code), expected=expected)


def _check_words(columns: ItemColumns) -> Iterator[Problem]:
    """Words to an open option stand in one column as they were written."""
    for field, given in (("separator", columns.separator), ("columns", columns.columns), ("codes", columns.codes)):
        if given:
            expected = Message(N_("只写 column：“其他”的文字原样导入"))
            yield Problem(where=f"items.{columns.item}", column=field, got=str(given), expected=expected)


def _area_codes(areas: Set[str]) -> Message:
    return Message(N_("抽样框里的地区代码，如 {areas}"), {"areas": ", ".join(sorted(areas)[:8])})


class _Places:
    """Who a row is and where it belongs."""

    def __init__(self, column_map: ColumnMap, positions: Mapping[str, int], areas: Set[str]) -> None:
        self.map = column_map
        self.id_at, self.area_at = positions[column_map.id], positions[column_map.area]
        self.mode_at = positions[column_map.mode] if column_map.mode else None
        self.day_at = positions[column_map.day] if column_map.day else None
        self.areas = areas

    def check(self, file: CsvFile) -> None:
        """Raise :class:`BadInput` for rows that have no id of their own or no known area."""
        first: dict[UUID | str, int] = {}
        problems: list[Problem] = []
        known_areas = _area_codes(self.areas)
        if self.map.areas is not None:
            known_areas = Message(N_("[areas] 里的值：{areas}"), {"areas": ", ".join(sorted(self.map.areas)[:8])})
        for line, cells in zip(file.line_numbers, file.rows, strict=True):
            own, area = cells[self.id_at].strip(), cells[self.area_at].strip()
            person = respondent(own)
            if not own:
                expected = Message(N_("每行都有编号"))
                problems.append(Problem(where=str(line), column=self.map.id, got="", expected=expected))
            elif person in first:
                expected = Message(N_("每个编号只出现一次；第 {line} 行已有"), {"line": first[person]})
                problems.append(Problem(where=str(line), column=self.map.id, got=own, expected=expected))
            first.setdefault(person, line)
            if self.area(area) not in self.areas:
                problems.append(Problem(where=str(line), column=self.map.area, got=area, expected=known_areas))
        refuse(problems, file.name)

    def area(self, value: str) -> str:
        return self.map.areas.get(value, "") if self.map.areas is not None else value

    def place(self, cells: Sequence[str], seen: "_Seen") -> tuple[str, str, Mode, date | None]:
        own, area = cells[self.id_at].strip(), self.area(cells[self.area_at].strip())
        return own, area, self._mode(cells, seen), self._day(cells, seen)

    def _mode(self, cells: Sequence[str], seen: "_Seen") -> Mode:
        if self.mode_at is None:
            return self.map.default_mode
        value = cells[self.mode_at].strip()
        mode = self.map.modes.get(value)
        if mode is None and value in Mode.__members__.values():
            mode = Mode(value)
        if mode is None:
            seen.modes[value] += 1
        return mode or self.map.default_mode

    def _day(self, cells: Sequence[str], seen: "_Seen") -> date | None:
        if self.day_at is None:
            return None
        value = cells[self.day_at].strip()
        day = read_day(value)
        if day is None:
            seen.days[value] += 1
        return day


def _is_code(value: str) -> bool:
    """Whether ``value`` can only be codes: short numbers, single letters, marks; several as JSON writes them.

    >>> _is_code("7"), _is_code("?"), _is_code('["1", "x"]'), _is_code("太吵了"), _is_code("13800000000")
    (True, True, True, False, False)
    """
    return bool(_CODES.fullmatch(value))


def _shown(values: Counter[str]) -> dict[str, int]:
    """Ways and days as they were written, unless they are so long that they are something else."""
    shown: Counter[str] = Counter()
    for value, count in values.most_common(MOST_LISTED):
        shown[value if len(value) <= LONGEST_SHOWN else f"({len(value)} characters)"] += count
    return dict(shown)


class _Seen:
    """What was met on the way and belongs into the report."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = columns
        self.answers: Counter[tuple[str, str, AnswerProblemKind, str]] = Counter()
        #: Where each was met first, and how long the longest is.
        self.places: dict[tuple[str, str, AnswerProblemKind, str], tuple[int, int]] = {}
        self.modes: Counter[str] = Counter()
        self.days: Counter[str] = Counter()
        self.completeness: Counter[str] = Counter()
        self.screened = 0

    def note(self, line: int, item: str, kind: AnswerProblemKind, value: str, *, kept: bool) -> None:
        """What was met in a ``line``; a value that may be somebody's words is not kept, only where it stands."""
        entry = ("kept" if kept else _LISTS.get(kind, "not_understood"), item, kind, value if _is_code(value) else "")
        first, longest = self.places.get(entry, (line, 0))
        self.places[entry] = (first, max(longest, len(value)))
        self.answers[entry] += 1

    def report(self, rows: int, ignored: Sequence[str]) -> dict[str, object]:
        blank: Counter[str] = Counter()
        lists: dict[str, list[dict[str, object]]] = {name: [] for name in ("not_understood", *LISTED)}
        for entry, count in sorted(self.answers.items()):
            name, item, kind, value = entry
            if kind is AnswerProblemKind.BLANK:
                blank[item] += count
                continue
            line, longest = self.places[entry]
            where = {"column": self.columns.get(item, ""), "first_row": line, "length": longest}
            lists[name].append({"item": item, "problem": str(kind), "value": value or None, "rows": count, **where})
        return {
            "rows": rows,
            "screened": self.screened,
            "completeness": dict(self.completeness),
            "blank": dict(blank),
            **{name: entries[:MOST_LISTED] for name, entries in lists.items()},
            "not_understood_rows": sum(int(str(entry["rows"])) for entry in lists["not_understood"]),
            "unknown_modes": _shown(self.modes),
            "unknown_days": _shown(self.days),
            "ignored_columns": list(ignored),
        }
