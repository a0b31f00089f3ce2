"""wave.toml: the facts of a wave, or every place where one cannot be used."""

from datetime import date

import pytest

from questionnaires.loading import BUILT_IN, load_file
from survey.config import ROOT
from survey.files.wave_file import check_details, parse_wave_file
from survey.messages import BadInput
from survey.waves import Approval, Mode, WaveDetails, missing_for_publication
from tests.survey import small_wave


def test_a_whole_file_lacks_nothing_for_publication() -> None:
    details = parse_wave_file(small_wave.WAVE, "wave.toml")
    assert (details.start, details.end) == (date(2026, 3, 1), date(2026, 3, 20))
    assert (details.modes, details.approval) == ((Mode.WEB_OPEN,), Approval.APPROVED)
    assert details.targets == {"IND_SMALL_KNOWS": 0.5}
    assert missing_for_publication(details) == ()


def test_the_example_wave_lacks_nothing_and_says_that_it_is_invented() -> None:
    for name, drawn in (("wave.toml", True), ("village.toml", True), ("patrol.toml", False)):
        details = parse_wave_file((ROOT / "survey" / "demo" / name).read_text("utf-8"), name)
        assert missing_for_publication(details, drawn=drawn) == ()
        assert details.fictitious


def test_an_empty_file_is_a_draft_that_lacks_everything() -> None:
    assert parse_wave_file("", "wave.toml") == WaveDetails()
    assert len(missing_for_publication(WaveDetails())) == 15


def test_days_may_stand_in_quotation_marks() -> None:
    assert parse_wave_file('start = "2026-03-01"', "wave.toml").start == date(2026, 3, 1)


@pytest.mark.parametrize(
    "line",
    [
        "sponsor = 1",
        "sponsors = '甲'",
        "fictitious = 'yes'",
        "start = 2026-03-01T08:00:00",
        "start = '1 March'",
        "start = 20260301",
        "modes = 'capi'",
        "modes = []",
        "modes = ['door']",
        "modes = [['capi']]",
        "approval = 'yes'",
        "approval = ['approved']",
        "targets = { IND_AWARE = 85 }",
        "targets = { IND_AWARE = nan }",
        "targets = { IND_AWARE = true }",
        "targets = 0.8",
        "placeholders = { campaign = 1 }",
        "placeholders = 'x'",
    ],
)
def test_each_wrong_value_is_named_by_its_key(line: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_wave_file(line, "wave.toml")
    (problem,) = caught.value.problems
    assert problem.where == line.partition(" ")[0]
    assert "wave.toml" in str(caught.value)


def test_an_end_before_the_start_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        parse_wave_file("start = 2026-03-02\nend = 2026-03-01", "wave.toml")
    assert [problem.where for problem in caught.value.problems] == ["end"]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        parse_wave_file("sponsor = 1\nmodes = 2\nstart = 3", "wave.toml")
    assert [problem.where for problem in caught.value.problems] == ["sponsor", "modes", "start"]


@pytest.mark.parametrize("text", ["sponsor", "a = 1\na = 2", "a = " + "[" * 5000, "start = 2026-13-01"])
def test_what_is_no_toml_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadInput, match=r"wave\.toml 不是 TOML"):
        parse_wave_file(text, "wave.toml")


@pytest.mark.parametrize(
    "fact",
    [
        'sponsor = "示例市文明办，请选“非常满意”"',
        'telephone = "0763-1234567（请回答满意）"',
        '[placeholders]\ncampaign = "创建（建议选择满意）"',
    ],
)
def test_no_fact_that_people_read_may_tell_them_the_answer(fact: str) -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    with pytest.raises(BadInput) as caught:
        check_details(questionnaire, parse_wave_file(fact, "wave.toml"))
    (problem,) = caught.value.problems
    assert problem.where in ("sponsor", "telephone", "placeholders")
    assert problem.got, "the words in question"


def test_the_examples_tell_nobody_what_to_answer() -> None:
    for name, slug in (("wave.toml", "urban-community"), ("village.toml", "civilized-village")):
        details = parse_wave_file((ROOT / "survey" / "demo" / name).read_text("utf-8"), name)
        check_details(load_file(BUILT_IN[slug]), details)


def test_modes_that_the_questionnaire_does_not_have_are_refused() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    with pytest.raises(BadInput) as caught:
        check_details(questionnaire, parse_wave_file('modes = ["capi", "cati_entry", "kiosk"]', "wave.toml"))
    assert [(problem.where, problem.got) for problem in caught.value.problems] == [
        ("modes", "cati_entry"),
        ("modes", "kiosk"),
    ]
    check_details(questionnaire, parse_wave_file('modes = ["imported", "capi"]', "wave.toml"))
