"""The record of a draw as the database has it, and what of it may be told before the wave is closed."""

from dataclasses import replace

from sqlalchemy.orm import Session

from survey.casework.commitment_checks import text_digest
from survey.files.draw_record import CommitmentRecord, DrawRecord, FrameRecord, RejectedDraw
from survey.sampling.public_values import PublicValue
from survey.store.areas import get_frame
from survey.store.cases import read_drawn_lines
from survey.store.draw_commitments import get_commitment
from survey.store.draws import Draw, DrawState, get_draw, list_draws
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

#: From here on nobody can be warned of a visit: secret, seed and salt are told.
OVER = frozenset({WaveState.CLOSED, WaveState.PUBLISHED})


def read_record(session: Session, draw_id: int) -> DrawRecord:
    """All of it. Raises ``NotThere``."""
    draw = get_draw(session, draw_id)
    wave, frame = get_wave(session, draw.wave_id), get_frame(session, draw.frame_id)
    before = [one for one in reversed(list_draws(session, draw.wave_id)) if one.id <= draw.id]
    return DrawRecord(
        draw=draw.id,
        wave=wave.id,
        wave_name=wave.name,
        state=draw.state.value,
        public=draw.public,
        seed_source=draw.seed_source,
        method=draw.method,
        design=draw.design,
        per_community=draw.per_community,
        frame=FrameRecord(
            areas=frame.areas,
            unit_count=frame.unit_count,
            areas_digest=frame.digest,
            units_digest=frame.units_digest or "",
        ),
        frame_digest=draw.frame_digest,
        seed=draw.seed,
        salt=draw.salt,
        digest=draw.digest,
        count=draw.cases,
        cases=read_drawn_lines(session, draw_id),
        pairs=None,
        replicates=draw.replicates,
        windows=draw.windows,
        earlier=draw.earlier,
        commitment_id=draw.commitment_id,
        commitment=_commitment(session, draw),
        values=tuple(_value(one) for one in before if one.commitment_id and one.commitment_id == draw.commitment_id),
        drawn_by=draw.drawn_by,
        drawn_at=draw.drawn_at,
        decided_by=draw.decided_by,
        decided_at=draw.decided_at,
        reason=draw.reason,
        rejected=tuple(_rejected(one) for one in before[:-1] if one.state is DrawState.REJECTED),
    )


def is_over(wave: WaveRecord) -> bool:
    return wave.state in OVER


def without_sample(record: DrawRecord) -> DrawRecord:
    """Without all that tells, alone or with the frame, who was drawn."""
    commitment = record.commitment and replace(record.commitment, secret=None)
    return replace(
        record, seed=None, salt=None, cases=None, pairs=None, windows=None, earlier="", commitment=commitment
    )


def _commitment(session: Session, draw: Draw) -> CommitmentRecord | None:
    if draw.commitment_id is None:
        return None
    found = get_commitment(session, draw.commitment_id)
    return CommitmentRecord(
        id=found.id,
        frame_digest=found.frame_digest,
        design=found.design,
        earlier_digest=text_digest(found.earlier) if found.earlier else "",
        secret=found.secret,
        secret_digest=found.secret_digest,
        public_values=found.public_values,
        committed_at=found.committed_at,
        committed_by=found.committed_by,
        method=found.method,
        wave=found.wave_id,
    )


def _value(draw: Draw) -> PublicValue:
    """Of a draw with a commitment: the database refuses one without its value."""
    if draw.public_value_name is None or draw.public_value is None or draw.public_value_at is None:
        raise ValueError(f"draw {draw.id}: got no public value, expected one beside the commitment")
    return PublicValue(
        name=draw.public_value_name,
        value=draw.public_value,
        published_at=draw.public_value_at,
        source=draw.public_value_source or "",
    )


def _rejected(draw: Draw) -> RejectedDraw:
    return RejectedDraw(
        draw=draw.id,
        digest=draw.digest,
        public_value_name=draw.public_value_name,
        drawn_at=draw.drawn_at,
        drawn_by=draw.drawn_by,
        decided_at=draw.decided_at,
        decided_by=draw.decided_by,
        reason=draw.reason,
    )
