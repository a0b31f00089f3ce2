"""Show the teams drawn by lot: who goes together, where, when; who is recused and why; what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import TeamRules
from survey.areas import Area
from survey.casework.team_records import (
    TeamRecord,
    find_barred,
    promised_rules,
    read_document,
    rules_words,
    short_places,
)
from survey.fieldwork.recusal import Obstacle
from survey.messages import N_, Conflict, Message
from survey.roles import Scope
from survey.store.accounts import Account, list_accounts
from survey.store.areas import get_frame
from survey.store.assignments import count_standing
from survey.store.draws import Draw, standing_draw
from survey.store.team_draws import TeamDraw, list_team_draws, standing_teams
from survey.store.team_exceptions import TeamException, list_team_exceptions
from survey.store.waves import WaveRecord
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """Where a team goes. ``days``: none where no days were drawn."""

    area: Area
    cases: int
    days: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    number: int
    members: tuple[Account, ...]
    places: tuple[PlaceLine, ...]


@dataclass(frozen=True, kw_only=True)
class RecusedLine:
    """Why somebody is not sent to these communities."""

    account: Account
    why: Obstacle
    places: tuple[Area, ...]


@dataclass(frozen=True, kw_only=True)
class ExceptionLine:
    """Cases that went outside the team. ``account``: to whom; ``None`` once the wave is closed."""

    told: TeamException
    area: Area
    account: Account | None


@dataclass(frozen=True, kw_only=True)
class TeamsView:
    """``kept``: every time teams were drawn for the draw, the newest first. ``teams``, ``spare``, ``recused`` are of
    the newest; none before teams are drawn and after the wave is closed. Everything only as far as the reader's scope.

    ``gone``: members whose accounts are closed. ``late``: recused from a place of their team since it was drawn.
    ``short``: too few are left of a team, so that it may be drawn again although cases are assigned.
    ``whole``: whether the reader's scope is the whole wave. ``promised``: sizes and days that stand in the draw's
    design; ``chosen``: in words when they were chosen. ``exceptions``: of all teams that were drawn.
    """

    wave: WaveRecord
    draw: Draw | None
    kept: tuple[TeamDraw, ...]
    record: TeamRecord | None
    teams: tuple[TeamLine, ...]
    spare: tuple[Account, ...]
    recused: tuple[RecusedLine, ...]
    late: tuple[RecusedLine, ...]
    gone: tuple[Account, ...]
    assigned: int
    short: bool
    whole: bool
    promised: TeamRules | None
    chosen: Message | None
    exceptions: tuple[ExceptionLine, ...]

    @property
    def may_draw(self) -> bool:
        """Whether teams may be drawn now, for the first time or again."""
        going = self.draw is not None and self.wave.state in (WaveState.DRAWN, WaveState.FIELDING)
        return going and self.whole and (self.short if self.kept and self.assigned else not self.assigned)


def show_teams(session: Session, wave: WaveRecord, *, scope: Scope) -> TeamsView:
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    parents = {code: area.parent for code, area in areas.items()}
    reached = {code: area for code, area in areas.items() if scope.sees_area(code, parents)}
    draw = standing_draw(session, wave.id)
    kept = list_team_draws(session, draw.id) if draw else ()
    document = kept[0].document if kept else None
    record = read_document(document) if document else None
    accounts = {account.id: account for account in list_accounts(session)}
    teams = _teams(record, accounts, reached) if record else ()
    late = _late(session, draw, record, accounts, reached) if draw and record else ()
    members = {account.id: account for team in teams for account in team.members}
    promised = promised_rules(draw) if draw else None
    told = list_team_exceptions(session, draw.id) if draw else ()
    return TeamsView(
        wave=wave,
        draw=draw,
        kept=kept,
        record=record,
        teams=teams,
        spare=tuple(accounts[one] for one in record.drawn.spare) if record else (),
        recused=_recused(record.barred, accounts, reached) if record else (),
        late=late,
        gone=tuple(account for account in members.values() if not account.active),
        assigned=count_standing(session, wave.id),
        short=bool(draw and record and short_places(session, draw, record)),
        whole=scope.sees_area(None, parents),
        promised=promised,
        chosen=rules_words(draw, promised) if draw else None,
        exceptions=tuple(
            ExceptionLine(told=one, area=reached[one.area], account=accounts.get(one.account_id or 0))
            for one in told
            if one.area in reached
        ),
    )


def export_teams(session: Session, wave: WaveRecord, *, scope: Scope) -> TeamDraw:
    """The teams that stand, with their document. Raises :class:`Conflict` where there is none, or no longer; and for
    readers who do not see the whole wave.
    """
    draw = standing_draw(session, wave.id)
    kept = standing_teams(session, draw.id) if draw else None
    if kept is None or kept.document is None:
        raise Conflict(Message(N_("没有可以保存的队伍记录：还没有抽，或者轮次已经结束")))
    if not scope.sees_area(None, {}):
        raise Conflict(Message(N_("队伍和日期是整轮一起抽的：请由负责全部地区的人办理")))
    return kept


def _teams(record: TeamRecord, accounts: Mapping[int, Account], reached: Mapping[str, Area]) -> tuple[TeamLine, ...]:
    found = []
    for number, team in enumerate(record.drawn.teams, start=1):
        places = tuple(
            PlaceLine(area=reached[place], cases=record.cases[place], days=days)
            for place, days in team.visits.items()
            if place in reached
        )
        if places or not team.visits:
            members = tuple(accounts[one] for one in team.members)
            found.append(TeamLine(number=number, members=members, places=places))
    return tuple(found)


def _recused(
    barred: Mapping[int, Mapping[str, Obstacle]],
    accounts: Mapping[int, Account],
    reached: Mapping[str, Area],
) -> tuple[RecusedLine, ...]:
    """One line per canvasser and reason."""
    lines = []
    for one, own in barred.items():
        for why in Obstacle:
            places = tuple(
                reached[place] for place, reason in sorted(own.items()) if reason is why and place in reached
            )
            if places:
                lines.append(RecusedLine(account=accounts[one], why=why, places=places))
    return tuple(lines)


def _late(
    session: Session,
    draw: Draw,
    record: TeamRecord,
    accounts: Mapping[int, Account],
    reached: Mapping[str, Area],
) -> tuple[RecusedLine, ...]:
    """Members whose accounts say today that they may not go where their team goes."""
    now = find_barred(session, draw, record.cases)
    own = {
        one: {place: now[one][place] for place in team.visits if place in now.get(one, {})}
        for team in record.drawn.teams
        for one in team.members
    }
    return _recused(own, accounts, reached)
