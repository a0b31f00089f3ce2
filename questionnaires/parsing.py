"""A parsed file -> Questionnaire, or every problem in it at once."""

from collections.abc import Mapping

from questionnaires.composites import read_composites
from questionnaires.conditions import read_checks
from questionnaires.definition import MODES, Indicator, IndicatorSet, Item, Questionnaire, Section, Text
from questionnaires.indicators import read_indicators
from questionnaires.items import Surroundings, read_items
from questionnaires.problems import N_, InstrumentError
from questionnaires.reading import Context, Table, read_languages
from questionnaires.scales import place_of, read_scales, shared_scales
from questionnaires.wording import placeholder_names, stray_braces

#: Minutes nobody answers longer than.
_LONGEST = 240
_NO_TEXT = Text(zh_Hans="", en="")


def parse(document: Mapping[str, object], file: str, *, self_contained: bool = False) -> Questionnaire:
    """The questionnaire in ``document`` (the tables of a TOML file).

    ``self_contained``: a stored document, which brings its options and labels along instead of taking today's
    shared scales and registered wordings.

    Raises:
        InstrumentError: naming every problem.
    """
    context = Context(self_contained=self_contained)
    top = Table(document, context, "")
    head = top.table("instrument")
    head.place, head.prefix = "instrument", ""
    context.languages = read_languages(head)
    modes = head.members("modes", MODES)
    sections = _read_sections(top, context)
    scales = read_scales(top.tables("scale"), context, {} if self_contained else shared_scales())
    around = Surroundings(sections=tuple(part.id for part in sections), modes=modes, scales=scales)
    raw_items = top.tables("item")
    if not raw_items:
        top.problem("item", top.get("item"), N_("至少一道题"))
    items = read_items(raw_items, context, around)
    indicators = read_indicators(top.tables("indicator"), context, items)
    _refuse_decoys(context, indicators, items)
    placeholders = _read_wordings(top, "placeholders")
    questionnaire = Questionnaire(
        slug=head.identifier("slug"),
        version=head.string("version"),
        title=head.wording("title") or _NO_TEXT,
        population=head.wording("population") or _NO_TEXT,
        modes=modes,
        introductions=_read_introductions(top, modes),
        closing=head.wording("closing") or _NO_TEXT,
        sections=sections,
        items=tuple(item for item in items.values() if item is not None),
        indicators=indicators,
        placeholders=placeholders,
        target_minutes=_read_minutes(head),
        one_page=head.flag("one_page", default=False),
        languages=context.languages,
        checks=read_checks(top.tables("check"), context, items),
        composites=read_composites(top.tables("composite"), context, indicators, items),
    )
    head.finish()
    top.finish()
    _check_placeholders(context, placeholders)
    if context.problems:
        raise InstrumentError(file, context.problems)
    return questionnaire


def _read_sections(top: Table, context: Context) -> tuple[Section, ...]:
    sections: dict[str, Section] = {}
    for position, raw in enumerate(top.tables("section")):
        table = Table(raw, context, place_of(raw, "section", position))
        section_id = table.identifier("id")
        title = table.own_wording("title")
        factual = table.flag("factual", default=False)
        table.finish()
        if section_id in sections:
            table.problem("id", section_id, N_("没有用过的编号"))
        elif section_id:
            sections[section_id] = Section(id=section_id, title=title or _NO_TEXT, factual=factual)
    return tuple(sections.values())


def _read_wordings(top: Table, key: str) -> dict[str, Text]:
    """A table of wordings by name."""
    table = top.table(key, required=False)
    table.place, table.prefix = key, ""
    found = {name: table.wording(name) for name in table.raw}
    return {name: text for name, text in found.items() if text is not None}


def _read_introductions(top: Table, modes: tuple[str, ...]) -> dict[str, Text]:
    """One introduction for every mode: they name different things."""
    introductions = _read_wordings(top, "introductions")
    table = top.table("introductions", required=False)
    table.place, table.prefix = "introductions", ""
    for mode in table.raw:
        if mode not in modes:
            table.unknown_name(mode, mode, modes)
    for mode in modes:
        if mode not in table.raw and mode != "imported":
            table.problem(mode, table.get(mode), N_("调查方式 {mode} 的开场白"), mode=mode)
    return introductions


def _read_minutes(head: Table) -> tuple[int, int] | None:
    if "target_minutes" not in head.raw:
        return None
    minutes = head.integers("target_minutes") or ()
    if len(minutes) == 2 and 0 < minutes[0] <= minutes[1] <= _LONGEST:
        return minutes[0], minutes[1]
    head.problem("target_minutes", list(minutes), N_("最短和最长两个分钟数，先短后长"))
    return None


def _refuse_decoys(context: Context, indicators: tuple[Indicator, ...], items: Mapping[str, Item | None]) -> None:
    """Recognising what does not exist says how far to trust the rest; it is no knowledge."""
    for indicator in indicators:
        item = items.get(indicator.item)
        if item is None or indicator.set is IndicatorSet.HONESTY:
            continue
        decoys = {option.code for option in item.options if option.decoy}
        counted = indicator.codes.union(*(alternate.codes for alternate in indicator.alternates))
        for code in sorted(decoys & counted):
            context.problem(
                f"indicator {indicator.code}", "counted", code, N_("不含 decoy 选项：它只计入 honesty 指标")
            )


def _check_placeholders(context: Context, declared: Mapping[str, Text]) -> None:
    """Every ``{place}`` is declared, closed, and stands in every language of its wording."""
    for place, prefix, text in tuple(context.wordings):
        wordings = {"zh_Hans": text.zh_Hans, "en": text.en, **dict(text.others)}
        names = {language: placeholder_names(wording) for language, wording in wordings.items()}
        for language, wording in wordings.items():
            if stray_braces(wording):
                context.problem(place, prefix + language, wording, N_("成对的花括号，里面是占位名称"))
            for name in sorted(names[language] - declared.keys()):
                context.problem(place, prefix + language, name, N_("在 [placeholders] 中声明的占位"))
        used = set().union(*names.values()) if text.zh_Hans and text.en else set()
        for language, wording in wordings.items():
            for name in sorted(used - names[language]):
                context.problem(place, prefix + language, wording, N_("每种语言用同样的占位；这里缺 {name}"), name=name)
