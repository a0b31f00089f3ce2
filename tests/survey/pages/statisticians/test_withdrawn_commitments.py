"""A promise that cannot be kept: no draw beside it, and another person withdraws it on the page, openly."""

from datetime import UTC, datetime, timedelta

import pytest

from survey.roles import Role
from survey.sampling.public_values import PublicValueName
from survey.sampling.sample_designs import of_equal
from survey.store.database import Database
from survey.store.draw_commitments import Commitment, list_commitments
from survey.store.draws import list_draws
from survey.workflow.commit_draw import commit_draw
from tests.survey.drawn_wave import open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.public_draw import FOURTEEN

FORM = {"reason": "彩票停售", "confirm": "yes"}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    example.open_accounts(sqlite_database)
    return open_wave_with_units(sqlite_database)


@pytest.fixture
def promised(sqlite_database: Database, wave: int) -> Commitment:
    """By the statistician of the site, of a value that was to come an hour ago."""
    now = datetime.now(UTC)
    names = [PublicValueName(name="双色球 1 期", not_before=now - timedelta(hours=1), spelling=FOURTEEN)]
    by = example.NAMES[Role.STATISTICIAN]
    with sqlite_database.writing() as session:
        return commit_draw(session, wave, design=of_equal(10), public_values=names, at=now - timedelta(days=1), by=by)


def test_a_draw_beside_it_is_refused(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    page = f"/waves/{wave}/draw"
    refused = signed_in(Role.STATISTICIAN).submit(page, {"per_community": "10", "seed": "ab" * 8}, page=page)
    assert refused.status_code == 409
    assert f"第 {promised.id} 号承诺还没有兑现" in refused.text
    with sqlite_database.reading() as session:
        assert list_draws(session, wave) == ()


def test_another_person_withdraws_it_and_everybody_reads_it(
    signed_in: SignIn, wave: int, promised: Commitment, sqlite_database: Database
) -> None:
    page = f"/waves/{wave}/draw/commitment"
    address = f"{page}/{promised.id}/withdrawal"
    own, other = signed_in(Role.STATISTICIAN), signed_in(Role.SUPERVISOR)
    assert "撤回须由负责全部地区的另一人来做" in own.page(page).text
    assert own.submit(address, FORM, page=page).status_code == 409
    assert other.submit(address, {"reason": "彩票停售"}, page=page).status_code == 422
    returned = other.submit(address, {**FORM, "reason": " "}, page=page)
    assert returned.status_code == 422
    assert "最多 500 个字" in returned.text
    assert other.submit(f"{page}/99/withdrawal", FORM, page=page).status_code == 404
    done = other.submit(address, FORM, page=page)
    assert (done.status_code, done.location) == (303, page)
    with sqlite_database.reading() as session:
        (kept,) = list_commitments(session, wave)
    assert kept.withdrawn is not None
    assert kept.withdrawn.by == example.NAMES[Role.SUPERVISOR]
    for text in (own.page(page).text, own.page(f"{page}/{promised.id}").text):
        assert "理由：彩票停售" in text
        assert "约定的公开数字按约定的时间已经可以知道" in text
    assert "选设计，作一个新的承诺" in own.page(page).text
    assert "不再使用：承诺已经撤回" in own.page(page).text
    assert "只在否决后重抽时用" not in own.page(page).text


def test_the_spelling_is_promised_in_the_form(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    soon = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    form = {
        "per_community": "10",
        "value_name": ["双色球 1 期"],
        "not_before": [soon],
        "spelling": ["digits_ascending"],
        "spelling_count": ["十四"],
        "confirm": "yes",
    }
    address, page = f"/waves/{wave}/draw/commitment", f"/waves/{wave}/draw/design?per_community=10"
    refused = browser.submit(address, form, page=page)  # type: ignore[arg-type]  # lists of fields
    assert refused.status_code == 422
    assert "有几位，得到“十四”" in refused.text
    assert browser.submit(address, {**form, "spelling_count": ["12+2"]}, page=page).status_code == 303  # type: ignore[arg-type]  # as above
    with sqlite_database.reading() as session:
        (made,) = list_commitments(session, wave)
    assert made.public_values[0].spelling is not None
    assert made.public_values[0].spelling.text == "digits_ascending 12+2"
    assert "先是 12 位的号码从小到大，再是另开的 2 位" in browser.page(address).text
    assert "先是 12 位的号码从小到大，再是另开的 2 位" in browser.page(f"{address}/{made.id}").text
