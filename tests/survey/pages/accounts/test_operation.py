"""What the administrator sees of how the site runs; and what those see who wait for a silent worker."""

from datetime import UTC, datetime, timedelta

import pytest

from survey.roles import Role
from survey.store import reports
from survey.store.database import Database
from survey.store.sign_in_attempts import record_attempt
from survey.store.worker_signs import sign_life
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World


def seen(database: Database, ago: timedelta) -> None:
    with database.writing() as session:
        sign_life(session, at=datetime.now(UTC) - ago)


def test_a_silent_worker_is_told(signed_in: SignIn, world: World, sqlite_database: Database) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    assert "还没有运行过" in administrator.page("/operation").text
    seen(sqlite_database, timedelta(minutes=30))
    text = administrator.page("/operation").text
    assert "没有在运行" in text
    assert "请启动 survey worker" in text
    seen(sqlite_database, timedelta(seconds=70))
    text = administrator.page("/operation").text
    assert "没有在运行" not in text
    assert "没有要处理的" in text


def test_what_waits_and_what_failed(signed_in: SignIn, world: World, sqlite_database: Database) -> None:
    seen(sqlite_database, timedelta(0))
    address = f"/waves/{world.published}/reports"
    signed_in(Role.OFFICIAL).submit(address, {"choice": "whole", "report_language": "en"}, page=address)
    administrator = signed_in(Role.ADMINISTRATOR)
    text = administrator.page("/operation").text
    assert "1 份，最早的从" in text
    assert "没有要处理的" in text, "the worker is about to build it"
    with sqlite_database.writing() as session:
        (waiting,) = reports.unfinished_reports(session, now=datetime.now(UTC))
        reports.fail_report(session, waiting, error="内存不足", at=datetime.now(UTC))
    text = administrator.page("/operation").text
    assert "最早的从" not in text
    assert "内存不足" in text
    assert "有要处理的" in text


def test_failed_sign_ins_are_counted_and_those_that_succeeded_are_not(
    signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    now = datetime.now(UTC)
    before = administrator.page("/operation").text
    with sqlite_database.writing() as session:
        for name, address in (("n", "a"), ("n", "a"), ("m", "a")):
            record_attempt(session, name_key=name, address_key=address, at=now, succeeded=False)
        for succeeded in (False, True):
            record_attempt(session, name_key="k", address_key="b", at=now, succeeded=succeeded)
        record_attempt(session, name_key="old", address_key="c", at=now - timedelta(days=2), succeeded=False)
    assert "失败的登录 没有" in before
    assert "3 次，涉及 2 个账号名称、1 个网络地址" in administrator.page("/operation").text


def test_who_waits_for_a_report_reads_that_nobody_works(
    signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    address = f"/waves/{world.published}/reports"
    official = signed_in(Role.OFFICIAL)
    assert "没有在运行" not in official.page(address).text, "nothing waits"
    official.submit(address, {"choice": "whole", "report_language": "en"}, page=address)
    assert "生成报告的后台程序没有在运行" in official.page(address).text
    seen(sqlite_database, timedelta(seconds=30))
    assert "没有在运行" not in official.page(address).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_it_is_for_who_keeps_the_machine(signed_in: SignIn, world: World, role: Role) -> None:
    assert signed_in(role).get("/operation").status_code == 403
