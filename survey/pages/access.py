"""Who may open a page: the signed-in, unless the view says everybody.

The rule is the other way round from a list of protected pages, so that a forgotten line closes a page instead of
opening it. Under ``/api/`` a device signs each request with its bearer token; the session of a browser counts for
nothing there, so that no other site can make a browser send one.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, jsonify, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from survey.device_tokens import token_hash
from survey.pages.redirects import local_path
from survey.pages.site import current_site
from survey.roles import SEES_FULL_NAMES, Permission, may
from survey.store import account_tokens, accounts, example_accounts
from survey.store.accounts import Account

P = ParamSpec("P")
R = TypeVar("R")

#: However active: after this long one signs in again.
LONGEST_SESSION = timedelta(hours=12)
#: Where devices speak, not browsers.
API = "/api/"
_OPEN = "_open_to_all"
_SIGNED_IN_AT = "signed_in_at"
_VERSION = "session_version"
_BY_BUTTON = "by_button"
_CSRF = "csrf_token"
_NEEDS = "_needs_permission"
_NO_ACCOUNT = "_no_account"


class Sessions(SecureCookieSessionInterface):
    """Flask's own; a request without the cookie, as every resident's, prepares neither to read nor to write one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class() if app.secret_key else None
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # Asking an empty one changes nothing: what depends on a session is never cached, so "Vary" has no reader.
        if session or session.modified:
            super().save_session(app, session, response)


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """An account as Flask-Login wants to see it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def is_active(self) -> bool:
        return self.account.active

    def get_id(self) -> str:
        return str(self.account.id)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    manager = LoginManager()
    # Addresses change on the move; the cookie's own protection is its signature and LONGEST_SESSION.
    manager.session_protection = None
    manager.user_loader(_load)
    # Its context processor would look the account up again while an error of that very look-up is shown.
    manager.init_app(app, add_context_processor=False)
    app.before_request(_require_account)
    app.jinja_env.globals.update(may=may_here, Permission=Permission, person_name=person_name)


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no account."""
    setattr(view, _OPEN, True)
    return view


def for_residents(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that has nothing to do with accounts: nobody is looked up, whatever session the browser holds."""
    setattr(view, _OPEN, True)
    setattr(view, _NO_ACCOUNT, True)
    return view


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view that only roles with ``permission`` reach; the others get 403."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _NEEDS, permission)
        return view

    return mark


def may_here(permission: str) -> bool:
    """For templates, as ``may("draw")``: whether who is signed in has the right. Nobody signed in has none."""
    account = account_or_none()
    return account is not None and may(account.role, Permission(permission))


def is_open(app: Flask, endpoint: str) -> bool:
    return endpoint == "static" or hasattr(app.view_functions[endpoint], _OPEN)


def person_name(account: Account) -> str:
    """For templates: who ``account`` belongs to, as far as the reader may know; always the account's name too."""
    reader = account_or_none()
    if reader is None or reader.role not in SEES_FULL_NAMES or not account.full_name:
        return account.name
    return f"{account.full_name} ({account.name})"


def is_api(path: str) -> bool:
    return path.startswith(API)


def refused(reason: str) -> Response:
    """What a device gets when nothing was kept, with the members of every reply: whoever reads one reads all."""
    return jsonify(id=None, sha256=None, state="refused", reason=reason)


def start_session(account: Account) -> None:
    """Sign ``account`` in with an empty session, so that nothing planted before sign-in survives it."""
    session.clear()
    _begin(account)


def start_trial(account: Account) -> None:
    """Sign in with an example account, by its button.

    The forms of other tabs and a second click stay good: there is nothing that a planted token could win.
    """
    token = session.get(_CSRF)
    session.clear()
    session[_BY_BUTTON] = True
    if token is not None:
        session[_CSRF] = token
    _begin(account)


def _begin(account: Account) -> None:
    session[_SIGNED_IN_AT] = datetime.now(UTC).timestamp()
    session[_VERSION] = account.session_version
    login_user(SignedIn(account))


def end_session() -> None:
    """Sign out, in every browser of the account: a copy of the cookie must not outlive it.

    An example account belongs to everybody who looks around: there only this browser's session ends.
    """
    account = account_or_none()
    logout_user()
    session.clear()
    if account and not account.example:
        with current_site().database.writing() as store:
            accounts.raise_session_version(store, account.id)


def account_or_none() -> Account | None:
    """Who is signed in; ``None`` also while that is not known yet (an error before the database answered)."""
    account: Account | None = g.get("account")
    return account


def current_account() -> Account:
    """Who is signed in, on a page that only the signed-in reach."""
    account: Account = g.account
    return account


def _load(account_id: str) -> SignedIn | None:
    started = session.get(_SIGNED_IN_AT)
    if not isinstance(started, int | float) or not account_id.isdecimal():
        return None
    if datetime.now(UTC).timestamp() - started > LONGEST_SESSION.total_seconds():
        return None
    with current_site().database.reading() as store:
        account = accounts.get_account(store, int(account_id))
        if account and session.get(_BY_BUTTON) and not (account.example and example_accounts.all_invented(store)):
            return None
    if account is None or not account.active or account.session_version != session.get(_VERSION):
        return None
    return SignedIn(account)


def _require_account() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint in ("static", "health.show_health") or _is_for_residents(endpoint):
        return None  # none of them shows who is signed in
    if is_api(request.path):
        return _require_token()
    if current_user.is_authenticated:
        g.account = current_user.account
        if endpoint is not None and not is_open(current_app, endpoint):
            _require_permission(endpoint, current_user.account)
        return None
    if endpoint is None or is_open(current_app, endpoint):
        return None
    return _to_sign_in()


def _require_token() -> ResponseReturnValue | None:
    account = _account_of_token(request.headers.get("Authorization", ""))
    if account is None:
        refusal = refused("no valid token: Authorization: Bearer TOKEN, made on the page /device")
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal, 401
    g.account = account
    if request.endpoint is not None:
        _require_permission(request.endpoint, account)
    return None


def _account_of_token(authorization: str) -> Account | None:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    with current_site().database.reading() as store:
        found = account_tokens.find_token(store, token_hash(token.strip()))
        # Whoever came by could make one with an example: it ends where the buttons end.
        if found and found[0].example and not example_accounts.all_invented(store):
            return None
    if found is None:
        return None
    account, expires_at = found
    return account if account.active and datetime.now(UTC) < expires_at else None


def _is_for_residents(endpoint: str | None) -> bool:
    return endpoint is not None and hasattr(current_app.view_functions[endpoint], _NO_ACCOUNT)


def _require_permission(endpoint: str, account: Account) -> None:
    """A view that forgets to say who may open it stays closed for everybody."""
    view = current_app.view_functions[endpoint]
    permission: Permission | None = getattr(view, _NEEDS, None)
    if permission is None or not may(account.role, permission):
        abort(403)


def _to_sign_in() -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        # A part of a page cannot become the sign-in page; the whole page can.
        return Response(status=401, headers={"HX-Refresh": "true"})
    if request.method != "GET":
        # What was sent is not kept; after signing in one is back on the page with the form.
        return redirect(url_for("sign_in.show", next=_page_with_the_form(), ended=1), code=303)
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("sign_in.show", next=None if wanted == "/" else wanted), code=303)


def _page_with_the_form() -> str | None:
    """The path of the page a form was sent from, if it is one of ours."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return None
    return local_path(came_from.path) if came_from.netloc == request.host else None
