"""survey receipts list | check"""

from survey.fieldwork.resident_codes import codes_of, new_seed, receipt_hash
from survey.one_time_codes import grouped
from survey.store.receipts import add_receipt
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance


def test_receipts_are_listed_and_checked_once_the_wave_is_closed(
    answered_instance: Instance, run: Run, refused: Refusals
) -> None:
    given = [codes_of(new_seed()).receipt for _ in range(3)]
    database = answered_instance.open()
    with database.writing() as session:
        for one in given:
            add_receipt(session, 1, receipt_hash(one))
    database.close()
    refused("receipts", "list", "--wave", 1)
    refused("receipts", "check", given[0], "--wave", 1)
    assert run("wave", "close", 1).code == 0
    hashes = sorted(receipt_hash(one) for one in given)
    assert run("receipts", "list", "--wave", 1, "--json").document == {"wave": 1, "count": 3, "receipts": hashes}
    assert run("receipts", "list", "--wave", 1).out.split() == hashes
    assert run("receipts", "check", grouped(given[1]).lower(), "--wave", 1).code == 0
    refused("receipts", "check", codes_of(new_seed()).receipt, "--wave", 1, code=1)
    refused("receipts", "check", "hello", "--wave", 1)
    refused("receipts", "list", "--wave", 99)
