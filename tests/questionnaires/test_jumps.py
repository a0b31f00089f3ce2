"""Where the options of a paper form lead: as the routing engine would go, told in advance."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.definition import Condition, Item, ItemType, Option, Questionnaire, Text
from questionnaires.jumps import Jump, form_items, jumps_from
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import routed_items

WORDS = Text(zh_Hans="题", en="Item")


def item(name: str, *, codes: int = 3, ask_if: tuple[Condition, ...] = (), **more: object) -> Item:
    options = tuple(
        Option(code=code, text=WORDS, terminate=code in more.get("ends", ())) for code in range(1, codes + 1)
    )  # type: ignore[operator]
    plain = {key: value for key, value in more.items() if key != "ends"}
    return Item(id=name, section="s", type=ItemType.SINGLE, text=WORDS, options=options, ask_if=ask_if, **plain)  # type: ignore[arg-type]


def when(name: str, *codes: int) -> Condition:
    return Condition(item=name, codes=frozenset(codes))


def test_a_skip_a_turn_and_an_end() -> None:
    items = (
        item("A1", ends=(3,)),
        item("A2", ask_if=(when("A1", 1),)),
        item("A3", ask_if=(when("A2", 1),)),
        item("A4"),
    )
    assert jumps_from(items, 0) == (Jump(codes=(3,), to=None), Jump(codes=(1,), to="A2"), Jump(codes=(2,), to="A4"))
    assert jumps_from(items, 1) == (Jump(codes=(1,), to="A3"), Jump(codes=(2, 3), to="A4"))
    assert jumps_from(items, 3) == ()


def test_an_option_that_closes_the_last_items_leads_to_the_end() -> None:
    items = (item("A1"), item("A2", ask_if=(when("A1", 1, 2),)))
    assert jumps_from(items, 0) == (Jump(codes=(3,), to=None), Jump(codes=(1, 2), to="A2"))


def test_of_several_choices_the_other_ones_count_too() -> None:
    """Who ticks 1 and 3 is asked what 1 asks for: only what stands alone leads past it."""
    several = Item(
        id="A1",
        section="s",
        type=ItemType.MULTI,
        text=WORDS,
        options=tuple(Option(code=code, text=WORDS, exclusive=code == 9) for code in (1, 2, 3, 9)),
    )
    items = (several, item("A2", ask_if=(when("A1", 1, 2),)), item("A3"))
    assert jumps_from(items, 0) == (Jump(codes=(9,), to="A3"), Jump(codes=(1, 2, 3), to="A2"))
    unlike = (replace(several, options=several.options[:3]), *items[1:])
    assert jumps_from(unlike, 0) == ()


def test_notes_are_read_on_the_way_and_answered_by_nobody() -> None:
    note = Item(id="X", section="s", type=ItemType.NOTE, text=WORDS)
    items = (item("A1"), item("A2", ask_if=(when("A1", 1),)), note, item("A3"))
    assert [jump.to for jump in jumps_from(items, 0)] == ["A2", "A3"]


def test_one_module_is_on_a_form_and_what_hangs_on_the_other_is_not() -> None:
    asked = (
        item("A1"),
        item("M1", module="one"),
        item("M2", module="two"),
        item("Z", ask_if=(when("M2", 1),)),
        item("W", modes=("capi",)),
    )
    made = Questionnaire(
        slug="x",
        version="1",
        title=WORDS,
        population=WORDS,
        modes=("paper_entry",),
        introductions={"paper_entry": WORDS},
        closing=WORDS,
        sections=(),
        items=asked,
        indicators=(),
    )
    assert [one.id for one in form_items(made, mode="paper_entry", modules={"one"})] == ["A1", "M1"]
    assert [one.id for one in form_items(made, mode="paper_entry", modules={"two"})] == ["A1", "M2", "Z"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(BUILT_IN)), st.data())
def test_following_the_paper_is_following_the_routing(slug: str, data: st.DataObject) -> None:
    """Whoever goes where the form says, and passes over what it says is not for them, answers what is routed."""
    questionnaire = load_file(BUILT_IN[slug])
    modules = sorted({one.module for one in questionnaire.items if one.module})[:1]
    items = form_items(questionnaire, mode="paper_entry", modules=modules)
    answers: dict[str, object] = {}
    met, at = [], 0
    while at < len(items):
        here = items[at]
        if not all(_holds(answers, condition) for condition in here.ask_if):
            at += 1
            continue
        met.append(here.id)
        if not here.options:
            answers[here.id] = 2 if here.type is ItemType.NUMBER else "x"
            at += 1
            continue
        code = data.draw(st.sampled_from([option.code for option in here.options]), label=here.id)
        answers[here.id] = (code,) if here.type is ItemType.MULTI else code
        turn = next((jump for jump in jumps_from(items, at) if code in jump.codes), None)
        if turn is None:
            at += 1
        elif turn.to is None:
            break
        else:
            at = next(place for place, one in enumerate(items) if one.id == turn.to)
    routed = routed_items(questionnaire, answers, mode="paper_entry", modules=modules)
    assert [one.id for one in routed if one.type is not ItemType.NOTE] == [
        name for name in met if questionnaire.item(name).type is not ItemType.NOTE
    ]


def _holds(answers: dict[str, object], condition: Condition) -> bool:
    answer = answers.get(condition.item)
    if condition.codes:
        chosen = answer if isinstance(answer, tuple) else (answer,)
        return not condition.codes.isdisjoint(chosen)
    low = condition.at_least if condition.at_least is not None else -1
    return isinstance(answer, int) and low <= answer <= (condition.at_most or 10**9)
