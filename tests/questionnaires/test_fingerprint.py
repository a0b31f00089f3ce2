"""A fingerprint changes with what is asked, and with nothing else."""

import json
from dataclasses import replace

import pytest

from questionnaires.definition import Item, Text
from questionnaires.fingerprint import indicator_fingerprint, item_fingerprint, questionnaire_fingerprint
from questionnaires.loading import BUILT_IN, from_document, load_file, to_document
from questionnaires.wording import fill_questionnaire
from tests.questionnaires.tiny import REPORTED, SATISFIED, SOLVED, indicator, tiny

ASKED = tiny(SATISFIED).item("Q1")
NOTE = Text(zh_Hans="逐项读出", en="Read out each option")


def with_options(item: Item, **changes: object) -> Item:
    first, *rest = item.options
    return replace(item, options=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def test_a_fingerprint_is_a_sha256() -> None:
    assert len(bytes.fromhex(item_fingerprint(ASKED))) == 32
    assert len(bytes.fromhex(questionnaire_fingerprint(tiny()))) == 32


@pytest.mark.parametrize(
    "same",
    [
        replace(ASKED, id="Z9"),
        replace(ASKED, interviewer_note=NOTE),
        replace(ASKED, department=NOTE),
        replace(ASKED, battery="D"),
        replace(ASKED, scale=None),
    ],
)
def test_what_the_respondent_does_not_see_leaves_an_item_the_same(same: Item) -> None:
    assert item_fingerprint(same) == item_fingerprint(ASKED)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, text=Text(zh_Hans="您满意吗？", en="Are you satisfied")),
        replace(ASKED, text=Text(zh_Hans="您满意吗", en="Are you happy")),
        replace(ASKED, options=ASKED.options[:-1]),
        replace(ASKED, options=tuple(reversed(ASKED.options))),
        with_options(ASKED, code=6),
        with_options(ASKED, text=NOTE),
        with_options(ASKED, polarity=None),
        tiny(REPORTED, SATISFIED.replace("scale", 'ask_if = [{ item = "E1", codes = [1] }]\nscale')).item("Q1"),
    ],
)
def test_another_wording_option_or_condition_is_another_item(other: Item) -> None:
    assert item_fingerprint(other) != item_fingerprint(ASKED)


def test_a_new_version_with_the_same_wording_has_the_same_fingerprint() -> None:
    first = tiny()
    again = replace(first, slug="other", version="2", target_minutes=(1, 2))
    noted = replace(first, items=tuple(replace(item, interviewer_note=NOTE) for item in first.items))
    assert {questionnaire_fingerprint(other) for other in (again, noted)} == {questionnaire_fingerprint(first)}


def test_order_introduction_and_what_counts_belong_to_the_questionnaire() -> None:
    rate = indicator("IND_VOICE", "E1", "{ codes = [1] }")
    first = tiny(SATISFIED, REPORTED, rate)
    others = [
        tiny(REPORTED, SATISFIED, rate),
        replace(first, introductions={"capi": NOTE}),
        tiny(SATISFIED, REPORTED, rate.replace("[1]", "[2]")),
        tiny(SATISFIED, REPORTED),
        tiny(SATISFIED, REPORTED, SOLVED, rate),
    ]
    fingerprints = [questionnaire_fingerprint(questionnaire) for questionnaire in (first, *others)]
    assert len(set(fingerprints)) == len(fingerprints)


@pytest.mark.parametrize("slug", BUILT_IN)
def test_storing_keeps_the_fingerprint(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    stored = from_document(json.loads(json.dumps(to_document(questionnaire))))
    assert questionnaire_fingerprint(stored) == questionnaire_fingerprint(questionnaire)
    assert [item_fingerprint(item) for item in stored.items] == [item_fingerprint(i) for i in questionnaire.items]


RATE = indicator("IND_VOICE", "E1", "{ codes = [1] }")


def test_a_rate_is_its_question_who_is_asked_and_what_counts() -> None:
    first = tiny(REPORTED, SOLVED, SATISFIED, RATE)
    code = first.indicators[0].code
    (asked,) = {each.item for each in first.indicators}
    elsewhere = tuple(item if item.id == asked else replace(item, text=NOTE) for item in first.items)  # other questions
    for same in (
        replace(first, version="2", items=tuple(reversed(first.items))),
        replace(first, items=elsewhere),
        replace(first, indicators=tuple(replace(each, label=NOTE) for each in first.indicators)),
    ):
        assert indicator_fingerprint(same, code) == indicator_fingerprint(first, code)
    reworded = tuple(replace(item, text=NOTE) if item.id == asked else item for item in first.items)
    web_only = tuple(replace(item, modes=("web_open",)) if item.id == asked else item for item in first.items)
    others = [
        replace(first, items=reworded),
        replace(first, items=web_only),
        replace(first, indicators=tuple(replace(each, codes=frozenset({2})) for each in first.indicators)),
    ]
    assert len({indicator_fingerprint(each, code) for each in (first, *others)}) == 4


def test_the_question_that_decides_who_is_asked_belongs_to_the_rate() -> None:
    first = tiny(REPORTED, SOLVED, indicator("IND_VOICE", "E2", "{ codes = [1] }"))
    code = first.indicators[0].code
    deciding = tuple(replace(item, text=NOTE) if item.id == "E1" else item for item in first.items)
    assert indicator_fingerprint(replace(first, items=deciding), code) != indicator_fingerprint(first, code)


def test_what_a_wave_fills_in_is_part_of_the_question() -> None:
    city = load_file(BUILT_IN["urban-community"])
    plain, other = (fill_questionnaire(city, {"campaign": word}) for word in ("创建", "巩固"))
    differ = {
        each.code
        for each in city.indicators
        if indicator_fingerprint(plain, each.code) != indicator_fingerprint(other, each.code)
    }
    assert "IND_AWARE" in differ
    assert differ < {each.code for each in city.indicators}
