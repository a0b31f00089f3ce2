"""Designs are looked at before anything is drawn: what each community would give, or what is wrong with them."""

import html
import io
import re

import pytest

from survey.roles import Role, Scope
from survey.sampling.sample_designs import canonical, of_equal, read_design
from survey.store.database import Database
from survey.store.draw_commitments import list_commitments
from survey.store.draws import list_draws
from survey.store.sample_plans import add_sample_plan
from tests.survey.drawn_wave import AT, EAST, SEED, draw, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import read_html

RESERVES = """
[[stage]]
unit = "dwelling"
method = "systematic"
[allocation]
rule = "equal"
per_community = 8
whole_if_small = true
[reserves]
replicates = 2
per_community = 9
[lottery]
public_values = [ { name = "双色球 1 期", not_before = 2036-11-24T13:15:00Z, digits_ascending = "12+2" } ]
"""
ONE_COMMUNITY = """
[[stage]]
unit = "community"
method = "pps_systematic"
take = 1
size = "units"
[[stage]]
unit = "dwelling"
method = "simple"
take = 10
"""
GRIDS = ONE_COMMUNITY.replace("community", "grid")


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    example.open_accounts(sqlite_database)
    return open_wave_with_units(sqlite_database)


def address(wave: int) -> str:
    return f"/waves/{wave}/draw/design"


def nothing_stored(database: Database, wave: int) -> bool:
    with database.reading() as session:
        return (list_draws(session, wave), list_commitments(session, wave)) == ((), ())


def test_at_first_there_is_nothing_to_draw_by(signed_in: SignIn, wave: int) -> None:
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    assert "什么也不存，什么也不抽" in page.text
    assert "公布承诺" not in page.text
    assert not [field for field in page.all("select") if field.get("name") == "plan"], "no plan was saved"


def test_the_example_on_the_page_is_a_design(signed_in: SignIn, wave: int) -> None:
    (shown,) = re.findall(r"<code>(.*?)</code>", signed_in(Role.STATISTICIAN).get(address(wave)).text, re.DOTALL)
    design, _ = read_design(html.unescape(shown))
    assert design.teams is not None
    assert design.reserves is not None


