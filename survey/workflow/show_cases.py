"""Show a canvasser their cases, in walking order, and one of them with what came of it so far."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.sample_design import Respondent
from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.casework.counted_households import counted_before, read_begun
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.payloads import VisitPayload
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.respondents import Household, respondent_of
from survey.keys import KeyRing
from survey.messages import N_, Message, NotThere
from survey.store import drafts
from survey.store.accounts import Account
from survey.store.areas import get_frame
from survey.store.assignments import cases_of, standing_for
from survey.store.cases import Case, cases_by_ids, get_case
from survey.store.drafts import tags_with_drafts
from survey.store.draws import get_draw
from survey.store.inbox import PayloadState
from survey.store.instruments import get_instrument
from survey.store.interviews import InterviewRecord, read_interviews
from survey.store.units import get_units
from survey.store.visits import VisitRecord, read_visits
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord, get_wave
from survey.units import Unit
from survey.waves import Mode, WaveState

#: After one of these nobody goes to that door again.
ENDS = frozenset(Outcome) - {Outcome.NO_ENTRY, Outcome.NO_ANSWER, Outcome.AWAY, Outcome.APPOINTMENT}


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One case in the list. ``visits``: at the door. ``outcome``: of the last visit. ``interviewed``: its answers
    arrived, from the door or online. ``waiting``: the selected adult was not eligible, and a supervisor has to decide
    whether the household is counted anew. ``voided``: a supervisor wants another interview in the place of one.
    """

    case: Case
    unit: Unit
    area: str
    visits: int
    outcome: Outcome | None
    appointment: datetime | None
    interviewed: bool
    begun: bool
    waiting: bool = False
    voided: bool = False

    @property
    def ended(self) -> bool:
        return not self.waiting and (self.interviewed or self.outcome in ENDS)


