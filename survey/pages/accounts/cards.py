"""Activation cards: for a whole table of new accounts, for one whose password is reset, for those still waiting.

Codes are stored as hashes alone, so the cards are the answer to the very request that made them and never come again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.account_rules import ActivationCard
from survey.files.account_file import COLUMNS, ROLES, TYPES, template_workbook
from survey.files.spreadsheets import read_rows
from survey.messages import N_, BadInput, Message, Problem
from survey.pages.access import needs
from survey.pages.language import current_language
from survey.pages.site import current_site, site_url
from survey.roles import Permission
from survey.store.accounts import Account
from survey.store.waves import WaveRecord, list_waves
from survey.workflow.import_accounts import import_accounts
from survey.workflow.reset_password import reset_password
from survey.workflow.show_accounts import Standing, list_accounts, show_account

blueprint = Blueprint("cards", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Two columns of four on an A4 sheet.
CARDS_A_SHEET = 8
#: More are counted, not listed: whoever has so many mends the table first.
MOST_PROBLEMS = 200


@dataclass(frozen=True, kw_only=True)
class CardsPage:
    """``sheets``: as many cards as fit on paper. ``address``: where they are used."""

    sheets: tuple[Sequence[ActivationCard], ...]
    address: str

    @property
    def count(self) -> int:
        return sum(len(sheet) for sheet in self.sheets)

    @property
    def nowhere(self) -> tuple[str, ...]:
        """Canvassers who can be given no case."""
        return tuple(card.name for sheet in self.sheets for card in sheet if card.nowhere)


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    problem: Message | None = None
    problems: tuple[Problem, ...] = ()
    more: int = 0
    columns: str = COLUMNS
    roles: str = ROLES
    types: str = TYPES
    waves: tuple[WaveRecord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RenewalPage:
    """Whose codes would be made anew; ``one``: this account, else all that wait."""

    accounts: tuple[Account, ...]
    one: Account | None = None


def show_cards(cards: Sequence[ActivationCard]) -> str:
    sheets = tuple(cards[at : at + CARDS_A_SHEET] for at in range(0, len(cards), CARDS_A_SHEET))
    address = site_url(url_for("activation.show"))
    return render_template("accounts/cards.html", page=CardsPage(sheets=sheets, address=address))


@blueprint.get("/accounts/import")
@needs(Permission.MANAGE_ACCOUNTS)
def show_import() -> ResponseReturnValue:
    return render_template("accounts/import.html", page=ImportPage(waves=_waves()))


@blueprint.post("/accounts/import")
@needs(Permission.MANAGE_ACCOUNTS)
def import_() -> ResponseReturnValue:
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise BadInput(Message(N_("请选择要导入的表格文件。")))
        sheet = read_rows(file.read(), file.filename)
        with current_site().database.writing() as store:
            cards = import_accounts(store, sheet, at=datetime.now(UTC))
    except BadInput as error:
        shown = error.problems[:MOST_PROBLEMS]
        page = ImportPage(problem=error.message, problems=shown, more=len(error.problems) - len(shown), waves=_waves())
        return render_template("accounts/import.html", page=page), 422
    return show_cards(cards)


def _waves() -> tuple[WaveRecord, ...]:
    """Their numbers are what the table asks for."""
    with current_site().database.reading() as store:
        return tuple(list_waves(store))


@blueprint.get("/accounts/template.xlsx")
@needs(Permission.MANAGE_ACCOUNTS)
def download_template() -> ResponseReturnValue:
    response = Response(template_workbook(current_language()), mimetype=XLSX)
    response.headers["Content-Disposition"] = "attachment; filename=accounts.xlsx"
    return response


@blueprint.get("/accounts/<id:account_id>/reset")
@needs(Permission.MANAGE_ACCOUNTS)
def show_reset(account_id: int) -> ResponseReturnValue:
    """Asks before the password of the account ends."""
    with current_site().database.reading() as store:
        account = show_account(store, account_id).account
    return render_template("accounts/renewal.html", page=RenewalPage(accounts=(account,), one=account))


@blueprint.post("/accounts/<id:account_id>/reset")
@needs(Permission.MANAGE_ACCOUNTS)
def reset(account_id: int) -> ResponseReturnValue:
    with current_site().database.writing() as store:
        card = reset_password(store, account_id, at=datetime.now(UTC))
    return show_cards((card,))


@blueprint.get("/accounts/cards")
@needs(Permission.MANAGE_ACCOUNTS)
def show_waiting() -> ResponseReturnValue:
    """Asks before everybody who has not activated their account yet gets a new code."""
    with current_site().database.reading() as store:
        waiting = list_accounts(store, state=Standing.WAITING)
    return render_template("accounts/renewal.html", page=RenewalPage(accounts=waiting))


@blueprint.post("/accounts/cards")
@needs(Permission.MANAGE_ACCOUNTS)
def renew_waiting() -> ResponseReturnValue:
    now = datetime.now(UTC)
    with current_site().database.writing() as store:
        waiting = list_accounts(store, state=Standing.WAITING)
        cards = [reset_password(store, account.id, at=now) for account in waiting]
    return show_cards(cards)
