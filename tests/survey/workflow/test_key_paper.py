"""Forms on paper become answers, each once: keyed, a tenth keyed twice by somebody else, void with a reason."""

from collections import Counter
from datetime import date, timedelta

import pytest

from analysis.publication import Subset
from survey.areas import Level
from survey.keys import KeyRing
from survey.messages import BadInput, CheckFailed, Conflict
from survey.store.database import Database
from survey.store.paper_batches import VoidReason
from survey.store.paper_forms import FormState
from survey.store.receipts import count_receipts
from survey.store.responses import count_open_link, count_responses
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.count_paper import count_paper
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import estimate_wave
from survey.workflow.finish_keying import Finished
from survey.workflow.key_paper import Round, Saved, key_form, open_form
from tests.survey.paper_wave import AT, DAY, EAST, FILLED, PaperWave, again, finish, open_paper, responses, view, void


@pytest.fixture
def paper(database: Database, keys: KeyRing) -> PaperWave:
    return open_paper(database, keys)


def test_nothing_counts_before_it_is_known_what_is_keyed_twice(database: Database, paper: PaperWave) -> None:
    for number in range(1, 13):
        assert paper.key(database, number) is Saved.KEYED
    assert responses(database, paper) == []
    assert finish(database, paper) == Finished(keyed=12, chosen=2, valid=10)
    stored = responses(database, paper)
    assert len(stored) == 10
    assert {(one.area, one.mode, one.day, one.imported) for one in stored} == {(EAST, Mode.PAPER, DAY, False)}
    assert {one.uuid.version for one in stored} == {4}
    counts = view(database, paper).counts
    assert (counts.valid, counts.waiting, counts.open, counts.outstanding) == (10, 2, 13, 5)


def test_each_form_is_keyed_once_and_by_its_own_serial(database: Database, paper: PaperWave) -> None:
    paper.key(database, 1)
    with pytest.raises(Conflict, match="只有录它的人能改"):
        paper.key(database, 1, keyer=2)
    finish(database, paper)
    with pytest.raises(Conflict, match="另一个人"):
        paper.key(database, 1)
    paper.key(database, 1, keyer=2)
    for keyer in (1, 2):
        with pytest.raises(Conflict, match="已经录过，而且计入了"):
            paper.key(database, 1, keyer=keyer)
    good = paper.serial(3)
    for typed, told in (
        (good[:-1] + str((int(good[-1]) + 1) % 10), "最后一位对不上"),
        ("12", "不是问卷编号"),
        ("", "不是问卷编号"),
        (paper.serial(31), "只印了 30 份"),
    ):
        with database.writing() as session, pytest.raises(BadInput, match=told):
            open_form(session, paper.keys, paper.wave, paper.batch.id, serial=typed, keyer=1)
    with pytest.raises(BadInput, match="空白"):
        paper.key(database, 3, {"A1": "  "})


def test_items_nobody_was_asked_are_not_compared(database: Database, paper: PaperWave) -> None:
    """A2 and A3 are for those who know; most do not."""
    unknowing = {key: value for key, value in FILLED.items() if key != "A2"} | {"A1": "3"}
    for number in range(1, 12):
        paper.key(database, number, unknowing)
    finish(database, paper)
    one, other = again(database, paper)
    paper.key(database, one, {**unknowing, "A2": "1"}, keyer=2)
    paper.key(database, other, unknowing, keyer=2)
    found = {item.item: (item.found.compared, item.found.differing) for item in view(database, paper).second.items}
    assert found["A2"] == (1, 1), "one keying holds something, of one form"
    assert found["A1"] == (2, 0)
    assert "D1" not in found


def test_the_words_of_items_are_those_on_the_forms(database: Database, keys: KeyRing) -> None:
    paper = open_paper(database, keys, campaign=True)
    paper.key(database, 1)
    finish(database, paper)
    paper.key(database, 1, keyer=2)
    texts = {one.item: one.text for one in view(database, paper).second.items}
    told = texts["A1"]
    assert told is not None
    assert told.zh_Hans == "您知道创建的事吗，云城市委宣传部的"


