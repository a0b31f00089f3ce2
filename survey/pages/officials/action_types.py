"""``/outreach/types``: what can be done, in which unit and for how much; what of it is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import BadInput, SurveyError
from survey.outreach import LONGEST_NAME, ActionKind, ActionType
from survey.pages.access import current_account, may_here, needs
from survey.pages.language import current_language
from survey.pages.officials.outreach_forms import amount_text
from survey.pages.site import current_site
from survey.reports.outreach_words import money
from survey.reports.wording import speaker
from survey.roles import Permission
from survey.store.action_types import get_type, list_types
from survey.workflow.edit_outreach import change_type

blueprint = Blueprint("action_types", __name__)

_FIELDS = ("name_zh", "name_en", "unit_zh", "unit_en", "unit_cost", "local_price")


@dataclass(frozen=True, kw_only=True)
class TypesPage:
    """``changing``: the type whose form is open, if any; ``form``: what stands in its fields."""

    types: Sequence[ActionType]
    changing: ActionType | None
    form: Mapping[str, str]
    error: SurveyError | None = None
    saved: bool = False
    longest_name: int = LONGEST_NAME

    def money(self, amount: float) -> str:
        return money(amount, speaker(current_language()))

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
        return _page(code, form=form, error=error), 422
    return redirect(url_for("action_types.show", saved=1), code=303)


def _page(
    code: str, *, form: Mapping[str, str] | None = None, error: SurveyError | None = None, saved: bool = False
) -> str:
    with current_site().database.reading() as store:
        types = list_types(store)
    changing = next((kind for kind in types if kind.code == code), None) if may_here(Permission.PLAN_OUTREACH) else None
    if changing is not None and form is None:
        form = _form_of(changing)
    page = TypesPage(types=types, changing=changing, form=form or {}, error=error, saved=saved)
    return render_template("officials/action_types.html", page=page)


def _form_of(kind: ActionType) -> dict[str, str]:
    return {
        "name_zh": kind.name.zh_Hans,
        "name_en": kind.name.en,
        "unit_zh": kind.unit.zh_Hans,
        "unit_en": kind.unit.en,
        "unit_cost": amount_text(kind.unit_cost_cny),
        "local_price": "" if kind.assumed else "yes",
    }
