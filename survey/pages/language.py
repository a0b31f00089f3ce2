"""The reader's language: a cookie once they chose, their browser's wish before."""

from flask import Blueprint, Flask, g, redirect, request
from flask.typing import ResponseReturnValue

from survey.i18n import LANGUAGES, choose_language, render, translate
from survey.messages import Message
from survey.pages.access import open_to_all
from survey.pages.redirects import local_path

blueprint = Blueprint("language", __name__)
COOKIE = "survey_language"
ONE_YEAR = 365 * 24 * 3600
#: Every language under its own name.
NAMES = {"zh_Hans": "中文", "en": "English"}


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["_"] = gettext
    app.jinja_env.filters["message"] = message_text


def current_language() -> str:
    """``zh_Hans`` or ``en``, the same for the whole request."""
    language: str | None = g.get("language")
    if language is None:
        chosen = request.cookies.get(COOKIE)
        language = chosen if chosen in LANGUAGES else choose_language(request.headers.get("Accept-Language", ""))
        g.language = language
    return language


def gettext(msgid: str, /, **params: object) -> str:
    """``_`` of the templates."""
    return translate(msgid, current_language(), **params)


def message_text(message: Message) -> str:
    return render(message, current_language())


@blueprint.post("/language")
@open_to_all
def choose() -> ResponseReturnValue:
    response = redirect(local_path(request.form.get("next")) or "/", code=303)
    language = request.form.get("language")
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
