"""``/instruments/edit``: write a questionnaire, check it, look at it on a phone, add it as a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.definition import Questionnaire
from questionnaires.loading import LARGEST_FILE
from questionnaires.review import ReviewedText, review_text
from questionnaires.toml_text import to_toml
from questionnaires.versions import VersionComparison, compare_versions
from survey.files.instrument_files import LARGEST_WORKBOOK, text_of_upload
from survey.messages import N_, BadInput, Conflict, Message, Problem, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.security import allow_frames, takes_up_to
from survey.pages.site import current_site
from survey.pages.statisticians.instrument_words import WORDS
from survey.pages.statisticians.instruments import refuse_used_version
from survey.pages.whole_waves import require_no_limits
from survey.roles import Permission
from survey.store.instrument_drafts import DraftOrigin, InstrumentDraft, get_draft, get_origin, list_texts
from survey.store.instruments import list_instruments
from survey.workflow.add_instrument import add_instrument
from survey.workflow.edit_instrument import STARTER, drop_draft, questionnaire_of, save_draft, start_draft
from survey.workflow.export_instrument import find_before, find_questionnaire

blueprint = Blueprint("instrument_drafts", __name__)

#: A text in a form may take three bytes for each character; a workbook comes as it is.
LARGEST_FORM = 3 * LARGEST_FILE + LARGEST_WORKBOOK + 1_000_000
#: Earlier texts that are listed.
MOST_LISTED = 10


@dataclass(frozen=True, kw_only=True)
class NewPage:
    """``problems``: of a workbook, by sheet and row; ``begun_from``: slug and version that the text is of.

    ``wrong``: the id of the field that the error is about.
    """

    text: str
    begun_from: tuple[str, str] = ("", "")
    error: SurveyError | None = None
    wrong: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.error.problems if self.error else ()


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """``draft``: as saved last; ``text``: as shown, another one after a conflict or of an ``earlier`` revision.

    ``comparison``: with the version ``before`` it. ``obstacle``: why it cannot be added. ``wrong``: the id of the
    field that the error is about.
    """

    draft: InstrumentDraft
    origin: DraftOrigin
    text: str
    reviewed: ReviewedText
    texts: tuple[InstrumentDraft, ...]
    mode: str
    module: str
    earlier: int | None = None
    before: Questionnaire | None = None
    comparison: VersionComparison | None = None
    obstacle: Message | None = None
    error: SurveyError | None = None
    wrong: str = ""

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def languages(self) -> tuple[str, ...]:
        questionnaire = self.reviewed.questionnaire
        return ("zh_Hans", "en", *(questionnaire.languages if questionnaire else ()))

    @property
    def modes(self) -> tuple[str, ...]:
        questionnaire = self.reviewed.questionnaire
        return tuple(mode for mode in questionnaire.modes if mode != "imported") if questionnaire else ()

    @property
    def modules(self) -> tuple[str, ...]:
        questionnaire = self.reviewed.questionnaire
        return tuple(sorted({item.module for item in questionnaire.items if item.module})) if questionnaire else ()


@blueprint.get("/instruments/edit")
@needs(Permission.MANAGE_WAVES)
def show_new() -> ResponseReturnValue:
    """An empty draft, or one that begins with a version (``?slug=…&version=…``)."""
    require_no_limits()
    page = NewPage(text=STARTER)
    if slug := request.args.get("slug"):
        with current_site().database.reading() as store:
            questionnaire = find_questionnaire(store, slug, request.args.get("version") or None)
        page = NewPage(text=to_toml(questionnaire), begun_from=(questionnaire.slug, questionnaire.version))
    return render_template("statisticians/instrument_new.html", page=page, **WORDS)


@blueprint.post("/instruments/edit")
@needs(Permission.MANAGE_WAVES)
@takes_up_to(LARGEST_FORM)
def start() -> ResponseReturnValue:
    require_no_limits()
    begun_from = request.form.get("begun_slug", "")[:60], request.form.get("begun_version", "")[:200]
    try:
        text, left_out = _sent()
        # A file is a questionnaire of its own, whatever stood in the box.
        begun = begun_from if left_out is None else ("", "")
        at, by = datetime.now(UTC), current_account().name
        with current_site().database.writing() as store:
            draft = start_draft(store, text, at=at, by=by, begun_from=begun, left_out=left_out or ())
    except BadInput as error:
        page = NewPage(
            text=request.form.get("text", "")[:LARGEST_FILE], begun_from=begun_from, error=error, wrong=_sent_by()
        )
        return render_template("statisticians/instrument_new.html", page=page, **WORDS), 422
    return redirect(url_for("instrument_drafts.show", draft_id=draft.id), code=303)


@blueprint.get("/instruments/edit/<id:draft_id>")
@needs(Permission.MANAGE_WAVES)
def show(draft_id: int) -> ResponseReturnValue:
    require_no_limits()
    wanted = request.args.get("revision", "")
    earlier = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
    return _page(draft_id, earlier=earlier, wishes=request.args)


@blueprint.post("/instruments/edit/<id:draft_id>")
@needs(Permission.MANAGE_WAVES)
@takes_up_to(LARGEST_FORM)
def check(draft_id: int) -> ResponseReturnValue:
    """Save the text, and show what is to be said of it."""
    require_no_limits()
    after = request.form.get("revision", "")
    try:
        text, left_out = _sent()
        with current_site().database.writing() as store:
            save_draft(
                store,
                draft_id,
                text,
                after=int(after) if after.isdecimal() and len(after) < 10 else 0,
                at=datetime.now(UTC),
                by=current_account().name,
                left_out=left_out,
            )
    except (BadInput, Conflict) as error:
        text = request.form.get("text", "")[:LARGEST_FILE].replace("\r\n", "\n")
        return _page(draft_id, text=text, error=error, wrong=_sent_by(), wishes=request.form)
    wishes = {name: value for name in ("mode", "module") if (value := request.form.get(name))}
    # The names are two of ours, none that url_for takes itself.
    return redirect(url_for("instrument_drafts.show", draft_id=draft_id, **wishes), code=303)  # type: ignore[arg-type]


@blueprint.post("/instruments/edit/<id:draft_id>/version")
@needs(Permission.MANAGE_WAVES)
def add(draft_id: int) -> ResponseReturnValue:
    """The draft becomes a version, and is gone."""
    require_no_limits()
    revision = request.form.get("revision", "")
    try:
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选，表示看过了")))
        with current_site().database.writing() as store:
            draft = get_draft(store, draft_id)
            looked_at = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
            questionnaire = questionnaire_of(draft, revision=looked_at)
            refuse_used_version(questionnaire, list_instruments(store))
            record = add_instrument(store, questionnaire, at=datetime.now(UTC))
            drop_draft(store, draft_id)
    except (BadInput, Conflict) as error:
        wrong = "confirm-add" if request.form.get("confirm") != "yes" else ""
        return _page(draft_id, error=error, wrong=wrong, wishes=request.form)
    return redirect(url_for("instruments.show", slug=record.slug), code=303)


@blueprint.post("/instruments/edit/<id:draft_id>/deletion")
@needs(Permission.MANAGE_WAVES)
def delete(draft_id: int) -> ResponseReturnValue:
    require_no_limits()
    if request.form.get("confirm") != "yes":
        error = BadInput(Message(N_("请先勾选，表示真的要删除")))
        return _page(draft_id, error=error, wrong="confirm-delete", wishes=request.form)
    with current_site().database.writing() as store:
        drop_draft(store, draft_id)
    return redirect(url_for("instruments.show_list"), code=303)


def _sent() -> tuple[str, tuple[Problem, ...] | None]:
    """What was written; or the file that was chosen, with what it held and the text does not."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return request.form.get("text", ""), None
    data = upload.stream.read(LARGEST_WORKBOOK + 1)
    return text_of_upload(data, upload.filename[-80:])


