"""survey demo: the invented city, by the steps real waves take, and accounts to sign in with."""

import stat
from pathlib import Path
from typing import Any

import pytest

from survey.demo.sign_ins import FILE
from survey.store.accounts import find_account
from survey.store.reports import ReportState, list_reports
from survey.workflow.sign_in import Admission, check_password
from tests.survey.cli.conftest import Refusals, Run, contents
from tests.survey.conftest import Instance

ROLES = {"statistician", "supervisor", "canvasser", "official", "leader", "grid_worker", "department"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_makes_the_database_and_the_city_in_it(run: Run, tmp_path: Path) -> None:
    made = run("demo", "--scale", "small", "--json")
    assert made.code == 0, made.err
    document = made.document
    assert (document["waves"], document["draws"]) == ([1, 2, 3, 4, 5], [1, 2, 3, 4])
    waves = {wave["wave"]: wave for wave in run("wave", "list", "--json").document["waves"]}
    assert [waves[number]["state"] for number in document["waves"]] == [
        "published", "published", "fielding", "published", "published",
    ]  # fmt: skip
    assert [waves[number]["instrument"] for number in (1, 2, 3, 4, 5)] == [
        *["urban-community"] * 3, "civilized-village", "urban-community",
    ]  # fmt: skip
    assert len(waves[3]["open_links"]) == 6
    assert waves[5]["responses"] == 328
    assert all("虚构" in wave["name"] for wave in waves.values())
    instance = Instance(folder=tmp_path / "instance")
    _check_reports(instance)
    _check_accounts(instance, document["accounts"])
    _check_again(instance, run, document["accounts"][0]["password"])


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
    """Nothing comes in twice; how to sign in is told again."""
    before = contents(instance.file)
    assert run("demo").code != 0
    again = run("demo", "--if-empty", "--json")
    assert again.document == {"waves": [], "draws": [], "accounts": [], "reports": [], "truth": None}
    told = run("demo", "--if-empty").out
    assert password in told
    assert all(role in told for role in ROLES)
    assert contents(instance.file) == before


def test_among_waves_of_others_it_is_refused(estimated_instance: Instance, refused: Refusals) -> None:
    before = contents(estimated_instance.file)
    refused("demo", "--scale", "small")
    assert contents(estimated_instance.file) == before
