"""``/waves/<id>/outreach/<id>``: one action with the estimate that asked for it; edit, cancel, bring back, comment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, Conflict, Message, NotThere, SurveyError
from survey.outreach import (
    KIND_MEANINGS,
    KIND_NAMES,
    LONGEST_NAME,
    LONGEST_TEXT,
    PRIVACY_HINT,
    STATUS_NAMES,
    ActionStatus,
    ShownStatus,
)
from survey.pages.access import current_account, may_here, needs
from survey.pages.language import current_language, gettext
from survey.pages.officials.outreach import Option, blueprint, today
from survey.pages.officials.outreach_forms import FIELD_NAMES, FIELDS, YES, changed, compare, sent, texts_of
from survey.pages.site import current_site
from survey.reports.outreach_rows import PlanRow, plan_row
from survey.reports.wording import count, day, percent
from survey.roles import Permission
from survey.store.database import Session
from survey.store.outreach_actions import OutreachChange
from survey.store.waves import WaveRecord
from survey.workflow.edit_outreach import cancel_action, change_action, comment, restore_action
from survey.workflow.show_outreach import ActionView, show_action

__all__ = ["blueprint"]

_DONE = {
    "saved": N_("已保存。"),
    "cancelled": N_("已取消。可以在本页恢复。"),
    "restored": N_("已恢复。"),
    "commented": N_("评论已发表。"),
}
#: Fields whose stored value is a choice or a code.


@dataclass(frozen=True, kw_only=True)
class GridWork:
    """What was done in one grid, in words."""

    name: str
    days: str
    people: str
    quantity: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ActionPage:
    """``form``: the fields as they stand, empty for readers; ``was``: as stored when the form was opened.

    ``theirs``: where somebody else changed a field that the reader changed too, what is stored now.
    ``unsent``: a comment that was refused.
    """

    view: ActionView
    row: PlanRow
    form: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
    unsent: str = ""
    error: SurveyError | None = None
    done: Message | None = None
    longest_name: int = LONGEST_NAME
    longest_text: int = LONGEST_TEXT
    privacy_hint: Message = Message(PRIVACY_HINT)  # noqa: RUF009 - frozen

    @property
    def wave(self) -> WaveRecord:
        return self.view.wave

    @property
    def revision(self) -> int:
        return self.view.action.revision

    @property
    def kind_name(self) -> str:
        return gettext(KIND_NAMES[self.view.action.kind])

    @property
    def kind_meaning(self) -> str:
        return gettext(KIND_MEANINGS[self.view.action.kind])

    @property
    def level(self) -> str:
        return percent(self.row.line.estimate.level)

    @property
    def types(self) -> list[Option]:
        return [Option(value=kind.code, name=kind.name.in_language(current_language())) for kind in self.view.types]

    @property
    def statuses(self) -> list[Option]:
        """Cancelling is a button of its own."""
        return [
            Option(value=status.value, name=gettext(STATUS_NAMES[ShownStatus(status.value)]))
            for status in ActionStatus
            if status is not ActionStatus.CANCELLED
        ]

    @property
    def places(self) -> list[Option]:
        view = self.view
        whole = Option(value="", name=gettext(N_("整个{area}"), area=view.area.name))
        grids = [
            Option(value=grid, name=gettext(N_("网格 {grid}"), grid=view.place_name(grid)))
            for grid in view.places.grids
        ]
        return [whole, *grids, *(Option(value=name, name=name) for name in view.places.estates)]

    @property
    def grids(self) -> list[GridWork]:
        """Void work does not count."""
        by_grid: dict[str, list[tuple[datetime, int, int]]] = {}
        for work in self.view.work:
            if not work.voided:
                moment = datetime.combine(work.day, datetime.min.time())
                by_grid.setdefault(work.grid, []).append((moment, work.people, work.quantity))
        unit = self.row.line.unit.in_language(current_language())
        return [self._grid(grid, by_grid[grid], unit) for grid in sorted(by_grid)]

    def _grid(self, grid: str, done: Sequence[tuple[datetime, int, int]], unit: str) -> GridWork:
        first, last = min(done)[0].date(), max(done)[0].date()
        days = day(first, gettext)
        if last != first:
            days = gettext(N_("{start}至{end}"), start=days, end=day(last, gettext))
        return GridWork(
            name=self.view.place_name(grid) if grid else gettext(N_("不分网格")),
            days=days,
            people=count(sum(people for _, people, _ in done)),
            quantity=gettext(N_("{number}{unit}"), number=count(sum(number for *_, number in done)), unit=unit),
        )

    @property
    def history(self) -> list[ChangeLine]:
        """The newest first."""
        return [
            ChangeLine(at=change.at, by=change.by, words=self._change(change)) for change in reversed(self.view.changes)
        ]

    def _change(self, change: OutreachChange) -> str:
        before, after = (self.stored(change.field, value) for value in (change.before, change.after))
        return gettext(
            N_("{field}：{before} → {after}"), field=gettext(FIELD_NAMES[change.field]), before=before, after=after
        )

    def stored(self, name: str, value: str) -> str:
        """A value of the store or of the form in the reader's words; ``name``: as the store or the form calls it."""
        if name == "place":
            return self.view.place_name(value) if value else gettext(N_("整个社区"))
        if not value:
            return gettext(N_("（空）"))
        if name == "status":
            return gettext(STATUS_NAMES[ShownStatus(value)])
        if name in ("type_code", "type"):
            return next((kind.name for kind in self.types if kind.value == value), value)
        if name in ("start", "end"):
            return day(date.fromisoformat(value), gettext)
        return gettext(YES[value]) if name == "cost_assumed" else value


