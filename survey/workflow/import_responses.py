"""Answers from a file into a wave: all or none, no respondent twice, and a report of what was not understood."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.files.column_map import ColumnMap
from survey.files.csv_files import CsvFile
from survey.files.response_rows import ResponseRows, respondent
from survey.messages import N_, Conflict, Message
from survey.store.areas import get_frame
from survey.store.draws import open_draw
from survey.store.imports import add_import
from survey.store.instruments import get_instrument
from survey.store.responses import NewResponse, add_responses, answers_document, existing_uuids
from survey.store.waves import STATE_NAMES, WaveRecord, change_state, get_wave
from survey.waves import WaveState

#: An import needs no draw; once the wave is closed its answers stand.
OPEN_STATES = (WaveState.DRAFT, WaveState.DRAWN, WaveState.FIELDING)


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
    rows = ResponseRows(file, column_map, questionnaire=target.questionnaire, areas=target.areas)
    responses: list[NewResponse] = []
    ids: list[str] = []
    for row in rows:
        ids.append(row.id)
        responses.append(
            NewResponse(
                uuid=_uuid(target.wave.id, row.id),
                area=row.area,
                mode=row.mode,
                day=row.day,
                answers=answers_document(row.checked.answers),
                completeness=row.checked.completeness,
            )
        )
    return FileAnswers(
        responses=responses,
        ids=ids,
        report=rows.report(),
        design=column_map.design,
        file_digest=file.digest,
        columns_digest=hashlib.sha256(map_text.encode()).hexdigest(),
    )


def _uuid(wave_id: int, own: str) -> UUID:
    """The same respondent of the same wave always gets the same UUID, so a file cannot come in twice."""
    person = respondent(own)
    return person if isinstance(person, UUID) else uuid5(NAMESPACE_OID, f"wave {wave_id} respondent {person}")
