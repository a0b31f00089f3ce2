"""No way leads from an action, its work or a tick in the ledger to what a resident answered: not by the keys of the
schema, not by columns that two tables share, not by laying days, grids, counts and orders side by side.

The hard case: an outreach plan of the wave before is carried out in the same communities on the same days on which
canvassers hold the interviews of the next wave.
"""

import random
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import inspect

from analysis.publication import Base, PublishedEstimate, Reason
from survey.areas import Level
from survey.keys import KeyRing
from survey.outreach import ActionKind, Finding, LedgerOutcome
from survey.reports.wording import BEIJING
from survey.roles import Scope
from survey.runs import EstimateRun
from survey.store import schema
from survey.store.database import Database
from survey.store.estimates import add_run
from survey.store.outreach_actions import NewAction, add_actions
from survey.store.outreach_plans import save_plan
from survey.store.waves import add_wave, change_state, get_wave
from survey.waves import Mode, WaveDetails, WaveState
from survey.workflow.record_outreach_work import record_outreach_work
from survey.workflow.tick_unit import tick_unit
from tests.survey import attacker
from tests.survey.attacked_wave import DAY, World, build_world
from tests.survey.attacker import Row, Snapshot
from tests.survey.field import GRIDS, NOW, OPENED
from tests.survey.small_wave import EAST, WEST
from tests.survey.test_join_attack import BESIDE_A_RESPONSE

OUTREACH = {
    *("action_types", "outreach_plans", "outreach_actions", "outreach_changes", "outreach_comments"),
    *("outreach_work", "ledger_visits", "outreach_plan_makings", "action_type_changes"),
}
#: Where an answer is, or what ties one to a home while a wave is open.
ANSWERS = {"responses", "response_factors", "inbox", "drafts", "invitations"}
HOMES = {"cases", "assignments"}
#: Column names that a table of the outreach has in common with one of answers or drawn homes, and that mean the same.
#: A new one is a decision about privacy.
SHARED = {
    "outreach_plans": {"wave_id"},
    "outreach_actions": {"area"},
    "outreach_work": {"grid", "day"},
    "ledger_visits": {"frame_id", "unit_serial", "day"},
}
#: The same word for something else: kinds of actions and of payloads, numbers of rows, when people wrote something.
OTHER_MEANING = {"id", "kind", "at", "people"}
HOMES_EACH = 40


def test_no_foreign_key_leads_from_outreach_to_an_answer_or_a_drawn_home(database: Database) -> None:
    keys = _foreign_keys(database)
    for start in OUTREACH:
        assert _reached(start, keys).isdisjoint(ANSWERS | HOMES), start
    for start in ANSWERS | HOMES:
        assert _reached(start, keys).isdisjoint(OUTREACH), start
    assert "estimates" in _reached("outreach_actions", keys), "the walk finds what is there"
    assert "units" in _reached("ledger_visits", keys)


def _foreign_keys(database: Database) -> Mapping[str, set[str]]:
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {name: {key["referred_table"] for key in look.get_foreign_keys(name)} for name in look.get_table_names()}


