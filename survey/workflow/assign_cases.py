"""Deal cases to canvassers: at random within reach, never to one who belongs there.

Where teams were drawn by lot, the cases of a community are dealt to its team.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST, deal
from survey.areas import Area
from survey.casework.case_holders import eligible_canvassers, find_assignable, find_teams
from survey.messages import N_, CheckFailed, Conflict, Message, Problem
from survey.sampling.sample_designs import from_canonical
from survey.store.areas import get_frame
from survey.store.assignments import assign, standing
from survey.store.cases import list_cases


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """``canvassers``: account -> cases it got. ``seeds``: round -> what its communities were dealt with.

    ``in_teams``: whether by the teams that were drawn.
    """

    cases: int
    seeds: Mapping[int, str]
    canvassers: Mapping[int, int]
    in_teams: bool

    @property
    def round(self) -> int:
        """The latest."""
        return max(self.seeds)

    @property
    def seed(self) -> str:
        return self.seeds[self.round]


def assign_cases(
    session: Session,
    wave_id: int,
    *,
    at: datetime,
    by: str,
    communities: Collection[str] | None = None,
) -> Assigned:
    """Deal the cases that nobody has to the canvassers who may visit their community, at least two in each.

    The seed follows from the draw's and from the round, so nobody can choose it: a community's first round is its main
    sample, every reserve that was dealt before is one more, and neither handing cases over nor the order in which
    communities are dealt changes it. ``communities`` limits what is dealt. Where teams were drawn, only members of a
    community's team get its cases. Raises :class:`Conflict` while no draw stands, nothing is left to assign, or teams
    were promised with the design and not drawn; and :class:`CheckFailed` naming every community with fewer than two
    canvassers: then nothing is assigned at all.
    """
    wave, draw = find_assignable(session, wave_id)
    taken = standing(session, wave_id)
    open_cases: dict[str, list[UUID]] = {}
    dealt_before: dict[str, set[int]] = {}
    for case in list_cases(session, draw.id):
        if case.id in taken:
            dealt_before.setdefault(case.area, set()).add(case.replicate)
        elif communities is None or case.area in communities:
            open_cases.setdefault(case.area, []).append(case.id)
    if not open_cases:
        raise Conflict(Message(N_("没有待分派的样本户：全部已经分派")))
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    eligible = eligible_canvassers(session, wave_id, open_cases, areas)
    if teams := find_teams(session, draw):
        eligible = {code: [one for one in ids if one in teams.get(code, ids)] for code, ids in eligible.items()}
    elif from_canonical(draw.design).teams is not None:
        message = N_("设计里承诺了抽队伍和日期，还没有抽：先抽队伍（survey draw teams），再分派")
        raise Conflict(Message(message))
    _refuse_short(open_cases, eligible, areas, in_teams=bool(teams))
    rounds = {area: 1 + len(dealt_before.get(area, ())) for area in open_cases}
    seeds = {number: assignment_seed(draw.seed, number) for number in sorted(set(rounds.values()))}
    dealt: dict[UUID, int] = {}
    for number, seed in seeds.items():
        own = {area: cases for area, cases in open_cases.items() if rounds[area] == number}
        dealt |= deal(own, eligible, bytes.fromhex(seed))
    assign(session, dealt.items(), at=at, by=by)
    return Assigned(cases=len(dealt), seeds=seeds, canvassers=Counter(dealt.values()), in_teams=bool(teams))


def assignment_seed(draw_seed: str, number: int) -> str:
    """The seed of the ``number``-th round of assignments of a draw.

    >>> assignment_seed("00112233445566778899aabbccddeeff", 1)[:16]
    '0f2d83c15af8ca56'
    """
    return hashlib.sha256(bytes.fromhex(draw_seed) + f"assignment round {number}".encode()).hexdigest()


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
