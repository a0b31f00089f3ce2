"""survey receipts list | check"""

from survey.fieldwork.resident_codes import new_receipt, receipt_hash
from survey.one_time_codes import grouped
from survey.store.receipts import add_receipts
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance


def test_receipts_are_listed_and_checked_once_the_wave_is_closed(
    answered_instance: Instance, run: Run, refused: Refusals
) -> None:
    given = [new_receipt() for _ in range(3)]
    database = answered_instance.open()
    with database.writing() as session:
        add_receipts(session, 1, [receipt_hash(one) for one in given])
    database.close()
    refused("receipts", "list", "--wave", 1)
    refused("receipts", "check", given[0], "--wave", 1)
    assert run("wave", "close", 1).code == 0
    hashes = sorted(receipt_hash(one) for one in given)
    assert run("receipts", "list", "--wave", 1, "--json").document == {"wave": 1, "count": 3, "receipts": hashes}
    assert run("receipts", "list", "--wave", 1).out.split() == hashes
    assert run("receipts", "check", grouped(given[1]).lower(), "--wave", 1).code == 0
    refused("receipts", "check", new_receipt(), "--wave", 1, code=1)
    refused("receipts", "check", "hello", "--wave", 1)
    refused("receipts", "list", "--wave", 99)
