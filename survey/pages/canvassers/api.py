"""What devices send: ``PUT /api/visits/<uuid>`` and ``PUT /api/interviews/<uuid>``, as :mod:`survey.fieldwork.payloads`
tells.

Every reply is one JSON object ``{"id", "sha256", "state", "reason", "receipt"}``: 201 kept now, 200 kept before, 409
other bytes are kept under this id (and ``sha256`` is theirs), otherwise not kept. A device may forget what it sent when
``sha256`` is that of its own bytes. ``receipt``: for the person at the door, whoever would not take part too; a device
works it out beforehand and keeps it no longer than the screen that shows it.
"""

import logging
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from survey.messages import N_, Message, SurveyError
from survey.one_time_codes import grouped
from survey.pages.access import current_account, needs
from survey.pages.language import message_text
from survey.pages.request_log import rule_of_request
from survey.pages.site import current_site
from survey.roles import Permission
from survey.store.inbox import PayloadKind
from survey.workflow.receive_payload import OtherBytes, Receipt, receive_payload

logger = logging.getLogger("survey.errors")
blueprint = Blueprint("api", __name__)

#: What a sender that does not care may say of JSON; anything else is another kind of content.
_MAY_BE_JSON = frozenset({"", "application/json", "text/json", "text/plain", "application/octet-stream"})

#: What may go wrong before the content is looked at.
_REASONS = {
    400: N_("请求有误，没有保存"),
    403: N_("这个账号不能交送访问记录，没有保存"),
    413: N_("内容超过 256 KB，没有保存"),
    415: N_("内容类型是 {got}，应为 application/json；没有保存"),
}
_FAILED = N_("服务器暂时不能保存，请保留这份内容，稍后再交")


@blueprint.put("/api/visits/<uuid:payload_id>")
@needs(Permission.INTERVIEW)
def put_visit(payload_id: UUID) -> ResponseReturnValue:
    return _receive(PayloadKind.VISIT, payload_id)


@blueprint.put("/api/interviews/<uuid:payload_id>")
@needs(Permission.INTERVIEW)
def put_interview(payload_id: UUID) -> ResponseReturnValue:
    return _receive(PayloadKind.INTERVIEW, payload_id)


def _receive(kind: PayloadKind, payload_id: UUID) -> ResponseReturnValue:
    if request.mimetype not in _MAY_BE_JSON and not request.mimetype.endswith("+json"):
        return _not_kept(415, Message(_REASONS[415], {"got": request.mimetype[:100]}))
    body = request.get_data(cache=False)
    site = current_site()
    try:
        with site.database.writing() as store:
            receipt = receive_payload(
                store,
                site.keys,
                kind=kind,
                uuid=payload_id,
                body=body,
                account=current_account(),
                at=datetime.now(UTC),
            )
    except OtherBytes as error:
        return _reply(409, error.receipt, error.message)
    return _reply(201 if receipt.new else 200, receipt, receipt.reason)


def _reply(status: int, receipt: Receipt, reason: Message | None) -> ResponseReturnValue:
    text = message_text(reason) if reason else None
    code = grouped(receipt.code) if receipt.code else None
    body = jsonify(id=str(receipt.id), sha256=receipt.sha256, state=receipt.state, reason=text, receipt=code)
    return body, status


def _not_kept(status: int, reason: Message) -> ResponseReturnValue:
    found = (request.view_args or {}).get("payload_id")
    which, why = str(found) if found else None, message_text(reason)
    return jsonify(id=which, sha256=None, state="refused", reason=why, receipt=None), status


@blueprint.errorhandler(SurveyError)
def _survey_error(error: SurveyError) -> ResponseReturnValue:
    if error.http_status < 500:
        return _not_kept(error.http_status, error.message)
    logger.error("%s %s: %s", request.method, rule_of_request(), type(error).__name__, exc_info=error)
    return _not_kept(error.http_status, Message(_FAILED))


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    return _not_kept(status, Message(_REASONS.get(status, _REASONS[400] if status < 500 else _FAILED)))
