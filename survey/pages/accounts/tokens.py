"""``/device``: the token with which a canvasser's phone or program signs what it sends; shown once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.workflow.make_device_token import (
    TOKEN_LASTS,
    DeviceToken,
    make_device_token,
    revoke_device_tokens,
    show_device_token,
)

blueprint = Blueprint("tokens", __name__)


@dataclass(frozen=True, kw_only=True)
class DevicePage:
    """``until``: how long the token in use is good; ``made``: the one made right now."""

    until: datetime | None
    made: DeviceToken | None = None
    days: int = TOKEN_LASTS.days


@blueprint.get("/device")
@needs(Permission.INTERVIEW)
def show() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        until = show_device_token(store, current_account(), at=datetime.now(UTC))
    return render_template("accounts/device.html", page=DevicePage(until=until))


@blueprint.post("/device")
@needs(Permission.INTERVIEW)
def make() -> ResponseReturnValue:
    with current_site().database.writing() as store:
        made = make_device_token(store, current_account(), at=datetime.now(UTC))
    return render_template("accounts/device.html", page=DevicePage(until=made.expires_at, made=made))


@blueprint.post("/device/revoke")
@needs(Permission.INTERVIEW)
def revoke() -> ResponseReturnValue:
    with current_site().database.writing() as store:
        revoke_device_tokens(store, current_account())
    return redirect(url_for("tokens.show"), code=303)
