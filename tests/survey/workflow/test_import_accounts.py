"""A table of accounts: all of it or nothing."""

from datetime import UTC, datetime

import pytest

from survey.account_rules import ACTIVATION_LASTS
from survey.files.spreadsheets import read_rows
from survey.messages import BadInput
from survey.one_time_codes import code_hash, read_code
from survey.roles import CanvasserType, Role
from survey.store import accounts
from survey.store.database import Database
from survey.workflow.import_accounts import import_accounts
from tests.survey.pages import example
from tests.survey.pages.example import EAST, WEST

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
HEADER = "账号,姓名,角色,访员类型,负责地区,负责轮次,所属社区"


def test_every_row_is_an_account_with_a_card_of_its_own(database: Database) -> None:
    with database.writing() as session:
        wave = example.add_wave(session)
        sheet = read_rows(f"{HEADER}\nfang,王芳,访员,学生,东风社区,{wave},西湖社区\nming,,领导\n".encode(), "a.csv")
        cards = import_accounts(session, sheet, at=AT)
        waiting = [accounts.find_activation(session, code_hash(read_code(card.code) or "")) for card in cards]
    assert [(card.name, card.full_name, card.role) for card in cards] == [
        ("fang", "王芳", Role.CANVASSER),
        ("ming", "", Role.LEADER),
    ]
    (fang, expires_at), (ming, _) = (found for found in waiting if found)
    assert expires_at == AT + ACTIVATION_LASTS
    assert (fang.canvasser_type, fang.ties, fang.scope.areas) == (CanvasserType.STUDENT, {WEST}, {EAST})
    assert fang.scope.waves == {wave}
    assert not fang.activated
    assert ming.scope.areas == frozenset()


def test_one_bad_row_and_nobody_is_added(database: Database) -> None:
    with database.writing() as session:
        accounts.add_account(session, name="admin", password_hash="hash", role=Role.ADMINISTRATOR, at=AT)
    with pytest.raises(BadInput) as refused, database.writing() as session:
        import_accounts(session, read_rows("账号,角色\nfang,访员\nadmin,领导\n".encode(), "a.csv"), at=AT)
    assert [(problem.where, problem.got) for problem in refused.value.problems] == [("3", "admin")]
    with database.reading() as session:
        assert accounts.count_accounts(session) == 1


def test_who_can_go_nowhere_is_told(database: Database) -> None:
    with database.writing() as session:
        example.add_wave(session)
        rows = "a,,访员,学生,东风社区,,东风社区\nb,,访员,学生,东风社区、西湖社区,,东风社区\nc,,访员,学生,,,东风社区\n"
        cards = import_accounts(session, read_rows(f"{HEADER}\n{rows}".encode(), "a.csv"), at=AT)
    assert [card.nowhere for card in cards] == [True, False, False]


def test_names_that_look_alike_are_refused(database: Database) -> None:
    with database.writing() as session, pytest.raises(BadInput) as caught:
        import_accounts(session, read_rows("账号,角色\nfang,访员\nＦang,领导\n".encode(), "a.csv"), at=AT)
    assert [problem.got for problem in caught.value.problems] == ["Ｆang"]
