"""Rates by group: from the log while the wave is open, and afterwards from what closing kept; the same numbers."""

import random
from uuid import UUID

import pytest

from analysis.publication import Base, PublishedEstimate
from questionnaires.definition import (
    Item,
    ItemType,
    Option,
    OptionKind,
    Questionnaire,
    Section,
    Text,
)
from survey.casework.group_rates import GroupRates, read_group_rates
from survey.casework.wave_groups import divisions_by_answer
from survey.fieldwork.payloads import LedBy
from survey.groupings import ALONE, GUIDED, NOBODY, OF_THE_LOG, Grouping
from survey.keys import KeyRing
from survey.messages import Failure
from survey.roles import CanvasserType, Scope
from survey.store import accounts, schema
from survey.store.database import Database
from survey.store.frozen_groups import read_frozen_groups
from survey.store.responses import StoredResponse, read_responses
from survey.store.waves import get_wave
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from tests.survey import attacker
from tests.survey.conftest import NO_KEYS, import_answers, open_small_wave
from tests.survey.field import NOW, Field, open_field
from tests.survey.workflow.test_estimate_drawn_wave import answer_online

KNOWS = "IND_SMALL_KNOWS"


@pytest.fixture
def asked(database: Database, keys: KeyRing) -> Field:
    """All 40 of each community interviewed but six, who answer online: half by an agency, a third led to the door."""
    field = open_field(database, keys, per_community=40)
    with database.writing() as session:
        accounts.change_account(
            session,
            field.zhou.id,
            full_name="",
            role=field.zhou.role,
            canvasser_type=CanvasserType.AGENCY,
            scope=Scope(),
            ties=frozenset(),
        )
    chance = random.Random(3)  # noqa: S311 - an example, not a secret
    for number, case in enumerate((*field.east, *field.west[:34])):
        answers = {"S1": 1, "A1": 1 if chance.random() < 0.6 else 2, "B1": 1, "B2": 2, "C1": [90]}
        led = LedBy.GRID_WORKER if number % 3 == 0 else LedBy.NOBODY
        assert field.send(database, field.interview(case, answers, led_by=led)).reason is None
    for number in range(34, 40):
        answer_online(database, field, number, 2, knows=number % 2 == 0)
    return field


def read(database: Database, field: Field) -> GroupRates:
    with database.reading() as session:
        return read_group_rates(session, field.keys, get_wave(session, field.wave))


def on_asked(rates: GroupRates, grouping: Grouping) -> dict[str | None, PublishedEstimate]:
    return {row.area: row for row in rates.rows[grouping] if row.indicator == KNOWS and row.base is Base.ASKED}


def test_the_open_log_tells_who_asked_and_who_led_the_way(database: Database, asked: Field) -> None:
    rates = read(database, asked)
    assert rates.responses == 80
    assert rates.lost == ()
    types, guided = on_asked(rates, Grouping.CANVASSER_TYPE), on_asked(rates, Grouping.GUIDED)
    assert set(types) == {"student", "agency", f"{NOBODY}"}
    assert set(guided) == {ALONE, GUIDED, NOBODY}
    # The six who answered online are few: they are hidden, and so is the smallest other group.
    assert [code for code, row in guided.items() if not row.published] == [GUIDED, NOBODY]
    assert guided[ALONE].n == 49
    modes = on_asked(rates, Grouping.MODE)
    assert not any(row.published for row in modes.values()), "with the whole, either of the two would tell the other"


