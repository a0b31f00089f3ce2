"""Assign cases to canvassers: dealt at random within reach, never to one who belongs there; and hand cases over.

Where teams were drawn by lot, the cases of a community are dealt to its team.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST, deal
from survey.areas import Area
from survey.casework.team_records import read_document
from survey.fieldwork.handing_over import LEAVES_ONE_WORDS, leaves_one
from survey.fieldwork.recusal import OBSTACLE_WORDS, Obstacle, find_obstacle
from survey.keys import KeyRing
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, Problem
from survey.roles import Role
from survey.sampling.samples import read_seed
from survey.store.accounts import Account, get_account, list_accounts
from survey.store.areas import get_frame
from survey.store.assignments import assign, count_rounds, standing
from survey.store.cases import Case, list_cases
from survey.store.draws import Draw, standing_draw
from survey.store.inbox import PayloadKind, PayloadState, list_inbox
from survey.store.team_draws import standing_teams
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """``canvassers``: account -> cases it got. ``seed``: what they were dealt with."""

    cases: int
    round: int
    seed: str
    canvassers: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """``kept``: communities whose cases stay where they are, and why."""

    cases: int
    kept: Mapping[str, Message]


def assign_cases(
    session: Session,
    wave_id: int,
    *,
    at: datetime,
    by: str,
    seed: str | None = None,
    communities: Collection[str] | None = None,
) -> Assigned:
    """Deal the cases that nobody has to the canvassers who may visit their community, at least two in each.

    ``seed`` in hex digits; without one it follows from the draw's seed and the round. ``communities`` limits what is
    dealt. Where teams were drawn, only members of a community's team get its cases. Raises :class:`Conflict` while no
    draw stands or nothing is left to assign, and :class:`CheckFailed` naming every community with fewer than two
    canvassers: then nothing is assigned at all.
    """
    wave, draw = _standing(session, wave_id)
    taken = standing(session, wave_id)
    open_cases: dict[str, list[UUID]] = {}
    for case in list_cases(session, draw.id):
        if case.id not in taken and (communities is None or case.area in communities):
            open_cases.setdefault(case.area, []).append(case.id)
    if not open_cases:
        raise Conflict(Message(N_("没有待分派的样本户：全部已经分派")))
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    eligible = eligible_canvassers(session, wave_id, open_cases, areas)
    if teams := _teams(session, draw):
        eligible = {code: [one for one in ids if one in teams.get(code, ids)] for code, ids in eligible.items()}
    _refuse_short(open_cases, eligible, areas, in_teams=bool(teams))
    number = count_rounds(session, wave_id) + 1
    used = read_seed(seed) if seed is not None else assignment_seed(draw.seed, number)
    dealt = deal(open_cases, eligible, bytes.fromhex(used))
    assign(session, dealt.items(), at=at, by=by)
    counts: dict[int, int] = {}
    for account in dealt.values():
        counts[account] = counts.get(account, 0) + 1
    return Assigned(cases=len(dealt), round=number, seed=used, canvassers=counts)


def assignment_seed(draw_seed: str, number: int) -> str:
    """The seed of the ``number``-th round of assignments of a draw.

    >>> assignment_seed("00112233445566778899aabbccddeeff", 1)[:16]
    '0f2d83c15af8ca56'
    """
    return hashlib.sha256(bytes.fromhex(draw_seed) + f"assignment round {number}".encode()).hexdigest()


def reassign_cases(
    session: Session,
    wave_id: int,
    *,
    cases: Collection[UUID],
    to: int,
    at: datetime,
    by: str,
    communities: Collection[str] | None = None,
) -> int:
    """Give these cases to the account ``to``, whoever has them now; how many they are.

    Raises :class:`BadInput` without cases, :class:`NotThere` for a case that is not in the wave's draw (in one of
    ``communities``, if given), and :class:`Conflict` naming every community that the account must not visit, or whose
    cases, in the hands of two canvassers or more, would all come into those of one.
    """
    wave, draw = _standing(session, wave_id)
    found = {
        case.id: case
        for case in list_cases(session, draw.id)
        if case.id in cases and (communities is None or case.area in communities)
    }
    if not cases:
        raise BadInput(Message(N_("没有选择任何样本户")))
    if unknown := set(cases) - found.keys():
        raise NotThere(Message(N_("本轮没有编号为 {id} 的样本户"), {"id": min(map(str, unknown))}))
    canvasser = _receiver(session, to)
    barred = _obstacles(session, wave, draw, list(found.values()), canvasser)
    if barred:
        _refuse(session, wave, canvasser, barred)
    assign(session, [(case_id, to) for case_id in found], at=at, by=by)
    return len(found)


def hand_over_cases(
    session: Session,
    keys: KeyRing,
    wave_id: int,
    *,
    giver: int,
    to: int,
    at: datetime,
    by: str,
    communities: Collection[str] | None = None,
) -> HandedOver:
    """Give all open cases of ``giver`` to ``to``, but those of communities where that may not be: they are told.

    Raises as :func:`reassign_cases`; :class:`Conflict` only when no case at all may change hands.
    """
    wave, draw = _standing(session, wave_id)
    held = [
        case for case in open_cases_of(session, keys, wave_id, giver) if communities is None or case.area in communities
    ]
    if not held or giver == to:
        raise BadInput(Message(N_("请选择一名还有样本户没有访问的访员，和接手的另一名访员。")))
    canvasser = _receiver(session, to)
    barred = _obstacles(session, wave, draw, held, canvasser)
    given = [case for case in held if case.area not in barred]
    if not given:
        _refuse(session, wave, canvasser, barred)
    assign(session, [(case.id, to) for case in given], at=at, by=by)
    return HandedOver(cases=len(given), kept=barred)


def open_cases_of(session: Session, keys: KeyRing, wave_id: int, account_id: int) -> tuple[Case, ...]:
    """The cases of one canvasser for which no interview has arrived, in walking order."""
    draw = standing_draw(session, wave_id)
    if draw is None:
        return ()
    taken = standing(session, wave_id)
    sealer = find_sealer(session, keys, wave_id)
    done = interviewed_tags(session, wave_id)
    return tuple(
        case
        for case in list_cases(session, draw.id)
        if taken.get(case.id) == account_id and (sealer is None or sealer.tag(f"case:{case.id}") not in done)
    )


def interviewed_tags(session: Session, wave_id: int) -> frozenset[str]:
    """The tags of the cases whose interview was placed."""
    found = list_inbox(session, wave_id, kind=PayloadKind.INTERVIEW, state=PayloadState.PLACED)
    return frozenset(record.tag for record in found if record.tag)


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


def _standing(session: Session, wave_id: int) -> tuple[WaveRecord, Draw]:
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    if draw is None:
        raise Conflict(Message(N_("抽样获得另一人批准之后才能分派样本户")))
    if wave.state not in (WaveState.DRAWN, WaveState.FIELDING):
        raise Conflict(Message(N_("轮次 {wave} 已经结束，不能再分派"), {"wave": wave_id}))
    return wave, draw


def _teams(session: Session, draw: Draw) -> Mapping[str, Collection[int]]:
    """Community -> the canvassers of its team; none where no teams were drawn."""
    kept = standing_teams(session, draw.id)
    return read_document(kept.document).members if kept and kept.document else {}


def _refuse_short(
    cases: Iterable[str], eligible: Mapping[str, Sequence[int]], areas: Mapping[str, Area], *, in_teams: bool
) -> None:
    short = [areas[code] for code in cases if len(eligible[code]) < LEAST]
    if short:
        expected = Message(N_("至少 {least} 名在用、在范围内、不需回避的访员"), {"least": LEAST})
        if in_teams:
            words = N_("抽中的队里至少 {least} 名在用、在范围内、不需回避的访员；少了就写明理由重抽队伍")
            expected = Message(words, {"least": LEAST})
        problems = [
            Problem(where=area.code, column=area.name, got=str(len(eligible[area.code])), expected=expected)
            for area in short
        ]
        message = N_("没有分派：{count} 个社区可派的访员不足 {least} 名")
        raise CheckFailed(Message(message, {"count": len(short), "least": LEAST}), problems)


def _receiver(session: Session, account_id: int) -> Account:
    canvasser = get_account(session, account_id)
    if canvasser is None or canvasser.role is not Role.CANVASSER or not canvasser.active:
        raise NotThere(Message(N_("没有编号为 {id} 的在用访员账号"), {"id": account_id}))
    return canvasser


def _obstacles(
    session: Session, wave: WaveRecord, draw: Draw, cases: Sequence[Case], canvasser: Account
) -> dict[str, Message]:
    """Community -> why its cases among ``cases`` cannot go to this canvasser."""
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    taken = standing(session, wave.id)
    holders: dict[str, Counter[int]] = {case.area: Counter() for case in cases}
    moved: dict[str, Counter[int]] = {case.area: Counter() for case in cases}
    for case in list_cases(session, draw.id):
        if case.area in holders and case.id in taken:
            holders[case.area][taken[case.id]] += 1
    for case in cases:
        if case.id in taken:
            moved[case.area][taken[case.id]] += 1
    found = {}
    for code in sorted(holders):
        if obstacle := obstacle_of(canvasser, wave.id, code, areas):
            found[code] = Message(OBSTACLE_WORDS[obstacle])
        elif leaves_one(holders[code], moved[code], canvasser.id):
            found[code] = Message(LEAVES_ONE_WORDS)
    return found


def _refuse(session: Session, wave: WaveRecord, canvasser: Account, barred: Mapping[str, Message]) -> NoReturn:
    names = {area.code: area.name for area in get_frame(session, wave.frame_id).areas}
    told = [{"community": names[code], "reason": reason} for code, reason in barred.items()]
    if len(told) == 1:
        message = N_("不能把{community}的样本户派给“{name}”：{reason}")
        raise Conflict(Message(message, {"name": canvasser.name, **told[0]}))
    problems = [
        Problem(where="", column="", got="", expected=Message(N_("{community}（{reason}）"), params)) for params in told
    ]
    message = N_("没有改派：{count} 个社区的样本户不能派给“{name}”")
    raise Conflict(Message(message, {"count": len(told), "name": canvasser.name}), problems)
