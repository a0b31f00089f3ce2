"""Names of people behind accounts: seen by administrators and supervisors, by nobody else."""

import pytest

from survey.roles import PERMISSIONS, SEES_FULL_NAMES, CanvasserType, Permission, Role
from survey.store import accounts
from survey.store.database import Database
from tests.survey.drawn_wave import AT, drawn_wave
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

FULL_NAME = "欧阳访问"


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        accounts.add_account(
            session,
            name="ouyang",
            password_hash="hash",
            role=Role.CANVASSER,
            canvasser_type=CanvasserType.STUDENT,
            full_name=FULL_NAME,
            at=AT,
        )
    return drawn_wave(sqlite_database)


def test_who_deals_cases_reads_names_only_as_a_supervisor(signed_in: SignIn, wave: int) -> None:
    reach = {role for role in Role if Permission.ASSIGN_CASES in PERMISSIONS[role]}
    assert reach == {Role.STATISTICIAN, Role.SUPERVISOR}
    for role in reach:
        text = signed_in(role).page(f"/waves/{wave}/assignments").text
        assert "ouyang" in text
        assert (FULL_NAME in text) == (role in SEES_FULL_NAMES)


def test_the_progress_of_the_field_names_people_as_dealing_cases_does(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.SUPERVISOR)
    address = f"/waves/{wave}/assignments"
    browser.submit(address, {}, page=address)
    for role in (Role.STATISTICIAN, Role.SUPERVISOR):
        text = signed_in(role).page(f"/waves/{wave}/fieldwork").text
        assert "ouyang" in text
        assert (FULL_NAME in text) == (role in SEES_FULL_NAMES)
