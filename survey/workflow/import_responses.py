"""Answers from a file into a wave: all of them or none, and a report of what was not understood.

A blank or an unknown code is "asked, not answered": it stays in the asked base and is counted in the report. What
would put an answer into the wrong place or in twice (an unknown area, a repeated id) refuses the whole file.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.orm import Session

from questionnaires.checking import AnswerChecker, AnswerProblemKind, CheckedItem
from questionnaires.definition import Item, ItemType, Questionnaire
from questionnaires.loading import from_document
from survey.files.column_map import UNMAPPED, ColumnMap, ItemColumns, raw_answer, read_day
from survey.files.csv_files import CsvFile, need_columns, refuse
from survey.messages import N_, BadInput, Conflict, Message, Problem
from survey.store.areas import get_frame
from survey.store.draws import open_draw
from survey.store.imports import add_import
from survey.store.instruments import get_instrument
from survey.store.responses import NewResponse, add_responses, answers_document, existing_uuids
from survey.store.waves import STATE_NAMES, WaveRecord, change_state, get_wave
from survey.waves import Mode, WaveState

#: An import needs no draw; once the wave is closed its answers stand.
OPEN_STATES = (WaveState.DRAFT, WaveState.DRAWN, WaveState.FIELDING)

#: Distinct values listed per kind in a report; all of them are counted.
MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class FileAnswers:
    """What a file holds, ready to store; ``ids`` are the file's own numbers in the order of ``responses``."""

    responses: Sequence[NewResponse]
    ids: Sequence[str]
    report: Mapping[str, object]
    design: str | None
    file_digest: str
    columns_digest: str


@dataclass(frozen=True, kw_only=True)
class ImportedResponses:
    id: int
    imported: int
    report: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Target:
    """The wave the answers are for, the questionnaire they answer, and the codes of its areas."""

    wave: WaveRecord
    questionnaire: Questionnaire
    areas: Set[str]


def find_target(session: Session, wave_id: int) -> Target:
    """Raises ``NotThere`` for an unknown wave, :class:`~survey.messages.Conflict` for one closed or drawn."""
    wave = _open_wave(session, wave_id)
    return Target(
        wave=wave,
        questionnaire=from_document(get_instrument(session, wave.instrument_id).document),
        areas={area.code for area in get_frame(session, wave.frame_id).areas},
    )


def _open_wave(session: Session, wave_id: int) -> WaveRecord:
    wave = get_wave(session, wave_id)
    if wave.state not in OPEN_STATES:
        message = N_("轮次 {wave} 已经关闭（{state}），不能再导入答卷")
        raise Conflict(Message(message, {"wave": wave.id, "state": Message(STATE_NAMES[wave.state])}))
    if open_draw(session, wave.id) is not None:
        message = N_("轮次 {wave} 有抽样：答卷只能来自样本户；文件里的答卷请另建轮次再导入")
        raise Conflict(Message(message, {"wave": wave.id}))
    return wave


def import_responses(
    session: Session, wave_id: int, *, answers: FileAnswers, at: datetime, by: str
) -> ImportedResponses:
    """Store ``answers`` in the wave; the first answers put a draft into the field.

    Raises :class:`~survey.messages.Conflict` when the wave is closed or drawn, or any respondent is there already.
    """
    wave = _open_wave(session, wave_id)
    known = existing_uuids(session, wave.id, [response.uuid for response in answers.responses])
    if known:
        pairs = zip(answers.ids, answers.responses, strict=True)
        named = [own for own, response in pairs if response.uuid in known]
        raise Conflict(
            Message(
                N_("{count} 份答卷已经在轮次 {wave} 里（编号 {ids}），什么也没有导入"),
                {"count": len(known), "wave": wave.id, "ids": ", ".join(named[:5])},
            )
        )
    import_id = add_import(
        session,
        wave_id=wave.id,
        file_digest=answers.file_digest,
        columns_digest=answers.columns_digest,
        design=answers.design,
        rows=len(answers.responses),
        report=answers.report,
        at=at,
        by=by,
    )
    # In the order of the keys the table grows page by page instead of everywhere at once.
    in_order = sorted(answers.responses, key=lambda response: response.uuid.int)
    imported = add_responses(session, wave.id, import_id, in_order)
    if wave.state is not WaveState.FIELDING:
        change_state(session, wave.id, WaveState.FIELDING, at=at, by=by)
    return ImportedResponses(id=import_id, imported=imported, report=answers.report)


