"""The sheets of our own: wordings, sections, indicators, checks and composites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from questionnaires.definition import (
    Alternate,
    AlternateName,
    Base,
    Check,
    Comparison,
    Composite,
    Indicator,
    IndicatorSet,
    Part,
    Section,
    Text,
)
from questionnaires.problems import N_
from questionnaires.xlsform.conditions import Known
from questionnaires.xlsform.grids import Line, Sheet
from questionnaires.xlsform.read_survey import read_relevance

_NO_TEXT = Text(zh_Hans="", en="")
_ONCE = ("title", "population", "closing")
_NAMED = ("introduction", "placeholder")


@dataclass(kw_only=True)
class Wordings:
    """``texts``: (what, name) -> wording; ``lines``: where each stands."""

    texts: dict[tuple[str, str], Text] = field(default_factory=dict)
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)

    def named(self, what: str) -> dict[str, Text]:
        return {name: text for (kind, name), text in self.texts.items() if kind == what}


def read_wordings(sheet: Sheet) -> Wordings:
    found = Wordings()
    for line in sheet.lines:
        what, name = line.get("what"), line.get("name")
        if what not in (*_ONCE, *_NAMED):
            line.problem("what", N_("{choices} 之一"), choices="、".join((*_ONCE, *_NAMED)))
        elif bool(name) is not (what in _NAMED):
            line.problem("name", N_("introduction 写调查方式，placeholder 写占位名称，其余空着"))
        elif (what, name) in found.texts:
            line.problem("what", N_("没有写过的文字；每样只写一次"))
        else:
            found.texts[what, name], found.lines[what, name] = line.wording() or _NO_TEXT, line
    return found


def read_listed_sections(sheet: Sheet, grouped: list[Section], lines: dict[str, Line]) -> list[Section]:
    """The sections of ``civ_sections``, which also lists those without items; else those of the groups."""
    if not sheet.lines:
        return grouped
    listed: dict[str, Section] = {}
    for line in sheet.lines:
        name = line.get("id")
        found = Section(id=name, title=line.wording() or _NO_TEXT, factual=line.flag("factual"))
        if name in listed:
            line.problem("id", N_("没有用过的编号"))
        listed[name] = found
        lines.setdefault(name, line)
    for section in grouped:
        if section.id not in listed:
            lines[section.id].problem("name", N_("civ_sections 里有的部分"), section.id)
        elif listed[section.id] != section:
            lines[section.id].problem("label", N_("和 civ_sections 里一样的标题和 factual"), section.title.zh_Hans)
    return list(listed.values())


def read_indicators(sheet: Sheet, alternates: Sheet) -> tuple[Indicator, ...]:
    others: dict[str, list[Alternate]] = {}
    for line in alternates.lines:
        name = line.choice("name", AlternateName)
        if name is None:
            _needed(line, "name")
            continue
        base = line.choice("base", Base) or Base.ASKED
        others.setdefault(line.get("indicator"), []).append(Alternate(name=name, codes=line.codes("codes"), base=base))
    known = {line.get("code") for line in sheet.lines}
    for line in alternates.lines:
        if line.get("indicator") not in known:
            line.problem("indicator", N_("civ_indicators 里有的指标代码"))
    return tuple(
        Indicator(
            code=line.get("code"),
            label=line.wording() or _NO_TEXT,
            item=line.get("item"),
            codes=line.codes("codes"),
            set=line.choice("set", IndicatorSet) or IndicatorSet.OTHER,
            base=line.choice("base", Base) or Base.ASKED,
            alternates=tuple(others.get(line.get("code"), ())),
        )
        for line in sheet.lines
    )


def read_checks(sheet: Sheet, known: Known) -> tuple[Check, ...]:
    found = []
    for line in sheet.lines:
        compare = line.choice("compare", Comparison)
        if compare is None:
            _needed(line, "compare")
            continue
        relevant = read_relevance(line, known)
        if relevant.screenings:
            line.problem("relevant", N_("没有 not( )：只写问这道核对的条件"))
        found.append(
            Check(
                id=line.get("id"),
                item=line.get("item"),
                compare=compare,
                value=_value(line.get("value")),
                other=line.get("other") or None,
                ask_if=relevant.conditions,
                text=line.wording() or _NO_TEXT,
                hard=line.flag("hard"),
            )
        )
    return tuple(found)


def _value(text: str) -> int | str | None:
    """A number where it looks like one; a date is text.

    >>> _value("18"), _value("2026-03-01"), _value("")
    (18, '2026-03-01', None)
    """
    if text.removeprefix("-").isdecimal() and len(text) < 10:
        return int(text)
    return text or None


def _needed(line: Line, column: str) -> None:
    if not line.get(column):
        line.problem(column, N_("不能空着"))


def read_composites(sheet: Sheet) -> tuple[Composite, ...]:
    return tuple(
        Composite(
            code=line.get("code"),
            label=line.wording() or _NO_TEXT,
            parts=tuple(_parts(line)),
            set=line.choice("set", IndicatorSet) or IndicatorSet.OTHER,
        )
        for line in sheet.lines
    )


def _parts(line: Line) -> Iterable[Part]:
    """``IND_A 2, IND_B 1``: indicators with their weights."""
    for part in line.get("parts").replace("，", ",").split(","):
        code, _, weight = part.strip().partition(" ")
        try:
            yield Part(indicator=code, weight=float(weight) if weight else 1.0)
        except ValueError:
            line.problem("parts", N_("指标代码和权重，用逗号分开，例如 IND_A 2, IND_B 1"), part)


def sheet_of(sheets: Mapping[str, Sheet], name: str) -> Sheet:
    """That sheet, or one with nothing in it."""
    return sheets.get(name) or Sheet(name=name, header=1, columns=(), lines=())
