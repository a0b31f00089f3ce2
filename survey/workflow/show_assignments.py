"""Show who goes where: the cases of a wave with their canvassers, and who may not go where."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST
from survey.areas import Area, Level
from survey.casework.case_holders import find_teams
from survey.fieldwork.handing_over import can_take_one, can_take_over
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store.accounts import Account, list_accounts
from survey.store.areas import get_frame
from survey.store.assignments import standing
from survey.store.cases import Case, list_cases
from survey.store.draws import Draw, standing_draw
from survey.store.inbox import PayloadKind, PayloadState, list_tags
from survey.store.units import get_units
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord, get_wave
from survey.units import address_line


@dataclass(frozen=True, kw_only=True)
class WaveCase:
    """``canvasser`` ``None``: nobody has it yet."""

    case: Case
    address: str
    canvasser: Account | None


@dataclass(frozen=True, kw_only=True)
class CaseLine(WaveCase):
    """``interviewed``: an interview arrived, which is all that is told here."""

    interviewed: bool


@dataclass(frozen=True, kw_only=True)
class CommunityLine:
    """``eligible``: how many canvassers may go there. ``canvassers``: how many have cases there."""

    area: Area
    cases: int
    assigned: int
    eligible: int
    canvassers: int

    @property
    def short(self) -> bool:
        return self.eligible < LEAST

    @property
    def alone(self) -> bool:
        """All its cases lie with one person."""
        return 0 < self.canvassers < LEAST


@dataclass(frozen=True, kw_only=True)
class CanvasserLine:
    """``cases``: community -> cases. ``barred``: communities this one gets no cases of, and why. ``takes``: communities
    where one case at least could be given to this one; ``takes_over``: where all open ones of somebody else could.
    ``outside``: communities whose team, drawn by lot, this one does not belong to.
    """

    account: Account
    cases: Mapping[str, int]
    open: int
    barred: Mapping[str, Obstacle]
    takes: frozenset[str]
    takes_over: frozenset[str]
    outside: frozenset[str]

    @property
    def total(self) -> int:
        return sum(self.cases.values())


@dataclass(frozen=True, kw_only=True)
class AssignmentsView:
    """``lines``: the cases of ``community``, if one was chosen. Everything only as far as the reader's scope.

    ``in_teams``: whether teams were drawn by lot.
    """

    wave: WaveRecord
    draw: Draw | None
    communities: tuple[CommunityLine, ...]
    canvassers: tuple[CanvasserLine, ...]
    community: Area | None
    lines: tuple[CaseLine, ...]
    names: Mapping[str, str]
    in_teams: bool

    @property
    def unassigned(self) -> int:
        return sum(line.cases - line.assigned for line in self.communities)


def list_wave_cases(session: Session, wave_id: int, *, community: str | None = None) -> tuple[WaveCase, ...]:
    """The cases of the approved draw (of one community), in walking order; none while no draw stands."""
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    cases = [case for case in list_cases(session, draw.id) if community in (None, case.area)] if draw else []
    return _with_addresses(session, wave, cases, standing(session, wave_id))


def _with_addresses(
    session: Session, wave: WaveRecord, cases: Sequence[Case], taken: Mapping[UUID, int]
) -> tuple[WaveCase, ...]:
    units = get_units(session, wave.frame_id, [case.unit_serial for case in cases])
    accounts = {account.id: account for account in list_accounts(session)}
    return tuple(
        WaveCase(
            case=case,
            address=address_line(units[case.unit_serial].address),
            canvasser=accounts.get(taken.get(case.id, 0)),
        )
        for case in cases
    )


def show_assignments(
    session: Session, keys: KeyRing, wave: WaveRecord, *, scope: Scope, community: str | None = None
) -> AssignmentsView:
    """Who goes where in ``wave``; with ``community`` (a code) its cases one by one."""
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    parents = {code: area.parent for code, area in areas.items()}
    reached = {
        code: area
        for code, area in areas.items()
        if area.level in (Level.COMMUNITY, Level.VILLAGE) and scope.sees_area(code, parents)
    }
    draw = standing_draw(session, wave.id)
    cases = [case for case in list_cases(session, draw.id) if case.area in reached] if draw else []
    of_area, of_account = defaultdict[str, list[Case]](list), defaultdict[int, list[Case]](list)
    taken = standing(session, wave.id)
    for case in cases:
        of_area[case.area].append(case)
        if (holder := taken.get(case.id)) is not None:
            of_account[holder].append(case)
    drawn = {code: area for code, area in reached.items() if code in of_area}
    done = _interviewed(session, keys, wave.id, cases)
    barred = {
        account: _barred(account, wave.id, drawn, parents)
        for account in list_accounts(session, Role.CANVASSER)
        if account.active or account.id in taken.values()
    }
    chosen = drawn.get(community or "")
    hands = {code: _hands(of_area[code], taken, done) for code in drawn}
    teams = find_teams(session, draw) if draw else {}
    return AssignmentsView(
        wave=wave,
        draw=draw,
        communities=tuple(_community(area, of_area[area.code], taken, barred) for area in drawn.values()),
        canvassers=tuple(
            _canvasser(account, of_account[account.id], done, barred[account], hands, teams) for account in barred
        ),
        community=chosen,
        lines=tuple(
            CaseLine(case=one.case, address=one.address, canvasser=one.canvasser, interviewed=one.case.id in done)
            for one in _with_addresses(session, wave, of_area[chosen.code], taken)
        )
        if chosen
        else (),
        names={code: area.name for code, area in drawn.items()},
        in_teams=bool(teams),
    )


def _barred(
    account: Account, wave_id: int, communities: Mapping[str, Area], parents: Mapping[str, str | None]
) -> dict[str, Obstacle]:
    found = {
        code: find_obstacle(
            canvasser_type=account.canvasser_type,
            ties=account.ties,
            scope=account.scope,
            wave_id=wave_id,
            community=code,
            parents=parents,
        )
        for code in communities
    }
    return {code: obstacle for code, obstacle in found.items() if obstacle is not None}


def _community(
    area: Area, own: list[Case], taken: Mapping[UUID, int], barred: Mapping[Account, Mapping[str, Obstacle]]
) -> CommunityLine:
    holders = [taken[case.id] for case in own if case.id in taken]
    return CommunityLine(
        area=area,
        cases=len(own),
        assigned=len(holders),
        eligible=sum(account.active and area.code not in barred[account] for account in barred),
        canvassers=len(set(holders)),
    )


@dataclass(frozen=True, kw_only=True)
class _Hands:
    """Canvasser -> cases of one community, and those without an interview; how many nobody has."""

    holders: Counter[int]
    open: Counter[int]
    unassigned: int


def _hands(cases: list[Case], taken: Mapping[UUID, int], done: frozenset[UUID]) -> _Hands:
    return _Hands(
        holders=Counter(taken[case.id] for case in cases if case.id in taken),
        open=Counter(taken[case.id] for case in cases if case.id in taken and case.id not in done),
        unassigned=sum(case.id not in taken for case in cases),
    )


def _canvasser(
    account: Account,
    own: list[Case],
    done: frozenset[UUID],
    barred: Mapping[str, Obstacle],
    hands: Mapping[str, _Hands],
    teams: Mapping[str, Collection[int]],
) -> CanvasserLine:
    counts: dict[str, int] = {}
    for case in own:
        counts[case.area] = counts.get(case.area, 0) + 1
    within = {code: one for code, one in hands.items() if account.active and code not in barred}
    return CanvasserLine(
        account=account,
        cases=counts,
        open=sum(case.id not in done for case in own),
        barred=barred,
        takes=frozenset(c for c, one in within.items() if can_take_one(one.holders, one.unassigned, account.id)),
        takes_over=frozenset(c for c, one in within.items() if can_take_over(one.holders, one.open, account.id)),
        outside=frozenset(code for code in hands if account.id not in teams.get(code, [account.id])),
    )


def _interviewed(session: Session, keys: KeyRing, wave_id: int, cases: list[Case]) -> frozenset[UUID]:
    sealer = find_sealer(session, keys, wave_id)
    if sealer is None:
        return frozenset()
    tags = list_tags(session, wave_id, kind=PayloadKind.INTERVIEW, state=PayloadState.PLACED)
    return frozenset(case.id for case in cases if sealer.tag(f"case:{case.id}") in tags)
