"""The item bank: every link leads somewhere, and what is not covered is said."""

from dataclasses import replace

import pytest

from questionnaires.item_bank import ItemBank, Method, item_bank, read_bank
from questionnaires.problems import InstrumentError
from tests.questionnaires.tiny import COMMENT, REPORTED, SATISFIED, SOLVED, indicator, tiny

SOURCE = '[[source]]\nid = "s"\nzh_Hans = "体系"\nen = "System"\nversion = ""\n'
RATES = (
    indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline"),
    indicator("IND_VOICE", "E1", "{ codes = [1] }"),
)


def standard(items: str, *, name: str = "a", methods: str = '"questionnaire"', source: str = "s") -> str:
    return (
        f'[[standard]]\nid = "{name}"\nsource = "{source}"\nnumber = ""\nzh_Hans = "事项"\nen = "Subject"\n'
        f"methods = [{methods}]\nitems = [{items}]\n"
    )


def bank(*standards: str) -> ItemBank:
    return read_bank(SOURCE + "".join(standards), [tiny(SATISFIED, REPORTED, COMMENT, *RATES)], "standards.toml")


def wrong(*standards: str) -> list[tuple[str, str]]:
    with pytest.raises(InstrumentError) as caught:
        bank(*standards)
    return [(problem.item, problem.field) for problem in caught.value.problems]


def test_an_item_may_serve_several_standards_and_a_standard_several_items() -> None:
    found = bank(standard('"tiny/Q1", "tiny/E1"'), standard('"tiny/Q1"', name="b"))
    (satisfied, _) = found.standards[0].items
    assert [one.id for one in found.standards_of(satisfied)] == ["a", "b"]
    assert (len(found.not_covered), len(found.without_standard)) == (0, 0)


def test_what_either_side_leaves_open_is_told() -> None:
    found = bank(standard('"tiny/Q1"'), standard("", name="paper", methods='"documents"'))
    assert [one.id for one in found.not_covered] == ["paper"]
    assert [item.name for item in found.without_standard] == ["tiny/E1"]  # the comment carries no rate


def test_the_same_words_in_two_instruments_are_one_item() -> None:
    whole = tiny(SATISFIED, REPORTED, SOLVED, *RATES)
    short = tiny(SATISFIED, RATES[0])
    text = SOURCE + standard('"short/Q1"')
    found = read_bank(text, [whole, replace(short, slug="short")], "standards.toml")
    (item,) = found.standards[0].items
    assert item.places == (("tiny", "Q1"), ("short", "Q1"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (standard('"tiny/Q9"'), "items"),
        (standard('"tiny/T1"'), "items"),  # carries no rate
        (standard('"tiny/Q1"', methods='"on_site"'), "items"),
        (standard('"tiny/Q1"', methods='"guess"'), "methods"),
        (standard('"tiny/Q1"', source="other"), "source"),
        (standard('"tiny/Q1"') + "weight = 3\n", "weight"),
    ],
)
def test_a_link_that_leads_nowhere_is_refused(given: str, field: str) -> None:
    assert ("standard a", field) in wrong(given)


def test_every_link_of_the_built_in_bank_is_an_item_and_every_number_is_the_citys() -> None:
    found = item_bank()
    assert all(standard.number == "" for standard in found.standards)
    assert all(Method.QUESTIONNAIRE in standard.methods for standard in found.standards if standard.items)
    awareness = next(one for one in found.standards if one.id == "city-awareness")
    assert awareness.items[0].places == (("urban-community", "A1"), ("urban-community-short", "A1"))
    assert {"city-minors"} <= {standard.id for standard in found.not_covered}
    assert "urban-community/G1" in {item.name for item in found.without_standard}
    assert any(len(found.standards_of(item)) > 1 for item in found.items)
