"""``/``: sends everybody to the page where their work begins."""

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import current_account, for_every_account
from survey.roles import Role

blueprint = Blueprint("home", __name__)

HOMES = {
    Role.ADMINISTRATOR: "accounts.show_list",
    Role.CANVASSER: "cases.show_list",
}
#: Where everybody else begins.
WAVES = "waves.show_list"


@blueprint.get("/")
@for_every_account
def show() -> ResponseReturnValue:
    endpoint = HOMES.get(current_account().role, WAVES)
    return redirect(url_for(endpoint if endpoint in current_app.view_functions else WAVES))
