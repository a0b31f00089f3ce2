"""The pages of an interview at the door as the templates get them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import render_template, request

from questionnaires.definition import Item
from questionnaires.screens import Screen, Walk, modules_for
from questionnaires.wording import fill, fill_item
from survey.fieldwork.interview_draft import InterviewDraft
from survey.fieldwork.interview_ends import InterviewEnd, end_now
from survey.fieldwork.payloads import Presence
from survey.fieldwork.respondents import SelectedWords, tell_selected
from survey.messages import BadInput
from survey.one_time_codes import grouped
from survey.pages.language import current_language
from survey.pages.questionnaire_fields import Audience, Field, draw_fields
from survey.pages.questionnaire_form import Posted, typed_before
from survey.reports.introductions import introduction, placeholders
from survey.units import address_line
from survey.waves import Mode
from survey.workflow.show_cases import CaseView


@dataclass(frozen=True, kw_only=True)
class SelectedPage:
    """Who is to be asked, and the words to begin with. ``recounted``: what was typed is not what was counted first."""

    view: CaseView
    draft: InterviewDraft
    told: SelectedWords
    introduction: str
    first: str | None
    recounted: bool


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """``at``: milliseconds since 1970 when the screen was drawn. ``unread``: what was typed before cannot be used."""

    view: CaseView
    draft: InterviewDraft
    fields: tuple[Field, ...]
    section: str
    number: int
    count: int
    at: int
    unread: bool

    @property
    def refused(self) -> bool:
        """A hard check does not let an answer stand: it is asked once more, or left out."""
        return any(objection.hard for field in self.fields for objection in field.objections)

    @property
    def must_be_answered(self) -> bool:
        return any(field.item.required for field in self.fields)


@dataclass(frozen=True, kw_only=True)
class LostAnswer:
    """What was said or typed to an item and will not be handed in. ``why``: in the instrument's words; empty: it was
    typed, and cannot be read.
    """

    item: str
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class EndPage:
    """``stopped``: the person does not want to go on, or to hand in; they decide what becomes of what they said.
    ``last``: the item seen last. ``receipt``: for the person to note. ``kept`` and ``present``: as sent before.
    """

    view: CaseView
    end: InterviewEnd
    last: str | None
    stopped: bool
    lost: tuple[LostAnswer, ...]
    error: BadInput | None
    receipt: str
    kept: str
    present: tuple[str, ...]
    presence: tuple[Presence, ...] = tuple(Presence)


def walk_of(view: CaseView, draft: InterviewDraft) -> Walk:
    modules = modules_for(view.questionnaire, draft.uuid)
    return Walk(view.questionnaire, mode=Mode.CAPI, modules=modules, one_item=True)


def unread_items(items: Iterable[Item], answers: Mapping[str, object]) -> frozenset[str]:
    """Those to which something was typed that cannot be used, and not mended since."""
    return frozenset(item.id for item in items if typed_before(item.id, answers) is not None)


def end_of(view: CaseView, draft: InterviewDraft) -> InterviewEnd:
    """What the interview comes to now."""
    walk = walk_of(view, draft)
    return end_now(walk, draft.answers, unread=unread_items(walk.route(draft.answers), draft.answers))


def draw_selected(view: CaseView, draft: InterviewDraft) -> str:
    first = walk_of(view, draft).unseen(draft.answers)
    page = SelectedPage(
        view=view,
        draft=draft,
        told=tell_selected(view.respondent, adults=draft.adults, men=draft.men, selected=draft.selected),
        introduction=introduction(view.questionnaire, Mode.CAPI, view.wave.details).in_language(current_language()),
        first=first.name if first else None,
        recounted=request.args.get("counted") == "before",
    )
    return render_template("canvassers/selected.html", page=page, address_line=address_line)


def draw_item(
    view: CaseView,
    draft: InterviewDraft,
    screen: Screen,
    *,
    posted: Posted | None = None,
    again: frozenset[str] = frozenset(),
) -> str:
    """``posted``: the screen as it came back; without it, what hard checks say of the answers that are there, since
    one they compare with may have been changed after them.
    """
    walk, language = walk_of(view, draft), current_language()
    words = placeholders(view.questionnaire, view.wave.details)
    posted = posted or _refused_since(walk, draft, screen)
    if posted:
        failed = tuple(replace(check, text=fill(check.text, words)) for check in posted.failed)
        posted = replace(posted, failed=failed)
    section = next(s for s in view.questionnaire.sections if s.id == screen.items[0].section)
    page = ItemPage(
        view=view,
        draft=draft,
        fields=draw_fields(
            tuple(fill_item(item, words) for item in screen.items),
            language=language,
            audience=Audience.CANVASSER,
            answers=draft.answers,
            posted=posted,
            again=again,
            order_seed=draft.order_seed,
        ),
        section=section.title.in_language(language),
        number=screen.place + 1,
        count=len(walk.layout),
        at=round(datetime.now(UTC).timestamp() * 1000),
        unread=posted is None and bool(unread_items(screen.items, draft.answers)),
    )
    return render_template("canvassers/item.html", page=page, item_id=screen.name)


def draw_end(
    view: CaseView, draft: InterviewDraft, receipt: str, *, stopped: bool, error: BadInput | None = None
) -> str:
    """``receipt``: its 12 characters."""
    walk, end = walk_of(view, draft), end_of(view, draft)
    seen = [item.id for item in walk.route(draft.answers) if item.id in draft.answers]
    page = EndPage(
        view=view,
        end=end,
        last=seen[-1] if seen else None,
        stopped=end.is_stopped(said=stopped),
        lost=_lost(view, walk, draft, end),
        error=error,
        receipt=grouped(receipt),
        kept=request.form.get("kept", ""),
        present=tuple(request.form.getlist("present")),
    )
    return render_template("canvassers/end.html", page=page)


def _refused_since(walk: Walk, draft: InterviewDraft, screen: Screen) -> Posted | None:
    hard = tuple(check for check in walk.failed_checks(draft.answers, screen) if check.hard)
    if not hard or unread_items(screen.items, draft.answers):
        return None  # what was typed since stands in the field, and is checked when it is sent
    return Posted(failed=hard)


def _lost(view: CaseView, walk: Walk, draft: InterviewDraft, end: InterviewEnd) -> tuple[LostAnswer, ...]:
    """In the questionnaire's order."""
    language, words = current_language(), placeholders(view.questionnaire, view.wave.details)
    # Also where the same was typed once more: the reason is still this one.
    refused = {one.item.id: one.check for one in end_now(walk, draft.answers).refused}

    def lost(item: Item) -> LostAnswer:
        check = refused.get(item.id)
        text = fill_item(item, words).text.in_language(language)
        return LostAnswer(item=item.id, text=text, why=fill(check.text, words).in_language(language) if check else "")

    return tuple(lost(item) for item in walk.route(draft.answers) if item.id in refused or item.id in end.unread)
