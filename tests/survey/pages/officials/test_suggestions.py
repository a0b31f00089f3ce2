"""What residents wrote of their own accord, as those read it who deal with it: by community, within their reach."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from survey.roles import Role, Scope
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.suggestions import add_suggestion
from tests.survey.answering import AT, EAST, FRAME, WEST
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import read_html
from tests.survey.store.rights_rows import suggestion


@pytest.fixture
def sent(sqlite_database: Database, world: World) -> None:
    with sqlite_database.writing() as session:
        add_frame(session, areas=FRAME, digest="1" * 64, at=AT)
        for number, area in enumerate((EAST, EAST, WEST, "")):
            contact = "13800000000" if number == 1 else ""
            add_suggestion(session, suggestion(number, area=area, day=date(2026, 5, 4 + number), contact=contact))


def test_nothing_yet(world: World, signed_in: SignIn) -> None:
    assert "还没有人写过" in signed_in(Role.OFFICIAL).page("/suggestions").text


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.DEPARTMENT])
def test_by_community_with_a_count(sent: None, signed_in: SignIn, role: Role) -> None:
    page = signed_in(role).page("/suggestions")
    assert "一共 4 条" in page.text
    assert [heading.text for heading in page.all("h2")] == ["没有说社区 1 条", "东风社区 2 条", "西湖社区 1 条"]
    assert page.text.index("路灯不亮（1）") < page.text.index("路灯不亮（0）"), "the newest day first"
    assert "13800000000" in page.text
    assert ":" not in "".join(part.text for part in page.all("li") if part.get("class") == "suggestions__one")
    assert "/suggestions" in {link.get("href") for link in page.all("a")}


def address(number: int, verb: str = "handled") -> str:
    return f"/suggestions/{UUID(int=number, version=4)}/{verb}"


def test_what_one_office_did_the_other_reads(sent: None, signed_in: SignIn) -> None:
    official = signed_in(Role.OFFICIAL)
    done = official.submit(address(1), {"note": "已请路灯所来修"}, page="/suggestions")
    assert done.location == f"/suggestions#s-{UUID(int=1, version=4)}"
    department = signed_in(Role.DEPARTMENT)
    page = department.page("/suggestions")
    assert "还没有处理的 3 条" in page.text
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert f"{today.year}年{today.month}月{today.day}日，{example.NAMES[Role.OFFICIAL]}：已请路灯所来修" in page.text
    again = department.submit(address(1), {"note": "我们也打了电话"}, page="/suggestions")
    assert again.status_code == 409
    assert "刚刚有人处理过" in again.text
    assert "我们也打了电话" not in department.page("/suggestions").text
    department.submit(address(1, "open"), {}, page="/suggestions")
    assert "还没有处理的 4 条" in official.page("/suggestions").text


def test_a_note_says_something_and_the_field_says_so(sent: None, signed_in: SignIn) -> None:
    browser = signed_in(Role.OFFICIAL)
    for note in ("", " ", "字" * 301):
        refused = browser.submit(address(2), {"note": note}, page="/suggestions")
        assert refused.status_code == 422
        back = read_html(refused.text)[0]
        field = f"note-{UUID(int=2, version=4)}"
        assert [one.get("id") for one in back.all("input") if one.get("aria-invalid")] == [field]
        assert f"#{field}" in {one.get("href") for one in back.all("a")}
    assert "还没有处理的 4 条" in browser.page("/suggestions").text


def test_narrowed_by_community_and_by_what_is_open(sent: None, signed_in: SignIn) -> None:
    browser = signed_in(Role.OFFICIAL)
    kept = {"note": "已修好", "area": EAST, "handled": ""}
    assert browser.submit(address(0), kept, page="/suggestions").location.startswith(f"/suggestions?area={EAST}#")

    def seen(query: str) -> list[str]:
        items = browser.page(f"/suggestions?{query}").all("p")
        return [one.text for one in items if "suggestions__text" in one.get("class")]

    assert seen(f"area={EAST}") == ["路灯不亮（1）", "路灯不亮（0）"]
    assert seen(f"area={EAST}&handled=open") == ["路灯不亮（1）"]
    assert seen("handled=done") == ["路灯不亮（0）"]
    assert seen("area=none") == ["路灯不亮（3）"]
    assert len(seen("handled=nonsense")) == 4
    assert "没有这样的意见" in browser.page("/suggestions?area=9").text


def test_nobody_marks_beyond_their_reach(sent: None, signed_in: SignIn, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.OFFICIAL, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.OFFICIAL)
    for number in (2, 3, 99):
        for verb in ("handled", "open"):
            assert browser.submit(address(number, verb), {"note": "已修好"}, page="/suggestions").status_code == 404
    assert browser.submit(address(0), {"note": "已修好"}, page="/suggestions").status_code == 303


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICIAL, Role.DEPARTMENT)])
def test_whoever_sees_answers_or_homes_does_not_read_them(sent: None, signed_in: SignIn, role: Role) -> None:
    """A statistician could compare the style with texts in answers; a canvasser knows the homes."""
    browser = signed_in(role)
    assert browser.get("/suggestions").status_code == 403
    assert browser.post(address(1), data={"note": "看过"}).status_code in (400, 403)
