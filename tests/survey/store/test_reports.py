import hashlib
import threading
from datetime import timedelta

import pytest

from survey.areas import Level
from survey.messages import NotThere
from survey.runs import EstimateRun
from survey.store.estimates import add_run
from survey.store.reports import (
    GIVEN_UP_AFTER,
    MOST_ATTEMPTS,
    ReportState,
    claim_report,
    fail_report,
    finish_report,
    get_report,
    list_reports,
    load_pdf,
    release_building,
    unfinished_reports,
    want_reports,
)

PDF = b"%PDF-1.7 \x00\xff"


@pytest.fixture
def want(example, at, database):
    with database.writing() as session:
        run = add_run(
            session,
            EstimateRun(
                id=0,
                wave_id=example.wave,
                by_level=Level.COMMUNITY,
                instrument_fingerprint="a",
                frame_digest="f",
                answers_digest="d",
                responses=0,
                mode_counts={},
                design=None,
                level=0.95,
                seed="s",
                code_version="0",
                at=at,
                by="a",
            ),
            [],
        )

    def wanted(session, *areas, language="zh_Hans"):
        return want_reports(
            session, wave_id=example.wave, run_id=run, areas=areas, language=language, draft=True, at=at, by="a"
        )

    return wanted


def finish(session, report, at):
    finish_report(
        session, report, pdf=PDF, pages=2, sha256=hashlib.sha256(PDF).hexdigest(), missing_characters="𠮷", at=at
    )


def test_a_wanted_report_is_built_once(database, want, at):
    with database.writing() as session:
        whole, east = want(session, None, "330106001001")
        assert get_report(session, whole).state is ReportState.WANTED
        assert (get_report(session, whole).area, get_report(session, east).area) == (None, "330106001001")
        assert unfinished_reports(session, now=at) == [whole, east]
        assert claim_report(session, whole, at=at)
        assert not claim_report(session, whole, at=at)
        assert unfinished_reports(session, now=at) == [east]
        assert load_pdf(session, whole) is None
        finish(session, whole, at)
    with database.reading() as session:
        done = get_report(session, whole)
        assert (done.state, done.pages, done.size, done.missing_characters, done.finished_at) == (
            ReportState.DONE,
            2,
            len(PDF),
            "𠮷",
            at,
        )
        assert load_pdf(session, whole) == PDF
        assert [report.area for report in list_reports(session, done.wave_id)] == [None, "330106001001"]


def test_wanting_again_reuses_what_is_there_and_revives_what_failed(database, want, at):
    with database.writing() as session:
        done, failed, wanted = want(session, None, "1", "2")
        assert claim_report(session, done, at=at)
        finish(session, done, at)
        assert claim_report(session, failed, at=at)
        fail_report(session, failed, error="没有字体", at=at)
        assert get_report(session, failed).error == "没有字体"
    with database.writing() as session:
        assert want(session, "2", "1", None, "1") == [wanted, failed, done, failed]
        assert get_report(session, done).state is ReportState.DONE
        revived = get_report(session, failed)
        assert (revived.state, revived.error, revived.finished_at) == (ReportState.WANTED, None, None)
        assert want(session, None, language="en") != [done]


def test_a_report_whose_worker_is_gone_can_be_claimed_again(database, want, at):
    late = at + GIVEN_UP_AFTER + timedelta(seconds=1)
    with database.writing() as session:
        (report,) = want(session, None)
        assert claim_report(session, report, at=at)
        assert not claim_report(session, report, at=at + GIVEN_UP_AFTER)
        assert unfinished_reports(session, now=late) == [report]
        assert claim_report(session, report, at=late)
        assert not claim_report(session, report, at=late)


def test_a_worker_that_starts_releases_what_was_being_built(database, want, at):
    with database.writing() as session:
        one, two = want(session, None, "1")
        assert claim_report(session, one, at=at)
        assert claim_report(session, two, at=at)
        finish(session, two, at)
    with database.writing() as session:
        release_building(session)
    with database.reading() as session:
        assert get_report(session, one).state is ReportState.WANTED
        assert get_report(session, two).state is ReportState.DONE


def test_a_report_that_ends_its_worker_each_time_fails_until_somebody_asks_again(database, want, at):
    with database.writing() as session:
        killer, other = want(session, None, "1")
    for attempt in range(2 * MOST_ATTEMPTS):
        with database.writing() as session:
            if attempt == MOST_ATTEMPTS:
                assert not claim_report(session, killer, at=at)
                failed = get_report(session, killer)
                assert (failed.state, failed.finished_at) == (ReportState.FAILED, at)
                assert failed.error.startswith("生成三次都没有完成")
                assert unfinished_reports(session, now=at) == [other]
                assert want(session, None) == [killer]
            assert claim_report(session, killer, at=at)
        with database.writing() as session:
            release_building(session)
    with database.writing() as session:
        assert not claim_report(session, killer, at=at)
        assert claim_report(session, other, at=at)


def test_an_abandoned_report_fails_after_its_last_attempt(database, want, at):
    with database.writing() as session:
        (report,) = want(session, None)
        times = [at + number * (GIVEN_UP_AFTER + timedelta(seconds=1)) for number in range(MOST_ATTEMPTS + 1)]
        assert [claim_report(session, report, at=time) for time in times] == [True] * MOST_ATTEMPTS + [False]
        assert get_report(session, report).state is ReportState.FAILED


def test_one_of_many_gets_the_claim(database, want, at):
    with database.writing() as session:
        (report,) = want(session, None)
    got = []

    def work():
        with database.writing() as session:
            got.append(claim_report(session, report, at=at))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_what_is_done_stays_done(database, want, at):
    with database.writing() as session:
        (report,) = want(session, None)
        finish(session, report, at)
        first = get_report(session, report)
        finish(session, report, at + timedelta(hours=1))
        fail_report(session, report, error="late", at=at)
        assert not claim_report(session, report, at=at + timedelta(days=1))
        assert get_report(session, report) == first


def test_an_unknown_report_is_not_there(database, at):
    with database.writing() as session:
        with pytest.raises(NotThere):
            get_report(session, 9)
        with pytest.raises(NotThere):
            finish(session, 9, at)
        assert (load_pdf(session, 9), claim_report(session, 9, at=at)) == (None, False)
