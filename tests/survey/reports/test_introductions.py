"""What residents are told first comes from the wave's facts."""

from dataclasses import replace

import pytest

from questionnaires.loading import BUILT_IN, load_file
from survey.reports.introductions import approval_words, introduction, missing_for_residents, missing_for_start
from survey.waves import Approval, Mode, WaveDetails, WaveState

DETAILS = WaveDetails(
    sponsor="市文明办",
    fieldwork="某调查队",
    telephone="0763-1234567",
    approval=Approval.FILED,
    approval_no="云统备〔2026〕2号",
)


@pytest.mark.parametrize("mode", [Mode.CAPI, Mode.WEB_TOKEN, Mode.WEB_OPEN, Mode.PAPER])
def test_every_introduction_names_who_asks_and_on_what_ground(mode: Mode) -> None:
    text = introduction(load_file(BUILT_IN["urban-community"]), mode, DETAILS)
    for wording in (text.zh_Hans, text.en):
        assert "{" not in wording
        for told in (DETAILS.sponsor, DETAILS.fieldwork, DETAILS.telephone, DETAILS.approval_no):
            assert told in wording


def test_a_mode_without_words_of_its_own_gets_the_first() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    assert introduction(questionnaire, Mode.IMPORTED, DETAILS) == introduction(questionnaire, Mode.CAPI, DETAILS)


def test_the_waves_file_may_word_it_otherwise() -> None:
    details = replace(DETAILS, placeholders={"sponsor": "市委宣传部", "sponsor.en": "the city"})
    text = introduction(load_file(BUILT_IN["urban-community"]), Mode.CAPI, details)
    assert "市委宣传部" in text.zh_Hans
    assert "the city" in text.en


def test_the_ground_stands_beside_a_survey_that_is_no_statistical_project() -> None:
    details = replace(DETAILS, approval=Approval.NOT_STATISTICAL, approval_ground="本单位内部工作")
    words = approval_words(details)
    assert words is not None
    assert words.zh_Hans == "不属于统计调查项目，依据：本单位内部工作"
    assert approval_words(WaveDetails()) is None


def test_everything_a_resident_must_know_is_asked_for() -> None:
    assert missing_for_residents(DETAILS) == ()
    assert [str(name) for name in missing_for_residents(WaveDetails())] == [
        "委托单位",
        "实施单位",
        "咨询电话",
        "批准、备案或不属于统计调查项目",
    ]
    assert [str(name) for name in missing_for_residents(replace(DETAILS, approval_no=""))] == ["批准文号或备案号"]
    not_statistical = replace(DETAILS, approval=Approval.NOT_STATISTICAL)
    assert [str(name) for name in missing_for_residents(not_statistical)] == ["不属于统计调查项目的依据"]


def test_without_any_introduction_there_is_the_title() -> None:
    questionnaire = replace(load_file(BUILT_IN["urban-community"]), introductions={}, modes=("imported",))
    assert introduction(questionnaire, Mode.CAPI, DETAILS) == questionnaire.title


def test_what_can_only_be_imported_does_not_go_into_the_field() -> None:
    missing = missing_for_start(DETAILS, state=WaveState.DRAWN, modes=[Mode.IMPORTED], drawn=True)
    assert any("只能导入答卷" in str(message) for message in missing)
    fielded = missing_for_start(DETAILS, state=WaveState.DRAWN, modes=[Mode.CAPI], drawn=True)
    assert not any("只能导入答卷" in str(message) for message in fielded)
