"""The links at the top of every page: those that the role of the reader may follow."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from survey.messages import N_, Message
from survey.pages.access import account_or_none
from survey.roles import Permission, may


@dataclass(frozen=True, kw_only=True)
class Link:
    """``current``: the page shown is this one or lies under it."""

    address: str
    name: Message
    current: bool


#: endpoint, what it is called, who may follow it
LINKS = (
    ("accounts.show_list", N_("账号"), Permission.MANAGE_ACCOUNTS),
    ("frames.show_list", N_("抽样框"), Permission.MANAGE_FRAMES),
    ("waves.show_list", N_("轮次"), Permission.SEE_PUBLISHED),
    ("cases.show_list", N_("我的样本户"), Permission.INTERVIEW),
    ("tokens.show", N_("我的设备"), Permission.INTERVIEW),
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> tuple[Link, ...]:
    """The links of the signed-in, in the order of the work; none for others."""
    account = account_or_none()
    if account is None:
        return ()
    addresses = [
        (url_for(endpoint), name)
        for endpoint, name, permission in LINKS
        if may(account.role, permission) and endpoint in current_app.view_functions
    ]
    return tuple(
        Link(address=path, name=Message(name), current=_is_under(request.path, path)) for path, name in addresses
    )


def _is_under(path: str, parent: str) -> bool:
    """Whether ``path`` is ``parent`` or lies in it.

    >>> _is_under("/waves/3", "/waves"), _is_under("/wavesurfing", "/waves")
    (True, False)
    """
    return path == parent or path.startswith(f"{parent}/")