def test_closing_changes_none_of_them_and_keeps_no_group_beside_an_answer(database: Database, asked: Field) -> None:
    before = read(database, asked)
    with database.writing() as session:
        close_wave(session, asked.keys, asked.wave, at=NOW, by="tests")
    destroy_keys(database, asked.keys)
    after = read(database, asked)
    assert after.lost == ()
    assert {each: set(rows) for each, rows in after.rows.items()} == {
        each: set(rows) for each, rows in before.rows.items()
    }
    with database.reading() as session:
        kept = read_frozen_groups(session, asked.wave)
        now = [response.uuid for response in read_responses(session, asked.wave)]
    assert set(kept) == set(OF_THE_LOG)
    seen = attacker.read_everything(database)
    for uuid in now:
        beside = {name for name, rows in seen.items() if any(row.get("uuid") == uuid for row in rows)}
        assert beside == {"responses", "response_factors"}
    assert "guided" not in schema.METADATA.tables["response_factors"].columns


def test_a_wave_closed_before_this_was_kept_says_so(database: Database, asked: Field, monkeypatch) -> None:
    monkeypatch.setattr("survey.workflow.close_wave.freeze_log_groups", lambda *_: None)
    with database.writing() as session:
        close_wave(session, asked.keys, asked.wave, at=NOW, by="tests")
    found = read(database, asked)
    assert found.lost == OF_THE_LOG
    assert set(found.rows) == {Grouping.MODE}


def test_one_rate_alone_is_decided_as_among_all(database: Database, asked: Field) -> None:
    with database.reading() as session:
        wave = get_wave(session, asked.wave)
        one = read_group_rates(session, asked.keys, wave, indicators=[KNOWS])
        every = read_group_rates(session, asked.keys, wave)
    for grouping, rows in one.rows.items():
        assert rows == tuple(row for row in every.rows[grouping] if row.indicator == KNOWS)


def test_without_its_key_an_open_wave_is_not_read(database: Database, asked: Field) -> None:
    for file in asked.keys.folder.iterdir():
        file.unlink()
    with pytest.raises(Failure):
        read(database, asked)


def test_imported_answers_have_no_log(database: Database) -> None:
    wave = open_small_wave(database)
    with database.reading() as session:
        assert read_group_rates(session, NO_KEYS, get_wave(session, wave)) == GroupRates(rows={}, responses=0)
    import_answers(database, wave)
    with database.reading() as session:
        found = read_group_rates(session, NO_KEYS, get_wave(session, wave))
    assert (set(found.rows), found.lost, found.responses) == ({Grouping.MODE}, (), 70)


def _questionnaire() -> Questionnaire:
    def option(code: int, kind: OptionKind = OptionKind.SUBSTANTIVE) -> Option:
        return Option(code=code, text=Text(zh_Hans=str(code), en=str(code)), kind=kind)

    sex = Item(
        id="H7",
        section="S",
        type=ItemType.SINGLE,
        text=Text(zh_Hans="性别", en="Sex"),
        options=(option(1), option(2), option(99, OptionKind.REFUSED)),
        scale="sex",
    )
    return Questionnaire(
        slug="q",
        version="1",
        title=Text(zh_Hans="问", en="Q"),
        population=Text(zh_Hans="人", en="People"),
        modes=("capi",),
        introductions={},
        closing=Text(zh_Hans="完", en="End"),
        sections=(Section(id="S", title=Text(zh_Hans="节", en="S")),),
        items=(sex,),
        indicators=(),
    )


def _responses(answers: list[object]) -> list[StoredResponse]:
    return [
        StoredResponse(UUID(int=number), "1", Mode.CAPI, None, {"H7": answer}, False)  # type: ignore[dict-item]
        for number, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(("refused", "groups"), [(0, ("1", "2")), (3, ("1", "2+unknown")), (40, ("1", "2", "unknown"))])
def test_a_few_of_whom_it_is_not_known_stand_with_the_largest_group(refused: int, groups: tuple[str, ...]) -> None:
    answers: list[object] = [1] * 40 + [2] * 50 + [99, None, "2"][: min(refused, 3)] + [99] * max(0, refused - 3)
    sex, mode = divisions_by_answer(_questionnaire(), _responses(answers))
    assert (sex.name, sex.groups) == ("sex", groups)
    assert mode.groups == ("capi",)
    assert len(sex.units) == 90 + refused
