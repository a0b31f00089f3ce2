"""What the instrument language can say: each small file of ``behaviours/`` read, written and refused."""

import json

import pytest

from questionnaires.definition import Check, Comparison, Condition, ItemType
from questionnaires.fingerprint import item_fingerprint, questionnaire_fingerprint
from questionnaires.loading import from_document, load_text, to_document
from questionnaires.wording import MissingWording, fill_questionnaire, missing_wordings
from tests.questionnaires.tiny import ADULTS, BEHAVIOURS, COMMENT, HEAD, SATISFIED, behaviour, places, problems, tiny

NAMES = sorted(path.stem for path in BEHAVIOURS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_from_its_document_as_it_was(name: str) -> None:
    questionnaire = behaviour(name)
    again = from_document(json.loads(json.dumps(to_document(questionnaire))))
    assert again == questionnaire
    assert questionnaire_fingerprint(again) == questionnaire_fingerprint(questionnaire)


def test_a_date_has_bounds_written_as_text_or_as_toml_writes_dates() -> None:
    reported = behaviour("dates").item("D1")
    assert (reported.type, reported.earliest, reported.latest) == (ItemType.DATE, "2020-01-01", "2026-12-31")


def test_checks_compare_with_a_value_or_an_answer_before() -> None:
    some_adult, large = behaviour("numbers").checks
    assert (some_adult.item, some_adult.compare, some_adult.other) == ("N2", Comparison.LESS, "N1")
    assert (large.value, large.hard, large.text.en) == (12, False, "More than twelve people?")
    (later,) = behaviour("dates").checks
    assert later.hard


def test_a_condition_may_be_a_range_of_numbers() -> None:
    assert behaviour("numbers").item("N3").ask_if == (
        Condition(item="N1", at_least=2, at_most=5),
        Condition(item="N2", at_least=1),
    )


def test_further_languages_are_read_filled_and_fall_back_to_chinese() -> None:
    questionnaire = fill_questionnaire(behaviour("languages"), behaviour("languages").placeholders)
    asked = questionnaire.item("L1")
    assert questionnaire.languages == ("bo",)
    assert asked.text.in_language("bo") == "སྡེ་ཁུལ་འདི། ཡིད་ཚིམ་མམ།"
    assert [option.text.in_language("bo") for option in asked.options] == ["ཡིད་ཚིམ།", "不满意"]


def test_what_lacks_a_language_is_listed_and_no_error() -> None:
    missing = missing_wordings(behaviour("languages"))
    assert MissingWording(place="L1", field="options[1]", language="bo") in missing
    assert MissingWording(place="introductions", field="capi", language="bo") in missing
    assert not [one for one in missing if one.field == "options[0]" or one.place in ("section main", "placeholders")]
    assert missing_wordings(behaviour("dates")) == []


def test_what_a_respondent_does_not_notice_leaves_the_fingerprint_of_an_item() -> None:
    text = (BEHAVIOURS / "decoys.toml").read_text(encoding="utf-8")
    plain = load_text(text.replace(", decoy = true", "").replace("random_order = true\n", ""), "plain.toml")
    assert item_fingerprint(plain.item("K1")) == item_fingerprint(behaviour("decoys").item("K1"))
    required = tiny(SATISFIED.replace('scale = "sat5"', 'scale = "sat5"\nrequired = true')).item("Q1")
    assert item_fingerprint(required) != item_fingerprint(tiny(SATISFIED).item("Q1"))


def change(name: str, old: str, new: str) -> str:
    """The text of a behaviour's file with ``old`` replaced, which must be there."""
    text = (BEHAVIOURS / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


BROKEN = {
    "no such day": (change("dates", '"2026-12-31"', '"2026-02-30"'), ("D1", "latest")),
    "a day with a time": (change("dates", "2020-01-01", "2020-01-01T10:00:00"), ("D1", "earliest")),
    "days upside down": (change("dates", "2020-01-01", "2027-01-01"), ("D1", "earliest")),
    "days on a number": (change("numbers", "maximum = 20", 'latest = "2026-01-01"'), ("N1", "latest")),
    "note that must be answered": (
        change("notes", 'type = "note"', 'type = "note"\nrequired = true'),
        ("G1", "required"),
    ),
    "note with options": (change("notes", 'type = "note"', 'type = "note"\nscale = "sat5"'), ("G1", "scale")),
    "condition on a note": (change("notes", 'item = "Q1"', 'item = "G1"'), ("G2", "ask_if[0].item")),
    "decoy in a single item": (change("decoys", '"multi"', '"single"'), ("K1", "options[2].decoy")),
    "decoy that is not read out": (
        change("decoys", "decoy = true", "decoy = true, read_aloud = false"),
        ("K1", "options[2].decoy"),
    ),
    "decoy of a kind": (change("decoys", "decoy = true", 'decoy = true, kind = "dk"'), ("K1", "options[2].decoy")),
    "decoy that counts as knowledge": (
        change("decoys", "[1, 2, 4, 5]", "[1, 2, 3, 4]"),
        ("indicator IND_KNOWS_MOST", "counted"),
    ),
    "required and optional": (
        change("required", "required = true", "required = true\noptional = true"),
        ("R1", "required"),
    ),
    "random and reversed": (
        change("decoys", "random_order = true", "random_order = true\nreverse_order = true"),
        ("K1", "random_order"),
    ),
    "random order of a number": (change("numbers", "maximum = 20", "random_order = true"), ("N1", "random_order")),
    "codes of a number": (change("numbers", "at_least = 2 }", "codes = [2] }"), ("N2", "ask_if[0].codes")),
    "bounds of a choice": (change("notes", "codes = [4, 5]", "at_least = 4"), ("G2", "ask_if[0].at_least")),
    "codes and bounds": (change("numbers", "at_least = 2 }", "at_least = 2, codes = [2] }"), ("N2", "ask_if[0].codes")),
    "bounds upside down": (
        change("numbers", "at_least = 2, at_most = 5", "at_least = 6, at_most = 5"),
        ("N3", "ask_if[0].at_least"),
    ),
    "bounds nobody can meet": (change("numbers", "at_least = 2 }", "at_least = 21 }"), ("N2", "ask_if[0].at_least")),
    "check without id": (change("numbers", 'id = "large"\n', ""), ("check[2]", "id")),
    "check given twice": (change("numbers", 'id = "large"', 'id = "some-adult"'), ("check some-adult", "id")),
    "check of no item": (change("numbers", 'item = "N1"\ncompare', 'item = "N9"\ncompare'), ("check large", "item")),
    "check of a choice": (change("numbers", 'item = "N1"\ncompare', 'item = "N3"\ncompare'), ("check large", "item")),
    "unknown comparison": (change("numbers", '"at_most"', '"below"'), ("check large", "compare")),
    "check with nothing": (change("numbers", "value = 12\n", ""), ("check large", "value")),
    "check with both": (change("numbers", "value = 12", 'value = 12\nother = "N1"'), ("check large", "value")),
    "check against a later item": (
        change("numbers", "value = 12", 'other = "N2"'),
        ("check large", "other"),
    ),
    "check against another kind": (
        change("dates", 'other = "D1"', 'other = "N1"').replace(
            '[[item]]\nid = "D1"', ADULTS + '\n[[item]]\nid = "D1"', 1
        ),
        ("check settled-later", "other"),
    ),
    "check of a date with a number": (change("dates", 'other = "D1"', "value = 5"), ("check settled-later", "value")),
    "check without words": (change("dates", 'en = "It was', 'eng = "It was'), ("check settled-later", "en")),
    "check with the right answer": (
        change("numbers", "value = 12", "value = 12\ncorrect = 3"),
        ("check large", "correct"),
    ),
    "undeclared language": (change("languages", 'languages = ["bo"]\n', ""), ("L1", "bo")),
    "a language that is none": (change("languages", '["bo"]', '["bo", "Tibetan"]'), ("instrument", "languages")),
    "a language that is always there": (change("languages", '["bo"]', '["bo", "en"]'), ("instrument", "languages")),
    "an empty wording": (change("languages", '"ཡིད་ཚིམ།"', '""'), ("L1", "options[0].bo")),
    "a placeholder that one language lacks": (change("languages", '"{place} ཡིད', '"ཡིད'), ("L1", "bo")),
}


@pytest.mark.parametrize(("text", "place"), BROKEN.values(), ids=BROKEN)
def test_the_fault_is_named_by_item_and_field(text: str, place: tuple[str, str]) -> None:
    assert place in places(text)
    assert all(str(problem) for problem in problems(text))


def test_an_undeclared_language_is_refused_as_such() -> None:
    found = problems(change("languages", 'languages = ["bo"]\n', ""))
    assert any("languages" in problem.expected_msgid for problem in found)


def test_a_check_may_depend_on_other_answers() -> None:
    text = (
        HEAD
        + ADULTS
        + COMMENT
        + """
[[check]]
id = "few"
item = "N1"
compare = "less"
value = 9
ask_if = [{ item = "N1", at_least = 5 }]
zh_Hans = "对吗"
en = "Right?"
"""
    )
    assert places(text) == []
    assert isinstance(tiny(text.removeprefix(HEAD)).checks[0], Check)
    assert ("check few", "ask_if[0].item") in places(text.replace('item = "N1", at_least', 'item = "T1", at_least'))
