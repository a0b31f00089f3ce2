"""Other commitments that a draw has to be read beside: of the same places, or on the same public value.

Whoever promises several draws can show the one that suits. Lists that differ by one home, or by their codes alone, are
other lists to a digest; what gives them away is that they wait for one value. Waves that share a date of the lottery
honestly do so, too: so this is told, not refused.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from survey.casework.kept_promises import withdrawn_late
from survey.casework.public_draws import name_key
from survey.reports.draw_certificate_facts import OtherCommitment, Standing, WithdrawnFacts
from survey.sampling.public_values import BEIJING, PublicValueName
from survey.store.draw_commitments import Commitment, list_all_commitments, list_commitments_of_places
from survey.store.draws import Draw, DrawState, list_draws_of_commitment, used_values
from survey.store.waves import get_wave
from survey.waves import WaveState

_FIELDED = frozenset({WaveState.FIELDING, WaveState.CLOSED, WaveState.PUBLISHED})


def find_other_promises(
    session: Session, *, frame_id: int, frame_digest: str, values: Sequence[PublicValueName], own: int | None
) -> tuple[OtherCommitment, ...]:
    """All but the ``own`` commitment, the oldest first: those from the same list; those for one of the same communities
    or villages; and from any list those that name one of ``values``, or a value that comes on the same day.

    Left out are only those of the same places, from another list and with other values, whose draw was approved and is
    asked, or was: that is the wave of another year.
    """
    places = {one.id for one in list_commitments_of_places(session, frame_id)}
    found = []
    for one in list_all_commitments(session):
        shared = _shared(values, one.public_values)
        same_day = not shared and bool(_days(values) & _days(one.public_values))
        if one.id == own or not (one.id in places or shared or same_day):
            continue
        draws = list_draws_of_commitment(session, one.id)
        asked = _asked(session, one, draws)
        if asked and not shared and not same_day and one.frame_digest != frame_digest:
            continue
        found.append(
            OtherCommitment(
                id=one.id,
                wave_name=get_wave(session, one.wave_id).name,
                at=one.committed_at,
                by=one.committed_by,
                values=tuple(value.name for value in one.public_values),
                draws=tuple((draw.id, Standing(draw.state)) for draw in draws),
                withdrawn=_withdrawn(session, one),
                shared=shared,
                same_day=same_day,
                same_places=one.id in places,
                asked=asked,
            )
        )
    return tuple(found)


def _shared(mine: Sequence[PublicValueName], theirs: Sequence[PublicValueName]) -> tuple[str, ...]:
    """As the other commitment writes them, in its order."""
    keys = {name_key(one.name) for one in mine}
    return tuple(one.name for one in theirs if name_key(one.name) in keys)


def _days(values: Sequence[PublicValueName]) -> set[date]:
    """One value under another name still comes on its day."""
    return {one.not_before.astimezone(BEIJING).date() for one in values}


def _asked(session: Session, one: Commitment, draws: Sequence[Draw]) -> bool:
    """Whether the homes that it drew are asked, or were."""
    approved = any(draw.state is DrawState.APPROVED for draw in draws)
    return approved and get_wave(session, one.wave_id).state in _FIELDED


def _withdrawn(session: Session, one: Commitment) -> WithdrawnFacts | None:
    gone = one.withdrawn
    if gone is None:
        return None
    late = withdrawn_late(one, used_values(session, one.id))
    return WithdrawnFacts(at=gone.at, by=gone.by, reason=gone.reason, late=late)
