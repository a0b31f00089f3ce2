"""``survey user``: accounts from the command line."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, verb
from survey.cli.site import acting_account, now, open_current
from survey.roles import CanvasserType, Permission, Role, Scope

if TYPE_CHECKING:
    from survey.account_rules import ActivationCard


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--code", "with_code", is_flag=True, help="No password: print a one-time activation code.")
@click.option("--full-name", default="", help="Seen by administrators and supervisors only.")
@click.option("--canvasser-type", type=click.Choice([str(kind) for kind in CanvasserType]))
@click.option("--area", "areas", multiple=True, metavar="CODE", help="Limit to this area; repeat for more.")
@click.option("--wave", "waves", multiple=True, type=int, metavar="WAVE", help="Limit to this wave; repeat for more.")
@click.option("--tie", "ties", multiple=True, metavar="CODE", help="A community the person belongs to: no cases there.")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def add(name: str, role: str, password_stdin: bool, with_code: bool, **options: Any) -> Answer:
    """Add an account NAME."""
    from survey.workflow.add_account import add_account
    from survey.workflow.reset_password import reset_password

    if password_stdin and with_code:
        raise click.UsageError("give either --password-stdin or --code")
    database = open_current()
    password = None if with_code else _password(password_stdin)
    kind = options["canvasser_type"]
    with database.writing() as session:
        account = add_account(
            session,
            name=name,
            password=password,
            role=Role(role),
            at=now(),
            full_name=options["full_name"],
            canvasser_type=CanvasserType(kind) if kind else None,
            scope=Scope(areas=frozenset(options["areas"]), waves=frozenset(options["waves"])),
            ties=frozenset(options["ties"]),
        )
        card = reset_password(session, account.id, at=now()) if with_code else None
    document: dict[str, Any] = {"user": account.id, "name": account.name, "role": account.role}
    if card:
        return Answer(document={**document, **_card(card)}, lines=[_card_line(card)])
    return Answer(document=document, lines=[f"{account.name} ({account.role})"])


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("no terminal to ask for the password: --password-stdin, or --code for a one-time code")
    return str(click.prompt("password", hide_input=True, confirmation_prompt=True))


@user.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.MANAGE_ACCOUNTS)
def import_(file: Path) -> Answer:
    """Add the accounts of FILE (XLSX, XLS or CSV), each with a one-time activation code printed once; all or none."""
    from survey.files.csv_files import read_bytes
    from survey.files.spreadsheets import read_rows
    from survey.workflow.import_accounts import import_accounts

    database = open_current()
    sheet = read_rows(read_bytes(file, 10_000_000), str(file))
    with database.writing() as session:
        cards = import_accounts(session, sheet, at=now())
    return _cards(cards)


@user.command("list")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def list_() -> Answer:
    """List the accounts."""
    from survey.workflow.show_accounts import list_accounts, standing

    with open_current().reading() as session:
        found = list_accounts(session)
    return Answer(
        document={
            "users": [
                {
                    "user": account.id,
                    "name": account.name,
                    "full_name": account.full_name,
                    "role": account.role,
                    "canvasser_type": account.canvasser_type,
                    "areas": sorted(account.scope.areas),
                    "waves": sorted(account.scope.waves),
                    "ties": sorted(account.ties),
                    "state": standing(account),
                    "example": account.example,
                }
                for account in found
            ]
        },
        lines=[f"{a.id}\t{a.name}\t{a.role}\t{standing(a)}" for a in found],
    )


@user.command("deactivate")
@click.argument("name")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def deactivate(name: str) -> Answer:
    """Close the account NAME: its sessions and tokens end at once."""
    return _set_active(name, active=False)


@user.command("close-examples")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def close_examples() -> Answer:
    """Close all example accounts of `survey demo`: their buttons, sessions and tokens end at once."""
    from survey.workflow.change_account import close_examples

    with open_current().writing() as session:
        closed = close_examples(session)
    return Answer(
        document={"closed": [{"user": account.id, "name": account.name} for account in closed]},
        lines=[f"{account.name}: closed" for account in closed] or ["no example account was open"],
    )


@user.command("reactivate")
@click.argument("name")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def reactivate(name: str) -> Answer:
    """Open the closed account NAME again."""
    return _set_active(name, active=True)


def _set_active(name: str, *, active: bool) -> Answer:
    from survey.workflow.change_account import set_active
    from survey.workflow.show_accounts import find_by_name

    by = acting_account()
    with open_current().writing() as session:
        account = set_active(session, find_by_name(session, name).id, active=active, by=by)
    return Answer(
        document={"user": account.id, "name": account.name, "active": account.active},
        lines=[f"{account.name}: {'active' if account.active else 'closed'}"],
    )


@user.command("reset")
@click.argument("name")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def reset(name: str) -> Answer:
    """End the password of NAME and print a one-time activation code."""
    from survey.workflow.reset_password import reset_password
    from survey.workflow.show_accounts import find_by_name

    with open_current().writing() as session:
        card = reset_password(session, find_by_name(session, name).id, at=now())
    return Answer(document={"user": card.account_id, **_card(card)}, lines=[_card_line(card)])


@user.command("token")
@click.argument("name")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def token(name: str) -> Answer:
    """Print a bearer token for the device of canvasser NAME, once; the one before it ends."""
    from survey.workflow.make_device_token import make_device_token
    from survey.workflow.show_accounts import find_by_name

    with open_current().writing() as session:
        account = find_by_name(session, name)
        made = make_device_token(session, account, at=now())
    return Answer(
        document={"name": account.name, "token": made.token, "expires": made.expires_at.isoformat()},
        lines=[made.token],
    )


def _cards(cards: "Sequence[ActivationCard]") -> Answer:
    return Answer(
        document={
            "accounts": [_card(card) for card in cards],
            **({"go_nowhere": [card.name for card in cards if card.nowhere]} if any(c.nowhere for c in cards) else {}),
        },
        lines=[
            *(_card_line(card) for card in cards),
            *(
                f"! {card.name}: all areas lie where this person belongs, no case possible"
                for card in cards
                if card.nowhere
            ),
        ],
    )


def _card(card: "ActivationCard") -> dict[str, Any]:
    return {"name": card.name, "role": card.role, "code": card.code, "expires": card.expires_at.isoformat()}


def _card_line(card: "ActivationCard") -> str:
    return f"{card.name}\t{card.role}\t{card.code}\tuntil {card.expires_at:%Y-%m-%d}"
