"""A wave in the field, made by the steps a real one takes: frame, draw, approval, cases, start, doors, online."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np

from analysis.fieldwork.dispositions import Outcome
from questionnaires.loading import from_document
from questionnaires.screens import Walk, modules_for
from survey.areas import Level
from survey.code_version import code_version
from survey.demo.answers import demo_walk
from survey.demo.doors import BY_AREA, DAYS, ENDINGS, Attempt, DemoField, Doors, plan_attempts
from survey.demo.dwellings import demo_areas, demo_dwellings
from survey.demo.online import answer_by_code, answer_by_link
from survey.demo.people import CANVASSER, STATISTICIAN, SUPERVISOR, DemoPerson, add_people
from survey.fieldwork.payloads import LedBy
from survey.files.spreadsheets import read_rows
from survey.files.wave_file import parse_wave_file
from survey.keys import KeyRing
from survey.store.accounts import Account
from survey.store.assignments import standing
from survey.store.cases import Case, list_cases
from survey.store.database import Session
from survey.store.instruments import get_instrument
from survey.store.units import get_units
from survey.store.waves import get_wave
from survey.units import UnitKind
from survey.workflow.assign_cases import assign_cases, reassign_cases
from survey.workflow.decide_draw import approve_draw
from survey.workflow.draw_sample import draw_sample
from survey.workflow.estimate_wave import estimate_wave
from survey.workflow.hold_interview import begin_interview, save_screen
from survey.workflow.import_frame import import_frame, read_areas
from survey.workflow.import_units import read_unit_file
from survey.workflow.open_wave import open_wave
from survey.workflow.show_cases import show_my_case
from survey.workflow.start_wave import start_wave

NAME = "2026年入户与网络演示（虚构数据）"
SHANGHAI = ZoneInfo("Asia/Shanghai")
SEED = 20260601
DRAW_SEED = "20260601" * 4
PER_COMMUNITY = 30
#: Days between the opening of the wave and the first visit (to draw, to decide, to start), and from today to its end.
PREPARED, LEFT = 3, 10
OFFICE_HOURS = timedelta(hours=9)
#: On this day of the fieldwork a case goes to somebody else.
REASSIGNED_ON = 7


@dataclass(frozen=True, kw_only=True)
class LoadedField:
    """``added``: the people whose accounts were not there before."""

    wave: int
    added: tuple[DemoPerson, ...]


def load_field_wave(session: Session, keys: KeyRing, *, password: str, now: datetime) -> LoadedField:
    """The wave's fieldwork ends yesterday; all in the caller's transaction, with ``password`` for its accounts."""
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    first_day = today - timedelta(days=DAYS)
    opened = first_day - timedelta(days=PREPARED) + OFFICE_HOURS
    drawn_at, decided_at, started_at = (opened + timedelta(days=days, hours=1) for days in range(PREPARED))
    wave = _open(session, first_day, last_day=today + timedelta(days=LEFT), at=opened)
    people = add_people(session, wave_id=wave, password=password, at=opened)
    accounts = people.accounts
    drawn = draw_sample(session, wave, per_community=PER_COMMUNITY, seed=DRAW_SEED, at=drawn_at, by=STATISTICIAN)
    approve_draw(session, drawn.draw, at=decided_at, by=SUPERVISOR)
    assign_cases(session, wave, at=decided_at, by=SUPERVISOR)
    start_wave(session, keys, wave, at=started_at, by=STATISTICIAN)
    field = _field(session, keys, wave, drawn.draw, accounts, first_day)
    interviewed = _go_from_door_to_door(session, field, accounts)
    answer_by_code(session, field, interviewed, visited_last=_visited_on(field, DAYS - 1))
    answer_by_link(session, field)
    _leave_one_begun(session, field, accounts[CANVASSER], now)
    estimate_wave(session, keys, wave, by_level=Level.COMMUNITY, code_version=code_version(), at=now, by=STATISTICIAN)
    return LoadedField(wave=wave, added=people.added)


def _open(session: Session, first_day: datetime, *, last_day: datetime, at: datetime) -> int:
    dwellings = demo_dwellings(SEED)
    areas = read_areas(read_rows(demo_areas(dwellings).encode(), "areas.csv"))
    units = read_unit_file(read_rows(dwellings.encode(), "dwellings.csv"), kind=UnitKind.DWELLING, areas=areas).units
    frame = import_frame(session, areas=areas, at=at, kind=UnitKind.DWELLING, units=units)
    facts = parse_wave_file((Path(__file__).parent / "field.toml").read_text("utf-8"), "field.toml")
    details = replace(facts, start=first_day.date(), end=last_day.date())
    return open_wave(
        session, instrument="urban-community", frame=frame.id, name=NAME, details=details, at=at, by=STATISTICIAN
    )


def _field(
    session: Session, keys: KeyRing, wave: int, draw: int, accounts: Mapping[str, Account], first_day: datetime
) -> DemoField:
    record = get_wave(session, wave)
    instrument = get_instrument(session, record.instrument_id)
    cases = list_cases(session, draw)
    by_id = {account.id: account for account in accounts.values()}
    return DemoField(
        wave=wave,
        questionnaire=from_document(instrument.document),
        fingerprint=instrument.fingerprint,
        keys=keys,
        seed=SEED,
        draw_seed=bytes.fromhex(DRAW_SEED),
        first_day=first_day,
        cases=cases,
        units=get_units(session, record.frame_id, [case.unit_serial for case in cases]),
        owners={case: by_id[account] for case, account in standing(session, wave).items()},
    )


def _go_from_door_to_door(session: Session, field: DemoField, accounts: Mapping[str, Account]) -> frozenset[int]:
    """All attempts; three interviews of the last day wait for the supervisor. The serials of interviewed dwellings."""
    doors = Doors(session, field)
    attempts = plan_attempts(field)
    for attempt in attempts:
        doors.send(attempt)
    interviewed = [attempt for attempt in attempts if attempt.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)]
    doors.send(replace(interviewed[-1], day=DAYS - 1))  # a second interview of one home
    tried = {attempt.case.id for attempt in attempts}
    nobody_yet = [case for case in field.cases if case.id not in tried]
    doors.send(_interview_at(nobody_yet[0]), instrument="0" * 64)  # other wording
    moved = next(case for case in nobody_yet[1:] if field.owners[case.id].name == "canvasser4")
    reassign_cases(
        session,
        field.wave,
        cases=[moved.id],
        to=accounts[CANVASSER].id,
        at=field.first_day + timedelta(days=REASSIGNED_ON),
        by=SUPERVISOR,
    )
    doors.send(_interview_at(moved), accounts["canvasser4"])  # from whom the case was taken
    return frozenset(attempt.case.unit_serial for attempt in interviewed)


def _visited_on(field: DemoField, day: int) -> frozenset[int]:
    """The serials of dwellings where somebody was on that day."""
    return frozenset(attempt.case.unit_serial for attempt in plan_attempts(field) if attempt.day == day)


def _interview_at(case: Case) -> Attempt:
    return Attempt(day=DAYS - 1, case=case, outcome=Outcome.COMPLETE, occupied=None)


def _leave_one_begun(session: Session, field: DemoField, canvasser: Account, now: datetime) -> None:
    """The canvasser to sign in with has an interview that was broken off and may be gone on with."""
    tried = {attempt.case.id for attempt in plan_attempts(field)}
    case = next(case for case in field.cases[1:] if case.id not in tried and field.owners[case.id].id == canvasser.id)
    at = now - timedelta(hours=1)
    uuid = uuid4()
    begin_interview(
        session,
        field.keys,
        case,
        uuid=uuid,
        fingerprint=field.fingerprint,
        adults=2,
        led_by=LedBy.NOBODY,
        canvasser=canvasser.id,
        at=at,
    )
    draft = show_my_case(session, field.keys, canvasser, case.id).draft
    if draft is None:
        return
    walk = Walk(field.questionnaire, mode="capi", modules=modules_for(field.questionnaire, uuid), one_item=True)
    given = demo_walk(walk, BY_AREA[case.area], adults=2, rng=np.random.default_rng([SEED, case.unit_serial, 1]))
    first = dict(list(given.items())[: round(ENDINGS[Outcome.BREAK_OFF][1] * len(given))])
    save_screen(session, field.keys, case, replace(draft, answers=first), at=at)
