"""``/outreach/types``: what can be done, in which unit and for how much; what of it is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, SurveyError
from survey.outreach import LONGEST_NAME, ActionKind, ActionType
from survey.pages.access import current_account, may_here, needs
from survey.pages.field_errors import name_fields
from survey.pages.language import current_language, gettext
from survey.pages.officials.outreach_forms import YES, amount_text
from survey.pages.site import current_site
from survey.reports.outreach_words import money
from survey.reports.wording import speaker
from survey.roles import Permission
from survey.store.action_types import TypeChange, get_type, list_type_changes, list_types
from survey.workflow.edit_outreach import change_type

blueprint = Blueprint("action_types", __name__)

#: Field of the store -> what the form calls it.
_FIELD_NAMES: Mapping[str, str] = {
    "name_zh": N_("中文名称"),
    "name_en": N_("英文名称"),
    "unit_zh": N_("中文单位"),
    "unit_en": N_("英文单位"),
    "unit_cost_cny": N_("单价（元）"),
    "assumed": N_("单价为假定"),
}
_FORM_NAMES = {**_FIELD_NAMES, "unit_cost": _FIELD_NAMES["unit_cost_cny"]}
_FIELDS = ("name_zh", "name_en", "unit_zh", "unit_en", "unit_cost", "local_price")


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """``type``, ``words``: of which type, and what, in the reader's words."""

    at: datetime
    by: str
    type: str
    words: str


@dataclass(frozen=True, kw_only=True)
class TypesPage:
    """``changing``: the type whose form is open, if any; ``form``: what stands in its fields."""

    types: Sequence[ActionType]
    changes: Sequence[TypeChange]
    changing: ActionType | None
    form: Mapping[str, str]
    error: SurveyError | None = None
    saved: bool = False
    longest_name: int = LONGEST_NAME

    def money(self, amount: float) -> str:
        return money(amount, speaker(current_language()))

    @property
    def history(self) -> list[ChangeLine]:
        """The newest first."""
        names = {kind.code: kind.name.in_language(current_language()) for kind in self.types}
        return [
            ChangeLine(at=one.at, by=one.by, type=names.get(one.code, one.code), words=_words(one))
            for one in reversed(self.changes)
        ]

    def kinds_of(self, kind: ActionType) -> tuple[ActionKind, ...]:
        return tuple(each for each in ActionKind if each in kind.kinds)


@blueprint.get("/outreach/types")
@needs(Permission.SEE_OUTREACH)
def show() -> ResponseReturnValue:
    return _page(request.args.get("change", ""), saved="saved" in request.args)


@blueprint.post("/outreach/types/<code>")
@needs(Permission.PLAN_OUTREACH)
def change(code: str) -> ResponseReturnValue:
    """Whoever enters another price vouches for it."""
    form = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        with current_site().database.writing() as store:
            if form["unit_cost"] != amount_text(get_type(store, code).unit_cost_cny):
                form["local_price"] = "yes"
            change_type(store, code, form, at=datetime.now(UTC), by=current_account().name)
    except BadInput as error:
        return _page(code, form=form, error=name_fields(error, _FORM_NAMES)), 422
    return redirect(url_for("action_types.show", saved=1), code=303)


def _page(
    code: str, *, form: Mapping[str, str] | None = None, error: SurveyError | None = None, saved: bool = False
) -> str:
    with current_site().database.reading() as store:
        types, changes = list_types(store), list_type_changes(store)
    changing = next((kind for kind in types if kind.code == code), None) if may_here(Permission.PLAN_OUTREACH) else None
    if changing is not None and form is None:
        form = _form_of(changing)
    page = TypesPage(types=types, changes=changes, changing=changing, form=form or {}, error=error, saved=saved)
    return render_template("officials/action_types.html", page=page)


def _words(change: TypeChange) -> str:
    before, after = change.before, change.after
    if change.field == "assumed":
        before, after = gettext(YES[before]), gettext(YES[after])
    name = gettext(_FIELD_NAMES[change.field])
    return gettext(N_("{field}：{before} → {after}"), field=name, before=before, after=after)


def _form_of(kind: ActionType) -> dict[str, str]:
    return {
        "name_zh": kind.name.zh_Hans,
        "name_en": kind.name.en,
        "unit_zh": kind.unit.zh_Hans,
        "unit_en": kind.unit.en,
        "unit_cost": amount_text(kind.unit_cost_cny),
        "local_price": "" if kind.assumed else "yes",
    }
