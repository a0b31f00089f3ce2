"""Asking for PDFs, watching them come, fetching them."""

import pytest

from survey.roles import Role
from survey.store import reports
from survey.store.database import Database
from survey.waves import WaveState
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import AT, EAST, PDF, WEST, World
from tests.survey.pages.page_client import PageClient


@pytest.fixture
def statistician(signed_in: SignIn, world: World) -> PageClient:
    return signed_in(Role.STATISTICIAN)


def ask(browser: PageClient, wave: int, choice: str, language: str = "en") -> int:
    address = f"/waves/{wave}/reports"
    response = browser.submit(address, {"choice": choice, "report_language": language}, page=address)
    return response.status_code


def lines(browser: PageClient, wave: int) -> list[str]:
    tables = browser.page(f"/waves/{wave}/reports").all("table")
    return [row.text for row in tables[0].all("tr")[1:]] if tables else []


def test_all_reports_are_asked_for_at_once(
    statistician: PageClient, world: World, queue: list[int], sqlite_database: Database
) -> None:
    assert ask(statistician, world.draft, "all") == 303
    with sqlite_database.reading() as session:
        wanted = [r for r in reports.list_reports(session, world.draft) if r.language == "en"]
    assert [report.area for report in wanted] == [None, EAST, WEST]
    assert queue == [report.id for report in wanted]
    page = statistician.page(f"/waves/{world.draft}/reports")
    assert "已完成 1 / 4" in page.text  # one was there in Chinese


@pytest.mark.parametrize(("choice", "area"), [("whole", None), (WEST, WEST)])
def test_one_report_is_asked_for(
    statistician: PageClient,
    world: World,
    queue: list[int],
    sqlite_database: Database,
    choice: str,
    area: str | None,
) -> None:
    assert ask(statistician, world.draft, choice) == 303
    with sqlite_database.reading() as session:
        assert [reports.get_report(session, report).area for report in queue] == [area]


def test_what_is_done_is_not_built_again(statistician: PageClient, world: World, queue: list[int]) -> None:
    assert ask(statistician, world.draft, "whole", "zh_Hans") == 303
    assert queue == []


def test_the_page_says_what_is_made_and_what_had_been(statistician: PageClient, world: World, queue: list[int]) -> None:
    address = f"/waves/{world.draft}/reports"
    form = {"choice": "whole", "report_language": "zh_Hans"}
    answer = statistician.submit(address, form, page=address)
    text = statistician.page(answer.headers["Location"]).text
    assert "没有新的报告要生成：要的 1 份已经有了，最近一份是 2026-" in text
    answer = statistician.submit(address, {**form, "choice": "all"}, page=address)
    text = statistician.page(answer.headers["Location"]).text
    assert "开始生成 2 份报告。 已经有了或正在生成、不重做的报告：1 份。" in text
    assert len(queue) == 2


@pytest.mark.parametrize(("choice", "language"), [("", "en"), ("441800009999", "en"), ("whole", "fr"), ("whole", "")])
def test_a_choice_that_was_not_offered_is_refused(
    statistician: PageClient, world: World, queue: list[int], choice: str, language: str
) -> None:
    assert ask(statistician, world.draft, choice, language) == 400
    assert queue == []


def test_the_page_renews_itself_only_while_something_is_built(
    statistician: PageClient, world: World, queue: list[int], sqlite_database: Database
) -> None:
    quiet = statistician.page(f"/waves/{world.draft}/reports")
    assert not quiet.all("script")
    assert "全部完成：1 份" in quiet.text
    ask(statistician, world.draft, "whole")
    busy = statistician.page(f"/waves/{world.draft}/reports")
    block = next(element for element in busy.walk() if element.get("id") == "reports")
    assert block.get("hx-get") == f"/waves/{world.draft}/reports"
    assert block.get("hx-trigger") == "every 2s"
    assert [bar.get("value") for bar in busy.all("progress")] == ["1"]
    # Without JavaScript a link does the same.
    assert f"/waves/{world.draft}/reports" in [link.get("href") for link in block.all("a")]
    with sqlite_database.writing() as session:
        reports.fail_report(session, queue[0], error="字体文件不见了", at=AT)
    settled = statistician.page(f"/waves/{world.draft}/reports")
    assert not settled.all("script", "progress")
    assert "字体文件不见了" in settled.text


