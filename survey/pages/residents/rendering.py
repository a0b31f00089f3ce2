"""How the pages of residents are rendered: their own slim layout, in the language, type size and colours they chose."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock

from flask import Blueprint, Response, g, render_template, request
from markupsafe import escape

from survey.pages import language
from survey.pages.language_marks import show_marks
from survey.pages.residents.visitors import current_visitor, form_token

#: What can be chosen of the looks: cookie and values, the first where nothing was chosen.
LOOKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "type": ("survey_type", ("normal", "large", "largest")),
    "contrast": ("survey_contrast", ("normal", "high")),
}
#: Stands for the visitor's own token in a page that is kept.
_TOKEN_PLACE = "the-token-of-the-form"  # noqa: S105 - where it goes, not what it is
#: Pages kept in memory: a few kB each, some dozen per wave, language and looks.
_MOST_PAGES = 1000


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """``asks_code``: with a form to type the code; ``goes_on``: with a way back to the questionnaire."""

    status: int
    title: str
    advice: str
    asks_code: bool = False
    goes_on: bool = False
    typed: str = ""


def init_blueprint(blueprint: Blueprint) -> None:
    """Read the choices from the address (``?language=en``, ``?type=large``) and keep them in cookies."""
    blueprint.before_request(_choose_from_address)
    blueprint.after_request(_keep_choices)


def choose(name: str, value: str) -> None:
    """Use this language, type size or contrast from here on."""
    if name == "language":
        language.choose_for_now(value)
    if name in LOOKS and value in LOOKS[name][1]:
        _chosen()[name] = value


def render_page(template: str, page: object, *, status: int = 200, **more: object) -> Response:
    """``page`` is what the template shows."""
    return _response(_render(template, page, form_token(current_visitor()), **more), status)


def render_kept(
    template: str, make_page: Callable[[], object], *, key: Hashable, own: Mapping[str, str] | None = None
) -> Response:
    """As :func:`render_page` for a page on which nothing is one person's but the token of its forms, and what stands
    for the keys of ``own`` in it.

    It is rendered once for everybody for whom ``key``, the language and the looks are the same: rendering is most of
    what a request costs.
    """
    whole = (template, key, language.current_language(), *_looks().values())
    html = _kept.get(whole)
    if html is None:
        html = _render(template, make_page(), _TOKEN_PLACE).encode()
        with _lock:
            while len(_kept) >= _MOST_PAGES:
                del _kept[next(iter(_kept))]
            _kept[whole] = html
    for place, value in {**(own or {}), _TOKEN_PLACE: form_token(current_visitor())}.items():
        html = html.replace(place.encode(), str(escape(value)).encode())
    return _response(html, 200)


_kept: dict[Hashable, bytes] = {}
_lock = Lock()


def send_to(address: str) -> Response:
    """To another page of ours, by GET; nobody reads the words that a redirect may hold."""
    return Response(status=303, headers={"Location": address, "Referrer-Policy": "no-referrer"})


def _render(template: str, page: object, token: str, **more: object) -> str:
    return show_marks(render_template(template, page=page, view=_looks(), form_token=token, **more))


def _response(html: str | bytes, status: int) -> Response:
    response = Response(html, status, mimetype="text/html")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _chosen() -> dict[str, str]:
    """The looks that this very request chooses."""
    found: dict[str, str] = g.setdefault("chosen_looks", {})
    return found


def _looks() -> dict[str, str]:
    """``type`` and ``contrast``: what was chosen now or before."""
    now, before = _chosen(), request.cookies
    found = {name: now.get(name) or before.get(cookie, "") for name, (cookie, _) in LOOKS.items()}
    return {name: value if value in LOOKS[name][1] else LOOKS[name][1][0] for name, value in found.items()}


def _choose_from_address() -> None:
    if request.method != "GET":
        language.offer_chosen()
        return
    for name in ("language", *LOOKS):
        if name in request.args:
            choose(name, request.args[name])
    language.offer_chosen()


def _keep_choices(response: Response) -> Response:
    values = {language.COOKIE: g.get("chosen_language")}
    values |= {LOOKS[name][0]: value for name, value in _chosen().items()}
    for name, value in values.items():
        if value:
            response.set_cookie(name, value, max_age=language.ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
