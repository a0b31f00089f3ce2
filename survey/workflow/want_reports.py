"""Want reports: ask for the PDFs of a wave's newest estimate run. A worker builds them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from survey.i18n import LANGUAGES
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.roles import Scope
from survey.store import areas, estimates, reports
from survey.store.reports import ReportState
from survey.store.waves import WaveRecord
from survey.waves import WaveState

#: What can be asked for besides the code of one area.
EVERYTHING = "all"
WHOLE = "whole"


def want_reports(
    session: Session, wave: WaveRecord, *, choice: str, language: str, scope: Scope, at: datetime, by: str
) -> tuple[int, ...]:
    """The ids of the reports that are to be built now; those built before are left out.

    ``choice``: :data:`EVERYTHING` (the whole and each area), :data:`WHOLE` or the code of an area with estimates.
    Whoever is limited to areas gets :class:`NotThere` for what lies out of reach, and no report of the whole. Raises
    :class:`BadInput` for another choice or language, :class:`Conflict` before the first estimate run.
    """
    if language not in LANGUAGES:
        raise BadInput(
            Message(
                N_("报告的语言是“{got}”，应为 {expected} 之一。"),
                {"got": language[:20], "expected": "、".join(LANGUAGES)},
            )
        )
    run = estimates.standing_run(session, wave.id)
    if run is None:
        raise Conflict(Message(N_("这个轮次还没有估计值：请先运行 survey estimate --wave {id}。"), {"id": wave.id}))
    parents = {area.code: area.parent for area in areas.get_frame(session, wave.frame_id).areas}
    offered = [None, *estimates.list_estimated_areas(session, run.id)]
    within_reach = [code for code in offered if scope.sees_area(code, parents)]
    ids = reports.want_reports(
        session,
        wave_id=wave.id,
        run_id=run.id,
        areas=_areas(choice, within_reach, limited=bool(scope.areas)),
        language=language,
        draft=wave.state is not WaveState.PUBLISHED,
        at=at,
        by=by,
    )
    return tuple(i for i in ids if reports.get_report(session, i).state is ReportState.WANTED)


def _areas(choice: str, offered: Sequence[str | None], *, limited: bool) -> list[str | None]:
    wanted = None if choice == WHOLE else choice
    if choice == EVERYTHING:
        return list(offered)
    if wanted in offered:
        return [wanted]
    refusal = Message(N_("没有代码为“{got}”的地区的估计值：请从列表里选择。"), {"got": choice[:20]})
    raise NotThere(refusal) if limited else BadInput(refusal)
