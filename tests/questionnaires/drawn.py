"""Questionnaires and answers drawn at random, with everything the language can say."""

import string
from datetime import date

from hypothesis import strategies as st

from questionnaires.definition import (
    Check,
    Comparison,
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
    open_key,
)

NAMES = st.text(string.ascii_letters, min_size=1, max_size=6)
WORDINGS = st.text(
    st.characters(exclude_characters="{}★☆⭐✔✓☑√✅", exclude_categories=["C"]), min_size=1, max_size=9
).filter(str.strip)
TEXTS = st.builds(
    Text,
    zh_Hans=WORDINGS,
    en=WORDINGS,
    others=st.sampled_from([(), (("bo", "ཡིད།"),), (("bo", "ཡིད།"), ("ug", "ياخشى"))]),
)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31)).map(date.isoformat)
CHOICE = (ItemType.SINGLE, ItemType.MULTI)


@st.composite
def option_lists(draw: st.DrawFn, item_type: ItemType) -> tuple[Option, ...]:
    codes = draw(st.lists(st.integers(0, 9999), min_size=2, max_size=5, unique=True))
    found = []
    for position, code in enumerate(codes):
        kind = draw(st.sampled_from(OptionKind)) if position else OptionKind.SUBSTANTIVE
        attitude = kind is OptionKind.SUBSTANTIVE
        text = draw(TEXTS)
        decoy = attitude and position > 0 and item_type is ItemType.MULTI and draw(st.booleans())
        found.append(
            Option(
                code=code,
                text=Text(
                    zh_Hans=f"{position}{text.zh_Hans}",
                    en=f"{position}{text.en}",
                    others=tuple((tag, f"{position}{wording}") for tag, wording in text.others),
                ),
                kind=kind,
                polarity=draw(st.sampled_from([None, *Polarity])) if attitude else None,
                score=draw(st.none() | st.floats(0, 100)) if attitude else None,
                exclusive=not decoy and item_type is ItemType.MULTI and draw(st.booleans()),
                open=not decoy and draw(st.booleans()),
                terminate=not decoy and draw(st.integers(0, 5)) == 0,
                read_aloud=decoy or draw(st.booleans()),
                decoy=decoy,
            )
        )
    return tuple(found)


@st.composite
def conditions(draw: st.DrawFn, earlier: list[Item]) -> tuple[Condition, ...]:
    found = []
    leading = [item for item in earlier if item.type in (*CHOICE, ItemType.NUMBER)]
    for asked in draw(st.lists(st.sampled_from(leading), max_size=2)) if leading else ():
        if asked.type is ItemType.NUMBER:
            low, high = sorted(draw(st.tuples(st.integers(0, 20), st.integers(0, 20))))
            least, most = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
            found.append(Condition(item=asked.id, at_least=least, at_most=most))
        else:
            codes = st.sampled_from([option.code for option in asked.options])
            found.append(Condition(item=asked.id, codes=draw(st.frozensets(codes, min_size=1))))
    return tuple(found)


@st.composite
def items(draw: st.DrawFn, name: str, earlier: list[Item]) -> Item:
    item_type = draw(st.sampled_from(ItemType))
    answered, choice = item_type is not ItemType.NOTE, item_type in CHOICE
    duty = draw(st.sampled_from(["", "optional", "required"])) if answered else ""
    order = draw(st.sampled_from(["", "reverse", "random"])) if choice else ""
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2))) if item_type is ItemType.DATE else [None, None]
    return Item(
        id=name,
        section="main",
        type=item_type,
        text=draw(TEXTS),
        options=draw(option_lists(item_type)) if choice else (),
        ask_if=draw(conditions(earlier)),
        interviewer_note=draw(st.none() | TEXTS),
        module=draw(st.none() | NAMES),
        modes=draw(st.sampled_from([(), ("capi",)])),
        optional=duty == "optional",
        required=duty == "required",
        reverse_order=order == "reverse",
        random_order=order == "random",
        max_choices=draw(st.sampled_from([None, 1, 2])) if item_type is ItemType.MULTI else None,
        max_chars=draw(st.sampled_from([None, 5])) if item_type is ItemType.TEXT else None,
        minimum=draw(st.sampled_from([None, 0])) if item_type is ItemType.NUMBER else None,
        maximum=draw(st.sampled_from([None, 20])) if item_type is ItemType.NUMBER else None,
        earliest=days[0],
        latest=days[1],
        department=draw(st.none() | TEXTS),
    )


@st.composite
def checks(draw: st.DrawFn, all_items: list[Item]) -> tuple[Check, ...]:
    found = []
    for position, item in enumerate(all_items):
        if item.type not in (ItemType.NUMBER, ItemType.DATE) or draw(st.booleans()):
            continue
        others = [other.id for other in all_items[:position] if other.type is item.type]
        other = draw(st.sampled_from([None, *others]))
        values: st.SearchStrategy[int | str] = DAYS if item.type is ItemType.DATE else st.integers(-9, 20)
        value = None if other else draw(values)
        found.append(
            Check(
                id=f"check-{item.id}",
                item=item.id,
                compare=draw(st.sampled_from(Comparison)),
                value=value,
                other=other,
                ask_if=draw(conditions(all_items[: position + 1])),
                text=draw(TEXTS),
                hard=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    found: list[Item] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True)):
        found.append(draw(items(name, found)))
    counted = [(item, option) for item in found if item.type is ItemType.MULTI for option in item.options[:1]]
    return Questionnaire(
        slug="drawn",
        version=draw(NAMES),
        title=draw(TEXTS),
        population=draw(TEXTS),
        modes=("capi",),
        introductions={"capi": draw(TEXTS)},
        closing=draw(TEXTS),
        sections=(Section(id="main", title=draw(TEXTS)),),
        items=tuple(found),
        indicators=tuple(
            Indicator(
                code=f"IND_{position}",
                label=draw(TEXTS),
                item=item.id,
                codes=frozenset({option.code}),
                set=draw(st.sampled_from(IndicatorSet)),
            )
            for position, (item, option) in enumerate(counted)
        ),
        placeholders=draw(st.dictionaries(st.sampled_from(["sponsor", "campaign"]), TEXTS)),
        target_minutes=draw(st.sampled_from([None, (3, 9)])),
        one_page=draw(st.booleans()),
        languages=("bo", "ug"),
        checks=draw(checks(found)),
    )


@st.composite
def answers(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, object]:
    """What somebody may send: mostly what was asked for, sometimes anything, to items on their way and off it."""
    anything = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.lists(st.integers(0, 9)))
    given: dict[str, object] = {}
    for item in questionnaire.items:
        usual: list[st.SearchStrategy[object]] = [anything]
        codes = st.sampled_from([option.code for option in item.options] or [0])
        if item.type is ItemType.MULTI:
            usual.append(st.lists(codes, max_size=3))
        elif item.type is ItemType.DATE:
            usual.append(DAYS)
        else:
            usual.append(codes if item.options else st.integers(0, 20))
        if draw(st.integers(0, 5)):
            given[item.id] = draw(draw(st.sampled_from(usual)))
        for code in item.open_codes:
            if draw(st.booleans()):
                given[open_key(item.id, code)] = draw(st.text(max_size=9))
    return given