def _reached(start: str, keys: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        new = keys[todo.pop()] - found
        found |= new
        todo += new
    return found


def test_the_columns_outreach_shares_with_answers_and_homes_are_known() -> None:
    tables = schema.METADATA.tables
    beside = {column.name for name in ANSWERS | HOMES for column in tables[name].columns} - OTHER_MEANING
    shared = {name: {column.name for column in tables[name].columns} & beside for name in OUTREACH}
    assert {name: columns for name, columns in shared.items() if columns} == SHARED


def test_work_and_ledger_have_no_column_to_write_an_opinion_into() -> None:
    written = {
        name: {c.name for c in schema.METADATA.tables[name].columns} for name in ("outreach_work", "ledger_visits")
    }
    assert written["outreach_work"] == {
        *("id", "action_id", "grid", "day", "people", "quantity", "at", "recorded_by", "voided_by"),
    }
    assert written["ledger_visits"] == {"action_id", "frame_id", "unit_serial", "outcome", "day", "ticked_by"}
    assert set(LedgerOutcome) == {"reached", "nobody", "do_not_disturb"}


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


@pytest.fixture
def seen(database: Database, world: World) -> Snapshot:
    """Both days every home of one half of each community is ticked, in walking order, while interviews are held."""
    _do_outreach(database, world)
    return attacker.read_everything(database)


def _do_outreach(database: Database, world: World) -> None:
    chance = random.Random(11)  # noqa: S311 - an example, not a secret
    actions = _plan_of_the_wave_before(database, world)
    for number, day in enumerate((NOW.date(), (NOW + DAY).date())):
        for area, first in ((EAST, 1), (WEST, 41)):
            serials = range(first + number * HOMES_EACH // 2, first + (number + 1) * HOMES_EACH // 2)
            with database.writing() as session:
                everything = {"scope": Scope(), "today": day, "at": NOW, "by": "grid1"}
                for serial in serials:
                    outcome = chance.choices(list(LedgerOutcome), [6, 3, 1])[0]
                    tick_unit(session, actions[area], serial, outcome=outcome, day=day, **everything)  # type: ignore[arg-type]
                texts = {"grid": GRIDS[area], "day": str(day), "people": "2", "quantity": str(len(serials))}
                record_outreach_work(
                    session,
                    actions[area],
                    texts,
                    work_id=uuid4(),
                    **everything,  # type: ignore[arg-type]
                )


def _plan_of_the_wave_before(database: Database, world: World) -> dict[str, int]:
    """Area -> home visits, of a published wave of the same frame."""
    with database.writing() as session:
        field = get_wave(session, world.field.wave)
        wave = add_wave(
            session,
            name="上一轮",
            instrument_id=field.instrument_id,
            frame_id=field.frame_id,
            details=WaveDetails(),
            at=OPENED,
            by="tests",
        )
        rows = [
            PublishedEstimate(
                indicator="IND_SMALL_KNOWS", area=area, base=Base.ASKED, published=False, reason=Reason.TOO_FEW
            )
            for area in (EAST, WEST)
        ]
        run = add_run(session, _run(wave), rows)
        change_state(session, wave, WaveState.CLOSED, at=OPENED, by="tests")
        change_state(session, wave, WaveState.PUBLISHED, at=OPENED, by="tests", run_id=run)
        plan = save_plan(session, wave_id=wave, run_id=run, budget_cny=None, at=OPENED, by="tests")
        made = add_actions(
            session, plan.id, [_visits(run, position, row) for position, row in enumerate(rows)], at=OPENED, by="tests"
        )
    return dict(zip((EAST, WEST), made, strict=True))


def _run(wave: int) -> EstimateRun:
    return EstimateRun(
        id=0,
        wave_id=wave,
        by_level=Level.COMMUNITY,
        instrument_fingerprint="a",
        frame_digest="f",
        answers_digest="d",
        responses=0,
        mode_counts={Mode.IMPORTED: 0},
        design=None,
        level=0.95,
        seed="s",
        code_version="tests",
        at=OPENED,
        by="tests",
    )


def _visits(run: int, position: int, row: PublishedEstimate) -> NewAction:
    return NewAction(
        run_id=run,
        estimate_position=position,
        kind=ActionKind.TELL,
        finding=Finding.BELOW_TARGET,
        indicator=row.indicator,
        area=row.area or "",
        type_code="HOME_VISIT",
        wanted=HOMES_EACH,
        quantity=HOMES_EACH,
        unit_cost_cny=5.0,
        cost_assumed=True,
        residents=None,
    )


def _drawn(world: World, seen: Snapshot, area: str) -> dict[int, UUID]:
    """Serial -> case, of the community: what an attacker with the whole database knows while the wave is open."""
    return {row["unit_serial"]: row["id"] for row in seen["cases"] if row["area"] == area}


def _ticked(seen: Snapshot, drawn: Iterable[int], day: date, *outcomes: LedgerOutcome) -> set[int]:
    rows: list[Row] = [row for row in seen["ledger_visits"] if row["unit_serial"] in set(drawn) and row["day"] == day]
    return {row["unit_serial"] for row in rows if not outcomes or row["outcome"] in outcomes}


def test_no_identifier_leads_from_an_answer_to_anything_of_the_outreach(world: World, seen: Snapshot) -> None:
    known = {one for row in seen["outreach_work"] for cell in row.values() for one in attacker.identifiers(cell)}
    assert len(known) == 4
    for one in attacker.answers(seen, world.field.wave):
        assert attacker.joined_to(one.uuid, seen).isdisjoint(known)
        assert one.facts.keys() <= BESIDE_A_RESPONSE
        assert not {name.partition(".")[2] for name in one.facts} & {"grid", "unit_serial", "frame_id"}


def test_by_the_day_nobody_is_found(world: World, seen: Snapshot) -> None:
    """Homes ticked on the day of an answer, and homes met that day: never one, and no better than guessing."""
    answers = attacker.answers(seen, world.field.wave)
    right = {"ticked": 0.0, "met": 0.0, "blind": 0.0}
    for one in answers:
        day, drawn = one.facts["responses.day"], _drawn(world, seen, one.area)
        assert isinstance(day, date)
        guesses = {
            "ticked": _ticked(seen, drawn, day),
            "met": _ticked(seen, drawn, day, LedgerOutcome.REACHED),
            "blind": set(drawn),
        }
        for name, serials in guesses.items():
            assert len(serials) != 1
            if serials and world.truth[one.uuid] in {drawn[serial] for serial in serials}:
                right[name] += 1 / len(serials)
    # Chance alone: 14 answers, 12 drawn homes each. Whoever guesses by the ledger is right as seldom as that.
    assert right["blind"] == pytest.approx(14 / 12)
    assert max(right["ticked"], right["met"]) <= 2 * right["blind"]


def test_who_was_away_that_day_leaves_most_homes_possible(world: World, seen: Snapshot) -> None:
    """Nobody there at the grid worker's knock does not say that nobody was interviewed in the evening; and taken for
    a proof, it leaves more than half of the drawn homes.
    """
    for one in attacker.answers(seen, world.field.wave):
        day, drawn = one.facts["responses.day"], _drawn(world, seen, one.area)
        assert isinstance(day, date)
        away = _ticked(seen, drawn, day, LedgerOutcome.NOBODY, LedgerOutcome.DO_NOT_DISTURB)
        assert len(drawn.keys() - away) > len(drawn) / 2


def test_counts_by_grid_and_day_fit_no_answers(world: World, seen: Snapshot) -> None:
    """Work knows grids and amounts, answers know neither: all that both know is the day, in a community."""
    grids = {row["grid"] for row in seen["outreach_work"]}
    told = [cell for row in seen["responses"] for cell in row.values()]
    assert not any(grid in repr(cell) for grid in grids for cell in told)


def test_the_order_of_the_ledger_is_that_of_the_homes_and_of_no_answers(
    database: Database, world: World, seen: Snapshot
) -> None:
    """Answers lie by random numbers: walking order of the ledger and order of the answers say nothing of each other."""
    answers = sorted(attacker.answers(seen, world.field.wave), key=lambda one: one.uuid.int)
    right = 0
    for area in (EAST, WEST):
        drawn = _drawn(world, seen, area)
        serial_of = {case: serial for serial, case in drawn.items()}
        by_key = [serial_of[world.truth[one.uuid]] for one in answers if one.area == area]
        walking = [row["unit_serial"] for row in seen["ledger_visits"] if row["unit_serial"] in set(by_key)]
        right += sum(guess == truth for guess, truth in zip(walking, by_key, strict=True))
    assert right < len(answers)
    order = attacker.physical_order(database, "responses", "uuid")
    assert order == sorted(order)


def test_the_days_are_those_of_shanghai_on_both_sides(seen: Snapshot) -> None:
    days = {row["day"] for row in seen["ledger_visits"]} | {row["day"] for row in seen["responses"]}
    assert days == {NOW.astimezone(BEIJING).date(), (NOW + DAY).astimezone(BEIJING).date()}
