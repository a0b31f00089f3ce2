"""Who counts in a rate is said in the file; a shared code has one wording."""

import pytest

from questionnaires.definition import IndicatorSet
from questionnaires.indicators import registered_indicators
from questionnaires.loading import load_text
from tests.questionnaires.tiny import (
    ACTS,
    COMMENT,
    HEAD,
    REPORTED,
    SATISFIED,
    SOLVED,
    indicator,
    places,
    problems,
    tiny,
)

POSITIVE = '{ polarity = ["pos"] }'


def test_positive_options_count_and_the_middle_does_not() -> None:
    rate = tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", POSITIVE, "headline")).indicator("IND_SAT_OVERALL")
    assert rate.codes == {1, 2}
    assert rate.set is IndicatorSet.HEADLINE


def test_a_shared_code_brings_its_wording_and_its_set() -> None:
    text = HEAD + SATISFIED + indicator("IND_SAT_OVERALL", "Q1", POSITIVE).replace('set = "other"\n', "")
    rate = load_text(text, "x").indicator("IND_SAT_OVERALL")
    assert (rate.label.zh_Hans, rate.label.en) == ("总体满意率", "Overall satisfaction rate")
    assert rate.set is IndicatorSet.HEADLINE


def test_a_fact_names_its_codes() -> None:
    rate = tiny(REPORTED, indicator("IND_VOICE", "E1", "{ codes = [1] }")).indicator("IND_VOICE")
    assert rate.codes == {1}


def test_a_code_of_ones_own_needs_a_wording() -> None:
    with_label = indicator("IND_PLAYBOOK", "E1", "{ codes = [1] }", label="听说过规划")
    assert tiny(REPORTED, with_label).indicator("IND_PLAYBOOK").label.zh_Hans == "听说过规划"
    without = HEAD + REPORTED + indicator("IND_PLAYBOOK", "E1", "{ codes = [1] }")
    assert places(without) == [("indicator IND_PLAYBOOK", "label")]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (indicator("IND_VOICE", "E1", "{ codes = [1] }", label="别的说法"), "label"),
        (indicator("IND_VOICE", "E1", "{ codes = [1] }", "headline"), "set"),
        (indicator("IND_VOICE", "E9", "{ codes = [1] }"), "item"),
        (indicator("IND_VOICE", "T1", "{ codes = [1] }"), "item"),
        (indicator("IND_VOICE", "E1", "{ codes = [] }"), "counted.codes"),
        (indicator("IND_VOICE", "E1", "{ codes = [5] }"), "counted.codes"),
        (indicator("IND_VOICE", "E1", "{ codes = [98] }"), "counted.codes"),
        (indicator("IND_VOICE", "E1", "{ codes = [1, 2] }"), "counted"),
        (indicator("IND_VOICE", "E1", '{ polarity = ["pos"] }'), "counted.polarity"),
        (indicator("IND_VOICE", "E1", '{ polarity = ["good"] }'), "counted.polarity"),
        (indicator("IND_VOICE", "E1", '{ polarity = ["pos"], codes = [1] }'), "counted"),
        (indicator("IND_VOICE", "E1", "{}"), "counted"),
        (indicator("IND_VOICE", "E1", "[1]"), "counted"),
        (indicator("IND_VOICE", "E1", "{ code = [1] }"), "counted.code"),
        (indicator("IND_VOICE", "E1", "{ codes = [1] }") * 2, "code"),
        (indicator("IND_VOICE", "E1", "{ codes = [1] }").replace("counted", "counts"), "counted"),
    ],
)
def test_an_indicator_that_cannot_be_right_is_refused(text: str, field: str) -> None:
    assert ("indicator IND_VOICE", field) in places(HEAD + REPORTED + COMMENT + text)


def test_an_unknown_code_near_a_shared_one_is_asked_about() -> None:
    (problem,) = problems(HEAD + REPORTED + indicator("IND_VOIEC", "E1", "{ codes = [1] }"))
    assert problem.params == {"near": "IND_VOICE"}


def test_a_code_must_look_like_one() -> None:
    assert ("indicator voice", "code") in places(HEAD + REPORTED + indicator("voice", "E1", "{ codes = [1] }"))


def test_a_multi_item_may_count_everything_but_none() -> None:
    rate = tiny(ACTS, indicator("IND_PARTICIPATE", "C1", "{ codes = [1, 2] }", "headline"))
    assert rate.indicator("IND_PARTICIPATE").codes == {1, 2}


def test_what_counts_must_be_an_answer() -> None:
    text = HEAD + REPORTED + SOLVED + indicator("IND_RESOLVE", "E2", "{ codes = [1, 97] }")
    (problem,) = problems(text)
    assert (problem.field, problem.got) == ("counted.codes", "97")


def test_no_two_shared_codes_share_a_wording() -> None:
    known = registered_indicators().values()
    for language in ("zh_Hans", "en"):
        labels = [entry.label.in_language(language) for entry in known]
        assert len(set(labels)) == len(labels)
        assert all(label.strip() for label in labels)


def test_shares_of_people_are_called_rates_and_never_scores() -> None:
    assert all(entry.label.zh_Hans.endswith("率") for entry in registered_indicators().values())
