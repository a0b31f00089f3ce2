"""The short questionnaires: what they ask is asked alike in the long ones, so that rates compare."""

import re

import pytest

from questionnaires.definition import IndicatorSet, Questionnaire
from questionnaires.fingerprint import indicator_fingerprint, item_fingerprint
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import routed_items

SHORT, PHONE = (load_file(BUILT_IN[slug]) for slug in ("urban-community-short", "service-callback-phone"))
#: The short ones, and what they are made of.
SHORTENED = [(SHORT, load_file(BUILT_IN["urban-community"])), (PHONE, load_file(BUILT_IN["service-callback"]))]
each_short = pytest.mark.parametrize(("short", "whole"), SHORTENED, ids=[short.slug for short, _ in SHORTENED])


@each_short
def test_a_short_questionnaire_asks_what_the_long_one_asks_and_its_rates_compare(
    short: Questionnaire, whole: Questionnaire
) -> None:
    for item in short.items:
        assert item_fingerprint(item) == item_fingerprint(whole.item(item.id))
        assert (item.modes, item.reverse_order) == (whole.item(item.id).modes, whole.item(item.id).reverse_order)
    for indicator in short.indicators:
        assert indicator_fingerprint(short, indicator.code) == indicator_fingerprint(whole, indicator.code)
    assert short.population == whole.population


@each_short
def test_a_short_questionnaire_does_not_promise_the_time_of_the_long_one(
    short: Questionnaire, whole: Questionnaire
) -> None:
    assert short.target_minutes is not None
    assert whole.target_minutes is not None
    assert short.target_minutes[1] < whole.target_minutes[1]
    for introduction in short.introductions.values():
        (minutes,) = re.findall(r"大约(?:需要)?(\d+)分钟", introduction.zh_Hans)
        assert short.target_minutes[0] <= int(minutes) <= short.target_minutes[1]
        assert f"about {minutes} minutes" in introduction.en


def test_eight_questions_at_the_door_and_five_on_the_telephone() -> None:
    for mode in ("capi", "paper_entry", "web_open"):
        assert len(routed_items(SHORT, {}, mode=mode)) == 8
    invited = [item.id for item in routed_items(SHORT, {}, mode="web_token")]
    assert sorted(invited) == sorted([*(item.id for item in routed_items(SHORT, {}, mode="capi")), "N1"])
    assert PHONE.modes == ("cati_entry",)
    assert len(routed_items(PHONE, {"S1": 1}, mode="cati_entry")) == 5


def test_the_short_questionnaire_has_the_headline_set_and_tells_whom_to_trust() -> None:
    codes = {group: [i.code for i in SHORT.indicators if i.set is group] for group in IndicatorSet}
    assert codes[IndicatorSet.HEADLINE] == ["IND_AWARE", "IND_SUPPORT", "IND_PARTICIPATE", "IND_SAT_OVERALL"]
    assert codes[IndicatorSet.HONESTY] == ["IND_COACHING", "IND_DECOY"]


def test_the_title_that_does_not_exist_is_marked_and_counted_apart() -> None:
    decoy = SHORT.indicator("IND_DECOY")
    assert {option.code for option in SHORT.item(decoy.item).options if option.decoy} == decoy.codes
