"""Show what was promised before the draws of a wave, and how far each promise was kept."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import SampleDesign
from survey.casework.draw_checks import design_digest
from survey.casework.draw_records import is_over
from survey.casework.kept_promises import withdrawn_late
from survey.casework.other_promises import find_other_promises
from survey.messages import N_, Message, NotThere
from survey.reports.draw_certificate_facts import OtherCommitment
from survey.sampling.promised_method import method_words
from survey.sampling.public_values import spelling_words
from survey.sampling.sample_designs import from_canonical
from survey.store.areas import get_frame
from survey.store.draw_commitments import Commitment, list_commitments
from survey.store.draws import Draw, list_draws
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class NamedValue:
    """A public value in the order of use. ``draw``: made of it; ``None`` while it waits."""

    name: str
    not_before: datetime
    draw: Draw | None
    spelling: Message


@dataclass(frozen=True, kw_only=True)
class CommitmentView:
    """``commitment``: without its secret, which is ``secret`` once the wave is closed and ``None`` before.

    ``earlier_digest``: of the text of the earlier draws, for a design that looks at them. ``units``: of the frame.
    ``late``: it was withdrawn when its next value could be known.
    """

    commitment: Commitment
    secret: str | None
    design: SampleDesign
    design_digest: str
    method: Message
    earlier_digest: str | None
    values: tuple[NamedValue, ...]
    units: int
    late: bool

    @property
    def next(self) -> NamedValue | None:
        """The value that the next draw is made of; ``None`` when all are used, and of a withdrawn commitment."""
        if self.commitment.withdrawn is not None:
            return None
        return next((value for value in self.values if value.draw is None), None)


def show_commitments(session: Session, wave: WaveRecord) -> tuple[CommitmentView, ...]:
    """The newest first."""
    draws = {(one.commitment_id, one.public_value_name): one for one in list_draws(session, wave.id)}
    return tuple(
        CommitmentView(
            commitment=replace(one, secret=""),
            secret=one.secret if is_over(wave) else None,
            design=from_canonical(one.design),
            design_digest=design_digest(one.design),
            method=method_words(one.method),
            earlier_digest=hashlib.sha256(one.earlier.encode()).hexdigest() if one.earlier else None,
            values=tuple(
                NamedValue(
                    name=named.name,
                    not_before=named.not_before,
                    draw=draws.get((one.id, named.name)),
                    spelling=spelling_words(named.spelling),
                )
                for named in one.public_values
            ),
            units=get_frame(session, one.frame_id).unit_count,
            late=withdrawn_late(one, {name for commitment, name in draws if commitment == one.id and name}),
        )
        for one in list_commitments(session, wave.id)
    )


def find_commitment(session: Session, wave: WaveRecord, commitment_id: int) -> CommitmentView:
    """Raises :class:`NotThere` for a commitment of another wave, too."""
    for one in show_commitments(session, wave):
        if one.commitment.id == commitment_id:
            return one
    raise NotThere(Message(N_("没有编号为 {id} 的抽签承诺"), {"id": commitment_id}))


def find_others(session: Session, commitment: Commitment) -> tuple[OtherCommitment, ...]:
    """Those to be read beside it, see :mod:`survey.casework.other_promises`."""
    return find_other_promises(
        session,
        frame_id=commitment.frame_id,
        frame_digest=commitment.frame_digest,
        values=commitment.public_values,
        own=commitment.id,
    )
