"""``/``: what the site is, for whoever comes by; their own page for the signed-in."""

import pytest

from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import PageClient


def test_whoever_comes_by_reads_what_this_is_and_where_to_go(client: PageClient, world: World) -> None:
    page = client.page("/")
    links = {link.get("href") for link in page.all("a")}
    assert {"/a", "/sign-in", "/walk", "/terms"} <= links
    (residents,) = [one for one in page.all("section") if one.get("aria-labelledby") == "for-residents"]
    afterwards = {"/receipts", "/withdraw", "/suggest", "/rights"}
    assert afterwards <= {link.get("href") for link in residents.all("a")}, "who closed the last page has no code"
    for wanted in ("居民", "访员", "统计员", "干部", "没有标准答案", "没有排行榜", "不把回答和住址放在一起"):
        assert wanted in page.text
    assert "虚构数据" not in page.text


def test_a_site_without_anything_has_it_too(client: PageClient, sqlite_database: Database) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"Accept-Language": "en"}).status_code == 200


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.ADMINISTRATOR, "/accounts"), (Role.CANVASSER, "/cases"), (Role.OFFICIAL, "/waves"), (Role.LEADER, "/waves")],
)
def test_the_signed_in_go_on_to_their_own_page(signed_in: SignIn, world: World, role: Role, home: str) -> None:
    response = signed_in(role).get("/")
    assert (response.status_code, response.location) == (302, home)
