"""Other readings of a rate and composites: said in the file, or added by the registry for shared codes."""

import json

import pytest

from questionnaires.alternates import score_label
from questionnaires.definition import AlternateName, Base, IndicatorSet, Part
from questionnaires.fingerprint import indicator_fingerprint, questionnaire_fingerprint
from questionnaires.indicators import registered_composites, registered_indicators
from questionnaires.loading import BUILT_IN, from_document, load_file, to_document
from questionnaires.standard_alternates import alternates_of, composites_of
from tests.questionnaires.tiny import ACTS, HEAD, LIGHTING, REPORTED, SATISFIED, indicator, places, problems, tiny

POSITIVE = '{ polarity = ["pos"] }'
KNOWN = """
[[item]]
id = "A1"
section = "main"
type = "single"
scale = "aware3"
zh_Hans = "您知道吗"
en = "Do you know"
"""
OWN = indicator("IND_OWN", "Q1", POSITIVE, label="自定满意率")


def alternate(name: str, more: str = "") -> str:
    return f'\n[[indicator.alternate]]\nname = "{name}"\n{more}\n'


def composite(parts: str, code: str = "IND_MIX", label: str = 'label = { zh_Hans = "合", en = "Mix" }') -> str:
    return f'\n[[composite]]\ncode = "{code}"\n{label}\nparts = [{parts}]\n'


BOTH = '{ indicator = "IND_OWN", weight = 2 }, { indicator = "IND_M" }'
LIT = indicator("IND_M", "M1", POSITIVE, label="照明满意率")


def readings(*parts: str) -> dict[str, tuple[list[int], str]]:
    rate = tiny(*parts).indicators[0]
    return {one.name.value: (sorted(one.codes), one.base.value) for one in rate.alternates}


def test_the_names_alone_say_enough_where_options_have_polarity_and_score() -> None:
    found = readings(SATISFIED, OWN, alternate("valid"), alternate("top_box"), alternate("score"))
    assert found == {"valid": ([1, 2], "valid"), "top_box": ([1], "asked"), "score": ([], "valid")}
    assert readings(KNOWN, indicator("IND_AWARE", "A1", POSITIVE, "headline"), alternate("broad")) == {
        "broad": ([1, 2], "asked")
    }


def test_a_file_may_name_codes_and_base_itself() -> None:
    found = readings(SATISFIED, OWN, alternate("broad", 'counted = { codes = [1, 2, 3] }\nbase = "valid"'))
    assert found == {"broad": ([1, 2, 3], "valid")}


def test_what_a_rate_is_a_share_of_is_data_and_its_readings_follow() -> None:
    rate = tiny(SATISFIED, OWN + 'base = "valid"\n', alternate("top_box")).indicators[0]
    assert rate.base is Base.VALID
    assert rate.alternates[0].base is Base.VALID


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (alternate("broad"), "alternate[0].counted"),  # no option leans that way
        (alternate("broad", "counted = { codes = [1] }"), "alternate[0].counted"),
        (alternate("top_box", "counted = { codes = [3] }"), "alternate[0].counted"),
        (alternate("score", "counted = { codes = [1] }"), "alternate[0].counted"),
        (alternate("score", 'base = "asked"'), "alternate[0].base"),
        (alternate("valid", "counted = { codes = [1] }"), "alternate[0].counted"),
        (alternate("best"), "alternate[0].name"),
        (alternate("valid") + alternate("valid"), "alternate[1].name"),
        (alternate("valid", "rank = 1"), "alternate[0].rank"),
    ],
)
def test_a_reading_that_says_nothing_sensible_is_refused(more: str, field: str) -> None:
    assert places(HEAD + SATISFIED + OWN + more) == [("indicator IND_OWN", field)]


def test_a_score_needs_a_score_for_every_answer() -> None:
    own = indicator("IND_OWN", "E1", "{ codes = [1] }", label="自定")
    (problem,) = problems(HEAD + REPORTED + own + alternate("score"))
    assert "分值" in str(problem)


def test_several_answers_have_no_other_reading() -> None:
    own = indicator("IND_OWN", "C1", "{ codes = [1] }", label="自定")
    assert places(HEAD + ACTS + own + alternate("valid")) == [("indicator IND_OWN", "alternate[0].name")]


