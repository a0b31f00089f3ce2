"""survey fieldwork rates | waiting | settle, and what ``wave close`` does to a wave that was in the field"""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store.accounts import add_account
from survey.store.database import Database
from survey.workflow.hand_over_cases import reassign_cases
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import AT
from tests.survey.field import NOW, Field, open_field
from tests.survey.small_wave import EAST, WEST


@pytest.fixture
def in_field(sqlite_database: Database, tmp_path: Path) -> Field:
    """One complete, one refusal, one vacant dwelling; an interview by somebody else waits."""
    field = open_field(sqlite_database, KeyRing(folder=tmp_path / "instance" / "keys"))
    field.send(sqlite_database, field.interview(field.east[0]))
    field.send(sqlite_database, field.visit(field.east[1], Outcome.REFUSED_PERSON))
    field.send(sqlite_database, field.visit(field.west[0], Outcome.VACANT))
    return field


@pytest.fixture
def waits(sqlite_database: Database, in_field: Field) -> UUID:
    uuid = uuid4()
    case = in_field.west[1]
    in_field.send(sqlite_database, in_field.interview(case), uuid=uuid, account=in_field.li)
    return uuid


def test_the_rates(in_field: Field, run: Run) -> None:
    found = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
    # D = 2, unknown 9, NE 1: e = 2/3.
    assert found["RR1"] == pytest.approx(1 / 11)
    assert found["RR3"] == pytest.approx(1 / 8)
    assert (found["COOP1"], found["REF1"], found["CON1"]) == (0.5, pytest.approx(1 / 11), pytest.approx(2 / 11))
    assert (found["e"], found["e_method"]) == (pytest.approx(2 / 3), "proportional")
    assert found["dispositions"] == {"1.1": 1, "2.112": 1, "3.11": 9, "4.61": 1}
    assert (found["wave"], found["cases"], found["visits"], found["quarantined"]) == (in_field.wave, 12, 3, 0)
    assert {area: one["cases"] for area, one in found["by_area"].items()} == {EAST: 6, WEST: 6}
    plain = run("fieldwork", "rates", "--wave", in_field.wave).out
    assert "RR1\t0.0909\t0.0909" in plain
    assert "evening\t1.0000" in plain


def test_the_document_has_every_rate_plain_and_weighted(in_field: Field, run: Run) -> None:
    found = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
    rates = {*(f"RR{n}" for n in range(1, 7)), *(f"COOP{n}" for n in range(1, 5)), "e", "e_method"}
    rates |= {f"{name}{n}" for name in ("REF", "CON") for n in range(1, 4)}
    for part in (found, *found["by_area"].values(), *found["by_canvasser"].values()):
        assert rates <= part.keys()
        assert part["weighted"].keys() == rates
    # Equal probabilities weigh nothing up.
    assert found["weighted"]["RR3"] == pytest.approx(found["RR3"])
    assert found["by_canvasser"].keys() == {"li", "zhou"}
    assert [found["by_canvasser"][name]["visits"] for name in ("li", "zhou")] == [2, 1]


def test_what_a_canvasser_did_does_not_change_hands_with_the_case(
    sqlite_database: Database, in_field: Field, run: Run
) -> None:
    def people() -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
        return found["by_canvasser"]

    before = people()
    with sqlite_database.writing() as session:
        refused = {in_field.east[1]}
        reassign_cases(session, in_field.wave, cases=refused, to=in_field.li.id, at=NOW, by="tests")
    after = people()
    done = ("visits", "evening_share", "completes", "dispositions", "RR1", "REF1", "CON1")
    for name in ("li", "zhou"):
        assert [after[name][key] for key in done] == [before[name][key] for key in done]
    assert after["zhou"]["dispositions"]["2.112"] == 1
    assert [after[name]["holding"]["cases"] for name in ("li", "zhou")] == [7, 5]


def test_the_document_says_when_and_how_far(in_field: Field, run: Run) -> None:
    found = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
    day = {"day": "2026-05-04", "through": "2026-05-04", "attempts": 3, "contacts": 2, "completes": 1}
    assert found["by_day"] == [day]
    assert (found["visits_per_case"], found["evening_share"], found["weekend_share"]) == (0.25, 1, 0)
    assert (found["never_visited"], found["unreached_under_three_visits"], found["unreached_office_hours_only"]) == (
        9,
        9,
        0,
    )
    assert (found["plan"]["drawn"], found["plan"]["released"], found["plan"]["completes"]) == (12, 12, 1)
    assert (found["plan"]["expected"], found["unassigned"]) == (None, 0)


