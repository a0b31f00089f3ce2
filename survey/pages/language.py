"""The reader's language: a cookie once they chose, their browser's wish before.

Every page is offered in Chinese and English; what residents answer, also in the languages its instrument declares.
"""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from survey.i18n import LANGUAGES, choose_language, render
from survey.language_files import Language, known_languages, style_sheet, style_sheet_version
from survey.messages import Message
from survey.pages.access import open_to_all
from survey.pages.language_marks import marked, translated
from survey.pages.redirects import local_path

blueprint = Blueprint("language", __name__)
COOKIE = "survey_language"
ONE_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["_"] = gettext
    app.jinja_env.filters["message"] = message_text
    app.jinja_env.globals["languages_version"] = style_sheet_version


def offer(codes: Sequence[str]) -> None:
    """Offer these beside the site's own for the rest of the request, as far as there are files of them."""
    known = known_languages()
    g.offered_languages = (*LANGUAGES, *(code for code in codes if code in known and code not in LANGUAGES))
    g.pop("language", None)


def offered() -> Mapping[str, Language]:
    """Code -> language, of those that the page may be read in."""
    known = known_languages()
    return {code: known[code] for code in g.get("offered_languages", LANGUAGES)}


def choose_for_now(code: str) -> bool:
    """Use this language from here on, where it is offered. Returns whether there is such a language at all."""
    if code not in known_languages():
        return False
    g.chosen_language = code
    g.pop("language", None)
    return True


def current_language() -> str:
    """The code of a language that is offered: ``zh_Hans``, ``en`` or another."""
    language: str | None = g.get("language")
    if language is None:
        codes = g.get("offered_languages", LANGUAGES)
        chosen = g.get("chosen_language") or request.cookies.get(COOKIE)
        if chosen not in codes:
            chosen = choose_language(request.headers.get("Accept-Language", ""), codes)
        language = g.language = str(chosen)
    return language


def page_language() -> Language:
    return known_languages()[current_language()]


def offer_chosen() -> None:
    """For pages of residents that belong to no wave: whoever reads another language goes on reading it."""
    chosen = g.get("chosen_language") or request.cookies.get(COOKIE)
    offer([chosen] if chosen else [])


def gettext(msgid: str, /, **params: object) -> str:
    """``_`` of the templates."""
    return translated(msgid, current_language(), **params)


def message_text(message: Message) -> str:
    return marked(render(message, current_language()), message.msgid, current_language())


@blueprint.get("/languages.css")
@open_to_all
def show_style_sheet() -> ResponseReturnValue:
    """How each language is set that is not set as Chinese and English are; made from their files."""
    response = Response(style_sheet(), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response


@blueprint.post("/language")
@open_to_all
def choose() -> ResponseReturnValue:
    response = redirect(local_path(request.form.get("next")) or "/", code=303)
    language = request.form.get("language")
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
