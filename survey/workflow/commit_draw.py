"""Commit to a public draw: frame, design and a secret's digest are published, and which public values will count."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.sampling.earlier_draws import earlier_text
from analysis.sampling.lottery import SECRET_BYTES
from analysis.sampling.sample_design import SampleDesign
from analysis.sampling.value_spelling import Spelling
from survey.casework.draw_errors import refused_in_words
from survey.casework.drawing import find_earlier, read_ready_frame
from survey.casework.kept_promises import find_waiting
from survey.casework.public_draws import name_key, normal_name
from survey.messages import N_, BadInput, Conflict, Message
from survey.sampling.promised_method import promised_method
from survey.sampling.public_values import PublicValueName, told_in_beijing
from survey.sampling.sample_designs import canonical
from survey.sampling.samples import METHOD, select
from survey.store.draw_commitments import Commitment, add_commitment
from survey.store.draws import used_values, values_of_draws

LONGEST_NAME = 200
MOST_VALUES = 20


def commit_draw(
    session: Session,
    wave_id: int,
    *,
    design: SampleDesign,
    public_values: Sequence[PublicValueName],
    at: datetime,
    by: str,
) -> Commitment:
    """The commitment, whose secret nobody is shown before the wave is closed.

    Raises ``BadInput`` for a design that cannot be drawn from this frame, and for public values that are missing,
    named twice, without one spelling promised, or may be known by now, as those are that a draw of any wave was made
    of; :class:`Conflict` as :func:`survey.casework.drawing.read_ready_frame`, and while the last commitment has a value
    left: who could choose among commitments could choose the draw.
    """
    values = _checked(public_values, at)
    ready = read_ready_frame(session, wave_id, design)
    earlier = find_earlier(session, ready, design, at=at)
    with refused_in_words(ready.frame.areas):  # what cannot be drawn is not promised: a draw for nothing tells
        select(ready.units, design, seed=secrets.token_hex(SECRET_BYTES), earlier=earlier)
    before = find_waiting(session, wave_id)
    if before is not None:
        left = len(before.public_values) - len(used_values(session, before.id))
        message = N_(
            "第 {id} 号承诺还有 {left} 个公开数字没有用：同一轮次不能另作承诺，否则等于可以挑选抽签的结果；"
            "公开数字不会来了，就由另一人写明理由公开撤回它（survey draw withdraw {id} --reason …）"
        )
        raise Conflict(Message(message, {"id": before.id, "left": left}))
    _check_unknown(session, values)
    return add_commitment(
        session,
        wave_id=wave_id,
        frame_id=ready.frame.id,
        frame_digest=ready.digest,
        design=canonical(design),
        earlier=earlier_text(earlier),
        secret=secrets.token_hex(SECRET_BYTES),
        public_values=values,
        at=at,
        by=by,
        method=promised_method(METHOD, design),
    )


def _checked(public_values: Sequence[PublicValueName], at: datetime) -> tuple[PublicValueName, ...]:
    values = tuple(replace(one, name=normal_name(one.name)) for one in public_values)
    if not 1 <= len(values) <= MOST_VALUES:
        message = N_("承诺要约定 1 到 {most} 个公开数字（design.toml 的 [lottery] public_values），得到 {got} 个")
        raise BadInput(Message(message, {"most": MOST_VALUES, "got": len(values)}))
    names = [name_key(one.name) for one in values]
    for value in values:
        if not value.name or len(value.name) > LONGEST_NAME or not value.name.isprintable():
            message = N_("公开数字的名称“{got}”应有 1 到 {most} 个看得见的字")
            raise BadInput(Message(message, {"got": value.name[:40], "most": LONGEST_NAME}))
        if value.spelling is None or value.spelling.spelling is Spelling.DIGITS:
            message = N_(
                "公开数字“{name}”没有约定写法：看得到密数的人可以在几种写法里挑选种子。请约定 digits_ascending"
                "（号码从小到大，共几位数字，另开的另写）、digits_drawn（按开出的先后）、hex（十六进制）"
                "或 decimals（带几位小数）"
            )
            raise BadInput(Message(message, {"name": value.name}))
        if names.count(name_key(value.name)) > 1:
            raise BadInput(Message(N_("公开数字“{name}”约定了两次：每个只能用一次"), {"name": value.name}))
        if value.not_before <= at:
            message = N_("公开数字“{name}”的公布时间 {got} 不晚于现在（{now}，都是北京时间）：承诺时它可能已经知道")
            told = {"got": told_in_beijing(value.not_before), "now": told_in_beijing(at)}
            raise BadInput(Message(message, {"name": value.name, **told}))
    return values


def _check_unknown(session: Session, values: Sequence[PublicValueName]) -> None:
    """A name with a later time would else bring a value back that everybody knows."""
    drawn = {name_key(name): draw for name, draw in values_of_draws(session).items()}
    for value in values:
        if (draw := drawn.get(name_key(value.name))) is not None:
            message = N_("公开数字“{name}”已在第 {draw} 号抽样用过，现在人人知道：承诺要约定还没有产生的数字")
            raise BadInput(Message(message, {"name": value.name, "draw": draw}))