def read_answers(file: CsvFile, column_map: ColumnMap, *, map_text: str, target: Target) -> FileAnswers:
    """The answers of ``file``; :class:`~survey.messages.BadInput` lists unknown areas and repeated or empty ids."""
    _check_map(column_map, target)
    positions = need_columns(file, column_map.columns)
    rows = _Rows(column_map, positions, target.areas)
    rows.check(file)
    seen = _Seen()
    responses: list[NewResponse] = []
    ids: list[str] = []
    checker = AnswerChecker(target.questionnaire)
    columns = [_Column(item, positions, checker) for item in column_map.items]
    for cells in file.rows:
        own, area, mode, day = rows.place(cells, seen)
        checked = checker.check([column[column.cells_of(cells)] for column in columns])
        for problem in checked.problems:
            seen.answers[problem.item, problem.kind, problem.value.replace(UNMAPPED, "")] += 1
        seen.screened += checked.screened
        seen.completeness[checked.completeness] += 1
        ids.append(own)
        responses.append(
            NewResponse(
                uuid=_uuid(target.wave.id, own),
                area=area,
                mode=mode,
                day=day,
                answers=answers_document(checked.answers),
                completeness=checked.completeness,
            )
        )
    used = set(column_map.columns)
    return FileAnswers(
        responses=responses,
        ids=ids,
        report=seen.report(len(responses), [column for column in file.header if column not in used]),
        design=column_map.design,
        file_digest=file.digest,
        columns_digest=hashlib.sha256(map_text.encode()).hexdigest(),
    )


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


def _uuid(wave_id: int, own: str) -> UUID:
    """The same respondent of the same wave always gets the same UUID, so a file cannot come in twice."""
    respondent = _respondent(own)
    if isinstance(respondent, UUID):
        return respondent
    return uuid5(NAMESPACE_OID, f"wave {wave_id} respondent {respondent}")


def _respondent(own: str) -> UUID | str:
    """Whom an id means: a UUID is the same in small letters, in capitals or without hyphens."""
    try:
        return UUID(own)
    except ValueError:
        return own


def _check_map(column_map: ColumnMap, target: Target) -> None:
    """Raise :class:`BadInput` where the map leads to an item, a code or an area that is not there."""
    known = target.questionnaire.items_by_id
    problems: list[Problem] = []
    for columns in column_map.items:
        item = known.get(columns.item)
        if item is not None:
            problems += _check_item(columns, item)
            continue
        names = {"slug": target.questionnaire.slug, "items": ", ".join(known)}
        expected = Message(N_("问卷 {slug} 的题号：{items}"), names)
        problems.append(Problem(where=f"items.{columns.item}", column="", got=columns.item, expected=expected))
    for value, area in (column_map.areas or {}).items():
        if area not in target.areas:
            problems.append(Problem(where="areas", column=value, got=area, expected=_area_codes(target.areas)))
    if problems:
        raise BadInput(Message(N_("列对应表与轮次的问卷或抽样框不符，什么也没有导入")), problems)


def _check_item(columns: ItemColumns, item: Item) -> Iterator[Problem]:
    where = f"items.{columns.item}"
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


def _area_codes(areas: Set[str]) -> Message:
    return Message(N_("抽样框里的地区代码，如 {areas}"), {"areas": ", ".join(sorted(areas)[:8])})


class _Rows:
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
            respondent = _respondent(own)
            if not own:
                expected = Message(N_("每行都有编号"))
                problems.append(Problem(where=str(line), column=self.map.id, got="", expected=expected))
            elif respondent in first:
                expected = Message(N_("每个编号只出现一次；第 {line} 行已有"), {"line": first[respondent]})
                problems.append(Problem(where=str(line), column=self.map.id, got=own, expected=expected))
            first.setdefault(respondent, line)
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


class _Seen:
    """What was met on the way and belongs into the report."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, AnswerProblemKind, str]] = Counter()
        self.modes: Counter[str] = Counter()
        self.days: Counter[str] = Counter()
        self.completeness: Counter[str] = Counter()
        self.screened = 0

    def report(self, rows: int, ignored: Sequence[str]) -> dict[str, object]:
        blank: Counter[str] = Counter()
        others: list[dict[str, object]] = []
        for (item, kind, value), count in sorted(self.answers.items()):
            if kind is AnswerProblemKind.BLANK:
                blank[item] += count
            else:
                others.append({"item": item, "problem": str(kind), "value": value, "rows": count})
        return {
            "rows": rows,
            "screened": self.screened,
            "completeness": dict(self.completeness),
            "blank": dict(blank),
            "not_understood": others[:MOST_LISTED],
            "not_understood_rows": sum(int(str(other["rows"])) for other in others),
            "unknown_modes": dict(self.modes.most_common(MOST_LISTED)),
            "unknown_days": dict(self.days.most_common(MOST_LISTED)),
            "ignored_columns": list(ignored),
        }