def test_a_failed_report_can_be_asked_for_again(
    statistician: PageClient, world: World, queue: list[int], sqlite_database: Database
) -> None:
    ask(statistician, world.draft, "whole")
    with sqlite_database.writing() as session:
        reports.fail_report(session, queue[0], error="磁盘已满", at=AT)
    ask(statistician, world.draft, "whole")
    assert queue == [queue[0]] * 2


def test_reports_of_an_earlier_run_are_marked(
    statistician: PageClient, world: World, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        example.add_run(session, world.draft)
    (line,) = lines(statistician, world.draft)
    assert "已经不是现行版本" in line
    assert ask(statistician, world.draft, "whole", "zh_Hans") == 303
    assert len(lines(statistician, world.draft)) == 2


def test_before_the_first_estimate_there_is_nothing_to_ask_for(
    statistician: PageClient, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        wave = example.add_wave(session)
    page = statistician.page(f"/waves/{wave}/reports")
    assert "还没有估计值" in page.text
    assert not page.all("select")
    assert ask(statistician, wave, "whole") == 409


def test_a_finished_report_is_fetched_under_a_readable_name(statistician: PageClient, world: World) -> None:
    response = statistician.get(f"/reports/{world.draft_report}.pdf")
    assert (response.status_code, response.mimetype, response.data) == (200, "application/pdf", PDF)
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith(
        f"attachment; filename=wave-{world.draft}-whole-zh_Hans.pdf; filename*=UTF-8''2026%E5"
    )
    assert response.headers["ETag"] == f'"{"b" * 64}"'
    again = statistician.get(f"/reports/{world.draft_report}.pdf", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_name_cannot_break_the_header(statistician: PageClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        wave = example.add_wave(session, name='a"/\\b\r\nSet-Cookie: x=1;中')
        report = example.add_report(session, wave, example.add_run(session, wave), area=EAST)
    response = statistician.get(f"/reports/{report}.pdf")
    assert response.status_code == 200
    assert "x=1" not in str(response.headers.getlist("Set-Cookie"))
    disposition = response.headers["Content-Disposition"]
    assert disposition.isascii()
    assert f"filename=wave-{wave}-{EAST}-zh_Hans.pdf;" in disposition
    for trap in ("%2F", "%5C", "%0D", "%0A", "%22"):
        assert trap not in disposition


def test_an_unfinished_report_cannot_be_fetched(statistician: PageClient, world: World, queue: list[int]) -> None:
    ask(statistician, world.draft, "whole")
    assert statistician.get(f"/reports/{queue[0]}.pdf").status_code == 404
    assert statistician.get("/reports/999.pdf").status_code == 404


def test_officials_get_reports_of_published_waves_only(
    signed_in: SignIn, world: World, queue: list[int], sqlite_database: Database
) -> None:
    official = signed_in(Role.OFFICIAL)
    assert official.get(f"/reports/{world.published_report}.pdf").status_code == 200
    assert official.get(f"/reports/{world.draft_report}.pdf").status_code == 404
    assert official.get(f"/waves/{world.draft}/reports").status_code == 404
    address = f"/waves/{world.draft}/reports"
    form = {"choice": "whole", "report_language": "en"}
    assert official.submit(address, form, page="/waves").status_code == 404
    assert queue == []
    assert ask(official, world.published, "whole") == 303
    assert len(queue) == 1


def test_publishing_opens_the_reports(signed_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        wave = example.add_wave(session, states=[WaveState.CLOSED, WaveState.PUBLISHED])
        report = example.add_report(session, wave, example.add_run(session, wave))
    assert signed_in(Role.OFFICIAL).get(f"/reports/{report}.pdf").status_code == 200
