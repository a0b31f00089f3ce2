"""What the form of an account sends, kept as it was typed and read as a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from survey.account_rules import LONGEST_FULL_NAME, Person, Places, find_area_codes
from survey.messages import N_, BadInput, Message
from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import Account

#: As much as a form may send back to its page.
_LONGEST = 20_000
_SEPARATORS = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, kw_only=True)
class AccountForm:
    """``areas`` and ``ties``: codes or names, separated as people separate them."""

    name: str = ""
    full_name: str = ""
    role: str = ""
    canvasser_type: str = ""
    areas: str = ""
    ties: str = ""
    waves: frozenset[str] = frozenset()


def form_of(account: Account) -> AccountForm:
    """The form as it stands for what is stored."""
    return AccountForm(
        name=account.name,
        full_name=account.full_name,
        role=account.role,
        canvasser_type=account.canvasser_type or "",
        areas="\n".join(sorted(account.scope.areas)),
        ties="\n".join(sorted(account.ties)),
        waves=frozenset(str(wave) for wave in account.scope.waves),
    )


def read_form(sent: "MultiDict[str, str]") -> AccountForm:
    return AccountForm(
        name=sent.get("name", "").strip()[:_LONGEST],
        full_name=sent.get("full_name", "").strip()[: 2 * LONGEST_FULL_NAME],
        role=sent.get("role", "")[:_LONGEST],
        canvasser_type=sent.get("canvasser_type", "")[:_LONGEST],
        areas=sent.get("areas", "")[:_LONGEST],
        ties=sent.get("ties", "")[:_LONGEST],
        waves=frozenset(sent.getlist("waves")[:1000]),
    )


def read_person(form: AccountForm, places: Places) -> Person:
    """Raises :class:`BadInput` where a choice was not among those offered."""
    if form.role not in list(Role):
        raise BadInput(Message(N_("请选择角色。")))
    if form.canvasser_type and form.canvasser_type not in list(CanvasserType):
        raise BadInput(Message(N_("请选择访员类型。")))
    if not all(wave.isascii() and wave.isdigit() and len(wave) < 10 for wave in form.waves):
        raise BadInput(Message(N_("请从列表里选择轮次。")))
    role = Role(form.role)
    # Without scripts the choice of a type stays on the page whatever the role.
    kind = CanvasserType(form.canvasser_type) if form.canvasser_type and role is Role.CANVASSER else None
    return Person(
        role=role,
        full_name=form.full_name,
        canvasser_type=kind,
        scope=Scope(
            areas=find_area_codes(_words(form.areas), places.areas),
            waves=frozenset(int(wave) for wave in form.waves),
        ),
        ties=find_area_codes(_words(form.ties), places.areas),
    )


def _words(text: str) -> Sequence[str]:
    return [word for word in _SEPARATORS.split(text) if word]
