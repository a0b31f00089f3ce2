"""What is kept of a wave is never of other answers: when anything it rests on changes, it is worked out anew."""

import pytest

from survey.casework import kept_results
from survey.casework.kept_results import MOST_KEPT, kept_result
from survey.keys import KeyRing
from survey.messages import Failure
from survey.roles import CanvasserType, Scope
from survey.store import accounts, inbox
from survey.store.database import Database
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from tests.survey.conftest import NO_KEYS, import_answers, open_small_wave
from tests.survey.field import NOW, Field, open_field

ANSWERS = {"S1": 1, "A1": 1, "B1": 1, "B2": 2, "C1": [90]}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_results, "_kept", type(kept_results._kept)())


class Counted:
    """How often a result was worked out."""

    def __init__(self, database: Database, keys: KeyRing, wave: int) -> None:
        self.database, self.keys, self.wave, self.times = database, keys, wave, 0

    def ask(self, question: str = "x") -> int:
        with self.database.reading() as session:
            return kept_result(session, self.keys, [get_wave(session, self.wave)], question, self._work_out)

    def _work_out(self) -> int:
        self.times += 1
        return self.times


def test_it_is_worked_out_once_for_each_question(database: Database, keys: KeyRing) -> None:
    counted = Counted(database, keys, open_field(database, keys).wave)
    assert [counted.ask(), counted.ask(), counted.ask("y"), counted.ask()] == [1, 1, 2, 1]


def test_whatever_an_open_wave_gets_or_loses_makes_it_anew(database: Database, keys: KeyRing) -> None:
    field = open_field(database, keys)
    counted = Counted(database, keys, field.wave)
    assert counted.ask() == 1
    assert field.send(database, field.interview(field.east[0], ANSWERS)).reason is None
    assert counted.ask() == 2
    _void_an_interview(database, field)
    assert counted.ask() == 3
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
    assert counted.ask() == 4
    for case in field.east[1:]:
        assert field.send(database, field.interview(case, ANSWERS)).reason is None
    assert counted.ask() == 5
    with database.writing() as session:
        close_wave(session, keys, field.wave, at=NOW, by="tests")
    destroy_keys(database, keys)
    assert [counted.ask(), counted.ask()] == [6, 6]


def _void_an_interview(database: Database, field: Field) -> None:
    with database.writing() as session:
        (record,) = inbox.list_inbox(session, field.wave, kind=PayloadKind.INTERVIEW)
        inbox.set_state(session, record.uuid, state=PayloadState.VOID, reason="")


def test_imported_answers_make_it_anew(database: Database) -> None:
    wave = open_small_wave(database)
    counted = Counted(database, NO_KEYS, wave)
    assert counted.ask() == 1
    import_answers(database, wave)
    assert [counted.ask(), counted.ask()] == [2, 2]


def test_without_the_key_of_an_open_wave_nothing_is_shown_that_was_kept(database: Database, keys: KeyRing) -> None:
    field = open_field(database, keys)
    assert field.send(database, field.interview(field.east[0], ANSWERS)).reason is None
    counted = Counted(database, keys, field.wave)
    counted.ask()
    for path in keys.folder.iterdir():
        path.unlink()
    with pytest.raises(Failure):
        counted.ask()


def test_a_few_are_kept(database: Database, keys: KeyRing) -> None:
    counted = Counted(database, keys, open_field(database, keys).wave)
    for number in range(MOST_KEPT + 1):
        counted.ask(str(number))
    assert len(kept_results._kept) == MOST_KEPT
    assert counted.ask("0") == MOST_KEPT + 2, "the oldest goes first"
