"""``/waves/<id>/draw/<id>/certificate``: the certificate of a draw (抽样公证单) as a PDF, in the reader's language.

No drawn unit is on it, so whoever it is handed to may hang it on a wall; those who draw and approve fetch it.
"""

from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from survey.messages import N_, Message, NotThere
from survey.pages.access import current_account, needs
from survey.pages.language import current_language, gettext
from survey.pages.site import current_site
from survey.roles import Permission
from survey.workflow.certify_draw import certify_draw, typeset
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("draw_certificates", __name__)


@blueprint.get("/waves/<id:wave_id>/draw/<id:draw_id>/certificate")
@needs(Permission.APPROVE_DRAWS)
def fetch(wave_id: int, draw_id: int) -> ResponseReturnValue:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        facts = certify_draw(store, draw_id, at=datetime.now(UTC))
    if facts.wave_id != wave.id:
        raise NotThere(Message(N_("没有编号为 {id} 的抽样"), {"id": draw_id}))
    response = Response(typeset(facts, current_language()).content, mimetype="application/pdf")
    name = f"{wave.name} {gettext(N_('抽样公证单'))} {draw_id}.pdf"
    # What a path or a header could trip over becomes a blank.
    name = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else " " for c in name)
    plain = f"draw-{draw_id}-certificate.pdf"
    response.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
    return response
