"""A statistician draws, looks, verifies; another person approves or rejects."""

import pytest
from sqlalchemy import text

from survey.roles import Role, Scope
from survey.sampling.samples import read_seed
from survey.store.database import Database
from survey.store.draws import get_draw, list_draws, open_draw
from survey.store.waves import get_wave
from survey.waves import WaveState
from survey.workflow.close_wave import close_wave
from tests.survey import promised_draw
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import SEED, approve, draw, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

FORM = {"per_community": "10", "seed": SEED}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """In draft, with units and an account for each role."""
    example.open_accounts(sqlite_database)
    return open_wave_with_units(sqlite_database)


def address(wave: int) -> str:
    return f"/waves/{wave}/draw"


def test_the_page_tells_what_a_draw_would_take(signed_in: SignIn, wave: int) -> None:
    page = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?per_community=20")
    assert "共 85 个单元" in page.text
    assert "其余 76 个可抽" in page.text
    assert "20 户全部完成：95% 区间约为 68% 到 97%" in page.text
    assert "完成一半，即 10 户：95% 区间约为" in page.text
    (table,) = page.all("table")
    assert "东风社区 54 20 20/54 (37.0%)" in table.text
    assert "西湖社区 22 20 20/22 (90.9%)" in table.text
    assert "无房村 0 0 —" in table.text


@pytest.mark.parametrize("number", ["0", "x", "99999999999"])
def test_a_number_that_makes_no_draw_is_left_aside(signed_in: SignIn, wave: int, number: str) -> None:
    page = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?per_community={number}")
    assert "每个社区抽 100 户时" in page.text


