"""Questionnaires that use everything the language has, for laws that hold for each of them.

``from_document(to_document(q))`` accepts every one: nothing here breaks a rule of the language.
"""

import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from questionnaires.alternates import scores_of, standard_alternate
from questionnaires.definition import (
    Alternate,
    AlternateName,
    Base,
    Check,
    Comparison,
    Composite,
    Condition,
    Indicator,
    IndicatorSet,
    Item,
    ItemType,
    Option,
    OptionKind,
    Part,
    Polarity,
    Questionnaire,
    Section,
    Text,
)

MODES = ("capi", "web_token", "paper_entry")
FURTHER = ("bo", "mn-Mong")
CHOICE = (ItemType.SINGLE, ItemType.MULTI)

ids = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from(string.ascii_letters),
    st.text(string.ascii_letters + string.digits + "_-", max_size=6),
)
#: Naughty but lawful: emoji, right-to-left, quotes, what spreadsheets take for formulas or escapes, white space around.
_lines = st.text(
    st.characters(exclude_characters="{}★☆⭐✔✓☑√✅", exclude_categories=["C"]), min_size=1, max_size=9
).filter(str.strip)
_odd = st.sampled_from(
    ["=1+1", "'x", "@a", "_x0041_", " 满意 ", "满\n意", "👍🏽", "שלום", "a|b", '"q"', "<b>&amp;", "NA", "1.0"]
)
wordings = _lines | _odd


@st.composite
def texts(draw: st.DrawFn, languages: Sequence[str] = (), mark: str = "") -> Text:
    """``mark`` begins each of them, so that several can be told apart (or hold a placeholder)."""
    tags = [tag for tag in sorted(languages) if draw(st.booleans())]
    return Text(
        zh_Hans=mark + draw(wordings),
        en=mark + draw(wordings),
        others=tuple((tag, mark + draw(wordings)) for tag in tags),
    )


@st.composite
def option_lists(draw: st.DrawFn, *, multi: bool, languages: Sequence[str] = ()) -> tuple[Option, ...]:
    """The first is a plain substantive one."""
    codes = draw(st.lists(st.integers(0, 120), min_size=2, max_size=5, unique=True))
    return tuple(_option(draw, position, code, multi, languages) for position, code in enumerate(codes))


def _option(draw: st.DrawFn, position: int, code: int, multi: bool, languages: Sequence[str]) -> Option:
    text = draw(texts(languages, mark=f"{position}"))
    kind = draw(st.sampled_from(OptionKind)) if position else OptionKind.SUBSTANTIVE
    attitude = kind is OptionKind.SUBSTANTIVE
    option = Option(
        code=code,
        text=text,
        kind=kind,
        polarity=draw(st.sampled_from([None, *Polarity])) if attitude else None,
        score=draw(st.none() | st.floats(0, 100) | st.sampled_from([25.0, 0.1])) if attitude else None,
    )
    if multi and attitude and position and draw(st.booleans()):
        return replace(option, decoy=True)
    return replace(
        option,
        exclusive=multi and draw(st.integers(0, 3)) == 0,
        open=draw(st.booleans()),
        terminate=position > 0 and draw(st.integers(0, 5)) == 0,
        read_aloud=draw(st.booleans()),
    )


_days = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(date.isoformat)


def _limits(draw: st.DrawFn, item_type: ItemType, options: tuple[Option, ...]) -> dict[str, Any]:
    """The fields that only this type has."""
    if item_type is ItemType.NUMBER:
        bounds = sorted(draw(st.tuples(st.integers(-50, 200), st.integers(-50, 200))))
        return _some(draw, {"minimum": bounds[0], "maximum": bounds[1]})
    if item_type is ItemType.DATE:
        days = sorted(draw(st.tuples(_days, _days)))
        return _some(draw, {"earliest": days[0], "latest": days[1]})
    if item_type is ItemType.TEXT:
        return _some(draw, {"max_chars": draw(st.integers(1, 500))})
    if item_type is ItemType.MULTI:
        return _some(draw, {"max_choices": draw(st.integers(1, len(options)))})
    return {}


def _some(draw: st.DrawFn, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if draw(st.booleans())}


def _condition(draw: st.DrawFn, earlier: Sequence[Item]) -> Condition:
    asked = draw(st.sampled_from(earlier))
    if asked.options:
        codes = st.sampled_from([option.code for option in asked.options])
        return Condition(item=asked.id, codes=draw(st.frozensets(codes, min_size=1)))
    low = asked.minimum if asked.minimum is not None else -100
    high = asked.maximum if asked.maximum is not None else 300
    least, most = sorted(draw(st.tuples(st.integers(low, high), st.integers(low, high))))
    shape = draw(st.sampled_from(["both", "least", "most"]))
    return Condition(
        item=asked.id, at_least=least if shape != "most" else None, at_most=most if shape != "least" else None
    )


def _conditions(draw: st.DrawFn, earlier: Iterable[Item]) -> tuple[Condition, ...]:
    steering = [item for item in earlier if item.type in (*CHOICE, ItemType.NUMBER)]
    count = draw(st.integers(0, 2)) if steering else 0
    return tuple(_condition(draw, steering) for _ in range(count))


