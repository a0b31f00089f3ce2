"""What was drawn by lot of teams and dates, and all it was made of, as one JSON document: anybody can repeat it.

Members of the document (sorted, without spaces; its digest is the SHA-256 of its UTF-8)::

    {"draw": 3, "number": 1,                 of which draw; how many times teams were drawn for it
     "seed": "<64 hex>",                     of the teams, see analysis.sampling.teams; the draw's is not told by it
     "salt": "<32 hex>",                     keeps the digest from telling what it was made of
     "size": 2, "per_day": 20,               canvassers in a team; cases a team goes to on one day
     "days": ["2026-05-06", …],              those possible; none: no days were drawn
     "communities": {"440983102001": 100},   cases in the field
     "canvassers": {"7": {"tied": ["440983102001"]}, "8": {}},   account -> why not -> communities
     "teams": [{"members": [7, 8], "visits": {"440983102002": ["2026-05-07", …]}}],
     "spare": []}
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST
from analysis.sampling.sample_design import TeamRules
from analysis.sampling.teams import DrawnTeams, Team, TeamPlan
from survey.fieldwork.recusal import Obstacle, find_obstacle
from survey.messages import N_, BadInput, Message
from survey.roles import Role
from survey.sampling.sample_designs import from_canonical
from survey.store.accounts import list_accounts
from survey.store.areas import parents_in
from survey.store.cases import list_cases
from survey.store.draws import Draw
from survey.store.team_draws import TeamCounts

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

#: Canvasser -> community -> why they may not visit it.
Barred = Mapping[int, Mapping[str, Obstacle]]


@dataclass(frozen=True, kw_only=True)
class TeamRecord:
    """As the module says. ``barred``: every canvasser is in it."""

    draw: int
    number: int
    seed: str
    salt: str
    size: int
    per_day: int
    days: tuple[date, ...]
    cases: Mapping[str, int]
    barred: Barred
    drawn: DrawnTeams

    @property
    def plan(self) -> TeamPlan:
        return plan_of(cases=self.cases, barred=self.barred, size=self.size, days=self.days, per_day=self.per_day)

    @property
    def members(self) -> dict[str, tuple[int, ...]]:
        """Community -> the canvassers of its team."""
        return {community: team.members for team in self.drawn.teams for community in team.visits}

    @property
    def counts(self) -> TeamCounts:
        return TeamCounts(
            teams=len(self.drawn.teams),
            canvassers=sum(len(team.members) for team in self.drawn.teams),
            spare=len(self.drawn.spare),
            communities=len(self.cases),
            recusals=sum(why is not Obstacle.OUT_OF_REACH for own in self.barred.values() for why in own.values()),
            days=sum(len(days) for team in self.drawn.teams for days in team.visits.values()),
        )


def promised_rules(draw: Draw) -> TeamRules | None:
    """What the draw's design says teams and dates are drawn with."""
    return from_canonical(draw.design).teams


def rules_words(draw: Draw, rules: TeamRules | None) -> Message:
    """When sizes and days were chosen: what is chosen once the seed is known can be tried until a team suits."""
    if rules is None:
        return Message(N_("设计里没有写；种子已经知道以后才定的"))
    if draw.public:
        return Message(N_("写在公开承诺的设计里，种子产生以前就公布了"))
    return Message(N_("写在抽样的设计里；抽样不是公开抽签"))


def plan_of(*, cases: Mapping[str, int], barred: Barred, size: int, days: tuple[date, ...], per_day: int) -> TeamPlan:
    may_visit = {account: frozenset(cases) - own.keys() for account, own in barred.items()}
    return TeamPlan(cases=cases, may_visit=may_visit, size=size, days=days, per_day=per_day)


def count_cases(session: Session, draw: Draw) -> dict[str, int]:
    """Community -> cases in the field."""
    return dict(sorted(Counter(case.area for case in list_cases(session, draw.id)).items()))


def find_barred(session: Session, draw: Draw, cases: Mapping[str, int]) -> dict[int, dict[str, Obstacle]]:
    """The active canvassers, and where they may not go, as their accounts say now."""
    parents = parents_in(session, draw.frame_id)
    found: dict[int, dict[str, Obstacle]] = {}
    for account in list_accounts(session, Role.CANVASSER):
        if not account.active:
            continue
        found[account.id] = {}
        for community in cases:
            obstacle = find_obstacle(
                canvasser_type=account.canvasser_type,
                ties=account.ties,
                scope=account.scope,
                wave_id=draw.wave_id,
                community=community,
                parents=parents,
            )
            if obstacle is not None:
                found[account.id][community] = obstacle
    return found


def short_places(session: Session, draw: Draw, record: TeamRecord) -> tuple[str, ...]:
    """Communities whose team has fewer than two members left who may go there, as their accounts say now."""
    barred = find_barred(session, draw, record.cases)
    return tuple(
        place
        for place, members in sorted(record.members.items())
        if sum(one in barred and place not in barred[one] for one in members) < LEAST
    )


def to_document(record: TeamRecord) -> str:
    return _encode(
        {
            "draw": record.draw,
            "number": record.number,
            "seed": record.seed,
            "salt": record.salt,
            "size": record.size,
            "per_day": record.per_day,
            "days": [day.isoformat() for day in record.days],
            "communities": dict(record.cases),
            "canvassers": {str(account): _by_reason(own) for account, own in record.barred.items()},
            "teams": [
                {
                    "members": list(team.members),
                    "visits": {place: [day.isoformat() for day in days] for place, days in team.visits.items()},
                }
                for team in record.drawn.teams
            ],
            "spare": list(record.drawn.spare),
        }
    )


def document_digest(document: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(document.encode()).hexdigest()


def read_document(document: str) -> TeamRecord:
    """Raises :class:`BadInput` for anything but what :func:`to_document` writes."""
    try:
        record = _read(json.loads(document))
        if to_document(record) == document:
            return record
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise BadInput(Message(N_("这不是队伍抽签的记录文件，或者内容已被改动，读不出来")))


def _by_reason(own: Mapping[str, Obstacle]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for community, why in sorted(own.items()):
        reasons.setdefault(why.value, []).append(community)
    return reasons


def _read(found: Any) -> TeamRecord:
    return TeamRecord(
        draw=int(found["draw"]),
        number=int(found["number"]),
        seed=bytes.fromhex(found["seed"]).hex(),
        salt=bytes.fromhex(found["salt"]).hex(),
        size=int(found["size"]),
        per_day=int(found["per_day"]),
        days=tuple(map(date.fromisoformat, found["days"])),
        cases={str(place): int(count) for place, count in found["communities"].items()},
        barred={
            int(account): {place: Obstacle(why) for why, places in own.items() for place in places}
            for account, own in found["canvassers"].items()
        },
        drawn=DrawnTeams(
            teams=tuple(
                Team(
                    members=tuple(map(int, team["members"])),
                    visits={
                        place: tuple(map(date.fromisoformat, days)) for place, days in sorted(team["visits"].items())
                    },
                )
                for team in found["teams"]
            ),
            spare=tuple(map(int, found["spare"])),
        ),
    )
