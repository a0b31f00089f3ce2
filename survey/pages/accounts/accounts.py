"""``/accounts``: who may sign in, as what and how far; add one, change one, close one and open it again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import Field, Places
from survey.messages import BadInput, Conflict, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.accounts.cards import show_cards
from survey.pages.accounts.forms import AccountForm, form_of, read_form, read_person
from survey.pages.field_errors import at_field
from survey.pages.site import current_site
from survey.roles import CanvasserType, Permission, Role
from survey.store.accounts import Account
from survey.store.waves import WaveRecord
from survey.workflow.add_account import add_account
from survey.workflow.change_account import change_account, set_active
from survey.workflow.reset_password import reset_password
from survey.workflow.show_accounts import (
    AccountView,
    Standing,
    list_accounts,
    show_account,
    show_choices,
    standing,
)

blueprint = Blueprint("accounts", __name__)
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class AccountsPage:
    """``total``: how many there are without the filter."""

    accounts: tuple[Account, ...]
    total: int
    waiting: int
    role: Role | None
    state: Standing | None
    roles: tuple[Role, ...] = tuple(Role)
    states: tuple[Standing, ...] = tuple(Standing)

    def standing(self, account: Account) -> Standing:
        return standing(account)


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """``account`` ``None``: a new one. ``areas`` and ``ties``: what the codes it has are called."""

    account: Account | None
    form: AccountForm
    waves: tuple[WaveRecord, ...]
    areas: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    error: SurveyError | None = None
    saved: bool = False
    own: bool = False
    roles: tuple[Role, ...] = tuple(Role)
    types: tuple[CanvasserType, ...] = tuple(CanvasserType)

    @property
    def standing(self) -> Standing:
        assert self.account is not None  # noqa: S101 - asked for stored accounts alone
        return standing(self.account)


@blueprint.get("/accounts")
@needs(Permission.MANAGE_ACCOUNTS)
def show_list() -> ResponseReturnValue:
    role, state = _choice(Role, "role"), _choice(Standing, "state")
    with current_site().database.reading() as store:
        everyone = list_accounts(store)
        found = list_accounts(store, role=role, state=state)
    waiting = sum(standing(account) is Standing.WAITING for account in everyone)
    page = AccountsPage(accounts=found, total=len(everyone), waiting=waiting, role=role, state=state)
    return render_template("accounts/accounts.html", page=page)


def _choice(kind: type[_Choice], name: str) -> _Choice | None:
    """What the filter says; nonsense filters nothing."""
    told = request.args.get(name, "")
    return next((choice for choice in kind if choice.value == told), None)


@blueprint.get("/accounts/new")
@needs(Permission.MANAGE_ACCOUNTS)
def show_new() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        _, waves = show_choices(store)
    page = AccountPage(account=None, form=AccountForm(), waves=waves)
    return render_template("accounts/account.html", page=page)


@blueprint.post("/accounts/new")
@needs(Permission.MANAGE_ACCOUNTS)
def add() -> ResponseReturnValue:
    site, form, now = current_site(), read_form(request.form), datetime.now(UTC)
    try:
        with site.database.writing() as store:
            places, waves = show_choices(store)
            person = read_person(form, places, new=True)
            account = add_account(
                store,
                name=form.name,
                password=None,
                role=person.role,
                at=now,
                full_name=person.full_name,
                canvasser_type=person.canvasser_type,
                scope=person.scope,
                ties=person.ties,
            )
            card = reset_password(store, account.id, at=now)
    except (BadInput, Conflict) as error:
        # Nobody can be in the way of a new account but one of the same name.
        told = error if isinstance(error, BadInput) else at_field(Field.NAME, error.message)
        page = AccountPage(account=None, form=form, waves=waves, error=told)
        return render_template("accounts/account.html", page=page), 422
    return show_cards((card,))


@blueprint.get("/accounts/<id:account_id>")
@needs(Permission.MANAGE_ACCOUNTS)
def show(account_id: int) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        view = show_account(store, account_id)
    page = _page(view, form_of(view.account))
    return render_template("accounts/account.html", page=replace(page, saved="saved" in request.args))


@blueprint.post("/accounts/<id:account_id>")
@needs(Permission.MANAGE_ACCOUNTS)
def change(account_id: int) -> ResponseReturnValue:
    form = read_form(request.form)
    try:
        with current_site().database.writing() as store:
            view = show_account(store, account_id)
            person = read_person(form, view.places, new=False)
            change_account(store, account_id, person=person, by=current_account())
    except (BadInput, Conflict) as error:
        page = _page(view, replace(form, name=view.account.name))
        return render_template("accounts/account.html", page=replace(page, error=error)), 422
    return redirect(url_for("accounts.show", account_id=account_id, saved=1), code=303)


@blueprint.get("/accounts/<id:account_id>/state")
@needs(Permission.MANAGE_ACCOUNTS)
def show_state(account_id: int) -> ResponseReturnValue:
    """Asks before the account is closed or opened again."""
    with current_site().database.reading() as store:
        view = show_account(store, account_id)
    return render_template("accounts/state.html", page=_page(view, form_of(view.account)))


@blueprint.post("/accounts/<id:account_id>/state")
@needs(Permission.MANAGE_ACCOUNTS)
def change_state(account_id: int) -> ResponseReturnValue:
    wanted = request.form.get("active")
    try:
        with current_site().database.writing() as store:
            view = show_account(store, account_id)
            if wanted in ("yes", "no"):
                set_active(store, account_id, active=wanted == "yes", by=current_account())
    except Conflict as error:
        page = replace(_page(view, form_of(view.account)), error=error)
        return render_template("accounts/state.html", page=page), 422
    return redirect(url_for("accounts.show", account_id=account_id, saved=1), code=303)


def _page(view: AccountView, form: AccountForm) -> AccountPage:
    account = view.account
    return AccountPage(
        account=account,
        form=form,
        waves=view.waves,
        areas=_named(account.scope.areas, view.places),
        ties=_named(account.ties, view.places),
        own=account.id == current_account().id,
    )


def _named(codes: frozenset[str], places: Places) -> tuple[str, ...]:
    return tuple(f"{places.areas[code].name} {code}" if code in places.areas else code for code in sorted(codes))