@dataclass(frozen=True, kw_only=True)
class WaveCases:
    wave: WaveRecord
    lines: tuple[CaseLine, ...]

    @property
    def left(self) -> int:
        """Doors to go to."""
        return sum(not line.ended and not line.waiting for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """``respondent``: how it is told who is asked. ``draft``: the interview that was begun and not finished, if any;
    its questionnaire is ``questionnaire``. ``counted``: whom another canvasser counted there, which stands.
    """

    wave: WaveRecord
    case: Case
    unit: Unit
    area: str
    respondent: Respondent
    questionnaire: Questionnaire
    fingerprint: str
    visits: tuple[VisitRecord, ...]
    interviews: tuple[InterviewRecord, ...]
    draft: InterviewDraft | None
    counted: Household | None

    @property
    def waiting(self) -> bool:
        """Whether a supervisor has to decide if the household is counted anew; until then nobody goes there."""
        return any(_waits(interview) for interview in self.interviews)

    @property
    def voided(self) -> bool:
        """Whether a supervisor wants another interview in the place of one that was handed in."""
        return not self.interviewed and bool(self.interviews)

    @property
    def interviewed(self) -> bool:
        """Whether answers arrived, from the door or online: nobody is asked twice."""
        held = any(interview.state is not PayloadState.VOID for interview in self.interviews)
        return held or any(_is_answer_online(visit.payload) for visit in self.visits)


def list_my_cases(session: Session, keys: KeyRing, account: Account) -> tuple[WaveCases, ...]:
    """The cases of the waves that are in the field, the newest wave first."""
    cases = cases_by_ids(session, mine := cases_of(session, account.id))
    waves = {number: get_wave(session, number) for number in {case.wave_id for case in cases.values()}}
    found = []
    for wave in sorted(waves.values(), key=lambda wave: -wave.id):
        if wave.state is WaveState.FIELDING and account.scope.sees_wave(wave.id):
            own = [cases[case_id] for case_id in mine if cases[case_id].wave_id == wave.id]
            found.append(WaveCases(wave=wave, lines=_lines(session, keys, wave, own)))
    return tuple(found)


def show_my_case(session: Session, keys: KeyRing, account: Account, case_id: UUID) -> CaseView:
    """Raises :class:`NotThere`, in the same words, for a case that does not exist, is somebody else's (now), or whose
    wave is not in the field.
    """
    case = get_case(session, case_id)
    wave = get_wave(session, case.wave_id) if case else None
    if (
        case is None
        or wave is None
        or wave.state is not WaveState.FIELDING
        or not account.scope.sees_wave(wave.id)
        or standing_for(session, case_id) != account.id
    ):
        raise NotThere(Message(N_("这一户不在您的名单里：可能已经改派给别人，或者本轮调查已经结束。请回到名单。")))
    instrument = get_instrument(session, wave.instrument_id)
    sealer = find_sealer(session, keys, wave.id)
    tag = sealer.tag(f"case:{case.id}") if sealer else ""
    begun = read_begun(session, sealer, case) if sealer else []
    respondent = respondent_of(get_draw(session, case.draw_id).design)
    counted = counted_before(respondent, begun)
    return CaseView(
        wave=wave,
        case=case,
        unit=get_units(session, case.frame_id, [case.unit_serial])[case.unit_serial],
        area=_area_names(session, wave)[case.area],
        respondent=respondent,
        questionnaire=from_document(instrument.document),
        fingerprint=instrument.fingerprint,
        visits=_standing(read_visits(session, sealer, wave.id, tag)) if sealer else (),
        interviews=read_interviews(session, sealer, wave.id, tag) if sealer else (),
        # What another canvasser was told before the case changed hands is not handed on.
        draft=next((draft for draft in begun if draft.canvasser == account.id), None),
        counted=counted.household if counted else None,
    )


def _lines(session: Session, keys: KeyRing, wave: WaveRecord, cases: Sequence[Case]) -> tuple[CaseLine, ...]:
    sealer = find_sealer(session, keys, wave.id)
    units = get_units(session, wave.frame_id, [case.unit_serial for case in cases])
    names = _area_names(session, wave)
    visits: defaultdict[UUID, list[VisitPayload]] = defaultdict(list)
    interviewed: set[UUID] = set()
    waiting: set[UUID] = set()
    voided: set[UUID] = set()
    begun: frozenset[str] = frozenset()
    tags = {case.id: sealer.tag(f"case:{case.id}") for case in cases} if sealer else {}
    if sealer:
        for visit in read_visits(session, sealer, wave.id, tags=tags.values()):
            if visit.state is not PayloadState.VOID:
                visits[visit.payload.case].append(visit.payload)
        found = read_interviews(session, sealer, wave.id, tags=tags.values())
        interviewed = {one.payload.case for one in found if one.state is not PayloadState.VOID}
        waiting = {one.payload.case for one in found if _waits(one)}
        voided = {one.payload.case for one in found} - interviewed
        interviewed |= {case for case, made in visits.items() if any(map(_is_answer_online, made))}
        begun = tags_with_drafts(session, wave.id, drafts.DraftKind.INTERVIEW)
    return tuple(
        CaseLine(
            case=case,
            unit=units[case.unit_serial],
            area=names[case.area],
            visits=sum(visit.mode is not Mode.WEB_TOKEN for visit in visits[case.id]),
            outcome=visits[case.id][-1].outcome if visits[case.id] else None,
            appointment=visits[case.id][-1].appointment if visits[case.id] else None,
            interviewed=case.id in interviewed,
            begun=tags.get(case.id) in begun,
            waiting=case.id in waiting,
            voided=case.id in voided,
        )
        for case in cases
    )


def _waits(interview: InterviewRecord) -> bool:
    return interview.state is PayloadState.QUARANTINED and interview.reason == Reason.SCREENED_OUT


def _is_answer_online(visit: VisitPayload) -> bool:
    return visit.mode is Mode.WEB_TOKEN and visit.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)


def _standing(visits: tuple[VisitRecord, ...]) -> tuple[VisitRecord, ...]:
    return tuple(visit for visit in visits if visit.state is not PayloadState.VOID)


def _area_names(session: Session, wave: WaveRecord) -> dict[str, str]:
    return {area.code: area.name for area in get_frame(session, wave.frame_id).areas}
