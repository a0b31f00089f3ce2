"""What may not stand between the draws of a series: a seed that was used, and a draw that a promise does not know."""

from datetime import datetime

from sqlalchemy.orm import Session

from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws
from analysis.sampling.sample_design import SampleDesign
from survey.casework.drawing import ReadyFrame, find_earlier, first_day, is_by_numbers, visited_on
from survey.messages import N_, BadInput, Conflict, Message
from survey.store.draw_commitments import Commitment
from survey.store.draws import Draw, DrawState, list_draws_of_kind


def refuse_used_seed(session: Session, ready: ReadyFrame, seed: str) -> None:
    """Raises :class:`BadInput` naming the draw of such units, of any wave and rejected ones too, that ``seed`` made:
    two draws of one seed are no two lots, and whoever saw the first knows the second.
    """
    if ready.frame.kind is None:
        return
    for draw in list_draws_of_kind(session, ready.frame.kind):
        if draw.seed == seed:
            message = N_(
                "这个种子已经用于第 {draw} 号抽样（轮次 {wave}）：同一个种子抽两次，第二次就不再是随机的。"
                "请另给一个种子，或不给种子、由本机产生"
            )
            raise BadInput(Message(message, {"draw": draw.id, "wave": draw.wave_id}))


def refuse_drawn_since(
    session: Session, ready: ReadyFrame, design: SampleDesign, commitment: Commitment, *, at: datetime
) -> None:
    """Raises :class:`Conflict` naming a draw that was approved after a ``commitment`` to draw by permanent numbers and
    whose homes would have to rest: they were not promised to, so they would be visited twice. The earlier draws are
    part of the promise, so it is not put in afterwards; the commitment is withdrawn openly and made again.

    So it does while another draw of the series waits for its approval.
    """
    if not design.uses_permanent_numbers or ready.frame.kind is None:
        return
    find_earlier(session, ready, design, at=at)  # refuses beside one that waits
    months = design.rest.months if design.rest else 0
    for draw in list_draws_of_kind(session, ready.frame.kind):
        approved = draw.decided_at if draw.state is DrawState.APPROVED else None
        if approved is None or approved <= commitment.committed_at:
            continue
        if is_by_numbers(draw) or _rests(session, ready, draw, months, at):
            message = N_(
                "第 {draw} 号抽样（轮次 {wave}）在第 {id} 号承诺之后获得批准，承诺里没有它："
                "照承诺抽，它的住户不会轮休。什么也没有抽："
                "请由另一人写明理由公开撤回承诺（survey draw withdraw {id} --reason …），另作承诺"
            )
            raise Conflict(Message(message, {"draw": draw.id, "wave": draw.wave_id, "id": commitment.id}))


def _rests(session: Session, ready: ReadyFrame, draw: Draw, months: int, at: datetime) -> bool:
    """Whether its homes were visited within so many months."""
    visited = EarlierDraw(visited_on=visited_on(session, draw), windows={})
    return bool(EarlierDraws(series_seed=b"\0", on=first_day(ready, at), draws=(visited,)).within(months))