def test_so_many_per_community(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    page = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?per_community=20")
    assert "每个社区分到 20 个。" in page.text
    assert "东风社区 54 20 10/27 (37.0%)" in page.text
    assert "西湖社区 22 20 10/11 (90.9%)" in page.text
    assert "无房村 0 0 —" in page.text
    kept = [field.get("value") for field in page.all("input") if field.get("name") == "design"]
    assert kept == [canonical(of_equal(20))] * 2, "of the public and of the other draw"
    assert nothing_stored(sqlite_database, wave)


@pytest.mark.parametrize("number", ["0", "x", "99999"])
def test_a_number_that_makes_no_design(signed_in: SignIn, wave: int, number: str) -> None:
    page = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?per_community={number}", status=422)
    assert any(element.get("role") == "alert" for element in page.walk())


def test_a_saved_plan_gives_its_design(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        request = {"goal": "given", "completes": 12}
        plan = add_sample_plan(session, name="十二户", request=request, completes=12, cases=12, at=AT, by="tongji").id
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"{address(wave)}?plan={plan}")
    assert "十二户，每个社区抽 12" in page.text
    assert "东风社区 54 12 2/9 (22.2%)" in page.text
    assert browser.get(f"{address(wave)}?plan=99").status_code == 422


def test_a_design_that_was_pasted(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(address(wave), {"toml": RESERVES}, page=address(wave))
    assert response.status_code == 200
    page = read_html(response.text)[0]
    told = page.text
    assert "备用样本 2 组，每组在每个社区 9 个" in told
    assert "16，另有备用 32" in told
    assert "东风社区 54 8 9 + 9 4/27 (14.8%)" in told
    assert "西湖社区 22 8 9 + 5 4/11 (36.4%)" in told, "the west has no more homes"
    assert "2 个社区不到 10 户" in told
    fields = {field.get("name"): field.get("value") for field in page.all("input") if field.get("value")}
    assert (fields["value_name"], fields["not_before"]) == ("双色球 1 期", "2036-11-24T21:15")
    assert nothing_stored(sqlite_database, wave)


def test_a_design_in_a_file(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    (token, *_) = [
        field.get("value") for field in browser.page(address(wave)).all("input") if field.get("name") == "csrf_token"
    ]
    files = {"csrf_token": token, "toml": "", "file": (io.BytesIO(ONE_COMMUNITY.encode("utf-8-sig")), "设计.toml")}
    response = browser.post(address(wave), data=files, content_type="multipart/form-data")
    assert response.status_code == 200
    assert "抽中的 1 个社区各自的数见下表" in response.text
    assert "西湖社区" in response.text
    assert "5/38" in response.text, "10 of 76"
    files["file"] = (io.BytesIO("每个".encode("gb18030")), "设计.toml")
    response = browser.post(address(wave), data=files, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "不是 UTF-8" in response.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请粘贴抽样设计"),
        ("[[stage]", "不是 TOML"),
        (ONE_COMMUNITY.replace("take = 10", "take = 0"), "stage 2 take 0：应为"),
        (ONE_COMMUNITY + "colour = 1", "stage 2 colour：应为"),
        (ONE_COMMUNITY.replace("take = 10", "take = 30"), "西湖社区"),
        (GRIDS, "有单元没有写网格，不能按网格抽"),
    ],
)
def test_what_is_wrong_with_a_design_is_named(
    signed_in: SignIn, wave: int, sqlite_database: Database, text: str, said: str
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(address(wave), {"toml": text}, page=address(wave))
    assert response.status_code == 422
    alert = next(element for element in read_html(response.text)[0].walk() if element.get("role") == "alert")
    assert said in alert.text
    (area,) = [field for field in read_html(response.text)[0].all("textarea") if field.get("name") == "toml"]
    assert area.text.split() == text.split(), "the text is there to be mended"
    assert nothing_stored(sqlite_database, wave)


def test_a_design_that_was_looked_at_is_drawn(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    form = {"design": canonical(of_equal(7)), "seed": "none"}
    refused = browser.submit(f"/waves/{wave}/draw", form, page=address(wave))
    assert refused.status_code == 422
    assert "这个设计会怎样抽" in refused.text, "the same design, to be drawn with another seed"
    assert browser.submit(f"/waves/{wave}/draw", {**form, "seed": SEED}, page=address(wave)).status_code == 303
    with sqlite_database.reading() as session:
        (found,) = list_draws(session, wave)
    assert (found.design, found.seed, found.public) == (canonical(of_equal(7)), SEED, False)


@pytest.mark.parametrize("forged", ["{}", '{"stage":1}', "no"])
def test_a_design_nobody_looked_at_is_not(signed_in: SignIn, wave: int, sqlite_database: Database, forged: str) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(f"/waves/{wave}/draw", {"design": forged, "seed": SEED}, page=address(wave))
    assert response.status_code == 422
    assert nothing_stored(sqlite_database, wave)


def test_after_a_draw_there_is_nothing_to_look_at(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    draw(sqlite_database, wave)
    page = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?per_community=5", status=409)
    assert "否决后才能重新抽取" in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STATISTICIAN])
def test_nobody_else_chooses(signed_in: SignIn, wave: int, role: Role) -> None:
    assert signed_in(role).get(address(wave)).status_code == 403


def test_a_part_of_the_wave_is_not_enough(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    assert signed_in(Role.STATISTICIAN).get(address(wave)).status_code == 403


def test_it_reads_in_english(signed_in: SignIn, wave: int) -> None:
    response = signed_in(Role.STATISTICIAN).get(f"{address(wave)}?per_community=20", headers={"Accept-Language": "en"})
    assert response.status_code == 200
