"""``POST /try/<role>``: look around in the demo as somebody of that role, without a password."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, make_response, redirect, request
from flask.typing import ResponseReturnValue

from survey.messages import N_, Message
from survey.pages.access import open_to_all, start_trial
from survey.pages.errors import TITLES, error_page
from survey.pages.forwarding import client_address
from survey.pages.redirects import local_path
from survey.pages.site import current_site
from survey.roles import Role
from survey.workflow.try_example import open_examples, try_example

blueprint = Blueprint("examples", __name__)

#: What each role does, in a line beside its button. An administrator is never an example.
ROLE_WORK = {
    Role.STATISTICIAN: N_("抽样框、抽签、调查的开始与关闭、估计值"),
    Role.SUPERVISOR: N_("批准抽签、分派样本户、审核访问"),
    Role.CANVASSER: N_("派给自己的样本户、到访记录、当面访问"),
    Role.OFFICIAL: N_("已发布的结果、报告、宣传与整改计划"),
    Role.LEADER: N_("只看已发布的结果"),
    Role.GRID_WORKER: N_("自己网格里的宣传行动"),
    Role.DEPARTMENT: N_("交给各部门的整改"),
}


@dataclass(frozen=True, kw_only=True)
class RoleButton:
    role: Role
    work: Message


def init_app(app: Flask) -> None:
    app.jinja_env.globals["role_buttons"] = role_buttons


def role_buttons() -> tuple[RoleButton, ...]:
    """For templates: the roles that can be tried; none where the site has no open example accounts."""
    with current_site().database.reading() as store:
        roles = open_examples(store)
    return tuple(RoleButton(role=role, work=Message(ROLE_WORK[role])) for role in roles)


@blueprint.post("/try/<role>")
@open_to_all
def sign_in(role: str) -> ResponseReturnValue:
    site = current_site()
    with site.database.writing() as store:
        trial = try_example(
            store, role, address=client_address(), secret_key=site.config.secret_key, at=datetime.now(UTC)
        )
    if trial.account is None:
        return _try_later(trial.minutes_to_wait)
    start_trial(trial.account)
    return redirect(local_path(request.form.get("next")) or "/", code=303)


def _try_later(minutes: int) -> ResponseReturnValue:
    advice = Message(N_("这里刚刚登录了太多次。请在 {minutes} 分钟后再试。"), {"minutes": minutes})
    response = make_response(error_page(429, Message(TITLES[429]), advice))
    response.headers["Retry-After"] = str(minutes * 60)
    return response
