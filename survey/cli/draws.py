"""``survey draw``: draw a sample, approve or reject it as another person, verify it."""

from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current
from survey.messages import N_, Message, NotThere
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.store.draws import Draw

#: How the seed came about, in words.
_SEEDS = {"given": "seed given", "machine": "seed made by the machine"}
DRAW_ID = click.argument("draw_id", metavar="ID", type=RECORD_ID)


@click.group()
def draw() -> None:
    """Draws: which units of the frame are asked."""


@draw.command("run")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--per-community", type=int, default=100, show_default=True, help="Units drawn in each community.")
@click.option("--seed", help="16 to 128 hex digits; without it the machine makes one. Neither is a public draw.")
@verb(needs=Permission.DRAW)
def run(wave_id: int, per_community: int, seed: str | None) -> Answer:
    """Propose a draw: stratified by community, systematic along the addresses."""
    from survey.i18n import render
    from survey.workflow.draw_sample import draw_sample

    with open_current().writing() as session:
        drawn = draw_sample(session, wave_id, per_community=per_community, seed=seed, at=now(), by=acting())
    warnings = [render(warning, language()) for warning in drawn.warnings]
    return Answer(
        document={
            "draw": drawn.draw,
            "digest": drawn.digest,
            "cases": drawn.cases,
            "communities": [
                {"area": part.area.code, "name": part.area.name, "units": part.units, "cases": part.cases}
                for part in drawn.communities
            ],
            "public": False,
            "seed_source": drawn.seed_source,
            "warnings": warnings,
        },
        lines=[
            f"draw {drawn.draw}: {drawn.cases} cases, not a public draw, sha256 {drawn.digest}",
            _SEEDS[drawn.seed_source],
            *(f"{part.area.code}\t{part.cases} of {part.units}\t{part.area.name}" for part in drawn.communities),
            *(f"! {warning}" for warning in warnings),
        ],
    )


@draw.command("approve")
@DRAW_ID
@verb(needs=Permission.APPROVE_DRAWS)
def approve(draw_id: int) -> Answer:
    """Approve a draw that somebody else made."""
    from survey.workflow.decide_draw import approve_draw

    _require_reach(draw_id)
    with open_current().writing() as session:
        decided = approve_draw(session, draw_id, at=now(), by=acting())
    return Answer(
        document={"draw": draw_id, "state": "approved", "wave": decided.wave_id}, lines=[f"draw {draw_id} approved"]
    )


@draw.command("reject")
@DRAW_ID
@click.option("--reason", required=True, help="The error in frame or program.")
@verb(needs=Permission.APPROVE_DRAWS)
def reject(draw_id: int, reason: str) -> Answer:
    """Reject a draw that somebody else made; it stays on record."""
    from survey.workflow.decide_draw import reject_draw

    _require_reach(draw_id)
    with open_current().writing() as session:
        decided = reject_draw(session, draw_id, reason=reason, at=now(), by=acting())
    return Answer(
        document={"draw": draw_id, "state": "rejected", "wave": decided.wave_id, "reason": decided.reason},
        lines=[f"draw {draw_id} rejected"],
    )


@draw.command("verify")
@DRAW_ID
@verb(needs=Permission.SEE_CASES)
def verify(draw_id: int) -> Answer:
    """Repeat a draw from what is stored (exit 1 with what does not fit)."""
    from survey.workflow.verify_draw import verify_draw

    _require_reach(draw_id)
    with open_current().reading() as session:
        found = verify_draw(session, draw_id)
    return Answer(
        document={"draw": draw_id, "digest": found.draw.digest, "cases": found.cases, "units": found.units, "ok": True},
        lines=[
            f"draw {draw_id}: {found.cases} cases of {found.units} units come out again, sha256 {found.draw.digest}"
        ],
    )


@draw.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_CASES)
def list_(wave_id: int) -> Answer:
    """List the draws of a wave, rejected ones too, the newest first."""
    from survey.store.draws import list_draws
    from survey.store.waves import get_wave

    with open_current().reading() as session:
        draws = list_draws(session, get_wave(session, wave_id).id)
    return Answer(
        document={"draws": [described(one) for one in draws]},
        lines=[f"{one.id}\t{one.state}\t{one.cases} cases\t{one.drawn_by}\t{one.digest}" for one in draws],
    )


def described(draw: "Draw") -> dict[str, Any]:
    """A draw as JSON shows it."""
    return {
        "draw": draw.id,
        "state": draw.state,
        "per_community": draw.per_community,
        "method": draw.method,
        "public": draw.public,
        "seed": draw.seed,
        "seed_source": draw.seed_source,
        "salt": draw.salt,
        "digest": draw.digest,
        "frame_digest": draw.frame_digest,
        "cases": draw.cases,
        "drawn_by": draw.drawn_by,
        "drawn_at": draw.drawn_at.isoformat(),
        "decided_by": draw.decided_by,
        "decided_at": draw.decided_at.isoformat() if draw.decided_at else None,
        "reason": draw.reason,
    }


def _require_reach(draw_id: int) -> None:
    """A draw of a wave out of reach is not there."""
    from survey.store.draws import get_draw

    scope = acting_scope()
    with open_current().reading() as session:
        wave_id = get_draw(session, draw_id).wave_id
    if not scope.sees_wave(wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的抽样"), {"id": draw_id}))
