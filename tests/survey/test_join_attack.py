"""Somebody without the key tries to lead an opinion to a home, and must fail: with the database while the wave is
open, with backups of two days, with the database after closing, and with an old backup once the key is destroyed.
"""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import DateTime

from analysis.fieldwork.dispositions import Outcome
from survey.keys import KeyRing
from survey.messages import Failure
from survey.store import inbox, schema
from survey.store.database import Database, Session
from survey.store.inbox import PayloadKind, list_inbox
from survey.store.interviews import read_interviews
from survey.store.responses import rename_responses
from survey.store.visits import read_visits
from survey.store.wave_keys import find_key, find_sealer
from survey.store.weight_versions import add_version
from tests.survey import attacker
from tests.survey.attacked_wave import DAY, World, build_world, close
from tests.survey.attacker import Snapshot
from tests.survey.field import NOW, open_field
from tests.survey.small_wave import EAST, WEST
from tests.survey.store.weight_rows import factors_of, version_of

#: Everything that may stand beside a response's uuid. A new name here is a decision about privacy.
BESIDE_A_RESPONSE = {
    *(f"responses.{name}" for name in ("uuid", "wave_id", "import_id", "area", "mode", "day", "completeness")),
    *(f"responses.{name}" for name in ("digest", "answers")),
    # Of answers by open link alone, which have no case; a few bits that lead to no network and no device.
    "responses.signs",
    # Whose hand it was, of answers given online; nothing that is readable of a case says so.
    "responses.filled_by",
    # In which of twelve orders options were shown; dealt by chance, and known to nothing else that is stored.
    "responses.order_seed",
    *(f"response_factors.{name}" for name in ("uuid", "stratum", "psu", "canvasser", "adults")),
    *(f"response_factors.{name}" for name in ("inclusion_n", "inclusion_total")),
    # Factors of weights follow from what stands there already and from counts of whole communities.
    *(f"weight_factors.{name}" for name in ("version_id", "uuid", "inclusion", "adults")),
    *(f"weight_factors.{name}" for name in ("response", "calibration", "trimming")),
    *(f"inbox.{name}" for name in ("uuid", "kind", "wave_id", "tag", "sha256", "state", "reason", "body")),
    # Under which code it can be withdrawn, readable with a key that no backup holds; nothing of a case.
    *(f"withdrawals.{name}" for name in ("uuid", "wave_id", "tag", "body")),
}

#: Everything that is kept of how the fieldwork of a closed wave went: sums, and what they are sums over.
KEPT_OF_FIELDWORK = {
    "disposition_counts": {"area", "disposition", "cases"},
    "visit_counts": {"area", "visits"},
    "weighted_counts": {"area", "member", "weight"},
    "fieldwork_counts": {"area", "evening", "weekend", "under_three", "office_hours_only"},
    "attempt_days": {"first_day", "last_day", "attempts", "contacts", "completes"},
    "attempt_hours": {"weekday", "hour", "attempts"},
}


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


def _expect_no_home(world: World, seen: Snapshot, *before: Snapshot) -> None:
    """For every response all drawn cases of its community are possible, whatever is laid side by side."""
    field = world.field
    found = attacker.answers(seen, field.wave)
    assert len(found) == len(world.truth)
    cases = {case.hex for case in field.cases}
    for one in found:
        reached = attacker.joined_to(one.uuid, seen, *before)
        assert not any(case in identifier for identifier in reached for case in cases)
        assert one.facts.keys() <= BESIDE_A_RESPONSE
        drawn = set(field.east if one.area == EAST else field.west)
        for snapshot in (seen, *before):
            assert attacker.possible_cases(one, found, snapshot, field.wave) == drawn


