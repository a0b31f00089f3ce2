"""A small wave to hang things on, and responses to put into it."""

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from analysis.publication import Base, Change, NotCompared, PublishedEstimate, Reason
from survey.areas import Area, Level
from survey.groupings import Grouping
from survey.keys import KeyRing
from survey.roles import Role
from survey.runs import EstimateRun
from survey.sampling.draw_review import FrameQuality, Review, SampleBalance
from survey.sampling.sample_designs import canonical, of_equal
from survey.store import schema
from survey.store.account_tokens import add_token
from survey.store.accounts import add_account
from survey.store.areas import add_frame
from survey.store.assignments import assign
from survey.store.cases import NewCase, add_cases
from survey.store.changes import add_changes
from survey.store.database import Database
from survey.store.draw_reviews import add_review
from survey.store.draws import add_draw
from survey.store.estimates import add_run
from survey.store.frozen_groups import freeze_groups
from survey.store.header_maps import save_header
from survey.store.imports import add_import
from survey.store.instrument_drafts import start_draft
from survey.store.instruments import add_instrument
from survey.store.reports import finish_report, want_reports
from survey.store.responses import NewResponse, add_responses, answers_document
from survey.store.sample_plans import add_sample_plan
from survey.store.sign_in_attempts import record_attempt
from survey.store.units import add_units
from survey.store.waves import add_wave
from survey.store.weight_versions import add_version
from survey.store.worker_signs import sign_life
from survey.units import Unit, UnitKind, UnitStatus
from survey.waves import Mode, WaveDetails
from tests.prepared import prepared
from tests.survey.store.draw_rows import fill_draws, fill_teams
from tests.survey.store.fieldwork_rows import fill_fieldwork
from tests.survey.store.outreach_rows import fill_outreach
from tests.survey.store.paper_rows import fill_paper
from tests.survey.store.rights_rows import fill_rights
from tests.survey.store.weight_rows import factors_of, version_of

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)

CITY = Area(code="330100000000", name="杭州市", level=Level.CITY, parent=None, population=None)
NOTHING_ODD = Review(
    quality=FrameQuality(communities=(), doubles=(), double_count=0, gaps=(), gap_count=0),
    balance=SampleBalance(
        cases=2, redraws=1, covariates=(), constant=("floor",), largest=0.0, larger=1.0, top=1.0, bars=(1,)
    ),
)
EAST = Area(code="330106001001", name="东社区", level=Level.COMMUNITY, parent=CITY.code, population=2400)
WEST = Area(code="330106001002", name="西社区", level=Level.COMMUNITY, parent=CITY.code, population=0)
UNITS = tuple(
    Unit(
        serial=serial,
        area=(EAST.code, WEST.code)[serial > 4],
        grid=f"{EAST.code}00{serial % 2}" if serial <= 4 else "",
        address={"estate": "幸福小区", "building": "3", "room": f"{serial}01"},
        status=(UnitStatus.OWNED, UnitStatus.VACANT)[serial == 2],
        residents=None if serial == 3 else serial,
    )
    for serial in range(1, 7)
)
EQUAL_DESIGN = canonical(of_equal(2))
CASES = tuple(
    NewCase(
        id=UUID(int=2**127 - unit.serial),
        area=unit.area,
        grid=unit.grid,
        unit_serial=unit.serial,
        inclusion_n=2,
        inclusion_total=4,
        stratum=unit.area,
        stages="2/4",
    )
    for unit in UNITS[::2]
)


@dataclass(frozen=True, kw_only=True)
class Example:
    frame: int
    instrument: int
    wave: int


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def areas() -> tuple[Area, ...]:
    return (EAST, CITY, WEST)  # a child before its parent: files come in any order


@pytest.fixture
def build_example(areas: tuple[Area, ...]) -> Callable[[Database], Example]:
    """Give a database one frame, one instrument and one wave in draft."""

    def build(database: Database) -> Example:
        with database.writing() as session:
            frame = add_frame(
                session,
                areas=areas,
                digest="f" * 64,
                at=AT,
                kind=UnitKind.DWELLING,
                units_digest="e" * 64,
                unit_count=len(UNITS),
            )
            add_units(session, frame, UNITS)
            instrument = add_instrument(
                session, slug="urban", version="1", fingerprint="a" * 64, document={"题": [1, 2]}, at=AT
            )
            wave = add_wave(
                session,
                name="二〇二六年第一轮",
                instrument_id=instrument.id,
                frame_id=frame,
                details=WaveDetails(modes=(Mode.IMPORTED,), start=date(2026, 3, 1)),
                at=AT,
                by="admin",
            )
        return Example(frame=frame, instrument=instrument.id, wave=wave)

    return build


@pytest.fixture
def example(database: Database, build_example: Callable[[Database], Example]) -> Example:
    return build_example(database)


@pytest.fixture
def units() -> tuple[Unit, ...]:
    """What the example's frame lists: four dwellings in the east, two in the west."""
    return UNITS


@pytest.fixture
def new_cases() -> tuple[NewCase, ...]:
    """What :func:`draw_cases` draws: two dwellings in the east, one in the west."""
    return CASES


