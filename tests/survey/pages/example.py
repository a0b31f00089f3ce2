"""A small invented world for page tests: a questionnaire, a city with two communities, waves in chosen states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy.orm import Session

from analysis.publication import Band, Base, Method, PublishedEstimate, Reason, Reliability
from questionnaires.definition import (
    Indicator,
    IndicatorSet,
    Item,
    ItemType,
    Option,
    Polarity,
    Questionnaire,
    Section,
    Text,
)
from questionnaires.loading import to_document
from survey.areas import Area, Level
from survey.roles import Role, Scope
from survey.runs import EstimateRun
from survey.store import (
    accounts,
    areas,
    estimates,
    instruments,
    outreach_actions,
    reports,
    responses,
    sample_plans,
    waves,
)
from survey.store.database import Database
from survey.store.responses import NewResponse, answers_document
from survey.waves import Approval, Mode, WaveDetails, WaveState
from survey.workflow.plan_outreach import plan_outreach
from tests.prepared import prepared

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
PDF = b"%PDF-1.7 whole"
PASSWORD = "correct horse battery"
NAMES = {
    Role.ADMINISTRATOR: "admin",
    Role.STATISTICIAN: "tongji",
    Role.SUPERVISOR: "dudao",
    Role.CANVASSER: "fangyuan",
    Role.OFFICIAL: "ganbu",
    Role.LEADER: "lingdao",
    Role.GRID_WORKER: "wangge",
    Role.DEPARTMENT: "bumen",
}
CITY, EAST, WEST = "441800000000", "441800001001", "441800001002"
FRAME = (
    Area(code=CITY, name="云城市", level=Level.CITY, parent=None, population=None),
    Area(code=EAST, name="东风社区", level=Level.COMMUNITY, parent=CITY, population=2400),
    Area(code=WEST, name="西湖社区", level=Level.COMMUNITY, parent=CITY, population=1800),
)
DETAILS = WaveDetails(
    modes=(Mode.IMPORTED,),
    start=date(2026, 3, 1),
    end=date(2026, 3, 20),
    sponsor="云城市委宣传部",
    fieldwork="云城调查队",
    funder="云城市财政",
    telephone="0763-1234567",
    form_no="云调 1 号表",
    authority="云城市统计局",
    approval=Approval.APPROVED,
    approval_no="云统制〔2026〕1 号",
    valid_until=date(2026, 12, 31),
    population="年满 18 岁、住满六个月的居民",
    recruitment="随机抽取住户",
    quality="复核一成",
    limitations="只反映调查期间",
    no_response_rate="答卷由外部导入",
    fictitious=True,
)


def questionnaire() -> Questionnaire:
    """Two yes-or-no items, each a headline rate."""
    yes_no = (
        Option(code=1, text=Text(zh_Hans="是", en="Yes"), polarity=Polarity.POS),
        Option(code=2, text=Text(zh_Hans="否", en="No"), polarity=Polarity.NEG),
    )
    labels = {
        "Q1": Text(zh_Hans="知晓率", en="Awareness"),
        "Q2": Text(zh_Hans="支持率", en="Support"),
    }
    return Questionnaire(
        slug="tiny",
        version="1",
        title=Text(zh_Hans="小问卷", en="Tiny questionnaire"),
        population=Text(zh_Hans="居民", en="Residents"),
        modes=("capi",),
        introductions={"capi": Text(zh_Hans="您好", en="Hello")},
        closing=Text(zh_Hans="谢谢", en="Thank you"),
        sections=(Section(id="S1", title=Text(zh_Hans="全部", en="All")),),
        items=tuple(
            Item(id=name, section="S1", type=ItemType.SINGLE, text=label, options=yes_no)
            for name, label in labels.items()
        ),
        indicators=tuple(
            Indicator(code=f"IND_{name}", label=label, item=name, codes=frozenset({1}), set=IndicatorSet.HEADLINE)
            for name, label in labels.items()
        ),
    )


def estimate(indicator: str, area: str | None, **changes: object) -> PublishedEstimate:
    """A rate of 80 % of 120 people; ``changes`` replace fields."""
    plain = PublishedEstimate(
        indicator=indicator,
        area=area,
        base=Base.ASKED,
        published=True,
        n=120,
        n_effective=120.0,
        proportion=0.8,
        se=0.0365,
        low=0.72,
        high=0.862,
        method=Method.WILSON_EFFECTIVE,
        df=119.0,
        pooled=False,
        design_effect=1.0,
        reliability=Reliability.RELIABLE,
        band=Band.INDISTINGUISHABLE,
        target=0.85,
        dont_know_share=0.05,
        refusal_share=0.02,
        no_answer_share=0.0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def hidden(indicator: str, area: str | None) -> PublishedEstimate:
    return PublishedEstimate(indicator=indicator, area=area, base=Base.ASKED, published=False, reason=Reason.TOO_FEW)


def default_estimates() -> tuple[PublishedEstimate, ...]:
    """Both rates on both bases for the whole and the east; the west has too few answers."""
    return tuple(
        replace(rate, base=base)
        for base in Base
        for indicator in ("IND_Q1", "IND_Q2")
        for rate in (
            estimate(indicator, None),
            estimate(indicator, EAST, reliability=Reliability.WITH_CARE, band=None, n=24),
            hidden(indicator, WEST),
        )
    )


@dataclass(frozen=True, kw_only=True)
class World:
    """What :func:`fill` made, by id."""

    draft: int
    published: int
    draft_report: int
    published_report: int
    frame: int  # of the published wave
    spare_account: int  # somebody whom no test signs in
    action: int  # of the published wave's outreach plan
    plan: int  # of a sample size


def add_accounts(session: Session) -> None:
    password_hash = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    for role, name in NAMES.items():
        accounts.add_account(session, name=name, password_hash=password_hash, role=role, at=AT)


@prepared
def open_accounts(database: Database) -> None:
    """:func:`add_accounts` in a transaction of its own."""
    with database.writing() as session:
        add_accounts(session)


def limit(database: Database, role: Role, scope: Scope) -> None:
    """Let the account of ``role`` reach no further than ``scope``; it signs in afresh."""
    with database.writing() as session:
        found = accounts.find_account(session, NAMES[role])
        assert found is not None
        account = found[0]
        accounts.change_account(
            session,
            account.id,
            full_name=account.full_name,
            role=role,
            canvasser_type=account.canvasser_type,
            scope=scope,
            ties=account.ties,
        )


def add_wave(
    session: Session,
    *,
    name: str = "2026年第一轮",
    details: WaveDetails = DETAILS,
    states: Sequence[WaveState] = (),
    frame: Sequence[Area] = FRAME,
    document: Questionnaire | None = None,
) -> int:
    """A wave that went through ``states`` after its draft."""
    asked = document or questionnaire()
    instrument = instruments.add_instrument(
        session,
        slug=asked.slug,
        version=asked.version,
        fingerprint="f" * 64,
        document=to_document(asked),
        at=AT,
    )
    frame_id = areas.add_frame(session, areas=frame, digest="0" * 64, at=AT)
    wave = waves.add_wave(
        session, name=name, instrument_id=instrument.id, frame_id=frame_id, details=details, at=AT, by="tongji"
    )
    for state in states:
        waves.change_state(session, wave, state, at=AT, by="tongji")
    return wave


def add_responses(session: Session, wave: int, counts: Mapping[str, int]) -> None:
    answers = {"Q1": 1, "Q2": 2}
    responses.add_responses(
        session,
        wave,
        None,
        [
            NewResponse(
                uuid=UUID(int=wave * 1_000_000 + int(area[-3:]) * 1_000 + number),
                area=area,
                mode=Mode.IMPORTED,
                day=None,
                answers=answers_document(answers),
                completeness="complete",
            )
            for area, count in counts.items()
            for number in range(count)
        ],
    )


def add_run(session: Session, wave: int, found: Sequence[PublishedEstimate] | None = None) -> int:
    return estimates.add_run(
        session,
        EstimateRun(
            id=0,
            wave_id=wave,
            by_level=Level.COMMUNITY,
            instrument_fingerprint="f" * 64,
            frame_digest="0" * 64,
            answers_digest="a" * 64,
            design="assumed-srs",
            level=0.95,
            seed="none",
            code_version="0.1.0",
            at=AT,
            by="tongji",
            responses=300,
            mode_counts={Mode.IMPORTED: 300},
        ),
        default_estimates() if found is None else found,
    )


def add_report(
    session: Session, wave: int, run: int, *, area: str | None = None, pdf: bytes = b"%PDF-1.7 whole"
) -> int:
    """A finished report in Chinese: a draft unless the wave is published."""
    draft = waves.get_wave(session, wave).state is not WaveState.PUBLISHED
    (report,) = reports.want_reports(
        session, wave_id=wave, run_id=run, areas=[area], language="zh_Hans", draft=draft, at=AT, by="tongji"
    )
    assert reports.claim_report(session, report, at=AT)
    reports.finish_report(session, report, pdf=pdf, pages=2, sha256="b" * 64, missing_characters="", at=AT)
    return report


@prepared
def fill(database: Database) -> World:
    """Accounts of every role; a draft and a published wave, each with a run and one report."""
    with database.writing() as session:
        add_accounts(session)
        spare = accounts.add_account(session, name="beiyong", password_hash="none", role=Role.OFFICIAL, at=AT)
        made: list[tuple[int, int]] = []
        for publish in (False, True):
            wave = add_wave(session, name=f"2026年第{len(made) + 1}轮", states=(WaveState.CLOSED,) * publish)
            add_responses(session, wave, {EAST: 24, WEST: 3})
            run = add_run(session, wave)
            if publish:
                waves.change_state(session, wave, WaveState.PUBLISHED, at=AT, by="tongji", run_id=run)
            made.append((wave, add_report(session, wave, run)))
        frame = waves.get_wave(session, made[-1][0]).frame_id
        plan_outreach(session, made[-1][0], budget=None, at=AT, by=NAMES[Role.OFFICIAL])
        action = outreach_actions.list_actions(session, made[-1][0])[0].id
        request = {"goal": "margin", "margin": 0.07, "rate": 0.9}
        plan = sample_plans.add_sample_plan(
            session, name="每社区七个点", request=request, completes=72, cases=72, at=AT, by=NAMES[Role.STATISTICIAN]
        ).id
    (draft, draft_report), (published, published_report) = made
    return World(
        draft=draft,
        published=published,
        draft_report=draft_report,
        published_report=published_report,
        frame=frame,
        spare_account=spare.id,
        action=action,
        plan=plan,
    )
