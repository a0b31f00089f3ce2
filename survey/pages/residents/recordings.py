"""``/recordings/<sha256>``: a question read out in a dialect. The file is fetched when somebody presses play."""

import re

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from survey.pages.access import for_residents
from survey.pages.residents import refusals
from survey.pages.residents.refusals import NOT_HERE, refuse
from survey.pages.site import current_site
from survey.store.recordings import find_sound

blueprint = Blueprint("heard_recordings", __name__)
refusals.init_blueprint(blueprint)

_SHA256 = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/recordings/<sha256>")
@for_residents
def play(sha256: str) -> ResponseReturnValue:
    """Its address is what it holds, so phones may keep it."""
    if not _SHA256.fullmatch(sha256):
        return refuse(NOT_HERE)
    with current_site().database.reading() as store:
        sound = find_sound(store, sha256)
    if sound is None:
        return refuse(NOT_HERE)
    response = Response(sound.body, mimetype=sound.type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    return response
