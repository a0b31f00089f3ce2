"""survey demo: the invented waves, by the steps real ones take, and accounts to sign in with."""

import stat
from typing import Any

from survey.demo.sign_ins import FILE
from survey.store.accounts import find_account
from survey.store.reports import ReportState, list_reports
from survey.workflow.sign_in import Admission, check_password
from tests.survey.cli.conftest import Refusals, Run, contents
from tests.survey.conftest import Instance

ROLES = {"statistician", "supervisor", "canvasser", "official", "leader", "grid_worker", "department"}


def test_a_published_wave_and_one_in_the_field_come_into_an_empty_database(empty_instance: Instance, run: Run) -> None:
    run("init")
    made = run("demo", "--json")
    document = made.document
    assert made.code == 0, made.err
    assert (made.code, document["wave"], document["field_wave"]) == (0, 1, 2)
    in_field, published = run("wave", "list", "--json").document["waves"]
    assert (published["state"], published["instrument"], published["responses"]) == (
        "published",
        "urban-community",
        646,
    )
    assert (in_field["state"], len(in_field["open_links"])) == ("fielding", 8)
    assert all("虚构" in wave["name"] for wave in (in_field, published))
    _check_reports(empty_instance)
    _check_accounts(empty_instance, document["accounts"])
    _check_again(empty_instance, run, document["accounts"][0]["password"])


def _check_reports(instance: Instance) -> None:
    database = instance.open()
    with database.reading() as session:
        wanted = list_reports(session, 1)
    database.close()
    assert {report.language for report in wanted} == {"zh_Hans", "en"}
    assert {report.state for report in wanted} == {ReportState.WANTED}


def _check_accounts(instance: Instance, accounts: list[dict[str, Any]]) -> None:
    """One of each role, in a file that nobody else may read."""
    assert {account["role"] for account in accounts} == ROLES
    assert {account["name"] for account in accounts} >= {"statistician", "canvasser", "canvasser2"}
    kept = instance.folder / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    database = instance.open()
    with database.reading() as session:
        found = find_account(session, "supervisor")
    database.close()
    assert found is not None
    assert check_password(Admission(account=found[0], password_hash=found[1]), accounts[0]["password"])


def _check_again(instance: Instance, run: Run, password: str) -> None:
    """Nothing comes in twice when asked so; how to sign in is told again."""
    before = contents(instance.file)
    again = run("demo", "--if-empty", "--json")
    assert again.document == {"wave": None, "field_wave": None, "accounts": []}
    told = run("demo", "--if-empty").out
    assert password in told
    assert all(role in told for role in ROLES)
    assert contents(instance.file) == before


def test_without_a_database_it_is_refused(refused: Refusals) -> None:
    assert "survey init" in refused("demo")
