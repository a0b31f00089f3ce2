"""``/receipts``: the hashes of all receipts of a closed wave, and a form that looks one up."""

from dataclasses import dataclass

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from survey.fieldwork.resident_codes import read_receipt, receipt_hash
from survey.messages import BadInput, Message, SurveyError
from survey.pages.access import for_residents
from survey.pages.residents import refusals, rendering
from survey.pages.residents.refusals import NO_LIST, refuse
from survey.pages.site import current_site
from survey.workflow.show_receipts import (
    ReceiptList,
    check_receipt,
    find_receipt_list,
    list_receipt_lists,
    show_receipts,
)

blueprint = Blueprint("receipts", __name__)
rendering.init_blueprint(blueprint)
refusals.init_blueprint(blueprint)


@dataclass(frozen=True, kw_only=True)
class ReceiptsPage:
    """``listed``: what was looked up is there; ``None``: nothing was looked up. ``hashed``: its SHA-256."""

    found: ReceiptList
    typed: str = ""
    listed: bool | None = None
    hashed: str = ""
    problem: Message | None = None


@blueprint.get("/receipts")
@for_residents
def show_lists() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        lists = list_receipt_lists(store)
    return rendering.render_page("residents/receipt_lists.html", lists)


@blueprint.get("/receipts/<id:wave_id>")
@for_residents
def show(wave_id: int) -> ResponseReturnValue:
    try:
        with current_site().database.reading() as store:
            page = ReceiptsPage(found=find_receipt_list(store, wave_id))
    except SurveyError as error:
        return _no_list(error)
    return rendering.render_page("residents/receipts.html", page)


@blueprint.post("/receipts/<id:wave_id>")
@for_residents
def check(wave_id: int) -> ResponseReturnValue:
    """The receipt comes in the form's body: addresses stay in histories."""
    typed = request.form.get("receipt", "")
    try:
        with current_site().database.reading() as store:
            found = find_receipt_list(store, wave_id)
            try:
                listed = check_receipt(store, wave_id, typed)
            except BadInput as error:
                page = ReceiptsPage(found=found, typed=typed[:40], problem=error.message)
                return rendering.render_page("residents/receipts.html", page, status=422)
    except SurveyError as error:
        return _no_list(error)
    page = ReceiptsPage(
        found=found, typed="" if listed else typed[:40], listed=listed, hashed=receipt_hash(read_receipt(typed) or "")
    )
    return rendering.render_page("residents/receipts.html", page)


@blueprint.get("/receipts/<id:wave_id>/list")
@for_residents
def show_hashes(wave_id: int) -> ResponseReturnValue:
    """One hash a line, for whoever wants to count or compare them."""
    try:
        with current_site().database.reading() as store:
            hashes = show_receipts(store, wave_id)
    except SurveyError as error:
        return _no_list(error)
    return Response("".join(f"{one}\n" for one in hashes), mimetype="text/plain")


def _no_list(error: SurveyError) -> Response:
    if error.http_status >= 500:
        raise error
    return refuse(NO_LIST)