@pytest.fixture
def draw_cases() -> Callable[..., int]:
    """``draw_cases(session, example)``: the id of a proposed draw with its cases; further values replace a draw's."""

    def draw(session: Session, example: Example, **changes: object) -> int:
        values: dict[str, Any] = {
            "wave_id": example.wave,
            "frame_id": example.frame,
            "frame_digest": "f" * 64,
            "method": "systematic",
            "per_community": 2,
            "design": EQUAL_DESIGN,
            "seed": "0a" * 32,
            "salt": "0b" * 16,
            "digest": "c" * 64,
            "cases": len(CASES),
            "by": "张",
            "at": AT,
        }
        number = add_draw(session, **values | changes)
        add_cases(session, number, CASES)
        return number

    return draw


@pytest.fixture
def make_responses() -> Callable[..., list[NewResponse]]:
    """``make_responses(n)``: n answered questionnaires, the same each time for the same ``seed``."""

    def make(n: int, *, seed: int = 1, items: int = 3) -> list[NewResponse]:
        chance = random.Random(seed)  # noqa: S311 - answers, not secrets
        made = []
        for number in range(n):
            answers = {f"q{item}": chance.randint(1, 5) for item in range(items)} | {"多选": [1, 3], "说明": "“好”"}
            made.append(
                NewResponse(
                    uuid=UUID(int=chance.getrandbits(128), version=4),
                    area=(EAST.code, WEST.code)[number % 3 == 0],
                    mode=Mode.IMPORTED,
                    day=date(2026, 3, 1 + number % 28) if number % 5 else None,
                    answers=answers_document(answers),
                    completeness="complete",
                )
            )
        return made

    return make


@pytest.fixture
def fill(build_example, draw_cases, make_responses, at, tmp_path) -> Callable[[Database], int]:
    """Something in every table; returns the wave."""

    @prepared
    def build(database: Database, keys: KeyRing) -> int:
        example = build_example(database)
        wave: int = example.wave
        with database.writing() as session:
            account = add_account(session, name="王", password_hash="hash", role=Role.ADMINISTRATOR, at=at)
            add_token(session, account.id, token_hash="d" * 64, at=at, expires_at=at)
            save_header(session, kind=UnitKind.DWELLING, header="幢", field="building", at=at, by="王")
            draw = draw_cases(session, example)
            fill_draws(session, draw, example.wave, example.frame, area=EAST.code, at=at)
            fill_teams(session, draw, account.id, area=EAST.code, at=at)
            assign(session, [(CASES[0].id, account.id)], at=at, by="王")
            request = {"goal": "margin", "rate": 0.9, "margin": 0.05}
            add_sample_plan(session, name="方案", request=request, completes=139, cases=232, at=at, by="王")
            start_draft(session, text="[instrument]", at=at, by="王")
            sign_life(session, at=at)
            record_attempt(session, name_key="n", address_key="a", at=at, succeeded=False)
            number = add_import(
                session,
                wave_id=wave,
                file_digest="f",
                columns_digest="c",
                design=None,
                rows=300,
                report={},
                at=at,
                by="王",
            )
            answers = make_responses(300)
            add_responses(session, wave, number, answers)
            fill_fieldwork(session, keys, wave, response=answers[0].uuid, at=at)
            fill_rights(session, keys, wave, response=answers[0].uuid, at=at)
            fill_paper(session, wave, at=at)
            factors = factors_of(answer.uuid for answer in answers[:5])
            add_version(session, version_of(wave, draw, factors, at), factors)
            add_review(session, draw, NOTHING_ODD, at=at, by="王")
            run = add_run(
                session,
                EstimateRun(
                    id=0,
                    wave_id=wave,
                    by_level=Level.COMMUNITY,
                    instrument_fingerprint="a",
                    frame_digest="f",
                    answers_digest="d",
                    design=None,
                    level=0.95,
                    seed="s",
                    code_version="0",
                    at=at,
                    by="王",
                    responses=300,
                    mode_counts={Mode.IMPORTED: 300},
                ),
                [
                    PublishedEstimate(
                        indicator="overall", area=None, base=Base.ASKED, published=False, reason=Reason.TOO_FEW
                    )
                ],
            )
            nothing = Change(indicator="overall", area=None, level=0.95, reason=NotCompared.SUPPRESSED)
            add_changes(session, run, run, [nothing])
            freeze_groups(session, wave, Grouping.GUIDED, [])
            fill_outreach(session, wave, run, example.frame, area=EAST.code, at=at)
            (report,) = want_reports(
                session, wave_id=wave, run_id=run, areas=[None], language="en", draft=True, at=at, by="王"
            )
            finish_report(
                session, report, pdf=bytes(range(256)) * 40, pages=1, sha256="s", missing_characters="", at=at
            )
        return wave

    return lambda database: build(database, KeyRing(folder=tmp_path / "keys"))


@pytest.fixture
def contents() -> Callable[[Database], dict[str, list[str]]]:
    """Every row of every table."""

    def read(database: Database) -> dict[str, list[str]]:
        with database.reading() as session:
            found = {
                name: sorted(str(tuple(row)) for row in session.execute(select(table)))
                for name, table in schema.METADATA.tables.items()
            }
            found["alembic_version"] = [session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()]
        return found

    return read


@pytest.fixture
def run_python() -> Callable[..., "subprocess.Popen[str]"]:
    """Another process that speaks to the database through the store."""

    def run(script: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run
