"""What goes wrong becomes a page in the reader's language, never a stack trace."""

import pytest
from flask import Flask

from survey.config import Config
from survey.messages import BadInput, CheckFailed, Conflict, Failure, Message, NotThere, SurveyError
from survey.pages.access import open_to_all
from survey.pages.security import MAX_FORM_BYTES
from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve

SECRET = "the-words-of-an-inner-error"


@pytest.fixture
def app(config: Config, sqlite_database: Database) -> Flask:
    """A site with one more address."""
    return serve(config, sqlite_database, lambda _: None, PageClient, _add_address)


def _add_address(app: Flask) -> None:
    @app.get("/break")
    @open_to_all
    def break_it() -> str:
        raise app.extensions["what breaks"]


def raise_at(app: Flask, error: Exception) -> None:
    app.extensions["what breaks"] = error


@pytest.mark.parametrize(("error", "status"), [(BadInput, 400), (NotThere, 404), (Conflict, 409), (CheckFailed, 409)])
def test_what_a_user_can_mend_is_told(app: Flask, client: PageClient, error: type[SurveyError], status: int) -> None:
    raise_at(app, error(Message("轮次 {id} 不能改", {"id": 7})))
    page = client.page("/break", status=status)
    assert "轮次 7 不能改" in page.text


@pytest.mark.parametrize("error", [Failure(Message(SECRET)), RuntimeError(SECRET), KeyError(SECRET)])
def test_a_failure_of_the_machine_is_logged_not_shown(
    app: Flask, client: PageClient, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    raise_at(app, error)
    response = client.get("/break?token=42")
    assert response.status_code == 500
    assert "系统出错" in response.text
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    assert SECRET in caplog.text
    assert "token=42" not in caplog.text


def test_a_failure_is_explained_to_those_who_can_mend_it(app: Flask, signed_in: SignIn, world: World) -> None:
    raise_at(app, Failure(Message("磁盘已满")))
    assert "磁盘已满" in signed_in(Role.ADMINISTRATOR).page("/break", status=500).text
    assert "磁盘已满" not in signed_in(Role.OFFICIAL).page("/break", status=500).text


def test_an_administrator_is_not_sent_to_the_administrator(signed_in: SignIn, world: World) -> None:
    told = signed_in(Role.ADMINISTRATOR).page(f"/waves/{world.published}/fieldwork", status=403).text
    assert "请联系管理员" not in told
    assert "有意分开" in told
    assert "请联系管理员" in signed_in(Role.OFFICIAL).page(f"/waves/{world.published}/fieldwork", status=403).text


def test_what_was_written_in_a_session_that_ended_can_be_copied(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.DEPARTMENT)
    address = "/fixes/1"
    data = {"csrf_token": "x", "result": "换了二十盏路灯", "password": "天王盖地虎"}
    browser.post("/sign-out", data={"csrf_token": "x"})
    with browser.session_transaction() as session:
        session.clear()
    told = browser.post(address, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.status_code == 400
    assert "您已经退出登录" in told.text
    assert "换了二十盏路灯" in told.text
    assert "天王盖地虎" not in told.text
    assert "刷新后再提交一次" not in told.text
    for site in ("cross-site", "same-site", ""):
        foreign = browser.post(address, data=data, headers={"Sec-Fetch-Site": site})
        assert "换了二十盏路灯" not in foreign.text, "words of another site are not put on this one"


def test_pages_that_do_not_exist(client: PageClient) -> None:
    assert "找不到此页" in client.page("/nowhere", status=404).text


def test_the_wrong_method(client: PageClient) -> None:
    response = client.get("/sign-out")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_too_much_sent(client: PageClient) -> None:
    response = client.post("/sign-in", data={"name": "x" * (MAX_FORM_BYTES + 1)})
    assert response.status_code == 413
    assert "提交的内容太大" in response.text


def test_errors_speak_english_to_those_who_do(client: PageClient) -> None:
    response = client.get("/nowhere", headers={"Accept-Language": "en-GB"})
    assert response.status_code == 404
    assert '<html lang="en"' in response.text


def test_an_unreachable_database_still_gives_a_page(app: Flask, client: PageClient) -> None:
    with client.session_transaction() as session:
        session.update({"_user_id": "1", "signed_in_at": 1e12})
    app.extensions["survey"].database.path.unlink()
    app.extensions["survey"].database.close()
    response = client.get("/waves")
    assert response.status_code == 500
    assert "系统出错" in response.text
