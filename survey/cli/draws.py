"""``survey draw``: promise a draw, draw a sample, approve or reject it as another person, release reserves."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.draw_files import DRAW_ID, certificate, export, require_reach, verify
from survey.cli.draw_reviews import review
from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current
from survey.cli.teams import teams, verify_teams
from survey.cli.text_files import read_text
from survey.messages import N_, BadInput, Message, NotThere
from survey.roles import Permission

if TYPE_CHECKING:
    from analysis.sampling.sample_design import SampleDesign
    from survey.sampling.public_values import PublicValue, PublicValueName

FILE = click.Path(path_type=Path)


_VALUES_HELP = (
    "The values as they were published: draw as promised. TOML, for each a [[value]] with name, value, published_at "
    "(with its zone) and source, as in survey/demo/public-values.toml."
)


@click.group()
def draw() -> None:
    """Draws: which units of the frame are asked."""


for command in (export, verify, certificate, review, teams, verify_teams):
    draw.add_command(command)


@draw.command("run")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--per-community", type=int, help="Units drawn in each community.  [default: 100]")
@click.option(
    "--design", "design_file", type=FILE, help="design.toml: stages, allocation, reserves, rest, teams, lottery."
)
@click.option("--seed", help="16 to 128 hex digits; without it the machine makes one. Neither is a public draw.")
@click.option("--commit", is_flag=True, help="Draw nothing yet: promise frame, design, secret and public values.")
@click.option("--public-values", "values_file", type=FILE, help=_VALUES_HELP)
@click.option("--dry-run", is_flag=True, help="With --public-values: draw nothing, print the value that would be used.")
@verb(needs=Permission.DRAW)
def run(
    wave_id: int,
    per_community: int | None,
    design_file: Path | None,
    seed: str | None,
    commit: bool,
    values_file: Path | None,
    dry_run: bool,
) -> Answer:
    """Propose a draw: so many in every community along the addresses, or by a design."""
    from survey.cli.draw_answers import checked_answer, committed_answer, drawn_answer
    from survey.i18n import render
    from survey.sampling.sample_designs import of_equal
    from survey.workflow.check_public_values import check_public_values
    from survey.workflow.commit_draw import commit_draw
    from survey.workflow.draw_sample import DEFAULT_PER_COMMUNITY, draw_in_public, draw_sample

    _one_of({"--per-community": per_community is not None, "--design": design_file is not None})
    _one_of({"--seed": seed is not None, "--commit": commit, "--public-values": values_file is not None})
    design, named = _design(per_community, design_file)
    values = _public_values(values_file) if values_file else ()
    if dry_run:
        if not values_file:
            raise BadInput(Message(N_("--dry-run 和 --public-values 一起用：只核对公开数字，什么也不抽")))
        with open_current().reading() as session:
            return checked_answer(check_public_values(session, wave_id, values=values, design=design, at=now()))
    with open_current().writing() as session:
        if commit:
            promised = design or of_equal(DEFAULT_PER_COMMUNITY)
            commitment = commit_draw(session, wave_id, design=promised, public_values=named, at=now(), by=acting())
            return committed_answer(commitment)
        if values_file:
            drawn = draw_in_public(session, wave_id, values=values, design=design, at=now(), by=acting())
        else:
            drawn = draw_sample(session, wave_id, design=design, seed=seed, at=now(), by=acting())
    return drawn_answer(drawn, [render(warning, language()) for warning in drawn.warnings])


def _one_of(given: Mapping[str, bool]) -> None:
    named = [option for option, there in given.items() if there]
    if len(named) > 1:
        raise BadInput(Message(N_("{options} 只能用其中之一"), {"options": " / ".join(named)}))


def _design(
    per_community: int | None, file: Path | None
) -> tuple["SampleDesign | None", tuple["PublicValueName", ...]]:
    from survey.sampling.sample_designs import of_equal, read_design
    from survey.sampling.samples import check_per_community

    if file is not None:
        return read_design(read_text(file), file.name)
    if per_community is None:
        return None, ()
    check_per_community(per_community)
    return of_equal(per_community), ()


def _public_values(file: Path) -> tuple["PublicValue", ...]:
    from survey.files.public_value_file import read_public_values

    return read_public_values(read_text(file), file.name)


@draw.command("withdraw")
@click.argument("commitment_id", metavar="COMMITMENT", type=RECORD_ID)
@click.option("--reason", required=True, help="Which public value will not come, and why; stays published.")
@verb(needs=Permission.APPROVE_DRAWS)
def withdraw(commitment_id: int, reason: str) -> Answer:
    """Withdraw somebody else's commitment whose public value will not come; it stays on record."""
    from survey.cli.draw_answers import withdrawn_answer
    from survey.store.draw_commitments import get_commitment
    from survey.workflow.withdraw_commitment import withdraw_commitment

    with open_current().writing() as session:
        if not acting_scope().sees_wave(get_commitment(session, commitment_id).wave_id):
            raise NotThere(Message(N_("没有编号为 {id} 的抽签承诺"), {"id": commitment_id}))
        done = withdraw_commitment(session, commitment_id, reason=reason, at=now(), by=acting())
    return withdrawn_answer(done)


