"""Placeholders are filled per language; what nobody fills stays visible."""

from questionnaires.definition import Text
from questionnaires.wording import fill

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
