"""A questionnaire as a form to print: options with their codes in boxes, routing in words, batteries as tables.

Everybody's form has the options in the order of the file: the codes are read from paper, by people who fill in and by
people who key. Nothing on it tells a recognition list's decoys, and there is no key to any answer.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import segno
from markupsafe import Markup

from questionnaires.definition import Item, ItemType, Option, OptionKind, Questionnaire, Text
from questionnaires.introductions import claims_draw
from questionnaires.jumps import form_items, jumps_from
from questionnaires.wording import fill_questionnaire
from survey.messages import N_
from survey.reports.disclosure_page import legal_marks
from survey.reports.introductions import introduction, placeholders, rights_line
from survey.reports.paper_words import (
    SEALING,
    hint_words,
    how_words,
    open_welcome,
    route_words,
    who_words,
)
from survey.reports.wording import Say, speaker
from survey.waves import Mode, WaveDetails

#: What is ticked as "refused" elsewhere is in the person's own words here, as on the screens of residents.
NOT_SAID = N_("不想回答")
#: Width of an option that fits beside others: a Chinese character counts twice.
_SHORT = 28
_MOST_LINES = 4
_CHARACTERS_A_LINE = 60
_MOST_BOXES = 9


@dataclass(frozen=True, kw_only=True)
class PaperOption:
    """``open``: a line to write on follows. ``alone``: nothing else may be chosen with it."""

    code: int
    text: str
    open: bool
    alone: bool


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    id: str
    text: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PaperBlock:
    """One item, or a battery: ``rows`` of one table with ``options`` as its columns.

    ``asides``: options that nobody is told of when they are read out. ``boxes``: digits of each group of boxes, with
    what stands behind them. ``lines``: to write on. ``who``: said above the block. ``routes``: said below.
    """

    kind: Literal["options", "grid", "boxes", "lines", "note"]
    rows: tuple[PaperRow, ...]
    hint: str = ""
    options: tuple[PaperOption, ...] = ()
    asides: tuple[PaperOption, ...] = ()
    compact: bool = False
    boxes: tuple[tuple[int, str], ...] = ()
    lines: int = 0
    who: str = ""
    routes: tuple[str, ...] = ()

    def fills_page(self, *, large: bool) -> bool:
        """Whether it hardly fits on one page: kept together it would leave the one before half empty."""
        most, width = (18, 44) if large else (30, 80)
        texts = (*(row.text for row in self.rows), *(option.text for option in (*self.options, *self.asides)))
        lines = sum(-(-_width(text) // width) or 1 for text in texts)
        return lines > (most if not self.compact else 2 * most)


@dataclass(frozen=True, kw_only=True)
class PaperSection:
    title: str
    blocks: tuple[PaperBlock, ...]


@dataclass(frozen=True, kw_only=True)
class PaperForm:
    """One form, the same for all who get its modules."""

    title: str
    version: str
    introduction: tuple[str, ...]
    how: tuple[str, ...]
    sections: tuple[PaperSection, ...]
    closing: tuple[str, ...]
    sealing: str


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What one copy has of its own. ``form``: place of its form in the document."""

    serial: str
    receipt: str
    form: int

    @property
    def drawing(self) -> Markup:
        """The serial, and nothing else, as a QR code."""
        code = segno.make(self.serial, error="m", micro=False)
        return Markup(code.svg_inline(omitsize=True, border=1, svgclass=None, lineclass=None))  # noqa: S704 - squares


