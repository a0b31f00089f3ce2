"""The public lottery in its steps: promised, the value entered, drawn; and what comes out of step."""

from datetime import UTC, datetime, timedelta

import pytest

from analysis.sampling.lottery import secret_digest
from survey.pages.statisticians.draw_forms import written_moment
from survey.roles import Role, Scope
from survey.sampling.public_values import PublicValueName
from survey.sampling.sample_designs import canonical, of_equal
from survey.store.database import Database
from survey.store.draw_commitments import Commitment, list_commitments
from survey.store.draws import list_draws
from survey.workflow.close_wave import close_wave
from survey.workflow.commit_draw import commit_draw
from survey.workflow.decide_draw import approve_draw, reject_draw
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import EAST, open_wave_with_units, units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import read_html
from tests.survey.public_draw import FOURTEEN

DESIGN = canonical(of_equal(10))
NAMES = ("双色球 1 期", "双色球 2 期")
SOURCE = "https://www.cwl.gov.cn/"


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    example.open_accounts(sqlite_database)
    return open_wave_with_units(sqlite_database)


@pytest.fixture
def promised(sqlite_database: Database, wave: int) -> Commitment:
    """Two days ago, of values that were to come yesterday and an hour ago."""
    now = datetime.now(UTC)
    names = [
        PublicValueName(name=name, not_before=now - timedelta(hours=hours), spelling=FOURTEEN)
        for name, hours in zip(NAMES, (24, 1), strict=True)
    ]
    with sqlite_database.writing() as session:
        return commit_draw(
            session, wave, design=of_equal(10), public_values=names, at=now - timedelta(days=2), by="tongji"
        )


def address(wave: int) -> str:
    return f"/waves/{wave}/draw/commitment"


def promise(**changes: object) -> dict[str, object]:
    soon = written_moment(datetime.now(UTC) + timedelta(days=1))
    spelling = {"spelling": ["digits_ascending"] * 2, "spelling_count": ["12+2"] * 2}
    values = {"value_name": list(NAMES), "not_before": [soon, soon], **spelling}
    return {"design": DESIGN, **values, "confirm": "yes", **changes}


def value(number: int = 0, *, hours: float = 23, **changes: str) -> dict[str, str]:
    at = written_moment(datetime.now(UTC) - timedelta(hours=hours))
    form = {
        "name": NAMES[number],
        "value": "03 07 11 19 22 30 05",
        "published_at": at,
        "source": SOURCE,
        "confirm": "yes",
    }
    return {**form, **changes}


