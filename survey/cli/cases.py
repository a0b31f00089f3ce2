"""``survey case``: the drawn units and who goes there."""

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting, now, open_current
from survey.roles import Permission


@click.group()
def case() -> None:
    """Cases: the drawn units of a wave."""


@case.command("assign")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.ASSIGN_CASES)
def assign(wave_id: int) -> Answer:
    """Deal the unassigned cases at random to at least two canvassers per community, by a seed that follows from the
    draw's; where teams were drawn, to the team of the community.
    """
    from survey.store.accounts import get_account
    from survey.workflow.assign_cases import assign_cases

    with open_current().writing() as session:
        done = assign_cases(session, wave_id, at=now(), by=acting())
        names = {account: found.name for account in done.canvassers if (found := get_account(session, account))}
    canvassers = {names[account]: count for account, count in sorted(done.canvassers.items())}
    no_teams = "no teams were drawn for this draw: cases went to everybody who may go there"
    warnings = [] if done.in_teams else [no_teams]
    return Answer(
        document={
            "wave": wave_id,
            "cases": done.cases,
            "round": done.round,
            "seed": done.seed,
            "seeds": {str(number): seed for number, seed in done.seeds.items()},
            "warnings": warnings,
            "canvassers": canvassers,
        },
        lines=[
            f"{done.cases} cases assigned",
            *(f"round {number}\tseed {seed}" for number, seed in done.seeds.items()),
            *(f"{count}\t{name}" for name, count in canvassers.items()),
            *(f"! {warning}" for warning in warnings),
        ],
    )


@case.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_CASES)
def list_(wave_id: int) -> Answer:
    """List the cases of the approved draw in walking order."""
    from survey.workflow.show_assignments import list_wave_cases

    with open_current().reading() as session:
        found = list_wave_cases(session, wave_id)
    return Answer(
        document={
            "wave": wave_id,
            "cases": [
                {
                    "case": str(one.case.id),
                    "area": one.case.area,
                    "grid": one.case.grid,
                    "unit": one.case.unit_serial,
                    "address": one.address,
                    "inclusion_n": one.case.inclusion_n,
                    "inclusion_total": one.case.inclusion_total,
                    "canvasser": one.canvasser.name if one.canvasser else None,
                }
                for one in found
            ],
        },
        lines=[
            f"{one.case.id}\t{one.case.area}\t{one.address}\t{one.canvasser.name if one.canvasser else '-'}"
            for one in found
        ],
    )
