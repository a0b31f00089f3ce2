"""Watch an answer by open link while it is handed in: its signs follow at once, and what they follow from is not kept.

Nothing here refuses or slows anybody. How it is counted, and why it leads to nobody: see
:mod:`survey.store.open_link_signs`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.integrity.open_answers import WINDOW_SECONDS, OpenSign, Seen, decide_signs
from survey.keys import DayKeys, KeyRing, Sealer
from survey.messages import Failure
from survey.store.open_link_signs import count_answer, drop_counts

SHANGHAI = ZoneInfo("Asia/Shanghai")
logger = logging.getLogger("survey.open_links")


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a page saw of a handing in. ``network``: of the visitor, as text, never stored or logged; ``None``: not
    known. The rest as in :class:`~analysis.integrity.open_answers.Seen`.
    """

    keys: KeyRing
    network: str | None
    proved: bool
    elapsed: int | None
    reading: float
    handed_in_before: bool


def watch_answer(session: Session, watched: Watched, *, wave_id: int, area: str, at: datetime) -> OpenSign:
    """The signs of an answer that is stored in this transaction, which counts it."""
    network = watched.network
    seen = Seen(
        from_network=_count(session, watched.keys, f"{wave_id}:{area}:{network}", at) if network else 0,
        proved=watched.proved,
        elapsed=watched.elapsed,
        reading=watched.reading,
        handed_in_before=watched.handed_in_before,
    )
    return decide_signs(seen)


def _count(session: Session, keys: KeyRing, what: str, at: datetime) -> int:
    try:
        sealer, new = DayKeys(folder=keys.folder).open(at.astimezone(SHANGHAI).date())
    except Failure as error:
        # An answer is worth more than the knowledge of how many came beside it.
        logger.error("key of the day: %s", error)
        return 0
    if new:
        drop_counts(session)
    return count_answer(session, _tags(sealer, what, at))


def _tags(sealer: Sealer, what: str, at: datetime) -> tuple[str, str]:
    """Two windows that overlap by half, so that no burst is cut in two by the clock."""
    half = int(at.timestamp()) * 2 // WINDOW_SECONDS
    return sealer.tag(f"{what}:0:{half // 2}"), sealer.tag(f"{what}:1:{(half + 1) // 2}")
