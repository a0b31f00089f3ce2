"""What residents wrote of their own accord, as those read it who deal with it: by community, within their reach."""

from datetime import date

import pytest

from survey.roles import Role
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.suggestions import add_suggestion
from tests.survey.answering import AT, EAST, FRAME, WEST
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
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


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICIAL, Role.DEPARTMENT)])
def test_whoever_sees_answers_or_homes_does_not_read_them(sent: None, signed_in: SignIn, role: Role) -> None:
    """A statistician could compare the style with texts in answers; a canvasser knows the homes."""
    assert signed_in(role).get("/suggestions").status_code == 403
