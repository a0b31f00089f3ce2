"""A row in every table of the public draws."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.sampling.public_values import PublicValueName
from survey.store.draw_commitments import Commitment, add_commitment
from survey.store.replicate_releases import Release, add_release

SECRET = bytes(range(32)).hex()


def commit(session: Session, wave: int, frame: int, *, at: datetime, by: str = "王") -> Commitment:
    """A commitment that names two public values, an hour and two hours after it."""
    return add_commitment(
        session,
        wave_id=wave,
        frame_id=frame,
        frame_digest="f" * 64,
        design="{}",
        secret=SECRET,
        public_values=[
            PublicValueName(name=f"开奖号码第{number}期", not_before=at + timedelta(hours=number)) for number in (1, 2)
        ],
        at=at,
        by=by,
    )


def fill_draws(session: Session, draw: int, wave: int, frame: int, *, area: str, at: datetime) -> None:
    commit(session, wave, frame, at=at)
    add_release(
        session, Release(draw_id=draw, area=area, replicate=1, reason="完成数不够", released_at=at, released_by="王")
    )
