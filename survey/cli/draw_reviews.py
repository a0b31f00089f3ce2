"""``survey draw review``: the sample beside its frame, and what looks odd in the frame."""

from typing import TYPE_CHECKING

import click

from survey.cli.draw_files import DRAW_ID, require_reach
from survey.cli.output import Answer, verb
from survey.cli.site import acting, now, open_current
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.sampling.draw_review import Review


@click.command("review")
@DRAW_ID
@verb(needs=Permission.APPROVE_DRAWS)
def review(draw_id: int) -> Answer:
    """Compare a draw with its frame and with redraws, look at the frame, and keep what was found."""
    from survey.sampling.draw_review import review_document
    from survey.workflow.review_draw import keep_review, look_at_draw

    require_reach(draw_id)
    database = open_current()
    with database.reading() as session:
        seen = look_at_draw(session, draw_id)
    with database.writing() as session:
        found = keep_review(session, draw_id, seen, at=now(), by=acting())
    return Answer(document={"draw": draw_id, **review_document(found.review)}, lines=_lines(draw_id, found.review))


def _lines(draw_id: int, found: "Review") -> list[str]:
    balance, quality = found.balance, found.quality
    return [
        f"draw {draw_id}: largest difference {balance.largest:.3f} sd; as large or larger in {balance.larger:.1%} of "
        f"{balance.redraws} redraws",
        *(
            f"{one.code}\tsample {one.sample:.4g}\tframe {one.frame:.4g}\t{one.difference:+.3f} sd\t"
            f"usually {one.usual_low:+.3f} to {one.usual_high:+.3f}"
            for one in balance.covariates
        ),
        f"frame: {quality.double_count} doors that read like another, {quality.gap_count} entrances with gaps",
        *("! " + " = ".join(group) for group in quality.doubles),
        *(f"! {place} lacks {', '.join(doors)}" for place, doors in quality.gaps),
    ]
