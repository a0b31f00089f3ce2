"""A draft as residents and interviewers would see it, screen by screen; nothing that is answered is stored.

The answers so far travel in the form itself, and with them a text that is not saved yet, where one was sent. The page
stands in a frame of the draft's page, at the width of a phone; while somebody types there, ``preview.js`` sends its
form again and again with the text of the moment (``stay``), and it stays at its screen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from questionnaires.checking import AnswerChecker
from questionnaires.definition import Questionnaire
from questionnaires.duration import ALOUD
from questionnaires.loading import LARGEST_FILE, InstrumentError, load_text
from questionnaires.option_orders import options_for
from questionnaires.problems import InstrumentProblem
from questionnaires.review import Placed, review_text
from questionnaires.routing import ends_screened
from questionnaires.screens import Screen, Walk
from questionnaires.wording import fill_questionnaire
from survey.files.instrument_files import LARGEST_WORKBOOK
from survey.i18n import LANGUAGES
from survey.language_files import code_of
from survey.pages import language
from survey.pages.access import needs
from survey.pages.language_marks import show_marks
from survey.pages.questionnaire_fields import Audience, Field, draw_fields
from survey.pages.questionnaire_form import Posted, check_screen, kept_answers, read_form, shown_items, to_ask_again
from survey.pages.security import show_in_frame, takes_up_to
from survey.pages.site import current_site
from survey.pages.whole_waves import require_no_limits
from survey.roles import Permission
from survey.store.instrument_drafts import get_draft
from survey.waves import Mode

blueprint = Blueprint("instrument_previews", __name__)

NEXT, BACK, START, STAY = "next", "back", "start", "stay"
#: In place of the items shown: after the last screen.
END = "end"
#: Whoever tries it out sees one of the orders of options that residents get: reversed where that may be.
EXAMPLE_ORDER = 1
#: The answers to the longest questionnaire have a few kB.
_LONGEST_ANSWERS = 200_000
#: A text may take three bytes for each character; the form that it is written in may hold a file, too.
LARGEST_PREVIEW = 3 * LARGEST_FILE + LARGEST_WORKBOOK + 1_000_000
#: Problems that are told beside the text that has them.
_MOST_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class PreviewPage:
    """``introduction``: before the first screen; ``closing``: after the last; ``broken``: there is no questionnaire.

    ``answers``: those so far, as the form carries them on. ``screened``: whoever answers so is sent away.
    ``text``: not saved yet, ``None``: it is the draft's own. ``shown``: of a broken one, to come back to. ``mixes``:
    options stand in another order than in the text.
    """

    title: str
    language: str
    section: str = ""
    introduction: str = ""
    closing: str = ""
    fields: tuple[Field, ...] = ()
    answers: str = "{}"
    percent: int = 0
    first: bool = False
    mixes: bool = False
    screened: bool = False
    broken: tuple[Placed[InstrumentProblem], ...] = ()
    text: str | None = None
    mode: str = ""
    module: str = ""
    shown: str = ""
    facts: tuple[str, ...] = ()


@blueprint.get("/instruments/edit/<id:draft_id>/preview")
@needs(Permission.MANAGE_WAVES)
def show(draft_id: int) -> ResponseReturnValue:
    return _answer(draft_id)


@blueprint.post("/instruments/edit/<id:draft_id>/preview")
@needs(Permission.MANAGE_WAVES)
@takes_up_to(LARGEST_PREVIEW)
def turn(draft_id: int) -> ResponseReturnValue:
    return _answer(draft_id)


def _answer(draft_id: int) -> ResponseReturnValue:
    require_no_limits()
    with current_site().database.reading() as store:
        draft = get_draft(store, draft_id)  # whoever sends a text has a draft that it is of
    typed = request.form.get("text")
    text = draft.text if typed is None else typed.replace("\r\n", "\n")
    wanted = request.args.get("language", "")[:20]
    # The words around the questions: in that language as far as the site has a file of it, else in Chinese.
    language.offer([code_of(wanted)])
    if not language.choose_for_now(code_of(wanted)):
        language.choose_for_now(LANGUAGES[0])
    try:
        questionnaire = _filled(text)
    except InstrumentError:
        page = PreviewPage(
            title="",
            language=wanted,
            broken=review_text(text, "draft").problems[:_MOST_TOLD],
            answers=request.form.get("answers", "{}")[:_LONGEST_ANSWERS],
            shown=request.form.get("shown", "")[:_LONGEST_ANSWERS],
        )
    else:
        page = _Preview(questionnaire, wanted).page()
    page = replace(page, text=typed, mode=_wish("mode"), module=_wish("module"))
    shown = render_template("statisticians/instrument_preview.html", page=page, address=request.full_path)
    return show_in_frame(show_marks(shown))


@lru_cache(maxsize=4)
def _filled(text: str) -> Questionnaire:
    questionnaire = load_text(text, "draft")
    return fill_questionnaire(questionnaire, questionnaire.placeholders)


class _Preview:
    """One turn of whoever tries the questionnaire out."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        modes = [mode for mode in questionnaire.modes if mode != "imported"] or list(questionnaire.modes)
        wanted = _wish("mode")
        online = [mode for mode in modes if mode not in ALOUD]
        self._mode = wanted if wanted in modes else (online or modes)[0]
        modules = sorted({item.module for item in questionnaire.items if item.module})
        module = _wish("module")
        self._order = None if self._mode == Mode.PAPER else EXAMPLE_ORDER  # what is printed is the same for all
        self._walk = Walk(questionnaire, mode=self._mode, modules=[module] if module in modules else modules[:1])
        self._questionnaire, self._language = questionnaire, language
        self._answers = _answers_of(request.form.get("answers", ""))

    def page(self) -> PreviewPage:
        action = request.form.get("action", "")
        if not self._walk.layout or action not in (NEXT, BACK, START, STAY):
            self._answers.clear()
            return self._welcome()
        if action == STAY and request.form.get("shown", "") in ("", END):
            return self._end() if request.form.get("shown") else self._welcome()
        screen = self._walk.as_shown(shown_items(request.form, self._questionnaire.items_by_id))
        if screen is None or action == START:
            return self._at(self._walk.screens(self._answers)[0])
        if action == STAY:
            posted = read_form(request.form, screen.items, AnswerChecker(self._questionnaire))
            self._answers |= kept_answers(posted, screen.items, self._answers, forward=False)
            return self._at(screen)
        return self._turn(screen, forward=action == NEXT)

    def _turn(self, shown: Screen, *, forward: bool) -> PreviewPage:
        posted = read_form(request.form, shown.items, AnswerChecker(self._questionnaire))
        if forward:
            posted = check_screen(self._walk, {**self._answers, **posted.given}, shown, posted)
        self._answers |= kept_answers(posted, shown.items, self._answers, forward=forward)
        if not forward:
            previous = self._walk.previous(self._answers, shown)
            return self._at(previous) if previous else self._welcome()
        again = to_ask_again(posted, shown.items)
        if posted.problems or posted.failed or again:
            return self._at(shown, posted=posted, again=again)
        return self._at(self._walk.next(self._answers, shown))

    def _at(
        self, screen: Screen | None, *, posted: Posted | None = None, again: frozenset[str] = frozenset()
    ) -> PreviewPage:
        if screen is None:
            return self._end()
        fields = draw_fields(
            screen.items,
            language=self._language,
            audience=Audience.CANVASSER if self._mode in ALOUD else Audience.RESIDENT,
            answers=self._answers,
            posted=posted,
            again=again,
            order_seed=self._order,
        )
        titles = {section.id: section.title.in_language(self._language) for section in self._questionnaire.sections}
        return PreviewPage(
            title=titles[screen.items[0].section],
            language=self._language,
            section=titles[screen.items[0].section],
            fields=fields,
            answers=json.dumps(self._answers, ensure_ascii=False),
            percent=round(100 * self._walk.progress(screen)),
            first=screen.place == 0,
            mixes=any(options_for(item, self._order) != item.options for item in screen.items),
        )

    def _welcome(self) -> PreviewPage:
        worded = self._questionnaire.introductions
        text = worded.get(self._mode) or next(iter(worded.values()), self._questionnaire.title)
        return PreviewPage(
            title=self._questionnaire.title.in_language(self._language),
            language=self._language,
            introduction=text.in_language(self._language),
            answers=json.dumps(self._answers, ensure_ascii=False),
        )

    def _end(self) -> PreviewPage:
        route = self._walk.route(self._answers)
        return PreviewPage(
            title=self._questionnaire.title.in_language(self._language),
            language=self._language,
            shown=END,
            closing=self._questionnaire.closing.in_language(self._language),
            answers=json.dumps(self._answers, ensure_ascii=False),
            percent=100,
            screened=ends_screened(route, self._answers),
            facts=tuple(item.id for item in route),
        )


def _wish(name: str) -> str:
    """As the form says, which may be that of the page around; else the address."""
    return request.form.get(name, request.args.get(name, ""))[:60]


def _answers_of(text: str) -> dict[str, object]:
    """What an earlier turn wrote into the form; anything else counts for nothing."""
    try:
        found = json.loads(text) if len(text) <= _LONGEST_ANSWERS else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, Mapping):
        return {}
    return {key: _value(value) for key, value in found.items() if _is_answer(value)}


def _is_answer(value: object) -> bool:
    if isinstance(value, list):
        return all(type(part) is int for part in value)
    return value is None or type(value) in (int, str)


def _value(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
