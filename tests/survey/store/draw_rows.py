"""A row in every table of the public draws."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.sampling.public_values import PublicValueName
from survey.store.draw_commitments import Commitment, add_commitment, withdraw
from survey.store.replicate_releases import Release, add_release
from survey.store.team_draws import TeamCounts, add_team_draw
from survey.store.team_exceptions import TeamException, add_team_exceptions

SECRET = bytes(range(32)).hex()
COUNTS = TeamCounts(teams=1, canvassers=2, spare=0, communities=1, recusals=0, days=3)


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
        method="stages/2",
    )


def fill_draws(session: Session, draw: int, wave: int, frame: int, *, area: str, at: datetime) -> None:
    withdraw(session, commit(session, wave, frame, at=at).id, reason="停刊", at=at, by="李")
    add_release(
        session, Release(draw_id=draw, area=area, replicate=1, reason="完成数不够", released_at=at, released_by="王")
    )


def fill_teams(session: Session, draw: int, account: int, *, area: str, at: datetime) -> None:
    teams = add_team_draw(
        session, draw, number=1, counts=COUNTS, document="{}", digest="d" * 64, reason="", at=at, by="王"
    )
    left = TeamException(
        team_draw_id=teams.id, area=area, account_id=account, cases=1, reason="生病", made_at=at, made_by="王"
    )
    add_team_exceptions(session, [left])