def test_a_composite_has_printed_weights_and_equal_ones_unless_it_says_so() -> None:
    (mix,) = tiny(SATISFIED, LIGHTING, OWN, LIT, composite(BOTH)).composites
    assert mix.parts == (Part(indicator="IND_OWN", weight=2), Part(indicator="IND_M", weight=1))
    assert mix.set is IndicatorSet.OTHER


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ('{ indicator = "IND_OWN" }', "parts"),
        ('{ indicator = "IND_OWN" }, { indicator = "IND_OWN" }', "parts[1].indicator"),
        ('{ indicator = "IND_OWN" }, { indicator = "IND_NONE" }', "parts[1].indicator"),
        ('{ indicator = "IND_OWN", weight = 0 }, { indicator = "IND_M" }', "parts[0].weight"),
        ('{ indicator = "IND_OWN" }, { indicator = "IND_FACT" }', "parts[1].indicator"),  # no scores
    ],
)
def test_a_composite_of_what_has_no_score_or_weight_is_refused(parts: str, field: str) -> None:
    fact = indicator("IND_FACT", "E1", "{ codes = [1] }", label="事实率")
    text = HEAD + SATISFIED + LIGHTING + REPORTED + OWN + LIT + fact + composite(parts)
    assert places(text) == [("composite IND_MIX", field)]


def test_a_shared_composite_has_one_wording() -> None:
    text = HEAD + SATISFIED + LIGHTING + OWN + LIT
    assert not places(text + composite(BOTH, "IND_SAT_INDEX", ""))
    assert places(text + composite(BOTH, "IND_SAT_INDEX")) == [("composite IND_SAT_INDEX", "label")]


def test_readings_and_composites_come_back_from_the_stored_document() -> None:
    asked = tiny(SATISFIED, LIGHTING, OWN + 'base = "valid"\n', alternate("valid"), alternate("score"), LIT,
                 composite(BOTH))  # fmt: skip
    assert from_document(json.loads(json.dumps(to_document(asked)))) == asked


def test_a_reading_in_the_file_is_another_document_but_the_same_rate() -> None:
    before, after = tiny(SATISFIED, OWN), tiny(SATISFIED, OWN, alternate("score"))
    assert questionnaire_fingerprint(before) != questionnaire_fingerprint(after)
    assert indicator_fingerprint(before, "IND_OWN") == indicator_fingerprint(after, "IND_OWN")


def names(slug: str, code: str) -> list[str]:
    questionnaire = load_file(BUILT_IN[slug])
    return [one.name.value for one in alternates_of(questionnaire, questionnaire.indicator(code))]


def test_the_registry_adds_readings_to_instruments_that_say_nothing_of_them() -> None:
    assert names("urban-community", "IND_AWARE") == ["broad"]
    assert names("urban-community", "IND_SUPPORT") == ["valid"]
    assert names("urban-community", "IND_SAT_OVERALL") == ["valid", "top_box", "score"]
    assert names("urban-community", "IND_SAT_SAFETY") == ["valid", "score"]
    assert names("service-callback", "IND_SAT_CASE") == ["valid", "top_box", "score"]
    assert names("urban-community", "IND_COACHING") == []


def test_what_the_registry_adds_is_in_no_document() -> None:
    assert "alternate" not in json.dumps(to_document(load_file(BUILT_IN["urban-community"])))
    assert "composite" not in to_document(load_file(BUILT_IN["urban-community"]))


def test_the_reading_of_the_file_goes_before_that_of_the_registry() -> None:
    rate = indicator("IND_SAT_OVERALL", "Q1", "{ codes = [1, 2, 3] }", "headline")
    asked = tiny(SATISFIED, rate, alternate("top_box", "counted = { codes = [1, 2] }"))
    found = {one.name: one for one in alternates_of(asked, asked.indicators[0])}
    assert found[AlternateName.TOP_BOX].codes == {1, 2}
    assert AlternateName.SCORE in found


def test_a_rate_of_an_instruments_own_gets_nothing_it_does_not_say() -> None:
    asked = tiny(SATISFIED, OWN)
    assert alternates_of(asked, asked.indicators[0]) == ()


def test_the_index_is_made_of_what_everyone_is_asked() -> None:
    (index,) = composites_of(load_file(BUILT_IN["urban-community"]))
    assert len(index.parts) == 10
    assert {part.weight for part in index.parts} == {1.0}
    assert "IND_SAT_LIGHTING" not in {part.indicator for part in index.parts}  # a module
    (service,) = composites_of(load_file(BUILT_IN["service-callback"]))
    assert "IND_SAT_HALL" not in {part.indicator for part in service.parts}  # of visitors only
    assert composites_of(tiny(SATISFIED, OWN)) == ()


def test_a_score_never_has_the_label_of_a_rate() -> None:
    rates = registered_indicators().values()
    for language in ("zh_Hans", "en"):
        said = {rate.label.in_language(language) for rate in rates}
        scores = {score_label(rate.label).in_language(language) for rate in rates}
        scores |= {one.label.in_language(language) for one in registered_composites().values()}
        assert not said & scores
    assert all("满意率" not in score_label(rate.label).zh_Hans for rate in rates)
