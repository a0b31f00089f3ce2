"""Placeholders are filled per language; what nobody fills stays visible."""

from questionnaires.definition import Text
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.wording import fill, fill_questionnaire

ASK = Text(zh_Hans="受{sponsor}委托", en="on behalf of {sponsor}")


def test_a_text_fills_each_language_with_its_own() -> None:
    sponsor = Text(zh_Hans="市文明办", en="the city office")
    assert fill(ASK, {"sponsor": sponsor}) == Text(zh_Hans="受市文明办委托", en="on behalf of the city office")


def test_a_plain_string_fills_both() -> None:
    assert fill(ASK, {"sponsor": "ABC"}) == Text(zh_Hans="受ABC委托", en="on behalf of ABC")


def test_one_language_may_have_its_own_string() -> None:
    filled = fill(ASK, {"sponsor": "市文明办", "sponsor.en": "the city office"})
    assert filled == Text(zh_Hans="受市文明办委托", en="on behalf of the city office")


def test_what_nobody_fills_stays() -> None:
    assert fill(ASK, {"telephone": "12345"}) == ASK


def test_what_was_filled_in_is_not_filled_again() -> None:
    assert fill(ASK, {"sponsor": "{telephone} {", "telephone": "12345"}).en == "on behalf of {telephone} {"


def test_a_whole_questionnaire_is_filled() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    filled = fill_questionnaire(
        questionnaire, {**questionnaire.placeholders, "campaign": "巩固", "sponsor": "市文明办"}
    )
    assert "{" not in str([item.text for item in filled.items])
    assert "巩固" in filled.item("A1").text.zh_Hans
    assert "市文明办" in filled.introductions["web_token"].zh_Hans
    assert [item.id for item in filled.items] == [item.id for item in questionnaire.items]
    assert "{campaign}" in questionnaire.item("A1").text.zh_Hans, "the questionnaire itself stays"