def test_with_the_key_the_same_joins_would_succeed(database: Database, world: World) -> None:
    """The control: what is sealed does hold the tie, so failing below means something."""
    field = world.field
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
        assert sealer is not None
        told = {one.uuid: one.payload.case for one in read_interviews(session, sealer, field.wave)}
        told |= {one.uuid: one.payload.case for one in read_visits(session, sealer, field.wave)}
    assert {uuid: told[uuid] for uuid in world.truth} == world.truth


def test_the_open_database_without_the_key(database: Database, world: World) -> None:
    _expect_no_home(world, world.second)


def test_backups_of_two_days(database: Database, world: World) -> None:
    """New responses show (their day is known anyway); nothing changed beside any case that was interviewed."""
    _expect_no_home(world, world.second, world.first)
    changed = _changed(world.first, world.second, "cases") | _changed(world.first, world.second, "units")
    assert changed == set()
    owners = _changed(world.first, world.second, "assignments")
    assert {dict(row)["case_id"] for row in owners} == world.later
    one = [a for a in attacker.answers(world.first, world.field.wave) if a.area == WEST]
    assert [answer.facts["responses.day"] for answer in one] == [date(2026, 5, 4)]
    drawn = set(world.field.west)
    assert attacker.possible_cases(one[0], one, world.first, world.field.wave) == drawn


def _changed(before: Snapshot, after: Snapshot, table: str) -> set[frozenset[tuple[str, object]]]:
    return {frozenset(row.items()) for row in after[table]} - {frozenset(row.items()) for row in before[table]}


def test_whoever_knows_every_number_that_was_sent(database: Database, world: World) -> None:
    """Devices, addresses and their logs keep the number under which an interview of a case came. While the wave is open
    it is the answer's, too; after closing it leads to the receipt alone.
    """
    assert {one.uuid for one in attacker.answers(world.second, world.field.wave)} == world.truth.keys()
    after = close(database, world)
    now = {one.uuid.hex for one in attacker.answers(after, world.field.wave)}
    for sent in world.truth:
        reached = attacker.joined_to(sent, after)
        assert reached.isdisjoint(now)
        assert [name for name, rows in after.items() if any(row.get("uuid") == sent for row in rows)] == ["inbox"]


