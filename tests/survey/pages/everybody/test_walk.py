"""The guided walk: twelve steps for everybody; in the demo each leads to a page that is there."""

import re
from collections.abc import Mapping

from survey.pages.everybody.walk_steps import STEPS
from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from tests.survey.pages.example import AT, World
from tests.survey.pages.page_client import Element, PageClient, read_html


def buttons(page: Element) -> dict[str, list[tuple[str, str]]]:
    """Step -> (role, where it leads)."""
    found = {}
    for step in page.all("li"):
        if step.get("class") == "walk__step":
            found[step.get("id")] = [
                (form.get("action").removeprefix("/try/"), field.get("value"))
                for form in step.all("form")
                for field in form.all("input")
                if field.get("name") == "next"
            ]
    return found


def test_without_examples_the_steps_stand_alone(client: PageClient, world: World) -> None:
    page = client.page("/walk")
    assert [step.get("id") for step in page.all("li") if step.get("class") == "walk__step"] == [s.key for s in STEPS]
    assert not any(buttons(page).values())
    assert "按钮会以那个角色登录" not in page.text


def test_an_empty_site_has_the_walk_too(client: PageClient, sqlite_database: Database) -> None:
    assert len(client.page("/walk").all("h2")) == len(STEPS)
    with sqlite_database.writing() as session:
        accounts.add_account(session, name="try", password_hash="h", role=Role.OFFICIAL, at=AT, example=True)
    assert not any(buttons(client.page("/walk")).values()), "accounts but no wave yet"


def test_every_button_leads_to_a_page_of_its_role(
    client: PageClient, world: World, examples: Mapping[Role, int]
) -> None:
    found = buttons(client.page("/walk"))
    assert ("official", f"/waves/{world.published}") in found["estimate"]
    assert found["draw"] == [], "the published wave of this small world was not drawn"
    for places in found.values():
        for role, address in places:
            response = client.submit(f"/try/{role}", {"next": address}, page="/walk")
            assert response.location == address
            assert client.get(address).status_code == 200, (role, address)


def test_a_role_without_its_example_has_no_button(
    client: PageClient, sqlite_database: Database, world: World, examples: Mapping[Role, int]
) -> None:
    with sqlite_database.writing() as session:
        accounts.set_active(session, examples[Role.OFFICIAL], False)
    assert not any(role == "official" for places in buttons(client.page("/walk")).values() for role, _ in places)


def test_every_step_says_what_happens_and_why_in_a_few_sentences(client: PageClient) -> None:
    shown = client.page("/walk").text
    assert len(STEPS) == 12
    for step in STEPS:
        assert 2 <= step.text.count("。") <= 3, step.key
        assert all(words in shown for words in (step.name, step.who, step.text)), step.key


def test_an_english_reader_meets_no_chinese(client: PageClient, world: World, examples: Mapping[Role, int]) -> None:
    page, _ = read_html(client.get("/walk", headers={"Accept-Language": "en"}).text)
    (main,) = page.all("main")
    named = {"宣教", "测试轮次"}  # waves and people bear the names that were typed
    steps = " ".join(step.text for step in main.all("li") if step.get("class") == "walk__step")
    assert len(steps) > 2000
    assert set(re.findall(r"[\u4e00-\u9fff]+", steps)) <= named