@blueprint.get("/waves/<id:wave_id>/outreach/<id:action_id>")
@needs(Permission.SEE_OUTREACH)
def show(wave_id: int, action_id: int) -> ResponseReturnValue:
    told = request.args.get("told", "")
    return _page(wave_id, action_id, done=Message(_DONE[told]) if told in _DONE else None)


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>")
@needs(Permission.PLAN_OUTREACH)
def change(wave_id: int, action_id: int) -> ResponseReturnValue:
    """Keep what was touched. Two people's changes of the same field are shown side by side, and nothing is stored."""
    account, (mine, was) = current_account(), sent(request.form)
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            change_action(
                store,
                action_id,
                changed(mine, was),
                revision=_revision(),
                scope=account.scope,
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _page(wave_id, action_id, mine=mine, was=was, error=error), status
    return _back(wave_id, action_id, "saved")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/cancel")
@needs(Permission.PLAN_OUTREACH)
def cancel(wave_id: int, action_id: int) -> ResponseReturnValue:
    account = current_account()
    try:
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选：我确定要取消。")))
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            at, by = datetime.now(UTC), account.name
            cancel_action(store, action_id, revision=_revision(), scope=account.scope, at=at, by=by)
    except (BadInput, Conflict) as error:
        return _page(wave_id, action_id, error=error), 422 if isinstance(error, BadInput) else 409
    return _back(wave_id, action_id, "cancelled")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/restore")
@needs(Permission.PLAN_OUTREACH)
def restore(wave_id: int, action_id: int) -> ResponseReturnValue:
    account = current_account()
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            at, by = datetime.now(UTC), account.name
            restore_action(store, action_id, revision=_revision(), scope=account.scope, at=at, by=by)
    except Conflict as error:
        return _page(wave_id, action_id, error=error), 409
    return _back(wave_id, action_id, "restored")


@blueprint.post("/waves/<id:wave_id>/outreach/<id:action_id>/comments")
@needs(Permission.COMMENT_OUTREACH)
def remark(wave_id: int, action_id: int) -> ResponseReturnValue:
    account, text = current_account(), request.form.get("comment", "")
    try:
        with current_site().database.writing() as store:
            _view(store, wave_id, action_id)
            comment(store, action_id, text, scope=account.scope, at=datetime.now(UTC), by=account.name)
    except BadInput as error:
        return _page(wave_id, action_id, unsent=text, error=error), 422
    return _back(wave_id, action_id, "commented")


def _page(
    wave_id: int,
    action_id: int,
    *,
    mine: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
    unsent: str = "",
    error: SurveyError | None = None,
    done: Message | None = None,
) -> str:
    with current_site().database.reading() as store:
        view = _view(store, wave_id, action_id)
    row = plan_row(view.line, language=current_language())
    page = ActionPage(view=view, row=row, unsent=unsent, error=_named(error), done=done)
    if may_here(Permission.PLAN_OUTREACH) and view.action.status is not ActionStatus.CANCELLED:
        stored = texts_of(view.action)
        found = compare(mine or stored, was or stored, stored)
        theirs = {name: page.stored(name, value) for name, value in found.theirs.items()}
        page = replace(page, form=found.shown, was=stored, theirs=theirs)
    return render_template("officials/outreach_action.html", page=page)


def _view(store: Session, wave_id: int, action_id: int) -> ActionView:
    """Raises :class:`NotThere` also for an action of another wave."""
    view = show_action(store, action_id, scope=current_account().scope, today=today())
    if view.wave.id != wave_id:
        raise NotThere(Message(N_("没有编号为 {id} 的行动"), {"id": action_id}))
    return view


def _named(error: SurveyError | None) -> SurveyError | None:
    """The error with the fields it names as the form calls them."""
    if error is None or not error.problems:
        return error
    names = {name: FIELD_NAMES[stored] for name, stored in FIELDS.items()} | {"comment": N_("评论")}
    problems = [replace(each, column=gettext(names.get(each.column, each.column))) for each in error.problems]
    return type(error)(error.message, problems)


def _revision() -> int:
    """The state the form was opened with; nonsense is none there ever was."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _back(wave_id: int, action_id: int, told: str) -> ResponseReturnValue:
    return redirect(url_for("outreach.show", wave_id=wave_id, action_id=action_id, told=told), code=303)
