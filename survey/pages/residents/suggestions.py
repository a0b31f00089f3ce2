"""``/suggest``: a complaint or a suggestion, apart from every questionnaire.

The browser's cookie of the questionnaire is not read here, the link to it tells nothing of where it was followed, and
what is kept has the day only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from survey.areas import Area
from survey.messages import N_, CheckFailed, Conflict, Message
from survey.pages.access import for_residents
from survey.pages.forwarding import client_address
from survey.pages.residents import refusals, rendering
from survey.pages.residents.guesses import Guesses
from survey.pages.residents.refusals import TOO_MANY, refuse
from survey.pages.site import current_site
from survey.store.suggestions import LONGEST_CONTACT, LONGEST_TEXT
from survey.workflow.send_suggestion import Written, check_suggestion, list_communities, send_suggestion

blueprint = Blueprint("suggestions", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)

_NOTHING = Written(area="", kind="suggestion", text="", contact="", consents=False, consents_to_contact=False)
#: Of a form that was sent before with other words.
SECOND = Message(N_("前一份已经收到了。这是另一份：看一下写得对不对，再交一次"))


@dataclass(frozen=True, kw_only=True)
class SuggestPage:
    """``uuid``: of this form, so that sent twice it is kept once. ``problems``: field -> what to change."""

    uuid: UUID
    written: Written
    communities: tuple[Area, ...]
    problems: Mapping[str, Message]
    longest_text: int = LONGEST_TEXT
    longest_contact: int = LONGEST_CONTACT


@blueprint.get("/suggest")
@for_residents
def show() -> ResponseReturnValue:
    return _draw(uuid4(), _NOTHING, _communities(), {})


@blueprint.post("/suggest")
@for_residents
def send() -> ResponseReturnValue:
    action, _, value = request.form.get("action", "").partition(":")
    if value:  # another language, larger type: what was written stays
        rendering.choose(action, value)
        return _draw(_uuid(request.form.get("form", "")), _written(request.form), _communities(), {})
    sent: Guesses = current_app.extensions.setdefault("survey_suggestions", Guesses())
    address, uuid = client_address(), _uuid(request.form.get("form", ""))
    if minutes := sent.minutes_to_wait(address):
        response = refuse(TOO_MANY, minutes=minutes)
        response.headers["Retry-After"] = str(minutes * 60)
        return response
    written, communities = _written(request.form), _communities()
    try:
        checked = check_suggestion(written, communities)
        with current_site().database.writing() as store:
            new = send_suggestion(store, uuid, checked, at=datetime.now(UTC))
    except CheckFailed as error:
        return _draw(uuid, written, communities, {problem.column: problem.expected for problem in error.problems})
    except Conflict:
        # Back from the first one, with other words: a second one, which nobody need write again.
        return _draw(uuid4(), written, communities, {"text": SECOND})
    if new:
        sent.count(address)
    return rendering.render_page("residents/suggested.html", None)


def _communities() -> tuple[Area, ...]:
    with current_site().database.reading() as store:
        return list_communities(store)


def _draw(uuid: UUID, written: Written, communities: tuple[Area, ...], problems: Mapping[str, Message]) -> Response:
    page = SuggestPage(uuid=uuid, written=written, communities=communities, problems=problems)
    return rendering.render_page("residents/suggest.html", page, status=422 if problems else 200)


def _written(form: Mapping[str, str]) -> Written:
    return Written(
        area=form.get("area", ""),
        kind=form.get("kind", ""),
        text=form.get("text", ""),
        contact=form.get("contact", ""),
        consents=form.get("consent") == "yes",
        consents_to_contact=form.get("contact_consent") == "yes",
    )


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
