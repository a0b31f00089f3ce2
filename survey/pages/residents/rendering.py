"""How the pages of residents are rendered: their own slim layout, in the language and the type size they chose."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, make_response, render_template, request

from survey.i18n import LANGUAGES
from survey.pages import language
from survey.pages.residents.visitors import current_visitor, form_token

TYPE_COOKIE = "survey_type"
LARGE, NORMAL = "large", "normal"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """``asks_code``: with a form to type the code; ``goes_on``: with a way back to the questionnaire."""

    status: int
    title: str
    advice: str
    asks_code: bool = False
    goes_on: bool = False


def init_blueprint(blueprint: Blueprint) -> None:
    """Read the two choices from the address (``?language=en``, ``?type=large``) and keep them in cookies."""
    blueprint.before_request(_choose_from_address)
    blueprint.after_request(_keep_choices)


def choose(name: str, value: str) -> None:
    """Use this language or type size from here on."""
    if name == "language" and value in LANGUAGES:
        g.language = g.chosen_language = value
    if name == "type" and value in (LARGE, NORMAL):
        g.chosen_type = value


def render_page(template: str, page: object, *, status: int = 200, **more: object) -> Response:
    """``page`` is what the template shows."""
    kept = request.cookies.get(TYPE_COOKIE)
    html = render_template(
        template,
        page=page,
        larger=g.get("chosen_type", kept) == LARGE,
        form_token=form_token(current_visitor()),
        **more,
    )
    response = make_response(html, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _choose_from_address() -> None:
    if request.method == "GET":
        for name in ("language", "type"):
            choose(name, request.args.get(name, ""))


def _keep_choices(response: Response) -> Response:
    chosen = {language.COOKIE: g.get("chosen_language"), TYPE_COOKIE: g.get("chosen_type")}
    for name, value in chosen.items():
        if value:
            response.set_cookie(name, value, max_age=language.ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
