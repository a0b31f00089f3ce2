"""``survey fieldwork``: response rates from the visit log, and what waits for a supervisor."""

from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting_scope, now, open_current
from survey.roles import Permission

if TYPE_CHECKING:
    from analysis.fieldwork.response_rates import ResponseRates
    from survey.keys import KeyRing
    from survey.workflow.show_fieldwork import Days, FieldPlan, FieldTables, Progress

#: As AAPOR writes them.
RATES = (
    *(f"RR{number}" for number in range(1, 7)),
    *(f"COOP{number}" for number in range(1, 5)),
    *(f"{name}{number}" for name in ("REF", "CON") for number in range(1, 4)),
)


@click.group()
def fieldwork() -> None:
    """Visits, outcomes and response rates."""


@fieldwork.command("rates")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_FIELDWORK)
def rates(wave_id: int) -> Answer:
    """Response, cooperation, refusal and contact rates of a wave, plain and weighted, and what they come from."""
    from survey.workflow.show_fieldwork import show_fieldwork

    with open_current().reading() as session:
        found = show_fieldwork(session, _keys(), wave_id)
    document = {
        "wave": wave_id,
        "state": found.state,
        **_document(found.total),
        "by_area": {area: _document(progress) for area, progress in found.by_area.items()},
        "by_canvasser": {one.name: _of_canvasser(found.tables, one.id) for one in found.canvassers},
        "by_day": [_of_days(days) for days in found.tables.days],
        "plan": _of_plan(found.plan) if found.plan else None,
        "unassigned": found.unassigned,
        "quarantined": sum(found.quarantined.values()),
    }
    return Answer(document=document, lines=_lines(document))


@fieldwork.command("waiting")
@click.option(
    "--wave",
    "wave_id",
    type=RECORD_ID,
    help="Without it: what belongs to no open wave; for an account limited to waves, theirs.",
)
@verb(needs=Permission.REVIEW_INTERVIEWS)
def waiting(wave_id: int | None) -> Answer:
    """List the payloads in quarantine: number, kind and reason, nothing of their content."""
    from survey.store.inbox import PayloadState, list_inbox

    # As in settling: what belongs to no wave is not for an account that is limited to some.
    waves: list[int | None] = [wave_id] if wave_id is not None else [*sorted(acting_scope().waves)] or [None]
    with open_current().reading() as session:
        rows = [row for wave in waves for row in list_inbox(session, wave, state=PayloadState.QUARANTINED)]
    return Answer(
        document={"wave": wave_id, "waiting": [{"id": str(r.uuid), "kind": r.kind, "reason": r.reason} for r in rows]},
        lines=[f"{row.uuid}\t{row.kind}\t{row.reason}" for row in rows] or ["nothing waits"],
    )


@fieldwork.command("settle")
@click.argument("payload", type=click.UUID)
@click.option("--accept/--void", "accept", required=True, default=None, help="Let it count, or never.")
@click.option("--note", required=True, help="Why; kept sealed.")
@verb(needs=Permission.REVIEW_INTERVIEWS)
def settle(payload: UUID, accept: bool, note: str) -> Answer:
    """Accept a payload in quarantine, or make it void."""
    from survey.workflow.settle_quarantine import Decision, settle_quarantine

    with open_current().writing() as session:
        state = settle_quarantine(
            session,
            _keys(),
            payload,
            decision=Decision.ACCEPT if accept else Decision.VOID,
            note=note,
            scope=acting_scope(),
            at=now(),
        )
    return Answer(document={"id": str(payload), "state": state}, lines=[f"{payload} {state}"])


def _keys() -> "KeyRing":
    from survey.config import read_config
    from survey.keys import KeyRing

    return KeyRing(folder=read_config().keys)


def _document(progress: "Progress") -> dict[str, Any]:
    """Rates 0-1 (null: undefined), e and where it comes from; what is null besides was not kept when a wave closed."""
    return {
        **_rates(progress.rates),
        "weighted": _rates(progress.weighted),
        "dispositions": {code.value: cases for code, cases in progress.dispositions.items()},
        "cases": progress.cases,
        "completes": progress.completes,
        "visits": progress.visits,
        "visits_per_case": progress.visits_per_case,
        "evening_share": progress.evening_share,
        "weekend_share": progress.weekend_share,
        "never_visited": progress.not_attempted,
        "unreached_under_three_visits": progress.under_three,
        "unreached_office_hours_only": progress.office_hours_only,
    }


def _of_canvasser(tables: "FieldTables", account: int) -> dict[str, Any]:
    """What this person did: visits made, and rates of the cases whose outcome they brought (of those nobody brought one
    for, who has them now). ``holding``: the cases in their hands now, whoever was there before.
    """
    from survey.casework.field_tables import add_up

    nothing = add_up(())
    done = _document(tables.by_canvasser.get(account, nothing))
    held = tables.holding.get(account, nothing)
    # Another person's visits stand at the case, and what is left to do is a matter of who has it now.
    for key in ("visits_per_case", "never_visited", "unreached_under_three_visits", "unreached_office_hours_only"):
        del done[key]
    return {
        **done,
        "holding": {
            "cases": held.cases,
            "never_visited": held.not_attempted,
            "unreached_under_three_visits": held.under_three,
            "unreached_office_hours_only": held.office_hours_only,
        },
    }


def _rates(found: "ResponseRates") -> dict[str, Any]:
    return {**{name: getattr(found, name.lower()) for name in RATES}, "e": found.e, "e_method": found.e_method}


def _of_days(days: "Days") -> dict[str, Any]:
    """``through``: a later day where a closed wave keeps several together."""
    return {
        "day": days.first.isoformat(),
        "through": days.last.isoformat(),
        "attempts": days.attempts,
        "contacts": days.contacts,
        "completes": days.completes,
    }


def _of_plan(plan: "FieldPlan") -> dict[str, Any]:
    """``expected``: completes when all is done; ``due``: by now; ``needed_each_day``: of the days that are left."""
    today = now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    told = plan.expectation
    return {
        "drawn": plan.drawn,
        "released": plan.released,
        "completes": plan.completes,
        "expected": plan.expected,
        "expected_share": told.share if told else None,
        "expected_by": told.by if told else None,
        "expected_by_name": told.name if told else None,
        "start": plan.start.isoformat() if plan.start else None,
        "end": plan.end.isoformat() if plan.end else None,
        "due": plan.due(today),
        "needed_each_day": plan.needed_each_day(today),
    }


def _lines(document: dict[str, Any]) -> list[str]:
    weighted = document["weighted"]
    plan = document["plan"]
    return [
        f"{document['cases']} cases, {document['visits']} visits, {_shown(document['visits_per_case'], 2)} each",
        "\tplain\tweighted",
        *(f"{name}\t{_shown(document[name])}\t{_shown(weighted[name])}" for name in (*RATES, "e")),
        f"e by {document['e_method']}",
        f"evening\t{_shown(document['evening_share'])}",
        f"weekend\t{_shown(document['weekend_share'])}",
        f"{document['never_visited']} cases never visited",
        *(f"{code}\t{cases} cases" for code, cases in document["dispositions"].items()),
        *(
            f"{area}\tRR1 {_shown(found['RR1'])}\t{found['cases']} cases\t{found['visits']} visits"
            for area, found in document["by_area"].items()
        ),
        *([f"{plan['completes']} of {plan['expected']} expected completes"] if plan and plan["expected"] else []),
        *([f"{document['quarantined']} records wait for a supervisor"] if document["quarantined"] else []),
    ]


def _shown(rate: float | None, places: int = 4) -> str:
    return "-" if rate is None else f"{rate:.{places}f}"