def test_after_closing(database: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed: dict[UUID, UUID] = {}

    def told(session: Session, wave_id: int) -> dict[UUID, UUID]:
        """Nothing keeps which number became which; here somebody looks on."""
        renamed.update(rename_responses(session, wave_id))
        return renamed

    monkeypatch.setattr("survey.workflow.close_wave.rename_responses", told)
    after = close(database, world)
    _expect_no_home(world, after)
    assert after["assignments"] == after["drafts"] == after["invitations"] == []
    assert {(row["body"], row["tag"], row["reason"]) for row in after["inbox"]} == {(None, None, "")}
    factors = after["response_factors"]
    assert max(row["adults"] for row in factors if row["adults"]) <= 4
    assert sorted(row["psu"] for row in factors) == list(range(1, 15))
    by_key = [row["psu"] for row in sorted(factors, key=lambda row: row["uuid"].int)]
    truth = {renamed[sent]: world.field.cases.index(case) for sent, case in world.truth.items()}
    by_case = [row["psu"] for row in sorted(factors, key=lambda row: truth[row["uuid"]])]
    assert sorted(by_key) not in (by_key, by_case)


def test_after_weights_were_built(database: Database, world: World) -> None:
    after = close(database, world)
    uuids = [one.uuid for one in attacker.answers(after, world.field.wave)]
    factors = factors_of(uuids)
    with database.writing() as session:
        add_version(session, version_of(world.field.wave, world.field.draw, factors, NOW), factors)
    weighed = attacker.read_everything(database)
    assert len(weighed["weight_factors"]) == len(uuids)
    _expect_no_home(world, weighed, world.second)


def test_an_old_backup_beside_the_closed_database(database: Database, world: World) -> None:
    """With the assignments of the backup the canvassers' letters still fit everybody who had cases there."""
    after = close(database, world)
    _expect_no_home(world, after, world.second, world.first)


def test_an_old_backup_after_the_key_is_destroyed(database: Database, world: World) -> None:
    field = world.field
    with database.reading() as session:
        key = find_key(session, field.wave)
        rows = list(list_inbox(session, field.wave))
    assert key is not None
    other = open_field(database, field.keys)
    field.send(database, field.visit(uuid4()), account=field.li)  # makes the site's own key
    close(database, world)
    with pytest.raises(Failure):
        field.keys.open(key.key_id)
    left = [field.keys.open(file.stem) for file in field.keys.folder.iterdir()]
    assert len(left) == 2, "the other wave's and the site's"
    for row in rows:
        for sealer in left:
            assert row.body is not None
            with pytest.raises(Failure):
                sealer.unseal(row.body, context=inbox.context(row.uuid))
            assert row.tag not in {sealer.tag(f"case:{case}") for case in field.cases}
    assert other.wave != field.wave


def test_no_time_stands_beside_an_answer_or_what_came_of_a_case(world: World) -> None:
    for name in (
        *("responses", "inbox", "drafts", "invitations"),
        *("response_factors", "weight_factors", "disposition_counts"),
    ):
        columns = schema.METADATA.tables[name].columns
        assert [column.name for column in columns if isinstance(getattr(column.type, "impl", None), DateTime)] == []
        assert [column.name for column in columns if isinstance(column.type, DateTime)] == []


def test_of_the_fieldwork_only_sums_over_homes_are_kept(database: Database, world: World) -> None:
    """No case, no account and no letter of one: with the assignments of a backup, what came of one canvasser's cases
    together would tell what came of most of them. Nothing at all before the closing.
    """
    for name, kept in KEPT_OF_FIELDWORK.items():
        assert {column.name for column in schema.METADATA.tables[name].columns} == {"wave_id", *kept}
        assert world.first[name] == world.second[name] == []
    after = close(database, world)
    assert all(after[name] for name in KEPT_OF_FIELDWORK)
    field = world.field
    assert {row["area"] for name in KEPT_OF_FIELDWORK for row in after[name] if "area" in row} == {EAST, WEST}
    people = {field.li.name, field.zhou.name}
    for name in KEPT_OF_FIELDWORK:
        cells = [cell for row in after[name] for cell in row.values()]
        assert people.isdisjoint(str(cell) for cell in cells)
        assert not any(list(attacker.identifiers(cell)) for cell in cells)


def test_whoever_saw_a_canvasser_at_a_door_learns_nothing_of_it(database: Database, world: World) -> None:
    """On the day after next there is one visit more, a refusal; a neighbour saw at which door. What is kept of that day
    is kept together with others; and of the hour only that somebody was somewhere.
    """
    field, at = world.field, NOW + 2 * DAY
    door = field.west[11]
    field.send(database, field.visit(door, Outcome.REFUSED_HOUSEHOLD, at=at), account=field.li, at=at)
    after = close(database, world)
    seen = at.date()
    (day,) = [row for row in after["attempt_days"] if row["first_day"] <= seen <= row["last_day"]]
    assert day["attempts"] >= 10
    assert all(row["attempts"] >= 10 for row in after["attempt_days"])
    outcomes = {"contacts", "completes", "disposition", "member"}
    assert all(outcomes.isdisjoint(row) for row in after["attempt_hours"])


def test_a_late_interview_joins_nothing_either(database: Database, world: World) -> None:
    """It comes after the closing: sealed under the site's key, and gone when it is made void."""
    close(database, world)
    field, uuid = world.field, uuid4()
    field.send(database, field.interview(field.east[8]), uuid=uuid, kind=PayloadKind.INTERVIEW, account=field.li)
    after = attacker.read_everything(database)
    assert attacker.joined_to(uuid, after).isdisjoint({case.hex for case in field.cases})
    assert uuid not in {row["uuid"] for row in after["responses"]}
