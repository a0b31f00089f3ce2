"""``/work/<id>/ledger``: the homes of a grid in walking order, each ticked as reached, nobody, or do not disturb."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, Conflict, Message, NotThere, SurveyError
from survey.outreach import ActionStatus, LedgerOutcome
from survey.pages.access import current_account, needs
from survey.pages.language import gettext
from survey.pages.site import current_site
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.units import address_line
from survey.workflow.show_ledger import EVERY_GRID, LedgerShow, LedgerView, show_ledger
from survey.workflow.tick_unit import tick_unit, untick_unit

blueprint = Blueprint("ledgers", __name__)

#: What the button of a home sends to take its tick back.
UNTICK = "none"
#: Which homes can be looked for.
SHOW_NAMES = {
    LedgerShow.TODO: N_("还没去过"),
    LedgerShow.REACHED: N_("见到人"),
    LedgerShow.NOBODY: N_("无人"),
    LedgerShow.DO_NOT_DISTURB: N_("勿扰"),
}


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """``day``: of the ticks to come, as the form sends it. ``only``: the homes looked for; ``None``: all."""

    view: LedgerView
    day: str
    only: LedgerShow | None
    today: date
    error: SurveyError | None = None
    outcomes: tuple[LedgerOutcome, ...] = tuple(LedgerOutcome)
    untick: str = UNTICK
    every_grid: str = EVERY_GRID

    @property
    def shows(self) -> tuple[tuple[str, str], ...]:
        return tuple((show.value, gettext(name)) for show, name in SHOW_NAMES.items())

    def address(self, page: int) -> str:
        """Of another page of the same list."""
        return url_for(
            "ledgers.show",
            action_id=self.view.action.id,
            grid=self.view.grid,
            show=self.only or None,
            page=page,
            day=self.day,
        )

    @property
    def stands(self) -> bool:
        return self.view.action.status is not ActionStatus.CANCELLED


@blueprint.get("/work/<id:action_id>/ledger")
@needs(Permission.DO_OUTREACH)
def show(action_id: int) -> ResponseReturnValue:
    return _page(action_id, day=request.args.get("day", ""))


@blueprint.post("/work/<id:action_id>/ledger")
@needs(Permission.DO_OUTREACH)
def tick(action_id: int) -> ResponseReturnValue:
    """One button of one home; the reader comes back to that home."""
    account, form = current_account(), request.form
    try:
        serial, outcome = _pressed(form.get("tick", ""))
        with current_site().database.writing() as store:
            if outcome == UNTICK:
                untick_unit(store, action_id, serial, scope=account.scope)
            else:
                tick_unit(
                    store,
                    action_id,
                    serial,
                    outcome=outcome,
                    day=_day(form.get("day", "")),
                    scope=account.scope,
                    today=_today(),
                    at=datetime.now(UTC),
                    by=account.name,
                )
    except (BadInput, Conflict) as error:
        return _page(action_id, day=form.get("day", ""), error=error), 422 if isinstance(error, BadInput) else 409
    back = url_for(
        "ledgers.show",
        action_id=action_id,
        grid=form.get("grid", ""),
        show=form.get("show") or None,
        keep=serial if form.get("show") else None,
        page=form.get("page", "1"),
        day=form.get("day", ""),
        _anchor=f"unit-{serial}",
    )
    return redirect(back, code=303)


def _page(action_id: int, *, day: str, error: SurveyError | None = None) -> str:
    today, asked = _today(), request.values
    only = next((show for show in LedgerShow if show == asked.get("show")), None)
    keep = asked.get("keep", "")
    with current_site().database.reading() as store:
        view = show_ledger(
            store,
            action_id,
            scope=current_account().scope,
            grid=asked.get("grid"),
            page=_page_number(asked.get("page", "1")),
            only=only,
            keep=int(keep) if _is_number(keep) else None,
        )
    page = LedgerPage(view=view, day=day or today.isoformat(), only=only, today=today, error=error)
    return render_template("grid_workers/ledger.html", page=page, address_line=address_line)


def _pressed(text: str) -> tuple[int, str]:
    serial, _, outcome = text.partition(":")
    if not _is_number(serial):
        raise BadInput(Message(N_("表单不完整：请返回上一页，刷新后再提交一次。")))
    return int(serial), outcome


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        expected = N_("日期“{got}”看不懂：请填走访的日期，例如 2026-05-01")
        raise BadInput(Message(expected, {"got": text[:20]})) from None


def _page_number(text: str) -> int:
    if not _is_number(text):
        raise NotThere(Message(N_("台账没有第 {page} 页"), {"page": text[:20]}))
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _today() -> date:
    """In Shanghai."""
    return datetime.now(BEIJING).date()
