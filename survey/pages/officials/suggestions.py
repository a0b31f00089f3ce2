"""``/suggestions``: what residents wrote of their own accord, by community, and what was done about it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import BadInput, Conflict, Message
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.store.suggestion_marks import LONGEST_NOTE
from survey.workflow.mark_suggestion import mark_suggestion, reopen_suggestion
from survey.workflow.show_suggestions import KEPT_DAYS, Handled, Place, show_suggestions

blueprint = Blueprint("suggestions_read", __name__)

#: In the address: what names no community.
NOWHERE = "none"


@dataclass(frozen=True, kw_only=True)
class SuggestionsPage:
    """``places``: all within reach; ``area`` and ``handled``: what is wanted of them.

    ``refused``: the one whose note came back, with what is wrong and what was written.
    """

    places: tuple[Place, ...]
    area: str
    handled: Handled
    refused: UUID | None = None
    problem: Message | None = None
    note: str = ""
    kept_days: int = KEPT_DAYS
    longest_note: int = LONGEST_NOTE
    nowhere: str = NOWHERE

    @property
    def count(self) -> int:
        return sum(len(place.suggestions) for place in self.places)

    @property
    def open(self) -> int:
        return sum(place.open for place in self.places)

    @property
    def shown(self) -> tuple[Place, ...]:
        wanted = (place for place in self.places if self.area in ("", place.code or NOWHERE))
        return tuple(place for one in wanted if (place := one.narrowed(self.handled)).suggestions)


@blueprint.get("/suggestions")
@needs(Permission.READ_SUGGESTIONS)
def show_list() -> ResponseReturnValue:
    return _page()


@blueprint.post("/suggestions/<uuid:suggestion_id>/handled")
@needs(Permission.READ_SUGGESTIONS)
def mark(suggestion_id: UUID) -> ResponseReturnValue:
    account, note = current_account(), request.form.get("note", "")
    try:
        with current_site().database.writing() as store:
            mark_suggestion(store, suggestion_id, note=note, scope=account.scope, at=datetime.now(UTC), by=account.name)
    except (BadInput, Conflict) as error:
        page = _page(refused=suggestion_id, problem=error.message, note=note)
        return page, 409 if isinstance(error, Conflict) else 422
    return _back(suggestion_id)


@blueprint.post("/suggestions/<uuid:suggestion_id>/open")
@needs(Permission.READ_SUGGESTIONS)
def reopen(suggestion_id: UUID) -> ResponseReturnValue:
    with current_site().database.writing() as store:
        reopen_suggestion(store, suggestion_id, scope=current_account().scope)
    return _back(suggestion_id)


def _back(suggestion_id: UUID) -> ResponseReturnValue:
    """To the same one in the list as it was narrowed."""
    kept: dict[str, Any] = {name: value for name in ("area", "handled") if (value := request.values.get(name))}
    return redirect(url_for("suggestions_read.show_list", **kept, _anchor=f"s-{suggestion_id}"), code=303)


def _page(*, refused: UUID | None = None, problem: Message | None = None, note: str = "") -> str:
    with current_site().database.reading() as store:
        places = show_suggestions(store, scope=current_account().scope)
    handled = request.values.get("handled", "")
    page = SuggestionsPage(
        places=places,
        area=request.values.get("area", ""),
        handled=Handled(handled) if handled in tuple(Handled) else Handled.ALL,
        refused=refused,
        problem=problem,
        note=note,
    )
    return render_template("officials/suggestions.html", page=page)