def test_one_draws_and_another_approves(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(address(wave), FORM, page=address(wave))
    assert (response.status_code, response.location) == (303, address(wave))
    page = browser.page(address(wave))
    assert "第 1 号抽样 待批准 非公开抽签" in page.text
    assert "自己不能批准" in page.text
    assert SEED not in page.text
    assert "批准这次抽样" not in page.text

    other = signed_in(Role.SUPERVISOR)
    page = other.page(address(wave))
    assert "批准这次抽样" in page.text
    decision = {"draw": "1", "decision": "approve"}
    refused = other.submit(f"{address(wave)}/decision", decision, page=address(wave))
    assert refused.status_code == 422
    assert "请先勾选" in refused.text
    unreviewed = other.submit(f"{address(wave)}/decision", {**decision, "confirm": "yes"}, page=address(wave))
    assert unreviewed.status_code == 422
    assert "还没有审核过：请先审核" in unreviewed.text
    assert other.submit(f"{address(wave)}/1/review", {}, page=f"{address(wave)}/1/review").status_code == 303
    assert "不审核就批准的理由" not in other.page(address(wave)).text
    done = other.submit(f"{address(wave)}/decision", {**decision, "confirm": "yes"}, page=address(wave))
    assert done.status_code == 303
    page = other.page(address(wave))
    assert "已批准" in page.text
    assert SEED in page.text
    assert "下一步" in page.text, "teams and assignments"
    assert f"/waves/{wave}/assignments" in [link.get("href") for link in page.all("main")[0].all("a")]
    with sqlite_database.reading() as session:
        assert get_wave(session, wave).state is WaveState.DRAWN
    again = other.submit(f"{address(wave)}/decision", {**decision, "confirm": "yes"}, page=address(wave))
    assert again.status_code == 409


def test_a_seed_of_the_machine_is_said_to_be_one(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(address(wave), {**FORM, "seed": ""}, page=address(wave))
    page = browser.page(address(wave))
    assert "非公开抽签：种子由本机随机产生" in page.text
    assert "抽样人给出" not in page.text


def test_who_drew_does_not_decide(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(address(wave), FORM, page=address(wave))
    for decision in ({"decision": "approve", "confirm": "yes"}, {"decision": "reject", "reason": "漏了一栋"}):
        response = browser.submit(f"{address(wave)}/decision", {"draw": "1", **decision}, page=address(wave))
        assert response.status_code == 409
        assert "须由另一人来做" in response.text


def test_a_rejected_draw_stays_to_be_seen(signed_in: SignIn, wave: int) -> None:
    signed_in(Role.STATISTICIAN).submit(address(wave), FORM, page=address(wave))
    other = signed_in(Role.SUPERVISOR)
    decision = {"draw": "1", "decision": "reject", "reason": ""}
    assert other.submit(f"{address(wave)}/decision", decision, page=address(wave)).status_code == 422
    decision["reason"] = "漏了一栋<b>"
    assert other.submit(f"{address(wave)}/decision", decision, page=address(wave)).status_code == 303
    page = other.page(address(wave))
    assert "第 1 号：漏了一栋<b>" in page.text
    assert "打算怎样抽" in page.text


def test_without_a_seed_the_machine_makes_one(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert browser.submit(address(wave), {**FORM, "seed": " "}, page=address(wave)).status_code == 303
    with sqlite_database.reading() as session:
        drawn = open_draw(session, wave)
    assert drawn is not None
    assert len(read_seed(drawn.seed)) == 64


@pytest.mark.parametrize("change", [{"seed": "hand"}, {"per_community": "0"}, {"per_community": "viele"}])
def test_what_cannot_be_drawn_comes_back(
    signed_in: SignIn, wave: int, sqlite_database: Database, change: dict[str, str]
) -> None:
    response = signed_in(Role.STATISTICIAN).submit(address(wave), {**FORM, **change}, page=address(wave))
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert f'value="{change.get("seed", SEED)}"' in response.text
    with sqlite_database.reading() as session:
        assert list_draws(session, wave) == ()


def test_a_double_click_draws_once(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(address(wave), FORM, page=address(wave))
    second = browser.submit(address(wave), FORM, page=address(wave))
    assert second.status_code == 409
    assert "第 1 号抽样" in second.text
    with sqlite_database.reading() as session:
        assert len(list_draws(session, wave)) == 1


def test_verification_says_yes_and_no(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    verification = f"{address(wave)}/verification"
    nothing = browser.submit(verification, {}, page=address(wave))
    assert nothing.status_code == 409
    assert "没有待批准或已批准的抽样" in nothing.text
    draw(sqlite_database, wave)
    assert "核对一致" in browser.submit(verification, {}, page=address(wave)).text
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE units SET status = 'rented' WHERE serial = 3"))
    changed = browser.submit(verification, {}, page=address(wave))
    assert changed.status_code == 409
    assert "对不上" in changed.text
    assert "frame.units" in changed.text


def test_a_link_verifies_nothing(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    """Somebody switches the language on the page with the result, or comes by a bookmark."""
    draw(sqlite_database, wave)
    assert signed_in(Role.SUPERVISOR).get(f"{address(wave)}/verification").location == address(wave)


def test_areas_alone_cannot_be_drawn_from(signed_in: SignIn, world: example.World) -> None:
    page = signed_in(Role.STATISTICIAN).page(address(world.draft))
    assert "不能抽样" in page.text


def test_a_part_of_the_wave_is_not_enough_to_decide_on_it(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    draw(sqlite_database, wave)
    east = Scope(areas=frozenset({"440983102001"}))
    for role in (Role.STATISTICIAN, Role.SUPERVISOR):
        example.limit(sqlite_database, role, east)
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert "西湖社区" not in page.text
    assert "批准这次抽样" not in page.text
    decision = {"draw": "1", "decision": "approve", "confirm": "yes"}
    assert browser.submit(f"{address(wave)}/decision", decision, page=address(wave)).status_code == 403
    browser = signed_in(Role.STATISTICIAN)
    assert browser.submit(address(wave), FORM, page=address(wave)).status_code == 403


def test_another_wave_is_out_of_reach(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(waves=frozenset({99})))
    assert signed_in(Role.STATISTICIAN).get(address(wave)).status_code == 404


@pytest.mark.parametrize("role", [Role.CANVASSER, Role.OFFICIAL, Role.LEADER, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_others_do_not_see_draws(signed_in: SignIn, wave: int, role: Role) -> None:
    browser = signed_in(role)
    assert browser.get(address(wave)).status_code == 403
    assert browser.get(f"{address(wave)}/verification").status_code == 403


def test_a_supervisor_does_not_draw(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert "抽样 </button>" not in browser.get(address(wave)).text
    assert browser.submit(address(wave), FORM, page=address(wave)).status_code == 403


def test_it_reads_in_english(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    drawn_wave(sqlite_database)
    browser = signed_in(Role.STATISTICIAN)
    response = browser.get(address(wave), headers={"Accept-Language": "en"})
    assert response.status_code == 200


def test_a_public_draw_is_called_so_and_keeps_its_seed(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    promised_draw.commit(sqlite_database, wave, design=promised_draw.WITH_RESERVES)
    drawn = promised_draw.draw_public(sqlite_database, wave, promised_draw.published(0))
    approve(sqlite_database, drawn.draw)
    with sqlite_database.reading() as session:
        record = get_draw(session, drawn.draw)
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(address(wave))
    assert "第 1 号抽样 已批准 公开抽签" in page.text
    assert "非公开抽签" not in page.text
    assert promised_draw.NUMBERS[0] in page.text
    assert record.seed not in page.text
    assert record.salt not in page.text
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=promised_draw.LATER, by="tongji")
    page = browser.page(address(wave))
    assert record.seed in page.text
    assert record.salt in page.text
