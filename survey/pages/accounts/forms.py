"""What the form of an account sends, kept as it was typed and read as a person."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from survey.account_rules import (
    LONGEST_FULL_NAME,
    Field,
    Person,
    Places,
    fault_message,
    find_area_codes,
    find_faults,
    is_name,
    name_message,
)
from survey.messages import N_, BadInput, Message, Problem
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


def read_person(form: AccountForm, places: Places, *, new: bool) -> Person:
    """``new``: of an account to be named. Raises :class:`BadInput` with a problem for each field that cannot be."""
    first: dict[Field, Message] = {}
    for field, message in _problems(form, places, new=new):
        first.setdefault(field, message)
    if first:
        problems = [Problem(where="", column=field, got="", expected=message) for field, message in first.items()]
        raise BadInput(problems[0].expected, problems)
    return _person(form, places)


def _problems(form: AccountForm, places: Places, *, new: bool) -> Iterator[tuple[Field, Message]]:
    if new and not is_name(form.name):
        yield Field.NAME, name_message(form.name)
    if form.role not in list(Role):
        yield Field.ROLE, Message(N_("请选择角色。"))
    if form.canvasser_type and form.canvasser_type not in list(CanvasserType):
        yield Field.CANVASSER_TYPE, Message(N_("请选择访员类型。"))
    if not all(map(_is_number, form.waves)):
        yield Field.WAVES, Message(N_("请从列表里选择轮次。"))
    for fault in find_faults(_person(form, places), places):
        yield fault.field, fault_message(fault)


def _person(form: AccountForm, places: Places) -> Person:
    """As far as the form can be read: what cannot is a problem of its own."""
    role = Role(form.role) if form.role in list(Role) else Role.LEADER
    # Without scripts the choice of a type stays on the page whatever the role.
    typed = form.canvasser_type in list(CanvasserType) and role is Role.CANVASSER
    return Person(
        role=role,
        full_name=form.full_name,
        canvasser_type=CanvasserType(form.canvasser_type) if typed else None,
        scope=Scope(
            areas=find_area_codes(_words(form.areas), places.areas),
            waves=frozenset(int(wave) for wave in form.waves if _is_number(wave)),
        ),
        ties=find_area_codes(_words(form.ties), places.areas),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _words(text: str) -> Sequence[str]:
    return [word for word in _SEPARATORS.split(text) if word]
