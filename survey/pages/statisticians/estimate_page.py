"""What the pages of ``/waves/<id>/estimates`` share: tabs, filters, tables of figures, and the same tables as files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_
from survey.pages.language import current_language, gettext
from survey.reports.figure_table import FigureTable, FileFormat, write_tables
from survey.reports.rates import LegendEntry
from survey.reports.sample_words import design_words, version_words
from survey.reports.wording import Say, percent, speaker
from survey.runs import EstimateRun
from survey.store.waves import STATE_NAMES, WaveRecord
from survey.terms import Word
from survey.waves import WaveState

blueprint = Blueprint("estimates", __name__)

#: The views of one wave's estimates: endpoint, and what the tab says.
TABS = (
    ("estimates.show", N_("估计表")),
    ("estimates.groups", N_("分组")),
    ("estimates.alternates", N_("其他口径")),
    ("estimates.bands", N_("与目标比较")),
    ("estimates.changes", N_("变化")),
    ("estimates.pooled", N_("多轮合并")),
    ("estimates.drivers", N_("满意的关联")),
    ("estimates.modelled", N_("模型估计")),
    ("estimates.ranks", N_("可能的名次")),
)
MOST_ROWS = 100
_MIME = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Select:
    """One list to choose from, as it stands in the address under ``name``."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class TableSection:
    """``id``: unique on the page."""

    id: str
    heading: str
    table: FigureTable
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tab:
    address: str
    name: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Pager:
    """``first`` to ``last`` of ``rows``; addresses of the pages before and after, if there are any."""

    first: int
    last: int
    rows: int
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class EstimatesPage:
    """``empty``: what is said where there is nothing to show. ``run`` ``None``: the wave is not estimated."""

    wave: WaveRecord
    run: EstimateRun | None
    selects: tuple[Select, ...] = ()
    lead: str = ""
    intro: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sections: tuple[TableSection, ...] = ()
    words: tuple[Word, ...] = ()
    empty: str = ""
    pager: Pager | None = None

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return tuple(
            Tab(
                address=url_for(endpoint, wave_id=self.wave.id),
                name=gettext(name),
                current=request.endpoint == endpoint,
            )
            for endpoint, name in TABS
        )

    @property
    def run_words(self) -> str:
        return "" if self.run is None else run_words(self.run, speaker(current_language()))

    @property
    def draft(self) -> bool:
        return self.wave.state is not WaveState.PUBLISHED

    @property
    def files(self) -> tuple[Option, ...]:
        """What is shown, to take away: address and name of each format."""
        if not any(section.table.rows for section in self.sections):
            return ()
        kept = [(name, value) for name, value in request.args.items() if name not in ("as", "page")]
        return tuple(
            Option(value=f"{request.path}?{urlencode([*kept, ('as', form.value)])}", text=form.value.upper())
            for form in FileFormat
        )


def answer(page: EstimatesPage) -> ResponseReturnValue:
    """The page, or where the address asks for one the file of all its tables."""
    form = next((form for form in FileFormat if form.value == request.args.get("as")), None)
    if form is None or not page.files:
        return render_template("statisticians/estimates.html", page=_in_portions(page))
    return _file(page, form)


def _in_portions(page: EstimatesPage) -> EstimatesPage:
    """A page that has one long table shows some of its rows; names that are the same in all rows are in its heading."""
    if len(page.sections) != 1 or len(page.sections[0].table.rows) <= MOST_ROWS:
        return replace(page, sections=tuple(_narrowed(section) for section in page.sections))
    (section,) = page.sections
    rows = section.table.rows
    told = request.args.get("page", "")
    number = min(max(int(told), 1) if told.isdecimal() and len(told) < 7 else 1, -(-len(rows) // MOST_ROWS))
    first, last = (number - 1) * MOST_ROWS, min(number * MOST_ROWS, len(rows))
    shown = _narrowed(section, first, last)
    pager = Pager(
        first=first + 1,
        last=last,
        rows=len(rows),
        before=_at(number - 1) if first else None,
        after=_at(number + 1) if last < len(rows) else None,
    )
    return replace(page, sections=(shown,), pager=pager)


def _narrowed(section: TableSection, first: int = 0, last: int | None = None) -> TableSection:
    """What is the same in all rows is said once below the table."""
    table, say = section.table, speaker(current_language())
    told = [(table.figures[place], text) for place, text in table.alike().items() if text]
    notes = [say(N_("{heading}：{text}。"), heading=heading, text=text) for heading, text in told]
    return replace(section, table=table.narrowed(first, last), notes=(*notes, *section.notes))


def _at(number: int) -> str:
    kept = [(name, value) for name, value in request.args.items() if name != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', str(number))])}"


def _file(page: EstimatesPage, form: FileFormat) -> Response:
    say = speaker(current_language())
    tables = [section.table for section in page.sections]
    sheets = [*_numbered([section.heading for section in page.sections]), say(N_("说明"))]
    data = write_tables(tables, about(page, say), form, sheets=sheets)
    response = Response(data, mimetype=_MIME[form])
    tab = next(tab.name for tab in page.tabs if tab.current)
    name = f"{page.wave.name} {tab}.{form.value}"
    # What a path or a header could trip over becomes a blank.
    name = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else " " for c in name)
    plain = f"wave-{page.wave.id}-estimates.{form.value}"
    response.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
    return response


def _numbered(headings: Sequence[str]) -> list[str]:
    return [heading if len(headings) == 1 else f"{number} {heading}" for number, heading in enumerate(headings, 1)]


def about(page: EstimatesPage, say: Say) -> list[str]:
    """What goes with the figures wherever they are taken."""
    wave, run = page.wave, page.run
    lines = [f"{wave.name} · {say(STATE_NAMES[wave.state])}"]
    if wave.details.fictitious:
        lines.append(say(N_("虚构数据：这些居民和答卷是编造的，只供演示。")))
    if page.draft:
        lines.append(say(N_("这一轮还没有发布：只有统计员能看到数字，请不要转给别人。")))
    if run is not None:
        lines.append(run_words(run, say))
        lines.append(design_words(run, say))
    lines += [page.lead, *page.intro, *page.warnings]
    for section in page.sections:
        lines += section.notes
    return [line for line in lines if line]


def run_words(run: EstimateRun, say: Say) -> str:
    told = say(
        N_("第{run}次估计，{responses}份答卷，置信水平{level}，校验码{digest}。"),
        run=run.id,
        responses=f"{run.responses:,}",
        level=percent(run.level),
        digest=run.digest[:16],
    )
    return told if run.sample is None else f"{told} {version_words(run.sample, say)}"


def choices(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Select:
    return Select(
        name=name,
        label=label,
        options=tuple(Option(value=value, text=text) for value, text in options),
        chosen=chosen,
    )
