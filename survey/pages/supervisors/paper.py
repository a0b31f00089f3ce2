"""``/waves/<id>/paper``: batches of paper forms, what came back of them, and the second keying."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.field_errors import at_field, check_fields
from survey.pages.site import current_site, site_url
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.store.paper_batches import MOST, VoidReason
from survey.workflow.count_paper import count_paper
from survey.workflow.finish_keying import finish_keying
from survey.workflow.issue_paper import issue_paper
from survey.workflow.print_paper import print_batch, typeset
from survey.workflow.show_paper import BatchView, PaperView, show_batch, show_paper
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("paper", __name__)

VOID_WORDS: Mapping[VoidReason, str] = {
    VoidReason.BLANK: N_("空白"),
    VoidReason.REFUSED: N_("拒答（退回、划掉）"),
    VoidReason.SPOILED: N_("破损、看不清"),
    VoidReason.TWO_ANSWERS: N_("多处一题两答，或几个人填的"),
    VoidReason.NOT_ELIGIBLE: N_("不属于调查对象"),
    VoidReason.TOO_FEW: N_("答了不到一半"),
    VoidReason.DOUBTFUL: N_("可疑（如几份同一笔迹）"),
}
#: The names of the counts, as an error says them.
COUNT_WORDS = {"issued": N_("发放"), "returned": N_("回收"), "returned_on": N_("回收的日期")}
#: So many forms are typeset while somebody waits for the page; more go by command.
MOST_ON_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    view: PaperView
    error: SurveyError | None
    typed: Mapping[str, str]
    most: int = MOST


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """``done``: what was just done, in words."""

    view: BatchView
    error: SurveyError | None
    done: Message | None
    today: date
    most_on_page: int = MOST_ON_PAGE

    def void_name(self, reason: VoidReason) -> Message:
        return Message(VOID_WORDS[reason])


@blueprint.get("/waves/<id:wave_id>/paper")
@needs(Permission.KEY_PAPER)
def show_list(wave_id: int) -> ResponseReturnValue:
    return _list_page(wave_id)


@blueprint.post("/waves/<id:wave_id>/paper")
@needs(Permission.KEY_PAPER)
def issue(wave_id: int) -> ResponseReturnValue:
    site, account, form = current_site(), current_account(), request.form
    try:
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            area = form.get("community", "")
            if area not in {one.code for one in show_paper(store, wave, scope=account.scope).communities}:
                raise at_field("community", Message(N_("请从列表里选择一个社区。")))
            check_fields({"count": _copies})
            batch = issue_paper(
                store,
                site.keys,
                wave_id,
                area=area,
                count=_copies(),
                language=form.get("print_language", "zh_Hans"),
                large=form.get("large") == "yes",
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict) as error:
        return _list_page(wave_id, error=error), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("paper.show", wave_id=wave_id, batch_id=batch.id, done="made"), code=303)


@blueprint.get("/waves/<id:wave_id>/paper/<id:batch_id>")
@needs(Permission.KEY_PAPER)
def show(wave_id: int, batch_id: int) -> ResponseReturnValue:
    return _batch_page(wave_id, batch_id)


@blueprint.get("/waves/<id:wave_id>/paper/<id:batch_id>/forms.pdf")
@needs(Permission.KEY_PAPER)
def fetch(wave_id: int, batch_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        batch = show_batch(store, site.keys, wave, batch_id, scope=account.scope).counts.batch
        if batch.printed > MOST_ON_PAGE:
            message = N_("这一批有 {count} 份，网页上排版太久：请用命令 survey paper print --wave {wave} {batch} 文件")
            raise Conflict(Message(message, {"count": batch.printed, "wave": wave_id, "batch": batch_id}))
        rights = site_url(url_for("rights.show_of_wave", wave_id=wave_id))
        notes = request.args.get("notes") == "yes"
        document = print_batch(store, site.keys, wave_id, batch_id, rights=rights, interviewer=notes)
    response = Response(typeset(document).content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename=paper-{wave_id}-{batch_id}.pdf"
    return response


@blueprint.post("/waves/<id:wave_id>/paper/<id:batch_id>/counts")
@needs(Permission.KEY_PAPER)
def count(wave_id: int, batch_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    try:
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            show_batch(store, site.keys, wave, batch_id, scope=account.scope)
            check_fields(
                {
                    "issued": lambda: _number("issued"),
                    "returned": lambda: _number("returned"),
                    "returned_on": lambda: _day("returned_on"),
                }
            )
            count_paper(
                store,
                site.keys,
                wave_id,
                batch_id,
                issued=_number("issued"),
                returned=_number("returned"),
                returned_on=_day("returned_on"),
                at=datetime.now(UTC),
                by=account.name,
            )
    except CheckFailed as error:
        return _batch_page(wave_id, batch_id, error=_named(error)), 422
    except (BadInput, Conflict) as error:
        return _batch_page(wave_id, batch_id, error=error), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("paper.show", wave_id=wave_id, batch_id=batch_id, done="counted"), code=303)


@blueprint.post("/waves/<id:wave_id>/paper/<id:batch_id>/finish")
@needs(Permission.KEY_PAPER)
def finish(wave_id: int, batch_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    try:
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            show_batch(store, site.keys, wave, batch_id, scope=account.scope)
            if request.form.get("confirm") != "yes":
                raise at_field("confirm", Message(N_("请先勾选确认。")))
            finish_keying(store, site.keys, wave_id, batch_id)
    except (BadInput, Conflict) as error:
        return _batch_page(wave_id, batch_id, error=error), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("paper.show", wave_id=wave_id, batch_id=batch_id, done="finished"), code=303)


_DONE = {
    "made": N_("已建立这一批，可以打印了。"),
    "counted": N_("数已记下。"),
    "finished": N_("第一遍录入已结束：抽出的几份等另一个人复录，其余已经计入。"),
}


def _copies() -> int:
    """How many forms a batch is to have."""
    if request.form.get("count", "").strip() and 1 <= (count := _number("count")) <= MOST:
        return count
    raise BadInput(Message(N_("请填 1 到 {most} 的整数。"), {"most": MOST}))


def _number(name: str) -> int:
    typed = request.form.get(name, "").strip()
    if not typed:
        raise BadInput(Message(N_("请填份数；没有的填 0。")))
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
        raise BadInput(Message(N_("“{got}”不是份数：请填一个整数。"), {"got": typed[:20]}))
    return int(typed)


def _day(name: str) -> date:
    typed = request.form.get(name, "").strip()
    if not typed:
        raise BadInput(Message(N_("请填回收的日期。")))
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        message = N_("“{got}”不是日期：请写成 2026-03-01 的样子。")
        raise BadInput(Message(message, {"got": typed[:20]})) from error


def _named(error: CheckFailed) -> CheckFailed:
    """Each of its problems as a sentence that begins with what the field is called."""
    words = N_("{what} {got}：{expected}")
    return CheckFailed(
        error.message,
        [
            replace(
                each,
                expected=Message(
                    words, {"what": Message(COUNT_WORDS[each.column]), "got": each.got, "expected": each.expected}
                ),
            )
            for each in error.problems
        ],
    )


def _list_page(wave_id: int, *, error: SurveyError | None = None) -> str:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_paper(store, wave, scope=account.scope)
    page = PaperPage(view=view, error=error, typed=request.form.to_dict())
    return render_template("supervisors/paper.html", page=page)


def _batch_page(wave_id: int, batch_id: int, *, error: SurveyError | None = None) -> str:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_batch(store, site.keys, wave, batch_id, scope=account.scope, keyer=account.id)
    done = _DONE.get(request.args.get("done", "")) if error is None else None
    page = BatchPage(
        view=view,
        error=error,
        done=Message(done) if done else None,
        today=datetime.now(UTC).astimezone(BEIJING).date(),
    )
    return render_template("supervisors/paper_batch.html", page=page)
