"""A screen drawn and read back: what is kept, what is asked again, what cannot be used."""

import pytest
from werkzeug.datastructures import MultiDict

from questionnaires.checking import AnswerChecker
from questionnaires.definition import Item, Questionnaire
from survey.pages.questionnaire_fields import Audience, Field, draw_fields
from survey.pages.questionnaire_form import (
    Posted,
    read_form,
    shown_items,
    skipped,
    to_ask_again,
)
from tests.questionnaires.tiny import ACTS, ADULTS, COMMENT, SATISFIED, tiny

QUESTIONNAIRE = tiny(SATISFIED, ACTS, ADULTS, COMMENT)
ITEMS = QUESTIONNAIRE.items


def read(pairs: list[tuple[str, str]], items: tuple[Item, ...] = ITEMS) -> Posted:
    return read_form(MultiDict(pairs), items, AnswerChecker(QUESTIONNAIRE))


def draw(audience: Audience = Audience.RESIDENT, **more: object) -> dict[str, Field]:
    arguments: dict[str, object] = {"language": "zh_Hans", "answers": {}, **more}
    fields = draw_fields(ITEMS, audience=audience, **arguments)  # type: ignore[arg-type]
    return {field.item.id: field for field in fields}


def test_answers_of_every_type_are_read() -> None:
    posted = read([("q-Q1", "2"), ("q-C1", "3"), ("q-C1", "1"), ("q-N1", "４"), ("q-T1", "多种树")])
    assert posted.given == {"Q1": 2, "C1": (1, 3), "N1": 4, "T1": "多种树"}
    assert not posted.problems
    assert not posted.empty


def test_a_number_with_one_bound_is_told_that_bound() -> None:
    for old, new, typed, said in (
        ("maximum = 20\n", "", "0", "1或更大"),
        ("minimum = 1\n", "", "21", "20或更小"),
    ):
        assert old in ADULTS
        page = tiny(ADULTS.replace(old, new))
        posted = read_form(MultiDict([("q-N1", typed)]), page.items, AnswerChecker(page))
        assert said in str(posted.problems["N1"])


def test_a_long_page_has_all_of_its_items() -> None:
    """Ids of 40 characters, as forms of other tools have them."""
    name = "satisfaction_with_street_cleanliness_{}"
    page = tiny(*[SATISFIED.replace("Q1", name.format(number)) for number in range(60)])
    shown = " ".join(item.id for item in page.items)
    assert shown_items(MultiDict([("shown", shown)]), page.items_by_id) == page.items


def test_nothing_typed_is_empty_not_wrong() -> None:
    posted = read([("q-N1", "  "), ("q-T1", "\x00")])
    assert posted.empty == {"Q1", "C1", "N1", "T1"}
    assert not posted.problems


@pytest.mark.parametrize(
    ("pairs", "item", "said"),
    [
        ([("q-C1", "90"), ("q-C1", "1")], "C1", "都没有"),
        ([("q-C1", "1"), ("q-C1", "2"), ("q-C1", "3")], "C1", "最多选2项"),
        ([("q-N1", "两个")], "N1", "整数"),
        ([("q-N1", "0")], "N1", "1到20"),
        ([("q-T1", "六个字的意见")], "T1", "最多5个字"),
        ([("q-Q1", "7")], "Q1", "列出的答案"),
        ([("q-Q1", "1; DROP TABLE")], "Q1", "列出的答案"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept_as_typed(pairs: list[tuple[str, str]], item: str, said: str) -> None:
    posted = read(pairs)
    assert said in str(posted.problems[item])
    assert item not in posted.given
    assert item not in posted.empty
    field = draw(posted=posted)[item]
    assert field.problem
    kept = [field.value] if not field.choices else [str(c.code) for c in field.choices if c.chosen]
    assert set(kept) <= {value for _, value in pairs}
    assert f"{field.name}-problem" in field.described_by


def test_an_empty_item_is_asked_once_more_then_it_is_a_refusal() -> None:
    first = read([("q-Q1", "2")])
    assert to_ask_again(first, ITEMS) == {"C1", "N1"}
    assert skipped(first, ITEMS) == {"T1": None}, "an optional item may be left empty at once"
    second = read([("q-Q1", "2"), ("again", "C1 N1")])
    assert to_ask_again(second, ITEMS) == frozenset()
    assert skipped(second, ITEMS) == {"C1": (99,), "N1": None, "T1": None}


def test_a_resident_sees_the_refusal_only_when_asked_again() -> None:
    questionnaire = tiny(SATISFIED)
    (field,) = draw_fields(questionnaire.items, language="zh_Hans", audience=Audience.RESIDENT, answers={})
    assert [choice.code for choice in field.choices] == [1, 2, 3, 4, 5, 98]
    assert field.unread == ()
    (again,) = draw_fields(
        questionnaire.items, language="zh_Hans", audience=Audience.RESIDENT, answers={}, again={"Q1"}
    )
    assert [(choice.code, choice.text) for choice in again.unread] == [(99, "不想回答")]
    (kept,) = draw_fields(questionnaire.items, language="en", audience=Audience.RESIDENT, answers={"Q1": 99})
    assert [choice.chosen for choice in kept.unread] == [True]


def test_a_canvasser_sees_notes_and_what_is_not_read_out() -> None:
    (field,) = draw_fields(tiny(SATISFIED).items, language="zh_Hans", audience=Audience.CANVASSER, answers={})
    assert [(choice.code, choice.text) for choice in field.unread] == [(99, "拒答")]


def test_stored_answers_are_drawn() -> None:
    fields = draw(answers={"Q1": 2, "C1": (1, 3), "N1": 4, "T1": "好"})
    assert [choice.code for choice in fields["Q1"].choices if choice.chosen] == [2]
    assert [choice.code for choice in fields["C1"].choices if choice.chosen] == [1, 3]
    assert (fields["N1"].value, fields["T1"].value) == ("4", "好")


def test_each_input_has_its_own_id_and_the_first_has_the_fields() -> None:
    for field in draw(again={"Q1"}).values():
        ids = [choice.element for choice in (*field.choices, *field.unread)]
        assert len(set(ids)) == len(ids)
        assert not ids or ids[0] == field.name


def test_the_form_says_itself_what_it_showed() -> None:
    form = MultiDict([("shown", "Q1 nothing C1 Q1")])
    assert [item.id for item in shown_items(form, _by_id(QUESTIONNAIRE))] == ["Q1", "C1"]
    assert shown_items(MultiDict(), _by_id(QUESTIONNAIRE)) == ()


def _by_id(questionnaire: Questionnaire) -> dict[str, Item]:
    return dict(questionnaire.items_by_id)
