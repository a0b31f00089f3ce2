"""Show a canvasser where their team goes and when, as it was drawn by lot."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.sampling.teams import Team
from survey.casework.team_records import read_document
from survey.store.accounts import Account, get_account
from survey.store.areas import get_frame
from survey.store.team_draws import teams_of_waves
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class TeamDays:
    """A community of the team. ``days``: none where no days were drawn. ``others``: the team's other members."""

    area: str
    days: tuple[date, ...]
    others: tuple[Account, ...]


def list_my_days(
    session: Session, account: Account, waves: Collection[WaveRecord]
) -> Mapping[int, tuple[TeamDays, ...]]:
    """Wave -> where the account's team goes, the earliest day first; of those of ``waves`` in which it has a team."""
    documents = teams_of_waves(session, [wave.id for wave in waves])
    found = {}
    for wave in waves:
        teams = read_document(documents[wave.id]).drawn.teams if wave.id in documents else ()
        own = [team for team in teams if account.id in team.members]
        if own:
            names = {area.code: area.name for area in get_frame(session, wave.frame_id).areas}
            found[wave.id] = _days(session, account, own, names)
    return found


def _days(session: Session, account: Account, teams: Iterable[Team], names: Mapping[str, str]) -> tuple[TeamDays, ...]:
    days = []
    for team in teams:
        fellows = (get_account(session, one) for one in team.members if one != account.id)
        others = tuple(one for one in fellows if one is not None)
        days += [TeamDays(area=names[place], days=on, others=others) for place, on in team.visits.items()]
    return tuple(sorted(days, key=lambda one: (one.days, one.area)))
