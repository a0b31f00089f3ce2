"""``survey user``: accounts from the command line."""

import sys

import click

from survey.cli.output import Answer, verb
from survey.cli.site import now, open_current
from survey.roles import Permission, Role


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@verb(needs=Permission.MANAGE_ACCOUNTS)
def add(name: str, role: str, password_stdin: bool) -> Answer:
    """Add an account NAME."""
    from survey.workflow.add_account import add_account

    database = open_current()
    password = _password(password_stdin)
    with database.writing() as session:
        account = add_account(session, name=name, password=password, role=Role(role), at=now())
    return Answer(
        document={"user": account.id, "name": account.name, "role": account.role},
        lines=[f"{account.name} ({account.role})"],
    )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("no terminal to ask for the password: give it on standard input, --password-stdin")
    return str(click.prompt("password", hide_input=True, confirmation_prompt=True))
