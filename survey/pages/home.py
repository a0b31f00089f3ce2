"""``/``: what this site is, for whoever comes by; the signed-in go on to the page where their work begins."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey.pages.access import account_or_none, open_to_all
from survey.roles import Role

blueprint = Blueprint("home", __name__)

HOMES = {
    Role.ADMINISTRATOR: "accounts.show_list",
    Role.CANVASSER: "cases.show_list",
    Role.GRID_WORKER: "work.show_list",
    Role.DEPARTMENT: "fixes.show_list",
}
#: Where everybody else begins.
WAVES = "waves.show_list"


@blueprint.get("/")
@open_to_all
def show() -> ResponseReturnValue:
    account = account_or_none()
    if account is None:
        return render_template("home.html")
    endpoint = HOMES.get(account.role, WAVES)
    return redirect(url_for(endpoint if endpoint in current_app.view_functions else WAVES))
