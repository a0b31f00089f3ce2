"""Show who goes where: the cases of a wave with their canvassers, and who may not go where."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST
from survey.areas import Area, Level
from survey.casework.case_holders import find_teams
from survey.fieldwork.handing_over import can_take_one, can_take_over
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.sampling.sample_designs import from_canonical
from survey.store.accounts import Account, list_accounts
from survey.store.areas import get_frame
from survey.store.assignments import HeldCase, list_held, standing
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

    ``in_teams``: whether teams were drawn by lot; ``teams_first``: they were promised with the design and are not
    drawn yet, so nobody gets a case.
    """

    wave: WaveRecord
    draw: Draw | None
    communities: tuple[CommunityLine, ...]
    canvassers: tuple[CanvasserLine, ...]
    community: Area | None
    lines: tuple[CaseLine, ...]
    names: Mapping[str, str]
    in_teams: bool
    teams_first: bool

    @property
    def unassigned(self) -> int:
        return sum(line.cases - line.assigned for line in self.communities)


def list_wave_cases(session: Session, wave_id: int) -> tuple[WaveCase, ...]:
    """The cases of the approved draw, in walking order; none while no draw stands."""
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    if draw is None:
        return ()
    return _with_addresses(session, wave, list_cases(session, draw.id), standing(session, wave_id))


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
    draw = standing_draw(session, wave.id)
    found = _read(session, keys, wave.id, draw) if draw else _Found(held=(), done=frozenset())
    hands = _count_hands(found, _reached(areas.values(), scope, parents))
    drawn = {code: areas[code] for code in hands}
    barred = {
        account: _barred(account, wave.id, drawn, parents)
        for account in list_accounts(session, Role.CANVASSER)
        if account.active or any(account.id in one.holders for one in hands.values())
    }
    teams = find_teams(session, draw) if draw else {}
    chosen = drawn.get(community or "")
    return AssignmentsView(
        wave=wave,
        draw=draw,
        communities=tuple(_community(area, hands[area.code], barred) for area in drawn.values()),
        canvassers=tuple(_canvasser(account, barred[account], hands, teams) for account in barred),
        community=chosen,
        lines=_lines(session, wave, draw, chosen.code, found) if draw and chosen else (),
        names={code: area.name for code, area in drawn.items()},
        in_teams=bool(teams),
        teams_first=draw is not None and not teams and from_canonical(draw.design).teams is not None,
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    """``done``: ids of the cases whose interview arrived."""

    held: tuple[HeldCase, ...]
    done: frozenset[str]


def _read(session: Session, keys: KeyRing, wave_id: int, draw: Draw) -> _Found:
    held = list_held(session, draw.id)
    sealer = find_sealer(session, keys, wave_id)
    if sealer is None:
        return _Found(held=held, done=frozenset())
    tags = list_tags(session, wave_id, kind=PayloadKind.INTERVIEW, state=PayloadState.PLACED)
    done = frozenset(case.id for case in held if sealer.tag(f"case:{case.id}") in tags) if tags else frozenset()
    return _Found(held=held, done=done)


def _reached(areas: Iterable[Area], scope: Scope, parents: Mapping[str, str | None]) -> list[str]:
    """The communities within ``scope``, in the order of the frame."""
    levels = (Level.COMMUNITY, Level.VILLAGE)
    return [area.code for area in areas if area.level in levels and scope.sees_area(area.code, parents)]


@dataclass(kw_only=True)
class _Hands:
    """Canvasser -> cases of one community, and those without an interview; how many nobody has."""

    holders: Counter[int] = field(default_factory=Counter)
    open: Counter[int] = field(default_factory=Counter)
    unassigned: int = 0


def _count_hands(found: _Found, reached: Iterable[str]) -> dict[str, _Hands]:
    """Of those of the communities ``reached`` that have cases."""
    hands: dict[str, _Hands] = {}
    for case in found.held:
        own = hands.get(case.area) or hands.setdefault(case.area, _Hands())
        if case.account is None:
            own.unassigned += 1
            continue
        own.holders[case.account] += 1
        own.open[case.account] += case.id not in found.done
    return {code: hands[code] for code in reached if code in hands}


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


def _community(area: Area, own: _Hands, barred: Mapping[Account, Mapping[str, Obstacle]]) -> CommunityLine:
    assigned = own.holders.total()
    return CommunityLine(
        area=area,
        cases=assigned + own.unassigned,
        assigned=assigned,
        eligible=sum(account.active and area.code not in barred[account] for account in barred),
        canvassers=len(own.holders),
    )


def _canvasser(
    account: Account,
    barred: Mapping[str, Obstacle],
    hands: Mapping[str, _Hands],
    teams: Mapping[str, Collection[int]],
) -> CanvasserLine:
    within = {code: one for code, one in hands.items() if account.active and code not in barred}
    return CanvasserLine(
        account=account,
        cases={code: one.holders[account.id] for code, one in hands.items() if account.id in one.holders},
        open=sum(one.open[account.id] for one in hands.values()),
        barred=barred,
        takes=frozenset(c for c, one in within.items() if can_take_one(one.holders, one.unassigned, account.id)),
        takes_over=frozenset(c for c, one in within.items() if can_take_over(one.holders, one.open, account.id)),
        outside=frozenset(code for code in hands if account.id not in teams.get(code, [account.id])),
    )


def _lines(session: Session, wave: WaveRecord, draw: Draw, community: str, found: _Found) -> tuple[CaseLine, ...]:
    own = [case for case in found.held if case.area == community]
    taken = {UUID(case.id): case.account for case in own if case.account is not None}
    done = {UUID(case.id) for case in own if case.id in found.done}
    cases = _with_addresses(session, wave, list_cases(session, draw.id, area=community), taken)
    return tuple(
        CaseLine(case=one.case, address=one.address, canvasser=one.canvasser, interviewed=one.case.id in done)
        for one in cases
    )
