"""A drawn wave, made by the steps a real one takes: open, draw, approve, assign, start, doors, close, publish."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.sample_design import Reserves
from questionnaires.loading import from_document
from survey.areas import Level
from survey.code_version import code_version
from survey.demo.answers import Answerer
from survey.demo.attempts import DAYS, LOST, Visit, plan_visits
from survey.demo.city import FOLDER
from survey.demo.context import Making, StoredFrame
from survey.demo.doors import Doors, WaveInField
from survey.demo.lottery import draw_publicly, with_reserves
from survey.demo.online import answer_by_code, print_letters
from survey.demo.people import FABRICATOR, OFFICIAL, STATISTICIAN, SUPERVISOR
from survey.demo.truth import WaveTruth
from survey.files.wave_file import parse_wave_file
from survey.roles import Scope
from survey.store.accounts import list_accounts
from survey.store.assignments import standing
from survey.store.cases import Case, list_cases
from survey.store.draws import get_draw
from survey.store.instruments import get_instrument
from survey.store.waves import get_wave
from survey.waves import Mode, WaveDetails
from survey.workflow.assign_cases import assign_cases
from survey.workflow.close_wave import close_wave
from survey.workflow.decide_draw import approve_draw
from survey.workflow.draw_sample import draw_sample
from survey.workflow.estimate_wave import estimate_wave
from survey.workflow.open_wave import open_wave
from survey.workflow.publish_wave import publish_wave
from survey.workflow.receive_payload import Receipt
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from survey.workflow.start_wave import start_wave
from survey.workflow.want_reports import EVERYTHING, WHOLE, want_reports

#: A review takes seconds for each draw, and nobody is there to look at it.
UNREVIEWED = "示例数据：由程序批准，没有人审核过"
#: Days between the opening of a wave and its first visit: to draw, to decide, to start.
PREPARED = 3
OFFICE_HOURS = timedelta(hours=9)


@dataclass(frozen=True, kw_only=True)
class WavePlan:
    """One drawn wave. ``number``: of the example's waves, from 1. ``first_day``: midnight of the first visits.

    ``untouched``: share of the homes where nobody was yet; visits before day ``days`` were made. ``left_out``: the
    communities whose cases nobody has yet. ``reserves``: drawn besides, in public where there are some.
    """

    number: int
    name: str
    instrument: str
    details: str
    frame: StoredFrame
    truth: WaveTruth
    per_community: int
    first_day: datetime
    last_day: datetime
    modes: tuple[Mode, ...]
    untouched: float = 0.0
    days: int = DAYS
    left_out: frozenset[str] = frozenset()
    fabricated: int = 0
    reserves: Reserves | None = None


@dataclass(frozen=True, kw_only=True)
class StartedWave:
    """``made_up``: interviews that were invented by :data:`FABRICATOR`. ``visits``: all that was planned."""

    plan: WavePlan
    wave: int
    draw: int
    field: WaveInField
    doors: Doors
    cases: Sequence[Case]
    visits: Sequence[Visit]
    made_up: int


def draw_seed(seed: int, number: int) -> str:
    return hashlib.sha256(f"example {seed} wave {number}".encode()).hexdigest()[:32]


def read_details(file: str, *, start: datetime, end: datetime, modes: tuple[Mode, ...]) -> WaveDetails:
    facts = parse_wave_file((FOLDER / file).read_text("utf-8"), file)
    return replace(facts, start=start.date(), end=end.date(), modes=modes)


def start_drawn_wave(making: Making, plan: WavePlan) -> StartedWave:
    """From its opening to its start: the homes are planned, and nobody was visited yet."""
    session, opened = making.session, plan.first_day - timedelta(days=PREPARED) + OFFICE_HOURS
    drawn_at, decided_at, started_at = (opened + timedelta(days=days, hours=1) for days in range(PREPARED))
    details = read_details(plan.details, start=plan.first_day, end=plan.last_day, modes=plan.modes)
    wave = open_wave(
        session,
        instrument=plan.instrument,
        frame=plan.frame.id,
        name=plan.name,
        details=details,
        at=opened,
        by=STATISTICIAN,
    )
    draw = _draw(making, plan, wave, at=drawn_at, approved_at=decided_at)
    approve_draw(session, draw, unreviewed=UNREVIEWED, at=decided_at, by=SUPERVISOR)
    communities = {place.code for place in plan.frame.places} - plan.left_out
    assign_cases(session, wave, at=decided_at, by=SUPERVISOR, communities=communities)
    start_wave(session, making.keys, wave, at=started_at, by=STATISTICIAN)
    cases = [case for case in list_cases(session, draw) if case.area not in plan.left_out]
    field = _in_field(making, plan, wave, draw)
    visits = plan_visits(cases, field.units, plan.truth, chance=field.chance, untouched=plan.untouched, days=plan.days)
    making.say(f"wave {wave}: {len(cases)} homes of {len(communities)} places")
    return StartedWave(
        plan=plan,
        wave=wave,
        draw=draw,
        field=field,
        doors=Doors(session, field),
        cases=cases,
        visits=visits,
        made_up=0,
    )


def _draw(making: Making, plan: WavePlan, wave: int, *, at: datetime, approved_at: datetime) -> int:
    """In public it is drawn an hour before it is approved, when the value has been published over night."""
    if plan.reserves is not None:
        design = with_reserves(plan.per_community, plan.reserves)
        drawn_at = approved_at - timedelta(hours=1)
        return draw_publicly(making, wave, design, number=plan.number, promised_at=at, drawn_at=drawn_at)
    seed = draw_seed(making.seed, plan.number)
    number = plan.per_community
    return draw_sample(making.session, wave, per_community=number, seed=seed, at=at, by=STATISTICIAN).draw


def _in_field(making: Making, plan: WavePlan, wave: int, draw: int) -> WaveInField:
    instrument = get_instrument(making.session, get_wave(making.session, wave).instrument_id)
    questionnaire = from_document(instrument.document)
    by_id = {account.id: account for account in list_accounts(making.session)}
    return WaveInField(
        wave=wave,
        questionnaire=questionnaire,
        fingerprint=instrument.fingerprint,
        keys=making.keys,
        chance=(making.seed, 100 + plan.number),
        draw_seed=bytes.fromhex(get_draw(making.session, draw).seed),
        first_day=plan.first_day,
        units=plan.frame.units,
        owners={case: by_id[account] for case, account in standing(making.session, wave).items()},
        truth=plan.truth,
        answerer=Answerer(questionnaire),
    )


def go_from_door_to_door(making: Making, started: StartedWave) -> StartedWave:
    """All visits, the letters and the answers that come by them."""
    session, field = making.session, started.field
    online = {visit.case.area for visit in started.visits if visit.online}
    codes = print_letters(session, field, sorted(online)) if Mode.WEB_TOKEN in started.plan.modes else {}
    made_up = _to_make_up(started)
    for visit in started.visits:
        if visit.online and visit.case.unit_serial in codes:
            answer_by_code(session, field, visit, codes)
        else:
            invented = visit.case.id in made_up and visit.final
            sent = replace(visit, outcome=Outcome.COMPLETE) if invented else visit
            started.doors.send(sent, made_up=invented)
    return replace(started, made_up=len(made_up))


def _to_make_up(started: StartedWave) -> frozenset[UUID]:
    """Homes that never answered, among those of the one who makes interviews up: all of one day, the first on which
    there are enough, or else the one with the most of them.
    """
    field = started.field
    lost = [
        visit
        for visit in started.visits
        if visit.final
        and not (visit.answered or visit.online)
        and visit.outcome in LOST
        and field.owners[visit.case.id].name == FABRICATOR
    ]
    of_day = Counter(visit.day for visit in lost)
    day = max(of_day, key=lambda day: (min(of_day[day], started.plan.fabricated), -day), default=0)
    return frozenset([visit.case.id for visit in lost if visit.day == day][: started.plan.fabricated])


def leave_doubts(started: StartedWave) -> tuple[Receipt, Receipt]:
    """Two interviews that wait for the supervisor: the second of one home, and one from another canvasser."""
    field, last = started.field, started.plan.days - 1
    first = next(visit for visit in started.visits if visit.answered and not visit.online)
    second = started.doors.send(replace(first, day=last), again=1)
    lost = next(
        visit
        for visit in started.visits
        if visit.final and visit.outcome is Outcome.NO_ANSWER and field.owners[visit.case.id].name != FABRICATOR
    )
    owner = field.owners[lost.case.id]
    others = sorted({account.id: account for account in field.owners.values()}.items())
    other = next(account for _, account in others if account.id != owner.id and not account.ties)
    found = replace(lost, day=last, outcome=Outcome.COMPLETE, occupied=None)
    return second, started.doors.send(found, other)


def settle(making: Making, receipts: tuple[Receipt, Receipt], *, at: datetime) -> None:
    """The second interview is made void; what another canvasser brought is accepted."""
    notes = ((Decision.VOID, "同一户已有一份完成的访问（演示）"), (Decision.ACCEPT, "代班，督导事先同意（演示）"))
    for receipt, (decision, note) in zip(receipts, notes, strict=True):
        settle_quarantine(making.session, making.keys, receipt.id, decision=decision, note=note, scope=Scope(), at=at)


def close_and_publish(making: Making, started: StartedWave, *, at: datetime) -> int:
    """Close, estimate, publish, and want the reports; the run. The keys are destroyed after the commit."""
    session, wave = making.session, started.wave
    close_wave(session, making.keys, wave, at=at, by=STATISTICIAN)
    return publish(making, wave, at=at)


def publish(making: Making, wave: int, *, at: datetime) -> int:
    """Estimate and publish a closed wave, and want its reports: Chinese for every area, English for the whole."""
    session = making.session
    run = estimate_wave(
        session,
        making.keys,
        wave,
        by_level=Level.COMMUNITY,
        code_version=code_version(),
        at=at,
        by=STATISTICIAN,
    ).run
    publish_wave(session, wave, at=at, by=STATISTICIAN)
    record = get_wave(session, wave)
    for language, choice in (("zh_Hans", EVERYTHING), ("en", WHOLE)):
        want_reports(session, record, choice=choice, language=language, scope=Scope(), at=at, by=OFFICIAL)
    making.say(f"wave {wave}: closed, estimated and published")
    return run
