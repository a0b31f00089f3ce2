"""The stored form of a questionnaire stands by itself."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.definition import (
    Condition,
    Indicator,
    IndicatorSet,
    Item,
    ItemType,
    Option,
    OptionKind,
    Polarity,
    Questionnaire,
    Section,
    Text,
)
from questionnaires.loading import BUILT_IN, InstrumentError, from_document, load_file, to_document
from tests.questionnaires.tiny import REPORTED, SATISFIED, SOLVED, indicator, tiny


@pytest.mark.parametrize("slug", BUILT_IN)
def test_a_built_in_questionnaire_comes_back_from_json_as_it_was(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    assert from_document(json.loads(json.dumps(to_document(questionnaire)))) == questionnaire


def test_options_and_labels_are_in_the_document() -> None:
    document = to_document(tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")))
    assert document["item"][0]["options"][0]["text"] == {"zh_Hans": "非常满意", "en": "Very satisfied"}
    assert document["indicator"][0]["label"]["zh_Hans"] == "总体满意率"
    assert document["indicator"][0]["counted"] == {"codes": [1, 2]}


def test_a_stored_document_keeps_the_wording_it_was_stored_with() -> None:
    document = to_document(tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")))
    document["indicator"][0]["label"]["zh_Hans"] = "从前的说法"
    document["item"][0]["options"][0]["text"]["en"] = "As it was called then"
    questionnaire = from_document(document)
    assert questionnaire.indicator("IND_SAT_OVERALL").label.zh_Hans == "从前的说法"
    assert questionnaire.item("Q1").options[0].text.en == "As it was called then"


def test_what_has_its_default_is_not_written() -> None:
    first = to_document(tiny(REPORTED, SOLVED))["item"][0]
    assert first.keys() == {"id", "section", "type", "text", "options", "scale"}


def test_a_damaged_document_is_refused() -> None:
    document = to_document(tiny())
    del document["item"][0]["text"]
    with pytest.raises(InstrumentError) as caught:
        from_document(document)
    assert caught.value.file == "tiny"


NAMES = st.text(string.ascii_letters, min_size=1, max_size=6)
WORDINGS = st.text(st.characters(exclude_characters="{}", exclude_categories=["C"]), min_size=1, max_size=9).filter(
    str.strip
)
TEXTS = st.builds(Text, zh_Hans=WORDINGS, en=WORDINGS)


@st.composite
def option_lists(draw: st.DrawFn) -> tuple[Option, ...]:
    codes = draw(st.lists(st.integers(0, 9999), min_size=2, max_size=5, unique=True))
    found = []
    for position, code in enumerate(codes):
        kind = draw(st.sampled_from(OptionKind)) if position else OptionKind.SUBSTANTIVE
        attitude = kind is OptionKind.SUBSTANTIVE
        found.append(
            Option(
                code=code,
                text=Text(zh_Hans=f"{position}{draw(WORDINGS)}", en=f"{position}{draw(WORDINGS)}"),
                kind=kind,
                polarity=draw(st.sampled_from([None, *Polarity])) if attitude else None,
                score=draw(st.none() | st.floats(0, 100)) if attitude else None,
                open=draw(st.booleans()),
                terminate=draw(st.booleans()),
                read_aloud=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    items: list[Item] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)):
        conditions = ()
        if items and draw(st.booleans()):
            asked = draw(st.sampled_from(items))
            codes = st.sampled_from([option.code for option in asked.options])
            conditions = (Condition(item=asked.id, codes=draw(st.frozensets(codes, min_size=1))),)
        items.append(
            Item(
                id=name,
                section="main",
                type=draw(st.sampled_from([ItemType.SINGLE, ItemType.MULTI])),
                text=draw(TEXTS),
                options=draw(option_lists()),
                ask_if=conditions,
                interviewer_note=draw(st.none() | TEXTS),
                module=draw(st.none() | NAMES),
                modes=draw(st.sampled_from([(), ("capi",)])),
                optional=draw(st.booleans()),
                department=draw(st.none() | TEXTS),
            )
        )
    multi = [item for item in items if item.type is ItemType.MULTI]
    return Questionnaire(
        slug="drawn",
        version=draw(NAMES),
        title=draw(TEXTS),
        population=draw(TEXTS),
        modes=("capi",),
        introductions={"capi": draw(TEXTS)},
        closing=draw(TEXTS),
        sections=(Section(id="main", title=draw(TEXTS)),),
        items=tuple(items),
        indicators=tuple(
            Indicator(
                code=f"IND_{position}",
                label=draw(TEXTS),
                item=item.id,
                codes=frozenset({item.options[0].code}),
                set=draw(st.sampled_from(IndicatorSet)),
            )
            for position, item in enumerate(multi)
        ),
        placeholders=draw(st.dictionaries(st.sampled_from(["sponsor", "campaign"]), TEXTS)),
        target_minutes=draw(st.sampled_from([None, (3, 9)])),
    )


@given(questionnaires())
def test_any_questionnaire_comes_back_as_it_was(questionnaire: Questionnaire) -> None:
    assert from_document(json.loads(json.dumps(to_document(questionnaire)))) == questionnaire
