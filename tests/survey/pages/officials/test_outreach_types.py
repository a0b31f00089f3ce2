"""Action types with their units and costs as officials see and change them: ``/outreach/types``."""

import pytest

from survey.roles import Role
from survey.store.database import Database
from tests.survey.outreach_world import World, build_world
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient


@pytest.fixture
def outreach(sqlite_database: Database) -> World:
    """A published wave, without a plan, and accounts of every role."""
    example.open_accounts(sqlite_database)
    return build_world(sqlite_database)


@pytest.fixture
def official(signed_in: SignIn, outreach: World) -> PageClient:
    return signed_in(Role.OFFICIAL)


def test_action_types_are_marked_as_assumed_until_somebody_vouches(official: PageClient, outreach: World) -> None:
    page = official.page("/outreach/types")
    before = next(row.text for row in page.all("tr") if row.text.startswith("入户宣传"))
    assert "5元 假定" in before
    form = {"name_zh": "上门宣传", "name_en": "Visit", "unit_zh": "户次", "unit_en": "visits", "unit_cost": "5"}
    send = "/outreach/types/HOME_VISIT"
    assert official.submit(send, form, page="/outreach/types?change=HOME_VISIT").status_code == 303
    lines = [row.text for row in official.page("/outreach/types").all("tr")]
    assert any(line.startswith("上门宣传") and "假定" in line for line in lines)
    form["unit_cost"] = "6.5"
    assert official.submit(send, form, page="/outreach/types?change=HOME_VISIT").status_code == 303
    lines = [row.text for row in official.page("/outreach/types").all("tr")]
    assert any(line.startswith("上门宣传") and "6.50元" in line and "假定" not in line for line in lines)
    for told in ("上门宣传 单价（元）：5 → 6.5", "单价为假定：是 → 否", "中文名称：入户宣传 → 上门宣传"):
        assert sum(told in line for line in lines) == 1


def test_a_price_is_vouched_for_without_changing_it(official: PageClient, outreach: World) -> None:
    form = {"name_zh": "横幅", "name_en": "Banner", "unit_zh": "条", "unit_en": "banners", "unit_cost": "95"}
    address_ = "/outreach/types/BANNER"
    assert (
        official.submit(address_, form | {"local_price": "yes"}, page="/outreach/types?change=BANNER").status_code
        == 303
    )
    line = next(row.text for row in official.page("/outreach/types").all("tr") if row.text.startswith("横幅"))
    assert "95元" in line
    assert "假定" not in line


@pytest.mark.parametrize(
    "wrong", [{"unit_cost": "-1"}, {"unit_cost": ""}, {"unit_cost": "inf"}, {"name_zh": ""}, {"unit_zh": "长" * 61}]
)
def test_an_impossible_type_is_refused_and_what_was_typed_stays(
    official: PageClient, outreach: World, wrong: dict[str, str]
) -> None:
    form = {"name_zh": "横幅", "name_en": "Banner", "unit_zh": "条", "unit_en": "banners", "unit_cost": "95"} | wrong
    response = official.submit("/outreach/types/BANNER", form, page="/outreach/types?change=BANNER")
    assert response.status_code == 422
    assert 'value="Banner"' in response.text
    (name,) = wrong
    assert f'id="{name}-problem"' in response.text  # beside the field, and in the list above it
    assert f'href="#{name}"' in response.text


def test_only_officials_change_types(signed_in: SignIn, outreach: World) -> None:
    browser = signed_in(Role.LEADER)
    page = browser.page("/outreach/types?change=BANNER")
    assert not [field for field in page.all("input") if field.get("name") == "unit_cost"]
    assert browser.submit("/outreach/types/BANNER", {}, page="/outreach/types").status_code == 403
    official = signed_in(Role.OFFICIAL)
    assert official.submit("/outreach/types/NOTHING", {}, page="/outreach/types").status_code == 404
