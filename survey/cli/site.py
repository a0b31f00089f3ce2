"""What verbs share: the configured database, opened and current, and who is acting: the operator at the
machine, or with ``--as NAME`` an account with no more than its own rights.
"""

import os
import pwd
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from survey.account_rules import ROLE_NAMES
from survey.config import read_config
from survey.messages import N_, Message, NotAllowed, NotThere
from survey.roles import Permission, Scope, may

if TYPE_CHECKING:
    from survey.store.accounts import Account
    from survey.store.database import Database

#: What names a wave or a frame; larger numbers no database column holds.
RECORD_ID = click.IntRange(1, 2**31 - 1)
_ACTING_AS = "survey.cli.acting_as"
#: Until SURVEY_PUBLIC_URL says how people call the site.
THIS_MACHINE = "http://localhost:8000"


def open_current() -> "Database":
    """The configured database; refused when it is not there or its migrations are pending."""
    from survey.store.database import open_database
    from survey.store.schema import require_current

    database = open_database(read_config().database_url)
    require_current(database)
    return database


def public_url() -> str:
    """What addresses on paper begin with, without a slash at the end."""
    from survey.public_address import parse_public_url

    address = parse_public_url(read_config().public_url)
    return address.url if address else THIS_MACHINE


def now() -> datetime:
    return datetime.now(UTC)


def act_as(context: click.Context, name: str | None) -> None:
    """Keep what ``--as`` said; the account is looked up when a verb asks for its right."""
    context.meta[_ACTING_AS] = name


def acting() -> str:
    """Who acts, for the record: the name of the account, else who is at the keyboard."""
    name = _name()
    if name is not None:
        return name
    try:
        # Not getpass.getuser(): it believes $LOGNAME, which anybody may set.
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # a container's user may have no name
        return f"cli:{os.getuid()}"


def acting_account() -> "Account | None":
    """The account after ``--as``, ``None`` for the operator. Raises :class:`NotThere`, also for an inactive one."""
    from survey.store.accounts import find_account

    name = _name()
    if name is None:
        return None
    database = open_current()
    with database.reading() as session:
        found = find_account(session, name) if name.isprintable() else None
    database.close()  # a verb may be about to replace the whole file
    if found is None or not found[0].active:
        raise NotThere(Message(N_("没有名为“{name}”的可用账号（--as 或 SURVEY_ACCOUNT）。"), {"name": name[:64]}))
    return found[0]


def acting_scope() -> Scope:
    """How far who acts reaches: the operator everywhere."""
    account = acting_account()
    return account.scope if account else Scope()


def require_right(needed: Permission, wave_id: int | None) -> None:
    """Raise :class:`NotAllowed` unless who acts may use a verb that needs this.

    A wave out of reach raises :class:`NotThere`. Verbs work on whole waves: an account limited to areas has the pages.
    """
    account = acting_account()
    if account is None:
        return
    if not may(account.role, needed):
        raise NotAllowed(
            Message(
                N_("账号“{name}”（{role}）没有这个权限：{needed}。请换一个账号，或者不用 --as。"),
                {"name": account.name, "role": Message(ROLE_NAMES[account.role]), "needed": needed},
            )
        )
    if account.scope.areas:
        raise NotAllowed(
            Message(N_("账号“{name}”只负责部分地区，而命令作用于全部地区：请在网页上操作。"), {"name": account.name})
        )
    if wave_id is not None and not account.scope.sees_wave(wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))


def require_no_limits() -> None:
    """Frames belong to no wave and to all areas: as on the pages, who is limited to some does not handle them."""
    account = acting_account()
    if account and (account.scope.areas or account.scope.waves):
        raise NotAllowed(Message(N_("您的账号只负责部分地区或轮次，抽样框涉及全部：请找不受限制的同事来做。")))


def _name() -> str | None:
    context = click.get_current_context(silent=True)
    name: str | None = context.meta.get(_ACTING_AS) if context else None
    return name
