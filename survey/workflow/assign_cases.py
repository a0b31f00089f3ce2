"""Deal cases to canvassers: at random within reach, never to one who belongs there.

Where teams were drawn by lot, the cases of a community are dealt to its team.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST, deal
from survey.areas import Area
from survey.casework.case_holders import eligible_canvassers, find_assignable, find_dealing_teams
from survey.messages import N_, CheckFailed, Conflict, Message, Problem
from survey.store.areas import get_frame
from survey.store.assignments import assign, standing
from survey.store.cases import Case, list_cases
from survey.store.waves import WaveRecord


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

    The seed follows from the draw's and from the round, so nobody can choose it: the main sample is the first round,
    every reserve one more. All cases of a round that are in the field are dealt and those that nobody has are given
    out, so neither handing cases over beforehand nor the order in which communities are dealt gives another hand.
    ``communities`` limits what is given out. Where teams were drawn, only members of a community's team get its cases.
    Raises :class:`Conflict` while no draw stands, nothing is left to assign, or teams were promised with the design and
    not drawn; and :class:`CheckFailed` naming every community with fewer than two canvassers: then nothing is assigned
    at all.
    """
    wave, draw = find_assignable(session, wave_id)
    taken = standing(session, wave_id)
    rounds, open_cases = _rounds(list_cases(session, draw.id), taken, communities)
    if not open_cases:
        raise Conflict(Message(N_("没有待分派的样本户：全部已经分派")))
    teams = find_dealing_teams(session, draw)
    eligible = _find_eligible(session, wave, {area for own in rounds.values() for area in own}, teams)
    seeds = {number: assignment_seed(draw.seed, number) for number in sorted(rounds)}
    dealt = {
        case: canvasser
        for number, seed in seeds.items()
        for case, canvasser in deal(rounds[number], eligible, bytes.fromhex(seed)).items()
        if case in open_cases
    }
    assign(session, dealt.items(), at=at, by=by)
    return Assigned(cases=len(dealt), seeds=seeds, canvassers=Counter(dealt.values()), in_teams=bool(teams))


def _find_eligible(
    session: Session, wave: WaveRecord, places: Collection[str], teams: Mapping[str, Collection[int]]
) -> dict[str, list[int]]:
    """Community -> accounts that may get its cases, of its team where ``teams`` were drawn.

    Raises :class:`CheckFailed` where they are too few.
    """
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    within_reach = eligible_canvassers(session, wave.id, sorted(places), areas)
    eligible = {code: [one for one in ids if one in teams.get(code, ids)] for code, ids in within_reach.items()}
    _refuse_short(sorted(places), eligible, areas, in_teams=bool(teams))
    return eligible


def _rounds(
    cases: Iterable[Case], taken: Container[UUID], communities: Container[str] | None
) -> tuple[dict[int, dict[str, list[UUID]]], set[UUID]]:
    """Round -> community -> all its cases, where somebody is still to get one; and the cases that nobody has."""
    dealt = [case for case in cases if communities is None or case.area in communities]
    left = {case.id for case in dealt if case.id not in taken}
    waiting = {(case.replicate, case.area) for case in dealt if case.id in left}
    rounds: dict[int, dict[str, list[UUID]]] = {}
    for case in dealt:
        if (case.replicate, case.area) in waiting:
            rounds.setdefault(1 + case.replicate, {}).setdefault(case.area, []).append(case.id)
    return rounds, left


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
