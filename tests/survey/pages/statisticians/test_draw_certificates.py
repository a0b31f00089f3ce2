"""Those who draw and approve fetch the certificate; nobody else does, and no drawn home is on it."""

import pytest

from survey.roles import Role
from survey.store.database import Database
from tests.survey.drawn_wave import SEED, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

CERTIFICATE = "/waves/1/draw/1/certificate"


@pytest.fixture
def drawn(sqlite_database: Database) -> Database:
    example.open_accounts(sqlite_database)
    drawn_wave(sqlite_database)
    return sqlite_database


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.SUPERVISOR])
def test_the_certificate_is_fetched_as_a_pdf(signed_in: SignIn, drawn: Database, role: Role) -> None:
    response = signed_in(role).get(CERTIFICATE)
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF-")
    assert SEED.encode() not in response.data
    assert "draw-1-certificate.pdf" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEADER, Role.GRID_WORKER, Role.DEPARTMENT, Role.CANVASSER])
def test_nobody_else_reads_it_here(signed_in: SignIn, drawn: Database, role: Role) -> None:
    assert signed_in(role).get(CERTIFICATE).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/waves/1/draw/9/certificate", "/waves/9/draw/1/certificate"])
def test_what_is_not_there(signed_in: SignIn, drawn: Database, path: str) -> None:
    assert signed_in(Role.STATISTICIAN).get(path).status_code == 404


def test_a_draw_of_another_wave(signed_in: SignIn, drawn: Database) -> None:
    other = open_wave_with_units(drawn)
    assert signed_in(Role.STATISTICIAN).get(f"/waves/{other}/draw/1/certificate").status_code == 404
