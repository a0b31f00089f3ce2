"""Receipts say that something came, and nothing else; two backups differ by a number of them."""

from survey.store import receipts
from survey.store.database import Database
from survey.store.receipts import add_receipt, count_receipts, holds_receipt, list_receipts
from tests.survey import attacker
from tests.survey.store.conftest import Example


def test_a_receipt_is_kept_once_and_listed_in_an_order_that_says_nothing(database: Database, example: Example) -> None:
    given = [f"{number:064x}" for number in (9, 3, 7)]
    with database.writing() as session:
        assert [add_receipt(session, example.wave, one) for one in (*given, given[0])] == [True, True, True, False]
    with database.reading() as session:
        assert list_receipts(session, example.wave) == tuple(sorted(given))
        assert count_receipts(session, example.wave) == 3
        assert holds_receipt(session, example.wave, given[2])
        assert not holds_receipt(session, example.wave + 1, given[2])


def test_after_the_night_no_row_tells_when_it_came(database: Database, example: Example) -> None:
    for number in (9, 3, 7):
        with database.writing() as session:
            add_receipt(session, example.wave, f"{number:064x}")
    with database.writing() as session:
        receipts.rewrite_in_key_order(session)
    order = attacker.physical_order(database, "receipts", "hash")
    assert order == sorted(order)
    assert len(attacker.transactions(database, "receipts")) <= 1


def test_a_row_is_a_wave_and_a_hash() -> None:
    assert [column.name for column in receipts.TABLE.columns] == ["wave_id", "hash"]
