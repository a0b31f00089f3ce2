"""Who may go to which cases of a wave: what dealing them out and handing them over have in common."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.casework.team_records import read_document
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.messages import N_, Conflict, Message
from survey.roles import Role
from survey.sampling.sample_designs import from_canonical
from survey.store.accounts import Account, list_accounts
from survey.store.draws import Draw, standing_draw
from survey.store.team_draws import standing_teams
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

#: Why somebody gets no case where a team was drawn, unless a supervisor writes down why.
OUTSIDE_WORDS = N_("不在抽中的队里；确实要派就写明理由，理由留在队伍的记录里")


def find_assignable(session: Session, wave_id: int) -> tuple[WaveRecord, Draw]:
    """The wave and its approved draw. Raises :class:`Conflict` while there is none, and once the wave is closed."""
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    if draw is None:
        raise Conflict(Message(N_("抽样获得另一人批准之后才能分派样本户")))
    if wave.state not in (WaveState.DRAWN, WaveState.FIELDING):
        raise Conflict(Message(N_("轮次 {wave} 已经结束，不能再分派"), {"wave": wave_id}))
    return wave, draw


def find_dealing_teams(session: Session, draw: Draw) -> Mapping[str, Collection[int]]:
    """As :func:`find_teams`, before anybody gets a case. Raises :class:`Conflict` where teams were promised with the
    design and not drawn: once cases are in somebody's hands, they cannot be drawn any more.
    """
    teams = find_teams(session, draw)
    if not teams and from_canonical(draw.design).teams is not None:
        message = N_("设计里承诺了抽队伍和日期，还没有抽：先抽队伍（survey draw teams），再分派")
        raise Conflict(Message(message))
    return teams


def find_teams(session: Session, draw: Draw) -> Mapping[str, Collection[int]]:
    """Community -> the canvassers of its team; none where no teams were drawn."""
    kept = standing_teams(session, draw.id)
    return read_document(kept.document).members if kept and kept.document else {}


def eligible_canvassers(
    session: Session, wave_id: int, communities: Iterable[str], areas: Mapping[str, Area]
) -> dict[str, list[int]]:
    """Community -> the accounts that may visit it: active canvassers within reach and without a tie."""
    canvassers = [account for account in list_accounts(session, Role.CANVASSER) if account.active]
    return {
        code: [account.id for account in canvassers if obstacle_of(account, wave_id, code, areas) is None]
        for code in communities
    }


def obstacle_of(canvasser: Account, wave_id: int, community: str, areas: Mapping[str, Area]) -> Obstacle | None:
    """Why this canvasser gets no case of the community."""
    return find_obstacle(
        canvasser_type=canvasser.canvasser_type,
        ties=canvasser.ties,
        scope=canvasser.scope,
        wave_id=wave_id,
        community=community,
        parents={code: area.parent for code, area in areas.items()},
    )
