"""Hand cases over: never to one who belongs there, never all of a community to one person.

Where teams were drawn by lot, cases go to somebody outside the team only with a reason, which stays on the record of
the teams.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from survey.casework.case_holders import OUTSIDE_WORDS, find_assignable, find_dealing_teams, find_teams, obstacle_of
from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.fieldwork.handing_over import LEAVES_ONE_WORDS, leaves_one
from survey.fieldwork.recusal import OBSTACLE_WORDS
from survey.keys import KeyRing
from survey.messages import N_, BadInput, Conflict, Message, NotThere, Problem
from survey.roles import Role
from survey.store.accounts import Account, get_account
from survey.store.areas import get_frame
from survey.store.assignments import assign, standing
from survey.store.cases import Case, list_cases
from survey.store.draws import Draw, standing_draw
from survey.store.inbox import PayloadKind, PayloadState, list_inbox
from survey.store.team_draws import standing_teams
from survey.store.team_exceptions import TeamException, add_team_exceptions
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """``kept``: communities whose cases stay where they are, and why."""

    cases: int
    kept: Mapping[str, Message]


def reassign_cases(
    session: Session,
    wave_id: int,
    *,
    cases: Collection[UUID],
    to: int,
    at: datetime,
    by: str,
    communities: Collection[str] | None = None,
    reason: str = "",
) -> int:
    """Give these cases to the account ``to``, whoever has them now; how many they are.

    ``reason``: why somebody outside the team drawn for a community gets its cases.

    Raises :class:`BadInput` without cases, and for such a reason that says nothing; :class:`NotThere` for a case that
    is not in the wave's draw (in one of ``communities``, if given); :class:`Conflict` naming every community that the
    account must not visit, or whose cases, in the hands of two canvassers or more, would all come into those of one, or
    whose team the account does not belong to, without a ``reason``; and where teams were promised and are not drawn.
    """
    wave, draw = find_assignable(session, wave_id)
    reason = reason.strip()
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
    moved = list(found.values())
    barred = _obstacles(session, wave, draw, moved, canvasser, reason)
    if barred:
        _refuse(session, wave, canvasser, barred)
    _give(session, wave, draw, moved, to=to, reason=reason, at=at, by=by)
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
    reason: str = "",
) -> HandedOver:
    """Give all open cases of ``giver`` to ``to``, but those of communities where that may not be: they are told.

    Raises as :func:`reassign_cases`; :class:`Conflict` only when no case at all may change hands.
    """
    wave, draw = find_assignable(session, wave_id)
    reason = reason.strip()
    held = [
        case for case in open_cases_of(session, keys, wave_id, giver) if communities is None or case.area in communities
    ]
    if not held or giver == to:
        raise BadInput(Message(N_("请选择一名还有样本户没有访问的访员，和接手的另一名访员。")))
    canvasser = _receiver(session, to)
    barred = _obstacles(session, wave, draw, held, canvasser, reason)
    given = [case for case in held if case.area not in barred]
    if not given:
        _refuse(session, wave, canvasser, barred)
    _give(session, wave, draw, given, to=to, reason=reason, at=at, by=by)
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


def _give(
    session: Session,
    wave: WaveRecord,
    draw: Draw,
    cases: Sequence[Case],
    *,
    to: int,
    reason: str,
    at: datetime,
    by: str,
) -> None:
    """Assign, and put on record what goes outside the team drawn for it. Raises :class:`BadInput` for a reason that
    says nothing, where it would stay on record.
    """
    teams, kept = find_teams(session, draw), standing_teams(session, draw.id)
    taken = standing(session, wave.id)
    outside = Counter(case.area for case in cases if to not in teams.get(case.area, [to]) and taken.get(case.id) != to)
    if outside:
        reason = read_reason(reason, Message(N_("理由应为看得见的字，最多 {most} 个字"), {"most": LONGEST_REASON}))
    assign(session, [(case.id, to) for case in cases], at=at, by=by)
    if kept is not None:
        add_team_exceptions(
            session,
            [
                TeamException(
                    team_draw_id=kept.id,
                    area=area,
                    account_id=to,
                    cases=count,
                    reason=reason,
                    made_at=at,
                    made_by=by,
                )
                for area, count in sorted(outside.items())
            ],
        )


def _receiver(session: Session, account_id: int) -> Account:
    canvasser = get_account(session, account_id)
    if canvasser is None or canvasser.role is not Role.CANVASSER or not canvasser.active:
        raise NotThere(Message(N_("没有编号为 {id} 的在用访员账号"), {"id": account_id}))
    return canvasser


def _obstacles(
    session: Session, wave: WaveRecord, draw: Draw, cases: Sequence[Case], canvasser: Account, reason: str
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
    teams = find_dealing_teams(session, draw)
    for code in sorted(holders):
        if obstacle := obstacle_of(canvasser, wave.id, code, areas):
            found[code] = Message(OBSTACLE_WORDS[obstacle])
        elif leaves_one(holders[code], moved[code], canvasser.id):
            found[code] = Message(LEAVES_ONE_WORDS)
        elif canvasser.id not in teams.get(code, [canvasser.id]) and not reason:
            found[code] = Message(OUTSIDE_WORDS)
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
