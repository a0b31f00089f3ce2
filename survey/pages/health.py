"""``/healthz``: whether the site can do its work, for machines."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from survey.messages import Failure
from survey.pages.access import open_to_all
from survey.pages.site import current_site
from survey.store import schema

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all
def show_health() -> ResponseReturnValue:
    """200 and ``"status": "ok"``, or 503 with what is wrong."""
    try:
        migrations = "pending" if schema.pending(current_site().database) else "current"
        database = "ok"
    except Failure:
        database, migrations = "unreachable", "unknown"
    good = (database, migrations) == ("ok", "current")
    facts = {"status": "ok" if good else "bad", "database": database, "migrations": migrations}
    return jsonify(facts), 200 if good else 503