def test_answers_are_what_the_paper_says(database: Database, paper: PaperWave) -> None:
    """Skipped before the last answer is a refusal, after it nothing; off the route stays and counts nowhere."""
    typed = {"S1": "1", "A1": "3", "A2": "2", "B1": "1", "B2": "9", "M1": "1", "M2": "1", "N1": "４", "D1": "20240301"}
    paper.key(database, 1, typed)
    paper.key(database, 2, {**FILLED, "B1": "", "A2": "10", "A2.10": "邻居说的", "N1": ""})
    finish(database, paper)
    for number in again(database, paper):  # the one chosen, keyed alike
        same = typed if number == 1 else {**FILLED, "B1": "", "A2": "10", "A2.10": "邻居 说的。", "N1": ""}
        assert paper.key(database, number, same, keyer=2) is Saved.ALIKE
    first, second = sorted((one.answers for one in responses(database, paper)), key=lambda one: str(one["A1"]))[::-1]
    assert (first["A2"], first["B2"], first["N1"], first["D1"]) == ([2], None, 4, "2024-03-01")
    assert second["B1"] == 99
    assert (second["A2"], str(second["A2.10"]).startswith("邻居")) == ([10], True)
    assert "N1" not in second
    assert len({"M1", "M2"} & first.keys()) == 1, "one rotating module on a form"


def test_a_second_keying_is_by_somebody_else_and_what_differs_is_settled(database: Database, paper: PaperWave) -> None:
    for number in range(1, 11):
        paper.key(database, number, keyer=1)
    finish(database, paper)
    (chosen,) = again(database, paper)
    with pytest.raises(Conflict, match="另一个人"):
        paper.key(database, chosen, keyer=1)
    assert paper.key(database, chosen, {**FILLED, "B1": "2", "N1": "5"}, keyer=2) is Saved.DIFFERS
    assert len(responses(database, paper)) == 9
    with database.writing() as session:
        serial = paper.serial(chosen)
        form = open_form(session, paper.keys, paper.wave, paper.batch.id, serial=serial, keyer=2)
    assert (form.round, form.differing) == (Round.SETTLING, ("B1", "N1"))
    assert (form.first["B1"], form.typed["B1"]) == ("1", "2")
    assert paper.key(database, chosen, {**FILLED, "N1": "5"}, keyer=2) is Saved.SETTLED
    with pytest.raises(Conflict, match="已经录过"):
        paper.key(database, chosen, keyer=2)
    stored = responses(database, paper)
    assert Counter(one.answers["N1"] for one in stored) == {3: 9, 5: 1}
    second = view(database, paper).second
    wrong = {one.item: one.found.differing for one in second.items}
    assert {item for item, number in wrong.items() if number} == {"B1", "N1"}
    assert (second.forms.compared, second.forms.differing) == (1, 1)
    assert (second.fields.compared, second.fields.differing) == (len(wrong), 2)
    assert second.fields.low is second.fields.high is None, "one form"


def test_who_is_no_resident_or_answered_too_little_is_void(database: Database, paper: PaperWave) -> None:
    paper.key(database, 1, {"S1": "2"})
    paper.key(database, 2, {"S1": "1", "A1": "3"})
    paper.key(database, 3)
    finish(database, paper)
    for number in again(database, paper):
        paper.key(database, number, {1: {"S1": "2"}, 2: {"S1": "1", "A1": "3"}}.get(number, FILLED), keyer=2)
    void(database, paper, 4, VoidReason.DOUBTFUL)
    counts = view(database, paper).counts
    assert counts.void == {VoidReason.NOT_ELIGIBLE: 1, VoidReason.TOO_FEW: 1, VoidReason.DOUBTFUL: 1}
    assert (counts.valid, len(responses(database, paper)), counts.open) == (1, 1, 21)


def test_every_form_that_came_back_has_a_receipt(database: Database, paper: PaperWave) -> None:
    paper.key(database, 1)
    void(database, paper, 2)
    finish(database, paper)
    with database.reading() as session:
        assert count_receipts(session, paper.wave) == 2


def test_counts_that_do_not_add_up_are_named(database: Database, paper: PaperWave) -> None:
    def count(issued: int, returned: int, day: date = DAY) -> list[str]:
        with database.writing() as session:
            try:
                count_paper(
                    session,
                    paper.keys,
                    paper.wave,
                    paper.batch.id,
                    issued=issued,
                    returned=returned,
                    returned_on=day,
                    at=AT,
                    by="dudao",
                )
            except CheckFailed as error:
                return [problem.column for problem in error.problems]
        return []

    paper.key(database, 1)
    paper.key(database, 2)
    assert count(31, 10) == ["issued"]
    assert count(20, 21) == ["returned"]
    assert count(30, 1) == ["returned"]
    assert count(-1, -1)[:2] == ["issued", "returned"]
    assert count(30, 25, date(2030, 1, 1)) == ["returned_on"]
    assert count(20, 2) == []
    with pytest.raises(Conflict, match="回收 2 份"):
        paper.key(database, 3)
    assert count(20, 2, DAY - timedelta(days=1)) == ["returned_on"], "before the batch was made"