def test_a_promise_tells_all_but_the_secret(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    page = f"/waves/{wave}/draw/design?per_community=10"
    done = browser.submit(address(wave), promise(), page=page)  # type: ignore[arg-type]  # lists of fields
    assert (done.status_code, done.location) == (303, address(wave))
    with sqlite_database.reading() as session:
        (made,) = list_commitments(session, wave)
    assert (made.design, [one.name for one in made.public_values]) == (DESIGN, list(NAMES))
    for reader in (Role.STATISTICIAN, Role.SUPERVISOR):
        seen = signed_in(reader).page(address(wave))
        for text in (made.frame_digest, secret_digest(bytes.fromhex(made.secret)), *NAMES, "还没有到", "下一次抽签"):
            assert text in seen.text
        assert made.secret not in signed_in(reader).get(address(wave)).text
        notice = signed_in(reader).page(f"{address(wave)}/{made.id}")
        for text in (made.frame_digest, made.secret_digest, DESIGN, "每个社区分到 10 个。", "云城市委宣传部"):
            assert text in notice.text
        assert made.secret not in notice.text
    overview = browser.page(f"/waves/{wave}/draw")
    assert "第 1 号承诺已经公布" in overview.text
    assert "改作非公开抽签" in overview.text


def test_the_notice_tells_of_promises_on_the_same_value(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    notice = f"{address(wave)}/{promised.id}"
    assert "的其他承诺" not in signed_in(Role.STATISTICIAN).page(notice).text
    other = open_wave_with_units(sqlite_database, rows=units()[:-1])
    with sqlite_database.writing() as session:
        commit_draw(
            session, other, design=of_equal(10), public_values=promised.public_values[:1],
            at=promised.committed_at, by="tongji",
        )  # fmt: skip
    seen = signed_in(Role.STATISTICIAN).page(notice).text
    assert f"和本次约定了同一个公开数字：{NAMES[0]}。" in seen
    assert "几轮调查也可以正当地约定同一期开奖" in seen


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"confirm": ""}, "请先勾选"),
        ({"value_name": ["", ""], "not_before": ["", ""]}, "1 到 20 个公开数字"),
        ({"not_before": ["", ""]}, "读不出来"),
        ({"value_name": ["", NAMES[1]]}, "看得见的字"),
        ({"not_before": ["2020-01-01T10:00", "2020-01-01T10:00"]}, "不晚于现在"),
        ({"value_name": [NAMES[0], NAMES[0]]}, "约定了两次"),
        ({"spelling": ["digits_ascending", ""]}, "没有约定写法"),
        ({"design": "", "per_community": "x"}, "10,000"),
    ],
)
def test_what_promises_nothing_comes_back(
    signed_in: SignIn, wave: int, sqlite_database: Database, changes: dict[str, object], said: str
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    page = f"/waves/{wave}/draw/design?per_community=10"
    form = promise(**changes)
    response = browser.submit(address(wave), form, page=page)  # type: ignore[arg-type]
    assert response.status_code == 422
    alert = next(element for element in read_html(response.text)[0].walk() if element.get("role") == "alert")
    assert said.replace(",", "") in alert.text.replace(",", "")
    if form["design"]:
        held = [
            field.get("value")
            for field in read_html(response.text)[0].all("input")
            if field.get("name") == "value_name"
        ]
        assert [one for one in held if one] == [one for one in form["value_name"] if one]  # type: ignore[attr-defined]
    with sqlite_database.reading() as session:
        assert list_commitments(session, wave) == ()


def test_nobody_promises_twice(signed_in: SignIn, wave: int, promised: Commitment) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(address(wave), promise(), page=address(wave))  # type: ignore[arg-type]
    assert response.status_code == 409
    assert "不能另作承诺" in response.text


def test_the_value_draws_what_was_promised(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert "下一个公开数字：双色球 1 期" in browser.page(address(wave)).text
    done = browser.submit(f"{address(wave)}/value", value(), page=address(wave))
    assert (done.status_code, done.location) == (303, f"/waves/{wave}/draw")
    page = browser.page(f"/waves/{wave}/draw")
    assert "第 1 号抽样 待批准 公开抽签" in page.text
    assert "第 1 号承诺的密数，接上公开数字“双色球 1 期”：03071119223005" in page.text
    assert SOURCE in page.text
    with sqlite_database.reading() as session:
        (found,) = list_draws(session, wave)
    assert found.public
    for secret in (found.seed, found.salt, promised.secret):
        assert secret not in page.text
    after = browser.page(address(wave))
    assert "第 1 号抽样：03071119223005" in after.text
    assert "没有用到" in after.text
    assert not [form for form in after.all("form") if form.get("action").endswith("/value")]
    again = browser.submit(f"{address(wave)}/value", value(), page=address(wave))
    assert again.status_code in (409, 422), "a double click"
    with sqlite_database.reading() as session:
        assert len(list_draws(session, wave)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"confirm": ""}, "请先勾选"),
        ({"value": " "}, "请照公布的原文输入"),
        ({"value": "3\u200b"}, "看不见的字符"),
        ({"source": ""}, "在哪里可以查到"),
        ({"published_at": "昨天"}, "读不出来"),
        ({"published_at": "2020-01-01T10:00"}, "早于承诺"),
        ({"published_at": "2999-01-01T10:00"}, "还没有到"),
        ({"name": NAMES[1]}, "这次抽签要用公开数字"),
        ({"name": "股票指数"}, "不在第 1 号承诺里"),
    ],
)
def test_a_value_that_does_not_count(
    signed_in: SignIn,
    wave: int,
    promised: Commitment,
    sqlite_database: Database,
    changes: dict[str, str],
    said: str,
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(f"{address(wave)}/value", value(**changes), page=address(wave))  # type: ignore[arg-type]
    assert response.status_code == 422
    assert said in response.text
    fields = {field.get("id"): field.get("value") for field in read_html(response.text)[0].all("input")}
    assert fields["source"] == changes.get("source", SOURCE)
    with sqlite_database.reading() as session:
        assert list_draws(session, wave) == ()


def test_a_value_from_before_its_time(signed_in: SignIn, wave: int, promised: Commitment) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(f"{address(wave)}/value", value(hours=30), page=address(wave))
    assert response.status_code == 422
    assert "不是约定的那一个" in response.text


def test_a_redraw_takes_the_next_value_and_all_is_told_after_the_wave(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(f"{address(wave)}/value", value(), page=address(wave))
    with sqlite_database.writing() as session:
        reject_draw(session, 1, reason="漏了一栋", at=datetime.now(UTC), by="shenhe")
    assert "下一个公开数字：双色球 2 期" in browser.page(address(wave)).text
    assert browser.submit(f"{address(wave)}/value", value(1, hours=0.5), page=address(wave)).status_code == 303
    overview = browser.page(f"/waves/{wave}/draw")
    assert "第 2 号抽样 待批准 公开抽签" in overview.text
    assert "第 1 号：漏了一栋" in overview.text
    certificates = [link.get("href") for link in overview.all("a") if link.get("href").endswith("/certificate")]
    assert certificates == [f"/waves/{wave}/draw/{number}/certificate" for number in (2, 1)]
    with sqlite_database.writing() as session:
        approve_draw(session, 2, unreviewed="已经看过", at=datetime.now(UTC), by="shenhe")
        close_wave(session, NO_KEYS, wave, at=datetime.now(UTC), by="tongji")
    with sqlite_database.reading() as session:
        seeds = [one.seed for one in list_draws(session, wave)]
    told = browser.page(f"/waves/{wave}/draw").text
    assert all(seed in told for seed in seeds)
    assert promised.secret in told
    assert promised.secret in browser.page(address(wave)).text


def test_before_any_promise(signed_in: SignIn, wave: int) -> None:
    assert "本轮还没有抽签的承诺" in signed_in(Role.SUPERVISOR).page(address(wave)).text
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(f"{address(wave)}/value", value(), page=address(wave))
    assert response.status_code == 409
    assert browser.get(f"{address(wave)}/value").location == address(wave)
    assert browser.get(f"{address(wave)}/7").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.STATISTICIAN, Role.SUPERVISOR)])
def test_others_see_nothing_of_it(signed_in: SignIn, wave: int, promised: Commitment, role: Role) -> None:
    browser = signed_in(role)
    for path in (address(wave), f"{address(wave)}/{promised.id}", f"{address(wave)}/value"):
        assert browser.get(path).status_code == 403


def test_a_supervisor_reads_and_does_not_draw(signed_in: SignIn, wave: int, promised: Commitment) -> None:
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert not [form for form in page.all("form") if form.get("action").endswith("/value")]
    assert browser.submit(f"{address(wave)}/value", value(), page=address(wave)).status_code == 403
    assert browser.submit(address(wave), promise(), page=address(wave)).status_code == 403  # type: ignore[arg-type]


def test_a_part_of_the_wave_is_not_enough(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.STATISTICIAN)
    assert browser.submit(f"{address(wave)}/value", value(), page=address(wave)).status_code == 403


def test_it_reads_in_english(signed_in: SignIn, wave: int, promised: Commitment) -> None:
    browser = signed_in(Role.STATISTICIAN)
    for path in (address(wave), f"{address(wave)}/1", f"/waves/{wave}/draw"):
        assert browser.get(path, headers={"Accept-Language": "en"}).status_code == 200
