"""Each way to break a file is named by item and field, with what was got, all of them in one go."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.loading import BUILT_IN, InstrumentError, from_document, load_file, load_text, to_document
from tests.questionnaires.tiny import (
    ACTS,
    ADULTS,
    COMMENT,
    HEAD,
    REPORTED,
    SATISFIED,
    SOLVED,
    WHY,
    indicator,
    places,
    problems,
    tiny,
)

SCALE = """
[[scale]]
id = "{name}"
options = [{{ code = 1, zh_Hans = "好", en = "Good" }}, {{ code = 2, zh_Hans = "差", en = "Bad" }}]
"""


def swap(old: str, new: str, *parts: str) -> str:
    """A file of these parts with ``old`` replaced, which must be there."""
    text = HEAD + "".join(parts)
    assert old in text
    return text.replace(old, new, 1)


BROKEN = {
    "unknown field": (swap('type = "single"', 'typo = "single"', SATISFIED), ("Q1", "typo")),
    "missing type": (swap('type = "single"\n', "", SATISFIED), ("Q1", "type")),
    "unknown type": (swap('"single"', '"singel"', SATISFIED), ("Q1", "type")),
    "missing section": (swap('section = "main"\n', "", SATISFIED), ("Q1", "section")),
    "unknown section": (swap('section = "main"', 'section = "mian"', SATISFIED), ("Q1", "section")),
    "unknown scale": (swap('"sat5"', '"sat6"', SATISFIED), ("Q1", "scale")),
    "neither scale nor options": (swap('scale = "sat5"\n', "", SATISFIED), ("Q1", "scale")),
    "scale and options": (
        swap(
            'scale = "sat5"',
            'scale = "sat5"\noptions = [{code=1,zh_Hans="a",en="a"},{code=2,zh_Hans="b",en="b"}]',
            SATISFIED,
        ),
        ("Q1", "options"),
    ),
    "wording given twice": (
        swap('type = "single"', 'type = "single"\ntext = { zh_Hans = "a", en = "a" }', SATISFIED),
        ("Q1", "en"),
    ),
    "missing language": (swap('en = "Are you satisfied"\n', "", SATISFIED), ("Q1", "en")),
    "empty wording": (swap('"您满意吗"', '" "', SATISFIED), ("Q1", "zh_Hans")),
    "wording that is no text": (swap('"您满意吗"', "5", SATISFIED), ("Q1", "zh_Hans")),
    "control character": (swap('"您满意吗"', '"您\\u0000满意吗"', SATISFIED), ("Q1", "zh_Hans")),
    "undeclared placeholder": (
        swap('zh_Hans = "您满意吗"\nen = "', 'zh_Hans = "您满意{sponsor}吗"\nen = "{sponsor}', SATISFIED),
        ("Q1", "zh_Hans"),
    ),
    "placeholder in one language": (
        swap("您满意吗", "您满意{a}吗", SATISFIED) + '\n[placeholders]\na = { zh_Hans = "甲", en = "A" }\n',
        ("Q1", "en"),
    ),
    "stray brace": (swap("您满意吗", "您满意{吗", SATISFIED), ("Q1", "zh_Hans")),
    "flag that is no flag": (swap('type = "single"', 'type = "single"\noptional = 1', SATISFIED), ("Q1", "optional")),
    "repeated item id": (HEAD + SATISFIED + SATISFIED, ("Q1", "id")),
    "item id with a space": (swap('"Q1"', '"Q 1"', SATISFIED), ("Q 1", "id")),
    "item without id": (swap('id = "Q1"\n', "", SATISFIED), ("item[1]", "id")),
    "no items": (HEAD, ("", "item")),
    "items that are no tables": ("item = 5\n" + HEAD, ("", "item")),
    "condition on a later item": (HEAD + SOLVED + REPORTED, ("E2", "ask_if[0].item")),
    "condition on itself": (swap('item = "E1"', 'item = "E2"', REPORTED, SOLVED), ("E2", "ask_if[0].item")),
    "condition on no item": (swap('item = "E1"', 'item = "E9"', REPORTED, SOLVED), ("E2", "ask_if[0].item")),
    "condition on no code": (swap("codes = [1]", "codes = [7]", REPORTED, SOLVED), ("E2", "ask_if[0].codes")),
    "condition without codes": (swap("codes = [1]", "codes = []", REPORTED, SOLVED), ("E2", "ask_if[0].codes")),
    "condition on a text": (swap('item = "E1"', 'item = "T1"', COMMENT, SOLVED), ("E2", "ask_if[0].item")),
    "condition that is no table": (
        swap('[{ item = "E1", codes = [1] }]', '["E1"]', REPORTED, SOLVED),
        ("E2", "ask_if[0]"),
    ),
    "repeated code": (swap("code = 2,", "code = 1,", REPORTED, SOLVED), ("E2", "options[1].code")),
    "code that is text": (swap("code = 2,", 'code = "2",', REPORTED, SOLVED), ("E2", "options[1].code")),
    "code that is true": (swap("code = 2,", "code = true,", REPORTED, SOLVED), ("E2", "options[1].code")),
    "repeated option text": (swap('en = "No"', 'en = "Yes"', REPORTED, SOLVED), ("E2", "options[1].en")),
    "unknown kind": (swap('kind = "dk"', 'kind = "idk"', REPORTED, SOLVED), ("E2", "options[3].kind")),
    "polarity on don't know": (
        swap('kind = "dk"', 'kind = "dk", polarity = "neg"', REPORTED, SOLVED),
        ("E2", "options[3].polarity"),
    ),
    "score on a refusal": (
        swap('kind = "ref"', 'kind = "ref", score = 0', REPORTED, SOLVED),
        ("E2", "options[4].score"),
    ),
    "score that is no number": (
        swap('en = "Yes"', 'en = "Yes", score = nan', REPORTED, SOLVED),
        ("E2", "options[0].score"),
    ),
    "exclusive on a single item": (
        swap('en = "No"', 'en = "No", exclusive = true', REPORTED, SOLVED),
        ("E2", "options[1].exclusive"),
    ),
    "more choices than options": (swap("max_choices = 2", "max_choices = 7", ACTS), ("C1", "max_choices")),
    "choices on a single item": (
        swap('scale = "sat5"', 'scale = "sat5"\nmax_choices = 2', SATISFIED),
        ("Q1", "max_choices"),
    ),
    "range on a text": (swap("max_chars = 5", "minimum = 5", COMMENT), ("T1", "minimum")),
    "scale on a number": (swap("minimum = 1", 'scale = "sat5"', ADULTS), ("N1", "scale")),
    "range upside down": (swap("maximum = 20", "maximum = 0", ADULTS), ("N1", "minimum")),
    "unknown mode": (swap('["capi"]', '["capi", "phone"]', SATISFIED), ("instrument", "modes")),
    "mode of an item not fielded": (
        swap('type = "single"', 'type = "single"\nmodes = ["kiosk"]', SATISFIED),
        ("Q1", "modes"),
    ),
    "no introduction for a mode": (swap('["capi"]', '["capi", "kiosk"]', SATISFIED), ("introductions", "kiosk")),
    "introduction for no mode": (
        swap("[introductions.capi]", "[introductions.cappi]", SATISFIED),
        ("introductions", "cappi"),
    ),
    "no slug": (swap('slug = "tiny"\n', "", SATISFIED), ("instrument", "slug")),
    "version that is no text": (swap('version = "1"', "version = 1", SATISFIED), ("instrument", "version")),
    "minutes upside down": (
        swap('version = "1"', 'version = "1"\ntarget_minutes = [9, 3]', SATISFIED),
        ("instrument", "target_minutes"),
    ),
    "unknown table": (HEAD + SATISFIED + "\n[extra]\na = 1\n", ("", "extra")),
    "repeated section": (HEAD + HEAD[HEAD.index("[[section]]") :] + SATISFIED, ("section main", "id")),
    "a shared scale defined again": (HEAD + SCALE.format(name="sat5") + SATISFIED, ("scale sat5", "id")),
    "a scale defined twice": (HEAD + SCALE.format(name="own") * 2 + SATISFIED, ("scale own", "id")),
    "one option": (
        HEAD + '[[scale]]\nid = "own"\noptions = [{ code = 1, zh_Hans = "好", en = "Good" }]\n' + SATISFIED,
        ("scale own", "options"),
    ),
}


@pytest.mark.parametrize(("text", "place"), BROKEN.values(), ids=BROKEN)
def test_the_fault_is_named_by_item_and_field(text: str, place: tuple[str, str]) -> None:
    assert place in places(text)


@pytest.mark.parametrize("field", ["correct", "recommended", "answer", "best", "model_answer", "expected_code"])
def test_no_field_can_hold_a_recommended_answer(field: str) -> None:
    on_item = swap('type = "single"', f'type = "single"\n{field} = 1', SATISFIED)
    on_option = swap('en = "No"', f'en = "No", {field} = true', REPORTED, SOLVED)
    assert ("Q1", field) in places(on_item)
    assert ("E2", f"options[1].{field}") in places(on_option)


def test_the_refusal_of_a_recommended_answer_says_why() -> None:
    (problem,) = problems(swap('type = "single"', 'type = "single"\nrecommended = 1', SATISFIED))
    assert "推荐答案" in problem.expected_msgid


def test_a_mistyped_name_brings_the_near_one() -> None:
    (unknown_field,) = problems(swap('type = "single"', 'type = "single"\nbatery = "D"', SATISFIED))
    (unknown_scale,) = problems(swap('"sat5"', '"satt5"', SATISFIED))
    assert unknown_field.params == {"near": "battery"}
    assert unknown_scale.params == {"near": "sat5"}


def test_every_fault_of_a_file_is_reported_at_once() -> None:
    text = (
        HEAD.replace('slug = "tiny"', 'slug = "ti ny"').replace('en = "Tiny"', 'en = ""')
        + SATISFIED.replace("sat5", "sat6").replace('"Q1"', '"Q1"\nbatery = "D"')
        + SOLVED.replace("code = 2,", "code = 1,")
        + indicator("IND_AWARE", "Q7", "{ codes = [1] }", "headline")
    )
    assert {
        ("instrument", "slug"),
        ("instrument", "title.en"),
        ("Q1", "scale"),
        ("Q1", "batery"),
        ("E2", "ask_if[0].item"),
        ("E2", "options[1].code"),
        ("indicator IND_AWARE", "item"),
    } <= set(places(text))


def test_an_item_that_cannot_be_used_causes_no_false_alarm_elsewhere() -> None:
    text = (
        HEAD + REPORTED.replace("happened", "hapened") + SOLVED + WHY + indicator("IND_VOICE", "E1", "{ codes = [1] }")
    )
    assert places(text) == [("E1", "scale")]


def test_what_was_got_is_shown_short_and_what_is_missing_as_nothing() -> None:
    (long,) = problems(swap('"sat5"', '"' + "x" * 5000 + '"', SATISFIED))[:1]
    (missing,) = problems(swap('type = "single"\n', "", SATISFIED))
    assert long.got.startswith('"xxx')
    assert len(long.got) <= 60
    assert missing.got == ""


def test_the_error_reads_as_file_item_field_got_and_expected() -> None:
    with pytest.raises(InstrumentError) as caught:
        load_text(swap('"sat5"', '"satt5"', SATISFIED), "mine.toml")
    for part in ("mine.toml", "Q1", "scale", '"satt5"', "sat5"):
        assert part in str(caught.value)


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(leaf for key, child in children for leaf in _leaves(child, (*path, key)))]


DOCUMENT = json.dumps(to_document(load_file(BUILT_IN["service-callback"])))
PLACES = [path for path in _leaves(json.loads(DOCUMENT)) if path]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


@given(st.randoms(use_true_random=False), ANYTHING)
def test_a_document_damaged_anywhere_loads_or_is_refused_but_never_crashes(rng: random.Random, value: object) -> None:
    document = json.loads(DOCUMENT)
    path = rng.choice(PLACES)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    try:
        questionnaire = from_document(document)
    except InstrumentError as error:
        found = [str(problem) for problem in error.problems]
    else:
        found = []
        assert from_document(to_document(questionnaire)) == questionnaire
    assert all(found)


def test_the_parts_these_tests_break_are_whole_before() -> None:
    assert len(tiny(SATISFIED, REPORTED, SOLVED, WHY, ACTS, ADULTS, COMMENT).items) == 7
