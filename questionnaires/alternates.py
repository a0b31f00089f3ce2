"""Other readings of a rate: what a file says of them, what its options mean, and how a score is called.

All of it follows from the options' own polarity and score: which codes are good news is nowhere in the program.
"""

from collections.abc import Iterable, Mapping

from questionnaires.counting import counted_codes, substantive_codes
from questionnaires.definition import (
    Alternate,
    AlternateName,
    Base,
    Indicator,
    Item,
    ItemType,
    Option,
    OptionKind,
    Polarity,
    Text,
)
from questionnaires.problems import N_
from questionnaires.reading import ABSENT, Table, joined

#: Of the options' scores.
LOWEST, HIGHEST = 0.0, 100.0


def scores_of(item: Item) -> Mapping[int, float] | None:
    """Code -> score of every substantive option; ``None`` where one has none, or all have the same."""
    options = [option for option in item.options if option.kind is OptionKind.SUBSTANTIVE]
    scores = {option.code: option.score for option in options if option.score is not None}
    if item.type is not ItemType.SINGLE or len(scores) != len(options) or len(set(scores.values())) < 2:
        return None
    return scores if all(LOWEST <= score <= HIGHEST for score in scores.values()) else None


def standard_alternate(name: AlternateName, indicator: Indicator, item: Item) -> Alternate | None:
    """The reading ``name`` of a rate by the meaning of its options; ``None`` where they do not say enough.

    Broad: who leans that way counts too. Top box: of those who count, only the answers of the highest score.
    """
    if item.type is not ItemType.SINGLE:
        return None
    if name is AlternateName.VALID:
        return Alternate(name=name, codes=indicator.codes, base=Base.VALID)
    if name is AlternateName.SCORE:
        return Alternate(name=name, base=Base.VALID) if scores_of(item) else None
    options = [option for option in item.options if option.kind is OptionKind.SUBSTANTIVE]
    if name is AlternateName.BROAD:
        codes = indicator.codes | {option.code for option in options if option.polarity is Polarity.WEAK}
        found = codes != indicator.codes and codes < substantive_codes(item)
    else:
        codes = _top(option for option in options if option.code in indicator.codes)
        found = bool(codes) and codes < indicator.codes
    return Alternate(name=name, codes=codes, base=indicator.base) if found else None


def _top(options: Iterable[Option]) -> frozenset[int]:
    """The codes of the highest score; empty where one has none."""
    scores = {option.code: option.score for option in options}
    known = [score for score in scores.values() if score is not None]
    if not known or len(known) != len(scores):
        return frozenset()
    return frozenset(code for code, score in scores.items() if score == max(known))


def score_label(label: Text) -> Text:
    """What the mean score (0-100) of a rate is called: never as the rate.

    >>> found = score_label(Text(zh_Hans="总体满意率", en="Overall satisfaction rate"))
    >>> found.zh_Hans, found.en
    ('总体满意度（分）', 'Overall satisfaction: mean score')
    """
    stem = label.zh_Hans.removesuffix("率")
    return Text(
        zh_Hans=f"{stem}度（分）" if stem != label.zh_Hans else f"{stem}：平均分",
        en=f"{label.en.removesuffix(' rate')}: mean score",
    )


def read_alternates(table: Table, indicator: Indicator, item: Item) -> tuple[Alternate, ...]:
    """The ``[[indicator.alternate]]`` of the indicator in ``table``."""
    found: dict[AlternateName, Alternate] = {}
    for position, raw in enumerate(table.tables("alternate")):
        part = Table(raw, table.context, table.place, f"alternate[{position}].")
        alternate = _read_alternate(part, indicator, item)
        part.finish()
        if alternate is not None and alternate.name in found:
            part.problem("name", alternate.name.value, N_("没有用过的口径；每个只写一次"))
        elif alternate is not None:
            found[alternate.name] = alternate
    return tuple(found.values())


def _read_alternate(part: Table, indicator: Indicator, item: Item) -> Alternate | None:
    name = part.choice("name", AlternateName, required=True)
    base = part.choice("base", Base)
    counted = part.table("counted", required=False)
    given = counted_codes(counted, item) if "counted" in part.raw else None
    counted.finish()
    if name is None:
        return None
    if item.type is not ItemType.SINGLE:
        part.problem("name", name.value, N_("单选题的指标：多选题没有其他口径"))
        return None
    if base is Base.ASKED and name in (AlternateName.VALID, AlternateName.SCORE):
        part.problem("base", base.value, N_("valid：这种口径只算有效回答"))
        return None
    standard = standard_alternate(name, indicator, item)
    if given is None:
        if standard is None:
            part.problem("counted", ABSENT, MEANING_LACKS[name])
            return None
        return Alternate(name=name, codes=standard.codes, base=base or standard.base)
    return _with_codes(part, name, given, base, indicator)


#: What an item would need to be read in a way.
MEANING_LACKS = {
    AlternateName.BROAD: N_("计入的代码 codes 或取向 polarity：这道题没有取向为 weak 的选项"),
    AlternateName.TOP_BOX: N_("计入的代码 codes：从选项的分值看不出哪一档最高"),
    AlternateName.SCORE: N_("题目的每个实质选项都有 0 到 100 的分值，而且不全相同"),
    AlternateName.VALID: N_("单选题的指标：多选题没有其他口径"),
}


def _with_codes(
    part: Table, name: AlternateName, codes: frozenset[int], base: Base | None, indicator: Indicator
) -> Alternate | None:
    own = joined(str(code) for code in sorted(indicator.codes))
    if not codes:
        return None
    if name is AlternateName.SCORE:
        part.problem("counted", sorted(codes), N_("不写：平均分用每个选项的分值"))
    elif name is AlternateName.VALID and codes != indicator.codes:
        part.problem("counted", sorted(codes), N_("不写，或与指标相同：{codes}"), codes=own)
    elif name is AlternateName.BROAD and not codes > indicator.codes:
        part.problem("counted", sorted(codes), N_("指标的代码（{codes}）和另外的代码"), codes=own)
    elif name is AlternateName.TOP_BOX and not codes < indicator.codes:
        part.problem("counted", sorted(codes), N_("指标的代码（{codes}）中的一部分"), codes=own)
    else:
        default = Base.VALID if name is AlternateName.VALID else indicator.base
        return Alternate(name=name, codes=codes, base=base or default)
    return None