def _sent_by() -> str:
    """The field of the form whose text was taken."""
    upload = request.files.get("file")
    return "file" if upload is not None and upload.filename else "text"


def _page(
    draft_id: int,
    *,
    wishes: Mapping[str, str],
    text: str | None = None,
    earlier: int | None = None,
    error: SurveyError | None = None,
    wrong: str = "",
) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        draft = get_draft(store, draft_id)
        texts = list_texts(store, draft_id)[:MOST_LISTED]
        shown = get_draft(store, draft_id, earlier).text if earlier else draft.text
        text = shown if text is None else text
        reviewed = review_text(text, "draft")
        origin = get_origin(store, draft_id)
        questionnaire, before, obstacle = reviewed.questionnaire, None, None
        if questionnaire is not None:
            before = find_before(store, questionnaire, (origin.slug, origin.version))
            try:
                refuse_used_version(questionnaire, list_instruments(store))
            except (BadInput, Conflict) as refusal:
                obstacle = refusal.message
    page = DraftPage(
        draft=draft,
        origin=origin,
        text=text,
        reviewed=reviewed,
        texts=texts,
        mode=_wish(wishes, "mode"),
        module=_wish(wishes, "module"),
        earlier=earlier if earlier != draft.revision else None,
        before=before,
        comparison=compare_versions(before, questionnaire) if before and questionnaire else None,
        obstacle=obstacle,
        error=error,
        wrong=wrong,
    )
    status = (409 if isinstance(error, Conflict) else 422) if error else 200
    return allow_frames(render_template("statisticians/instrument_draft.html", page=page, **WORDS)), status


def _wish(wishes: Mapping[str, str], name: str) -> str:
    return wishes.get(name, "")[:60]
