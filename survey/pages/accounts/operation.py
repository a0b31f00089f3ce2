"""``/operation``: whether the site runs as it should, for who looks after it: ``/healthz`` for people."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey.pages.access import needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.store import schema
from survey.workflow.show_operation import Operation, show_operation

blueprint = Blueprint("operation", __name__)


@dataclass(frozen=True, kw_only=True)
class OperationPage:
    """``current``: the database has all its tables as this program wants them."""

    operation: Operation
    current: bool


@blueprint.get("/operation")
@needs(Permission.OPERATE)
def show() -> ResponseReturnValue:
    database = current_site().database
    with database.reading() as store:
        operation = show_operation(store, at=datetime.now(UTC))
    page = OperationPage(operation=operation, current=not schema.pending(database))
    return render_template("accounts/operation.html", page=page)