def _item(draw: st.DrawFn, item_id: str, earlier: Sequence[Item], sections: Sequence[str], words: Any) -> Item:
    item_type = draw(st.sampled_from([*ItemType, *CHOICE]))
    multi, answered = item_type is ItemType.MULTI, item_type is not ItemType.NOTE
    languages, marks = words
    options = draw(option_lists(multi=multi, languages=languages)) if item_type in CHOICE else ()
    order = draw(st.sampled_from(["", "reverse_order", "random_order"])) if options else ""
    duty = draw(st.sampled_from(["", "", "optional", "required"])) if answered else ""
    return Item(
        id=item_id,
        section=draw(st.sampled_from(sections)),
        type=item_type,
        text=draw(texts(languages, mark=draw(st.sampled_from(marks)))),
        options=options,
        ask_if=_conditions(draw, earlier),
        interviewer_note=draw(st.none() | texts(languages)),
        scale=draw(st.none() | ids) if options else None,
        battery=draw(st.none() | st.just("grid")),
        optional=duty == "optional",
        required=duty == "required",
        reverse_order=order == "reverse_order",
        random_order=order == "random_order",
        module=draw(st.none() | st.just("lights")),
        modes=tuple(draw(st.lists(st.sampled_from(MODES), unique=True, max_size=2))),
        department=draw(st.none() | texts(languages)),
        **_limits(draw, item_type, options),
    )


def _check(draw: st.DrawFn, name: str, items: Sequence[Item], languages: Sequence[str]) -> Check | None:
    compared = [item for item in items if item.type in (ItemType.NUMBER, ItemType.DATE)]
    if not compared:
        return None
    item = draw(st.sampled_from(compared))
    place = items.index(item)
    others = [one.id for one in items[:place] if one.type is item.type]
    compares_two = bool(others) and draw(st.booleans())
    other = draw(st.sampled_from(others)) if compares_two else None
    value: int | str = draw(_days) if item.type is ItemType.DATE else draw(st.integers(-10, 100))
    return Check(
        id=name,
        item=item.id,
        compare=draw(st.sampled_from(Comparison)),
        value=None if other else value,
        other=other,
        ask_if=_conditions(draw, items[: place + 1]),
        text=draw(texts(languages)),
        hard=draw(st.booleans()),
    )


def _indicator(draw: st.DrawFn, code: str, item: Item, languages: Sequence[str]) -> Indicator | None:
    substantive = [o.code for o in item.options if o.kind is OptionKind.SUBSTANTIVE and not o.decoy]
    counted = substantive if item.type is ItemType.MULTI else substantive[:-1]
    if not counted:
        return None
    indicator = Indicator(
        code=code,
        label=draw(texts(languages)),
        item=item.id,
        codes=draw(st.frozensets(st.sampled_from(counted), min_size=1)),
        set=draw(st.sampled_from(IndicatorSet)),
        base=draw(st.sampled_from(Base)),
    )
    names = draw(st.lists(st.sampled_from(AlternateName), unique=True))
    return replace(indicator, alternates=tuple(_alternates(names, indicator, item)))


def _alternates(names: Iterable[AlternateName], indicator: Indicator, item: Item) -> Iterable[Alternate]:
    found = (standard_alternate(name, indicator, item) for name in names)
    return [alternate for alternate in found if alternate is not None]


def _composites(draw: st.DrawFn, indicators: Sequence[Indicator], items: dict[str, Item]) -> tuple[Composite, ...]:
    scored = [one.code for one in indicators if scores_of(items[one.item])]
    if len(scored) < 2 or draw(st.booleans()):
        return ()
    weights = st.floats(0.01, 1000) | st.integers(1, 9).map(float)
    return (
        Composite(
            code="IND_TOGETHER",
            label=draw(texts()),
            parts=tuple(Part(indicator=code, weight=draw(weights)) for code in scored),
            set=draw(st.sampled_from(IndicatorSet)),
        ),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Up to seven items of every type, with all that may be said about them."""
    languages = tuple(sorted(draw(st.lists(st.sampled_from(FURTHER), unique=True))))
    placeholders = draw(st.dictionaries(st.sampled_from(["sponsor", "campaign"]), texts(languages)))
    marks = ["", *(f"{{{name}}}" for name in placeholders)]
    sections = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    items: list[Item] = []
    for item_id in draw(st.lists(ids, min_size=1, max_size=7, unique=True)):
        items.append(_item(draw, item_id, items, sections, (languages, marks)))
    checks = [_check(draw, f"check_{number}", items, languages) for number in range(draw(st.integers(0, 3)))]
    choices = [item for item in items if item.options]
    rates = [_indicator(draw, f"IND_{number}", item, languages) for number, item in enumerate(choices)]
    indicators = tuple(rate for rate in rates if rate is not None)
    modes = tuple(draw(st.permutations(MODES)))
    return Questionnaire(
        slug="drawn",
        version=draw(st.sampled_from(["1", "1.0", "2026-03", "v 2"])),
        title=draw(texts(languages)),
        population=draw(texts(languages)),
        modes=modes,
        introductions={mode: draw(texts(languages)) for mode in modes},
        closing=draw(texts(languages)),
        sections=tuple(
            Section(id=name, title=draw(texts(languages)), factual=draw(st.booleans())) for name in sections
        ),
        items=tuple(items),
        indicators=indicators,
        placeholders=placeholders,
        target_minutes=draw(st.sampled_from([None, (3, 9)])),
        one_page=draw(st.booleans()),
        languages=languages,
        checks=tuple(check for check in checks if check is not None),
        composites=_composites(draw, indicators, {item.id: item for item in items}),
    )
