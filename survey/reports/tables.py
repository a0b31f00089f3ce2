"""The tables of a report: one row holds a rate's name, its drawing and all its figures, so nothing is set twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analysis.publication import Base, PublishedEstimate, Reason, Reliability, Subset
from questionnaires.definition import Indicator
from survey.messages import N_
from survey.reports.charts import Mark, MarkedRate, draw_rate, draw_scale
from survey.reports.view import View
from survey.reports.wording import (
    DASH,
    absence_words,
    aim_words,
    as_set,
    count,
    has_interval,
    interval_words,
    optional_percent,
    percent,
    rate_words,
    remark,
    target_words,
)

#: Marks an interval made with a design effect pooled over like areas.
POOLED_SIGN = "†"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers beside a drawing, as words; in a table's head, their names."""

    interval: str
    number: str
    valid_rate: str
    valid_number: str
    dont_know: str
    refused: str
    no_answer: str

    def __iter__(self) -> Iterator[str]:
        return iter(
            (
                self.interval,
                self.number,
                self.valid_rate,
                self.valid_number,
                self.dont_know,
                self.refused,
                self.no_answer,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rate. ``words`` stand below the drawing, or in place of it and of all figures where there are none."""

    name: str
    rate: str
    words: str
    drawing: Markup
    figures: Figures | None  # none: not published


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns: name, rate, drawing (``scale`` in its head), then the ``figures``."""

    caption: str
    names: str
    rate: str
    scale: Markup
    figures: Figures
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class NamedRate:
    """One row to be: a name, the rate on both bases; ``drawn`` is the one in the drawing.

    ``absent``: why there is no estimate to speak of, where nobody answered.
    """

    name: str
    asked: PublishedEstimate
    valid: PublishedEstimate | None
    drawn: PublishedEstimate
    absent: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the head of a table is set where it stands: a page inherits its font, the PDF names one."""

    font_family: str = "inherit"
    scale_size: float = 12


def named_rates(view: View, indicators: Sequence[Indicator], subset: Subset = Subset.ALL) -> tuple[NamedRate, ...]:
    """The rates of the report's own area, one for each indicator that has one."""
    return tuple(
        NamedRate(name=view.label(i), asked=asked, valid=view.find(i, Base.VALID, subset), drawn=asked)
        for i in indicators
        if (asked := view.find(i, Base.ASKED, subset)) is not None
    )


def area_rates(view: View, indicator: Indicator) -> tuple[NamedRate, ...]:
    """One indicator in every compared area, by area code; empty where no area has it."""
    rates: list[NamedRate] = []
    for code in view.part_codes():
        asked, name = view.find(indicator, area=code), view.part_name(code)
        if asked is not None:
            valid = view.find(indicator, Base.VALID, area=code)
            rates.append(NamedRate(name=name, asked=asked, valid=valid, drawn=asked))
        elif code in view.unanswered:
            nothing = PublishedEstimate(indicator=indicator.code, area=code, base=Base.ASKED, published=False)
            rates.append(
                NamedRate(name=name, asked=nothing, valid=None, drawn=nothing, absent=view.say(N_("没有答卷")))
            )
    return () if all(rate.absent for rate in rates) else tuple(rates)


def mark_of(estimate: PublishedEstimate) -> Mark:
    """How a published estimate is drawn."""
    if estimate.shown_range is not None:
        return Mark.RANGE
    if not has_interval(estimate):
        return Mark.POINT
    return Mark.CARE if estimate.reliability is Reliability.WITH_CARE else Mark.INTERVAL


def rate_table(
    view: View, rates: Sequence[NamedRate], *, caption: str, names: str, digits: int, look: Look, name_targets: bool
) -> Table:
    """Both bases, the interval, what was not answered, and below the drawing the verdict.

    ``name_targets``: each row names its own target; else a note below the table does.
    """
    say = view.say
    return Table(
        caption=caption,
        names=names,
        rate=say(N_("比例")),
        scale=draw_scale(title=say(N_("各行的图以0到100%为横轴")), size=look.scale_size, font_family=look.font_family),
        figures=Figures(
            interval=say(N_("{level}置信区间"), level=percent(view.run.level)),
            number=say(N_("人数")),
            valid_rate=say(N_("有效 比例")),
            valid_number=say(N_("有效 人数")),
            dont_know=say(N_("说不清")),
            refused=say(N_("拒答")),
            no_answer=say(N_("未作答")),
        ),
        rows=tuple(_row(view, rate, digits, name_targets) for rate in rates),
    )


def _row(view: View, rate: NamedRate, digits: int, name_targets: bool) -> Row:
    asked, drawn = rate.asked, rate.drawn
    if not asked.published:
        words = rate.absent or absence_words(asked, view.say)
        return Row(name=rate.name, rate=DASH, words=words, drawing=Markup(), figures=None)
    words = _words(view, rate, digits, name_targets)
    low, high = drawn.shown_range or (drawn.low, drawn.high)
    marked = MarkedRate(mark=mark_of(drawn), proportion=drawn.proportion, low=low, high=high, target=asked.target)
    title = f"{rate.name} {_numbers(drawn, digits)}"
    return Row(
        name=rate.name,
        rate=rate_words(asked, digits),
        words=words,
        drawing=draw_rate(marked, title=f"{title} {words}".rstrip()),
        figures=_figures(rate, digits),
    )


def _words(view: View, rate: NamedRate, digits: int, name_targets: bool) -> str:
    """The verdict below the drawing, and the figures of a drawing on another base than the row's first number."""
    asked, drawn = rate.asked, rate.drawn
    told = target_words(asked, view.say) if name_targets else remark(asked, view.say)
    if asked.reason is Reason.NON_PROBABILITY:  # the whole report says so, and every row would
        told = aim_words(asked.target, view.say) if name_targets and asked.target is not None else ""
    if drawn is asked:
        return told
    base = view.say(N_("有效回答{figures}"), figures=_numbers(drawn, digits))
    return f"{base} · {told}" if told else base


def _numbers(estimate: PublishedEstimate, digits: int) -> str:
    rate, interval = rate_words(estimate, digits), interval_words(estimate, digits)
    return rate if interval == DASH else f"{rate} ({interval})"


def _figures(rate: NamedRate, digits: int) -> Figures:
    asked, valid = rate.asked, rate.valid
    interval = interval_words(asked, digits)
    return Figures(
        interval=f"{interval}{POOLED_SIGN}" if asked.pooled and interval != DASH else interval,
        number=count(asked.n),
        valid_rate=DASH if valid is None else rate_words(valid, digits),
        valid_number=count(valid.n if valid and valid.published else None),
        dont_know=optional_percent(asked.dont_know_share, digits),
        refused=optional_percent(asked.refusal_share, digits),
        no_answer=optional_percent(asked.no_answer_share, digits),
    )


def targets_of(rates: Sequence[NamedRate]) -> tuple[str, ...]:
    """The targets of all rows, as they were set, each once."""
    return tuple(as_set(t) for t in sorted({r.asked.target for r in rates if r.asked.target is not None}))
