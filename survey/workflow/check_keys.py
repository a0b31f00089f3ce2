"""Does the folder of the keys fit the database: after a restore, on a new machine, or when somebody put a copy back?"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.keys import KeyRing
from survey.store.drafts import count_drafts
from survey.store.inbox import count_states
from survey.store.invitations import InvitationState, count_invitations
from survey.store.responses import count_responses
from survey.store.wave_keys import KeyState, WaveKey, list_keys


@dataclass(frozen=True, kw_only=True)
class LostKey:
    """What cannot be read without it: visits and interviews, unfinished questionnaires, unused codes of letters.

    ``answers`` are the wave's responses, which need no key. ``wave_id`` ``None``: the site's own key.
    """

    key_id: str
    wave_id: int | None
    payloads: int
    drafts: int
    codes: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class CheckedKeys:
    """``present``: keys that are where they should be. ``stale``: files whose wave is closed. ``unknown``: files that
    no row names, as of a wave that began after the backup."""

    present: int
    lost: tuple[LostKey, ...]
    stale: tuple[str, ...]
    unknown: tuple[str, ...]


def check_keys(session: Session, keys: KeyRing) -> CheckedKeys:
    rows, files = list_keys(session), keys.list_ids()
    wanted = [row for row in rows if row.state is KeyState.MADE]
    # A key that is marked is destroyed by the worker within a minute.
    destroyed = {row.key_id for row in rows if row.state is KeyState.DESTROYED}
    return CheckedKeys(
        present=sum(row.key_id in files for row in wanted),
        lost=tuple(_lost(session, row) for row in wanted if row.key_id not in files),
        stale=tuple(sorted(files & destroyed)),
        unknown=tuple(sorted(files - {row.key_id for row in rows})),
    )


def _lost(session: Session, row: WaveKey) -> LostKey:
    wave = row.wave_id
    codes = count_invitations(session, wave) if wave is not None else {}
    return LostKey(
        key_id=row.key_id,
        wave_id=wave,
        payloads=sum(count_states(session, wave).values()),
        drafts=count_drafts(session, wave) if wave is not None else 0,
        codes=sum(states.get(InvitationState.OPEN, 0) for states in codes.values()),
        answers=count_responses(session, wave) if wave is not None else 0,
    )