def test_of_a_batch_made_today_the_only_day_of_return_is_named_once(database: Database, paper: PaperWave) -> None:
    with database.writing() as session, pytest.raises(CheckFailed) as refused:
        count_paper(
            session,
            paper.keys,
            paper.wave,
            paper.batch.id,
            issued=30,
            returned=6,
            returned_on=DAY - timedelta(days=1),
            at=paper.batch.made_at,
            by="dudao",
        )
    assert [str(one.expected) for one in refused.value.problems] == [f"只能是 {DAY}：今天印的，今天收回"]


def test_the_day_of_a_batch_stays_once_an_answer_bears_it(database: Database, paper: PaperWave) -> None:
    def count(day: date) -> None:
        with database.writing() as session:
            count_paper(
                session,
                paper.keys,
                paper.wave,
                paper.batch.id,
                issued=30,
                returned=26,
                returned_on=day,
                at=AT + timedelta(days=3),
                by="dudao",
            )

    count(DAY + timedelta(days=1))
    paper.key(database, 1)
    count(DAY + timedelta(days=2))
    paper.key(database, 2)
    finish(database, paper)
    with pytest.raises(CheckFailed) as refused:
        count(DAY)
    assert [problem.column for problem in refused.value.problems] == ["returned_on"]
    count(DAY + timedelta(days=2))
    (chosen,) = again(database, paper)
    paper.key(database, chosen, keyer=2)
    assert {one.day for one in responses(database, paper)} == {DAY + timedelta(days=2)}


def test_a_wave_does_not_close_over_answers_that_wait(database: Database, paper: PaperWave) -> None:
    for number in range(1, 6):
        paper.key(database, number)
    finish(database, paper)
    (chosen,) = again(database, paper)

    def close(*, discard: bool = False) -> list[str]:
        try:
            with database.writing() as session:
                close_wave(session, paper.keys, paper.wave, at=AT, by="tongji", discard_quarantine=discard)
        except CheckFailed as error:
            return [str(problem.expected) for problem in error.problems]
        return []

    told = ["1 份纸质问卷录过，没有抽取、复录或核对完", "20 份纸质问卷收回了，没有录入"]
    assert close() == told
    assert close(discard=True) == told, "that is about other records"
    assert len(responses(database, paper)) == 4
    paper.key(database, chosen, keyer=2)
    void(database, paper, 6)
    assert close() == ["19 份纸质问卷收回了，没有录入"]
    with database.writing() as session:
        count_paper(
            session, paper.keys, paper.wave, paper.batch.id, issued=30, returned=6, returned_on=DAY, at=AT, by="dudao"
        )
    assert close() == []
    destroy_keys(database, paper.keys)
    assert len(responses(database, paper)) == 5
    closed = view(database, paper)
    assert (closed.counts.valid, closed.counts.void, closed.again) == (5, {VoidReason.BLANK: 1}, ())
    with database.reading() as session:
        assert closed.second.forms.compared == 1
        assert session.connection().exec_driver_sql("SELECT count(*) FROM paper_forms").scalar() == 0


def test_closing_by_force_loses_no_answer(database: Database, paper: PaperWave) -> None:
    for number in range(1, 6):
        paper.key(database, number)
    finish(database, paper)
    paper.key(database, 6, {**FILLED, "N1": "7"})
    with database.writing() as session:
        closed = close_wave(session, paper.keys, paper.wave, at=AT, by="tongji", paper_as_it_is=True)
    assert (closed.paper.waiting, closed.paper.unkeyed) == (2, 19)
    assert Counter(one.answers["N1"] for one in responses(database, paper)) == {3: 5, 7: 1}
    counts = view(database, paper).counts
    assert (counts.valid, counts.batch.as_keyed, counts.open) == (6, 2, 19)


def test_answers_on_paper_stand_apart_from_the_sample(database: Database, paper: PaperWave) -> None:
    for number in range(1, 21):
        paper.key(database, number)
    finish(database, paper)
    with database.writing() as session:
        done = estimate_wave(session, paper.keys, paper.wave, by_level=Level.CITY, code_version="0", at=AT, by="tongji")
    assert {one.subset for one in done.estimates} == {Subset.OPEN_LINK}
    with database.reading() as session:
        assert (count_responses(session, paper.wave), count_open_link(session, paper.wave)) == (18, 18)


def test_two_at_once_store_one(database: Database, paper: PaperWave) -> None:
    """The same form sent twice, as after a lost reply."""
    with database.writing() as session:
        serial = paper.serial(1)
        form = open_form(session, paper.keys, paper.wave, paper.batch.id, serial=serial, keyer=1)
    paper.key(database, 1)
    with database.writing() as session, pytest.raises(Conflict):
        key_form(session, form, FILLED, keyer=1)
    found = paper.record(database, 1)
    assert found is not None
    assert found.state is FormState.KEYED