def test_the_rates_stay_when_the_wave_is_closed(in_field: Field, run: Run) -> None:
    before = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
    closed = run("wave", "close", in_field.wave, "--json")
    assert closed.document == {
        "wave": in_field.wave,
        "state": "closed",
        "cases": 12,
        "responses": 1,
        "discarded": 0,
        "unfinished": 0,
        "keys_destroyed": 1,
        "paper_as_keyed": 0,
        "paper_not_keyed": 0,
    }
    assert list(in_field.keys.folder.iterdir()) == []
    after = run("fieldwork", "rates", "--wave", in_field.wave, "--json").document
    gone = {"state": None, "by_canvasser": {}, "by_day": []}
    assert {**after, **gone} == {**before, **gone}
    assert (after["by_canvasser"], after["by_day"]) == ({}, []), "nobody is named, and three attempts are too few"
    assert run("response", "count", "--wave", in_field.wave, "--json").document["count"] == 1


def test_what_waits_keeps_a_wave_open_until_it_is_settled(
    in_field: Field, waits: UUID, run: Run, refused: Refusals
) -> None:
    assert "1 份收到的记录没有裁定" in refused("wave", "close", in_field.wave, code=1)
    listed = run("fieldwork", "waiting", "--wave", in_field.wave, "--json").document["waiting"]
    assert listed == [{"id": str(waits), "kind": "interview", "reason": "not_assigned"}]
    settled = run("fieldwork", "settle", waits, "--accept", "--note", "reassigned while offline", "--json")
    assert settled.document == {"id": str(waits), "state": "placed"}
    refused("fieldwork", "settle", waits, "--void", "--note", "changed my mind")
    assert run("wave", "close", in_field.wave, "--json").document["responses"] == 2


def test_what_waits_can_be_discarded(in_field: Field, waits: UUID, run: Run) -> None:
    closed = run("wave", "close", in_field.wave, "--discard-quarantine", "--json")
    assert (closed.document["discarded"], closed.document["responses"]) == (1, 1)


def test_what_belongs_to_no_wave_can_be_made_void(sqlite_database: Database, in_field: Field, run: Run) -> None:
    uuid = uuid4()
    in_field.send(sqlite_database, in_field.visit(uuid4()), uuid=uuid, account=in_field.li)
    assert str(uuid) in run("fieldwork", "waiting").out
    assert run("fieldwork", "settle", uuid, "--void", "--note", "a test").code == 0
    assert run("fieldwork", "waiting").out == "nothing waits\n"


def test_without_the_key_it_says_where_it_should_be(in_field: Field, refused: Refusals) -> None:
    for file in in_field.keys.folder.iterdir():
        file.unlink()
    assert "SURVEY_KEYS" in refused("wave", "close", in_field.wave)
    assert "SURVEY_KEYS" in refused("fieldwork", "rates", "--wave", in_field.wave)


def test_who_or_what_is_not_there(in_field: Field, refused: Refusals) -> None:
    refused("fieldwork", "rates", "--wave", 99)
    refused("fieldwork", "settle", uuid4(), "--void", "--note", "x")


def test_an_account_of_some_waves_sees_what_waits_there(
    sqlite_database: Database, in_field: Field, waits: UUID, run: Run
) -> None:
    lost = uuid4()
    in_field.send(sqlite_database, in_field.visit(uuid4()), uuid=lost, account=in_field.li)
    for name, waves in (("here", {in_field.wave}), ("elsewhere", {in_field.wave + 1}), ("everywhere", set())):
        with sqlite_database.writing() as session:
            scope = Scope(waves=frozenset(waves))
            add_account(session, name=name, password_hash="h", role=Role.SUPERVISOR, scope=scope, at=AT)
    assert [row["id"] for row in run("--as", "here", "fieldwork", "waiting", "--json").document["waiting"]] == [
        str(waits)
    ]
    assert run("--as", "elsewhere", "fieldwork", "waiting").out == "nothing waits\n"
    assert str(lost) in run("--as", "everywhere", "fieldwork", "waiting").out