@dataclass(frozen=True, kw_only=True)
class PaperDocument:
    """One print. ``stamps``: its copies; none: a specimen. ``watermark``: of an invented wave."""

    language: str
    large: bool
    interviewer: bool
    marks: tuple[tuple[str, str], ...]
    watermark: str
    forms: tuple[PaperForm, ...]
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What one form has of its own."""

    serial: str = ""
    receipt: str = ""
    modules: frozenset[str] = frozenset()


def compose_paper(
    questionnaire: Questionnaire,
    details: WaveDetails | None,
    copies: Sequence[Copy],
    *,
    language: str,
    large: bool = False,
    interviewer: bool = False,
    rights: str = "",
) -> PaperDocument:
    """The forms in words. Pure. ``details`` ``None``: no wave, so nobody's legal marks. ``interviewer``: a print for
    those who read the questions out, with their notes; nobody else's has them. ``rights``: the address
    of the page about the rights of whoever answers.
    """
    say = speaker(language)
    told = details or WaveDetails()
    worded = questionnaire.introductions.get(Mode.PAPER)
    if worded is None or claims_draw(worded):
        welcome = open_welcome(questionnaire, told, language, say)
    else:
        welcome = introduction(questionnaire, Mode.PAPER, told).in_language(language)
    filled = fill_questionnaire(questionnaire, placeholders(questionnaire, told))
    writer = _Writer(filled, language, say, interviewer=interviewer)
    bodies: dict[frozenset[str], tuple[PaperSection, ...]] = {}
    for copy in copies:
        if copy.modules not in bodies:
            bodies[copy.modules] = writer.sections(copy.modules)
    blank = PaperForm(
        title=filled.title.in_language(language),
        version=f"{filled.slug} {filled.version}",
        introduction=_paragraphs(welcome),
        how=(*how_words(say), *([rights_line(language, rights)] if rights else [])),
        sections=(),
        closing=_paragraphs(filled.closing.in_language(language)),
        sealing=say(SEALING),
    )
    places = {modules: place for place, modules in enumerate(bodies)}
    return PaperDocument(
        language=language,
        large=large,
        interviewer=interviewer,
        marks=legal_marks(details, say) if details else (),
        watermark=say(N_("虚构数据")) if details and details.fictitious else "" if details else say(N_("样张")),
        forms=tuple(replace(blank, sections=sections) for sections in bodies.values()),
        stamps=tuple(
            Stamp(serial=one.serial, receipt=one.receipt, form=places[one.modules]) for one in copies if one.serial
        ),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part for line in text.splitlines() if (part := line.strip()))


class _Writer:
    def __init__(self, questionnaire: Questionnaire, language: str, say: Say, *, interviewer: bool) -> None:
        self._questionnaire, self._language, self._say = questionnaire, language, say
        self._interviewer = interviewer

    def sections(self, modules: Collection[str]) -> tuple[PaperSection, ...]:
        items = form_items(self._questionnaire, mode=Mode.PAPER, modules=modules)
        titles = {section.id: section.title for section in self._questionnaire.sections}
        runs = list(_runs(items))
        told: dict[str, str] = {}
        for _, same in groupby((item for run in runs for item in run), key=lambda item: (item.section, item.ask_if)):
            together = list(same)
            asked = [item.id for item in together if item.type is not ItemType.NOTE]
            first = together[0]
            told[first.id] = who_words(first.ask_if, asked, self._questionnaire.items_by_id, self._say) if asked else ""
        blocks = [(run[0].section, self._block(run, items, told.get(run[0].id, ""))) for run in runs]
        return tuple(
            PaperSection(title=titles[section].in_language(self._language), blocks=tuple(block for _, block in part))
            for section, part in groupby(blocks, key=lambda pair: pair[0])
        )

    def _block(self, run: Sequence[Item], items: Sequence[Item], who: str) -> PaperBlock:
        first = run[0]
        block = PaperBlock(
            kind="grid" if len(run) > 1 else _KINDS[first.type],
            rows=tuple(PaperRow(id=item.id, text=self._in(item.text), note=self._note(item)) for item in run),
            hint=hint_words(first, self._say),
            who=who,
            routes=tuple(filter(None, (self._routes(item, items) for item in run))),
        )
        if first.options:
            return self._with_options(block, first)
        if first.type is ItemType.NUMBER:
            digits = len(str(first.maximum)) if first.maximum is not None else 4
            return replace(block, boxes=((min(digits, _MOST_BOXES), ""),))
        if first.type is ItemType.DATE:
            say = self._say
            return replace(block, boxes=((4, say(N_("年"))), (2, say(N_("月"))), (2, say(N_("日")))))
        if first.type is ItemType.TEXT:
            lines = -(-(first.max_chars or _MOST_LINES * _CHARACTERS_A_LINE) // _CHARACTERS_A_LINE)
            return replace(block, lines=max(2, min(lines, _MOST_LINES)))
        return block

    def _with_options(self, block: PaperBlock, item: Item) -> PaperBlock:
        hidden = [option for option in item.options if not option.read_aloud]
        if item.required:  # there is no way past it
            hidden = [option for option in hidden if option.kind is not OptionKind.REFUSED]
        read = tuple(self._option(item, option) for option in item.options if option.read_aloud)
        asides = tuple(self._option(item, option) for option in hidden)
        short = all(_width(option.text) <= _SHORT and not option.open for option in (*read, *asides))
        return replace(block, options=read, asides=asides, compact=short and len(read) + len(asides) <= 8)

    def _option(self, item: Item, option: Option) -> PaperOption:
        theirs = option.kind is OptionKind.REFUSED and not option.read_aloud and not self._interviewer
        return PaperOption(
            code=option.code,
            text=self._say(NOT_SAID) if theirs else self._in(option.text),
            open=option.open,
            alone=option.exclusive and item.type is ItemType.MULTI,
        )

    def _routes(self, item: Item, items: Sequence[Item]) -> str:
        place = items.index(item)
        following = next((one.id for one in items[place + 1 :] if one.type is not ItemType.NOTE), None)
        words = route_words(item, jumps_from(items, place), following, self._say)
        return self._say(N_("{item}：{routes}"), item=item.id, routes=words) if words else ""

    def _note(self, item: Item) -> str:
        return self._in(item.interviewer_note) if self._interviewer and item.interviewer_note else ""

    def _in(self, text: Text) -> str:
        return text.in_language(self._language)


def _width(text: str) -> int:
    """
    >>> _width("满意"), _width("Fair")
    (4, 4)
    """
    return sum(1 if character < "\u2e80" else 2 for character in text)


_KINDS: dict[ItemType, Literal["options", "boxes", "lines", "note"]] = {
    ItemType.SINGLE: "options",
    ItemType.MULTI: "options",
    ItemType.NUMBER: "boxes",
    ItemType.DATE: "boxes",
    ItemType.TEXT: "lines",
    ItemType.NOTE: "note",
}


def _runs(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Items that make one table: of one battery, asked of the same people, with the same options to choose one of."""

    def table(item: Item) -> object:
        if item.battery is None or item.type is not ItemType.SINGLE or item.open_codes:
            return item.id
        return (item.section, item.battery, item.ask_if, item.required, item.options)

    for _, same in groupby(items, key=table):
        yield tuple(same)
