"""The rates of a wave by group, each division with the whole above it."""

from collections.abc import Collection, Sequence

from analysis.publication import Base, PublishedEstimate
from questionnaires.definition import Questionnaire
from survey.groupings import AND_UNKNOWN, GROUP_NAMES, UNKNOWN, Grouping
from survey.messages import N_
from survey.reports.estimate_table import Named, estimate_table, who_words
from survey.reports.figure_table import FigureTable
from survey.reports.view import View
from survey.reports.wording import MODE_WORDS, Say
from survey.waves import Mode

#: The scale that asks for a grouping, whatever the item is called.
SCALES = {Grouping.SEX: "sex", Grouping.AGE: "age_group"}


def group_table(
    view: View,
    grouping: Grouping,
    rows: Sequence[PublishedEstimate],
    *,
    indicators: Sequence[str],
    bases: Collection[Base],
    caption: str,
) -> FigureTable:
    """For each of the ``indicators``: the whole as the run has it, then the groups in the order of the instrument."""
    say, named = view.say, []
    for indicator in (each for each in view.questionnaire.indicators if each.code in indicators):
        label = view.label(indicator)
        for base in (base for base in Base if base in bases):
            whole = view.find(indicator, base)
            if whole is not None:
                names = (label, say(N_("全部")), who_words(whole, say))
                named.append(Named(names=names, codes=(indicator.code, ""), estimate=whole, digits=1))
            for row in rows:
                if row.indicator == indicator.code and row.base is base:
                    group = group_name(grouping, row.area or "", view.questionnaire, view.language, say)
                    names = (label, group, who_words(row, say))
                    named.append(Named(names=names, codes=(indicator.code, row.area or ""), estimate=row, digits=0))
    return estimate_table(
        say,
        named,
        caption=caption,
        names=(say(N_("指标")), say(N_("组")), say(N_("基数"))),
        codes=(say(N_("指标代码")), say(N_("组代码"))),
    )


def group_name(grouping: Grouping, code: str, questionnaire: Questionnaire, language: str, say: Say) -> str:
    """What a group is called: by the instrument's own option, or by its mode."""
    if code.endswith(AND_UNKNOWN):
        plain = group_name(grouping, code.removesuffix(AND_UNKNOWN), questionnaire, language, say)
        return say(N_("{group}（含不详）"), group=plain)
    if grouping is Grouping.MODE and code in set(Mode):
        return say(MODE_WORDS[Mode(code)])
    scale = SCALES.get(grouping)
    item = next((item for item in questionnaire.items if scale and item.scale == scale), None)
    option = item.option(int(code)) if item and code.isdecimal() else None
    if option is not None:
        return option.text.in_language(language)
    return say(GROUP_NAMES.get(code, GROUP_NAMES[UNKNOWN]))