@draw.command("release")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--area", required=True, help="Code of the community.")
@click.option("--reason", required=True, help="Stays on record; a release is never taken back.")
@verb(needs=Permission.DRAW)
def release(wave_id: int, area: str, reason: str) -> Answer:
    """Release the next reserve of a community, whole."""
    from survey.cli.draw_answers import released_answer
    from survey.workflow.release_replicate import release_replicate

    with open_current().writing() as session:
        return released_answer(release_replicate(session, wave_id, area=area, reason=reason, at=now(), by=acting()))


@draw.command("approve")
@DRAW_ID
@click.option("--without-review", "unreviewed", default="", help="Why nobody reviews it first; stays on record.")
@verb(needs=Permission.APPROVE_DRAWS)
def approve(draw_id: int, unreviewed: str) -> Answer:
    """Approve a draw that somebody else made, once ``draw review`` was kept for it."""
    from survey.workflow.decide_draw import approve_draw

    require_reach(draw_id)
    with open_current().writing() as session:
        decided = approve_draw(session, draw_id, unreviewed=unreviewed, at=now(), by=acting())
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

    require_reach(draw_id)
    with open_current().writing() as session:
        decided = reject_draw(session, draw_id, reason=reason, at=now(), by=acting())
    return Answer(
        document={"draw": draw_id, "state": "rejected", "wave": decided.wave_id, "reason": decided.reason},
        lines=[f"draw {draw_id} rejected"],
    )


@draw.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_CASES)
def list_(wave_id: int) -> Answer:
    """List the draws of a wave, rejected ones too, the newest first; and what was promised.

    Seed and salt of a public draw, and the secret, are told once the wave is closed.
    """
    from survey.casework.draw_records import OVER
    from survey.cli.draw_answers import commitment_document, draw_document
    from survey.store.draw_commitments import list_commitments
    from survey.store.draws import list_draws
    from survey.store.replicate_releases import list_releases
    from survey.store.waves import get_wave

    with open_current().reading() as session:
        closed = get_wave(session, wave_id).state in OVER
        draws = [(one, list_releases(session, one.id)) for one in list_draws(session, wave_id)]
        commitments = list_commitments(session, wave_id)
    return Answer(
        document={
            "draws": [draw_document(one, closed=closed, releases=releases) for one, releases in draws],
            "commitments": [commitment_document(one, closed=closed) for one in commitments],
        },
        lines=[
            *(f"{one.id}\t{one.state}\t{one.cases} cases\t{one.drawn_by}\t{one.digest}" for one, _ in draws),
            *(
                f"commitment {one.id}\t{one.committed_by}\tsecret sha256 {one.secret_digest}\t"
                + ", ".join(value.name for value in one.public_values)
                + (f"\twithdrawn: {one.withdrawn.reason}" if one.withdrawn else "")
                for one in commitments
            ),
        ],
    )
