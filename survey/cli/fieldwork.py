"""``survey fieldwork``: response rates from the visit log, and what waits for a supervisor."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting_scope, now, open_current
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.keys import KeyRing
    from survey.workflow.show_fieldwork import Progress

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
    """Response, cooperation, refusal and contact rates of a wave, and the final codes they come from."""
    from survey.workflow.show_fieldwork import show_fieldwork

    with open_current().reading() as session:
        found = show_fieldwork(session, _keys(), wave_id)
    document = {"wave": wave_id, "state": found.state, **_document(found.total)}
    document["by_area"] = {area: _document(progress) for area, progress in found.by_area.items()}
    document["quarantined"] = sum(found.quarantined.values())
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
    """All rates 0-1 (null: undefined), e and where it comes from, and cases per final code."""
    found = progress.rates
    return {
        **{name: getattr(found, name.lower()) for name in RATES},
        "e": found.e,
        "e_method": found.e_method,
        "dispositions": {code.value: cases for code, cases in progress.dispositions.items()},
        "cases": progress.cases,
        "visits": progress.visits,
    }


def _lines(document: dict[str, Any]) -> list[str]:
    return [
        f"{document['cases']} cases, {document['visits']} visits",
        *(f"{name}\t{_shown(document[name])}" for name in (*RATES, "e")),
        f"e by {document['e_method']}",
        *(f"{code}\t{cases} cases" for code, cases in document["dispositions"].items()),
        *(f"{area}\tRR1 {_shown(found['RR1'])}\t{found['cases']} cases" for area, found in document["by_area"].items()),
        *([f"{document['quarantined']} records wait for a supervisor"] if document["quarantined"] else []),
    ]


def _shown(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.4f}"
