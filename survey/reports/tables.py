"""The data tables that stand beside every chart: all figures of a rate in one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.publication import Base, PublishedEstimate, Subset
from questionnaires.definition import Indicator
from survey.messages import N_
from survey.reports.view import View
from survey.reports.wording import DASH, as_set, count, interval_words, optional_percent, percent, rate_words, remark

#: Marks an interval made with a design effect pooled over like areas.
POOLED_SIGN = "†"


class ColumnKind(StrEnum):
    """How a column is set; the names are the classes of the style sheets."""

    NAME = "name"
    RATE = "rate"
    NUMBER = "number"
    INTERVAL = "interval"
    REMARK = "remark"


@dataclass(frozen=True, kw_only=True)
class Column:
    heading: str
    kind: ColumnKind = ColumnKind.NUMBER


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows are as long as ``columns``; the first cell of a row names it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class NamedRate:
    """One row to be: a name, the rate on both bases."""

    name: str
    asked: PublishedEstimate
    valid: PublishedEstimate | None


def named_rates(view: View, indicators: Sequence[Indicator], subset: Subset = Subset.ALL) -> tuple[NamedRate, ...]:
    """The rates of the report's own area, one for each indicator that has one."""
    return tuple(
        NamedRate(name=view.label(i), asked=asked, valid=view.find(i, Base.VALID, subset))
        for i in indicators
        if (asked := view.find(i, Base.ASKED, subset)) is not None
    )


def area_rates(view: View, indicator: Indicator) -> tuple[NamedRate, ...]:
    """One indicator in every compared area, by area code."""
    return tuple(
        NamedRate(name=view.part_name(code), asked=asked, valid=view.find(indicator, Base.VALID, area=code))
        for code in view.part_codes()
        if (asked := view.find(indicator, area=code)) is not None
    )


def rate_table(
    view: View, rates: Sequence[NamedRate], *, caption: str, first: str, digits: int, with_targets: bool = True
) -> Table:
    """Both bases, the interval, what was not answered, and the verdict against the target.

    A column that has nothing to say (no targets, no remarks) is left out.
    """
    say = view.say
    columns = [
        Column(heading=first, kind=ColumnKind.NAME),
        Column(heading=say(N_("比例")), kind=ColumnKind.RATE),
        Column(heading=say(N_("{level}置信区间"), level=percent(view.run.level)), kind=ColumnKind.INTERVAL),
        Column(heading=say(N_("人数"))),
        Column(heading=say(N_("有效 比例")), kind=ColumnKind.RATE),
        Column(heading=say(N_("有效 人数"))),
        Column(heading=say(N_("说不清"))),
        Column(heading=say(N_("拒答"))),
        Column(heading=say(N_("未作答"))),
    ]
    rows = [_figures(rate, digits) for rate in rates]
    targets = [rate.asked.target if rate.asked.published else None for rate in rates]
    if with_targets and any(target is not None for target in targets):
        columns.append(Column(heading=say(N_("目标"))))
        rows = [[*row, DASH if target is None else as_set(target)] for row, target in zip(rows, targets, strict=True)]
    remarks = [remark(rate.asked, say) for rate in rates]
    if any(remarks):
        columns.append(Column(heading=say(N_("说明")), kind=ColumnKind.REMARK))
        rows = [[*row, words] for row, words in zip(rows, remarks, strict=True)]
    return Table(caption=caption, columns=tuple(columns), rows=tuple(tuple(row) for row in rows))


def _figures(rate: NamedRate, digits: int) -> list[str]:
    asked, valid = rate.asked, rate.valid
    interval = interval_words(asked, digits)
    return [
        rate.name,
        rate_words(asked, digits),
        f"{interval}{POOLED_SIGN}" if asked.pooled and interval != DASH else interval,
        count(asked.n if asked.published else None),
        DASH if valid is None else rate_words(valid, digits),
        count(valid.n if valid and valid.published else None),
        *(
            optional_percent(share if asked.published else None, digits)
            for share in (asked.dont_know_share, asked.refusal_share, asked.no_answer_share)
        ),
    ]
