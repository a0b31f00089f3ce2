"""A row in every table of the outreach."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from questionnaires.definition import Text
from survey.outreach import ActionKind, Finding, LedgerOutcome
from survey.store.action_types import change_type
from survey.store.ledger_visits import tick
from survey.store.outreach_actions import NewAction, add_actions, change_action
from survey.store.outreach_comments import add_comment
from survey.store.outreach_plans import save_plan
from survey.store.outreach_work import Work, add_work

WORK = UUID("11111111-2222-4333-8444-666666666666")


def new_action(run: int, area: str, position: int = 0) -> NewAction:
    return NewAction(
        run_id=run,
        estimate_position=position,
        kind=ActionKind.TELL,
        finding=Finding.BELOW_TARGET,
        indicator="overall",
        area=area,
        type_code="HOME_VISIT",
        wanted=40,
        quantity=30,
        unit_cost_cny=4.5,
        cost_assumed=True,
        residents=120,
    )


def work_of(action: int, at: datetime, *, number: UUID = WORK, quantity: int = 7) -> Work:
    return Work(id=number, action_id=action, grid="", day=at.date(), people=2, quantity=quantity, at=at, by="王")


def fill_outreach(session: Session, wave: int, run: int, frame: int, *, area: str, at: datetime) -> int:
    """The id of the action, changed once, with a comment, work and a tick of unit 1."""
    plan = save_plan(session, wave_id=wave, run_id=run, budget_cny=1000.0, at=at, by="王")
    (action,) = add_actions(session, plan.id, [new_action(run, area)], at=at, by="王")
    words = {"name": Text(zh_Hans="海报", en="Poster"), "unit": Text(zh_Hans="张", en="posters")}
    change_type(session, "POSTER", **words, unit_cost_cny=12.5, at=at, by="王")
    change_action(session, action, {"owner": "李", "end": at.date()}, revision=1, at=at, by="王")
    add_comment(session, action, "看过了", at=at, by="王")
    add_work(session, work_of(action, at))
    tick(
        session,
        action_id=action,
        frame_id=frame,
        unit_serial=1,
        outcome=LedgerOutcome.REACHED,
        day=at.date(),
        by="王",
    )
    return action
