"""Verify teams and dates: draw them again from the draw's seed and what is on record, and name what differs.

Of the teams that stand, cases in other hands than the team's are named, too, but for the exceptions on record, and for
those dealt by teams of before that were drawn again since: these keep their cases, and that is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.teams import DrawnTeams, draw_teams, teams_seed
from survey.casework.team_records import TeamRecord, document_digest, promised_rules, read_document, rules_words
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, Problem
from survey.store.accounts import get_account
from survey.store.assignments import standing_since
from survey.store.cases import list_cases, list_drawn_cases
from survey.store.draws import Draw, get_draw
from survey.store.replicate_releases import list_releases
from survey.store.team_draws import TeamDraw, get_team_draw, list_team_draws
from survey.store.team_exceptions import TeamException, list_team_exceptions

MOST_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class FormerHands:
    """``cases`` of ``area`` that a member of its team has, but of the team drawn as ``number``, not of that which
    stands.
    """

    area: str
    account_id: int
    cases: int
    number: int


@dataclass(frozen=True, kw_only=True)
class VerifiedTeams:
    """``rules``: when sizes and days were chosen. ``exceptions``: cases that went outside these teams, and why.

    ``again``: the teams that stand, where these were drawn again since. ``former``: cases that members of teams of
    before have, of teams that stand.
    """

    kept: TeamDraw
    record: TeamRecord
    rules: Message
    exceptions: tuple[TeamException, ...]
    again: TeamDraw | None = None
    former: tuple[FormerHands, ...] = ()


def verify_teams(session: Session, team_draw_id: int, *, file: bytes | None = None) -> VerifiedTeams:
    """Draw the teams again. ``file``: the record as it was saved, the only one there is once the wave is closed.

    Raises ``NotThere``; :class:`Conflict` where the wave is closed and no ``file`` is given; :class:`BadInput` for a
    file that is no such record; :class:`CheckFailed` naming the first differences: the record's digest, its seed,
    its communities, then teams, places and days, and cases that are outside the team without a word.
    """
    kept = get_team_draw(session, team_draw_id)
    document = _document(kept, file)
    if (got := document_digest(document)) != kept.digest:
        message = Message(N_("记录的 SHA-256 应为 {digest}：内容已被改动"), {"digest": kept.digest})
        raise _differs(kept, [Problem(where="", column="", got=got, expected=message)])
    record = read_document(document)
    draw = get_draw(session, kept.draw_id)
    exceptions = list_team_exceptions(session, draw.id)
    drawn = list_team_draws(session, draw.id)
    stands = drawn[0].id == kept.id
    hands = _hands(session, draw, drawn) if stands and kept.document is not None else {}
    problems = [*_inputs(session, kept, draw, record), *_outcome(record), *_strangers(session, hands, exceptions)]
    if problems:
        raise _differs(kept, problems[:MOST_NAMED])
    told = {(one.area, one.account_id) for one in exceptions}
    return VerifiedTeams(
        kept=kept,
        record=record,
        rules=rules_words(draw, promised_rules(draw)),
        exceptions=tuple(one for one in exceptions if one.team_draw_id == kept.id),
        again=None if stands else drawn[0],
        former=tuple(
            FormerHands(area=area, account_id=holder, cases=held.cases, number=held.number)
            for (area, holder), held in sorted(hands.items())
            if held.number and (area, holder) not in told
        ),
    )


def _document(kept: TeamDraw, file: bytes | None) -> str:
    if file is not None:
        try:
            return file.decode()
        except UnicodeDecodeError as error:
            raise BadInput(Message(N_("这不是队伍抽签的记录文件，或者内容已被改动，读不出来"))) from error
    if kept.document is None:
        message = N_("轮次结束时队伍名单已经删去（摘要 {digest} 仍在）：请用结束前保存的记录文件核对")
        raise Conflict(Message(message, {"digest": kept.digest}))
    return kept.document


def _inputs(session: Session, kept: TeamDraw, draw: Draw, record: TeamRecord) -> Iterator[Problem]:
    """What the record was made of, against the draw."""
    if (record.draw, record.number) != (kept.draw_id, kept.number):
        expected = Message(N_("第 {draw} 号抽样的第 {number} 次"), {"draw": kept.draw_id, "number": kept.number})
        yield Problem(where="", column="draw", got=f"{record.draw}, {record.number}", expected=expected)
    if record.seed != (seed := teams_seed(bytes.fromhex(draw.seed), kept.number).hex()):
        expected = Message(N_("由抽样的种子算出的 {seed}"), {"seed": seed})
        yield Problem(where="", column="seed", got=record.seed, expected=expected)
    rules = promised_rules(draw)
    if rules is not None and (record.size, record.per_day, record.days) != (rules.size, rules.per_day, rules.days):
        message = N_("设计里写的：每队 {size} 人，每天 {per_day} 户，{days} 天")
        expected = Message(message, {"size": rules.size, "per_day": rules.per_day, "days": len(rules.days)})
        said = f"{record.size}, {record.per_day}, {len(record.days)}"
        yield Problem(where="", column="size", got=said, expected=expected)
    there = _cases_then(session, kept)
    for place in sorted(there.keys() | record.cases.keys()):
        if (got := record.cases.get(place, 0)) != there[place]:
            expected = Message(N_("{count} 个样本户"), {"count": there[place]})
            yield Problem(where=place, column="communities", got=str(got), expected=expected)


def _cases_then(session: Session, kept: TeamDraw) -> Counter[str]:
    """Community -> cases in the field when the teams were drawn."""
    released = {
        (one.area, one.replicate) for one in list_releases(session, kept.draw_id) if one.released_at <= kept.drawn_at
    }
    return Counter(
        case.area
        for case in list_drawn_cases(session, kept.draw_id)
        if case.replicate == 0 or (case.area, case.replicate) in released
    )


class _Held(NamedTuple):
    """``number``: of the teams of before that stood when the holder, one of them, got the latest such case; 0: none."""

    cases: int
    number: int


def _hands(session: Session, draw: Draw, drawn: Sequence[TeamDraw]) -> dict[tuple[str, int], _Held]:
    """Community and holder of cases that nobody of the team that stands has: first those that went out while the holder
    was in no team for the community, where there are some. ``drawn``: the newest first.
    """
    members = {one.number: read_document(one.document).members for one in drawn if one.document}
    stands = members[drawn[0].number]
    places = {area for known in members.values() for area in known}
    taken = standing_since(session, draw.wave_id)
    rightly: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    wrongly: Counter[tuple[str, int]] = Counter()
    for case in list_cases(session, draw.id):
        holder, at = taken.get(case.id, (0, draw.drawn_at))
        if case.id not in taken or case.area not in places or holder in stands.get(case.area, ()):
            continue
        then = next((one.number for one in drawn if one.drawn_at <= at), 0)
        if holder in members.get(then, {}).get(case.area, ()):
            rightly[case.area, holder].append(then)
        else:
            wrongly[case.area, holder] += 1
    former = {key: _Held(len(numbers), max(numbers)) for key, numbers in rightly.items()}
    return former | {key: _Held(count, 0) for key, count in wrongly.items()}


def _strangers(
    session: Session, hands: Mapping[tuple[str, int], _Held], exceptions: Iterable[TeamException]
) -> Iterator[Problem]:
    """Cases of somebody who was in no team for their community when they went out, with no exception on record."""
    told = {(one.area, one.account_id) for one in exceptions}
    for (area, holder), held in sorted(hands.items()):
        if held.number or (area, holder) in told:
            continue
        account = get_account(session, holder)
        expected = Message(N_("抽中的队里的人，或者记录在案的例外；{count} 个样本户在他手里"), {"count": held.cases})
        yield Problem(where=area, column="cases", got=account.name if account else str(holder), expected=expected)


def _outcome(record: TeamRecord) -> Iterator[Problem]:
    """Each community whose team or days differ from those that come out, then each canvasser, spare ones too."""
    try:
        again = draw_teams(record.plan, bytes.fromhex(record.seed))
    except SamplingError as error:
        yield Problem(where="", column="", got="", expected=Message(N_("不能重抽：{reason}"), {"reason": error}))
        return
    mine, theirs = _places(record.drawn), _places(again)
    for place in sorted(mine.keys() | theirs.keys()):
        (team, days), (right_team, right_days) = mine.get(place, ((), ())), theirs.get(place, ((), ()))
        if team != right_team:
            yield _unlike(place, "teams", _numbers(team), _numbers(right_team))
        if days != right_days:
            yield _unlike(place, "days", _days(days), _days(right_days))
    if (got := _everybody(record.drawn)) != (right := _everybody(again)):
        yield _unlike("", "members", "; ".join(map(_numbers, got)), "; ".join(map(_numbers, right)))


def _places(drawn: DrawnTeams) -> dict[str, tuple[tuple[int, ...], tuple[date, ...]]]:
    return {place: (team.members, days) for team in drawn.teams for place, days in team.visits.items()}


def _everybody(drawn: DrawnTeams) -> list[tuple[int, ...]]:
    return [*(team.members for team in drawn.teams), drawn.spare]


def _unlike(place: str, column: str, got: str, right: str) -> Problem:
    return Problem(where=place, column=column, got=got, expected=Message(N_("重抽得到 {right}"), {"right": right}))


def _numbers(members: tuple[int, ...]) -> str:
    return ", ".join(map(str, members)) or "-"


def _days(days: tuple[date, ...]) -> str:
    return ", ".join(day.isoformat() for day in days) or "-"


def _differs(kept: TeamDraw, problems: list[Problem]) -> CheckFailed:
    message = N_("第 {id} 号队伍抽签核对不上：{count} 处不同")
    return CheckFailed(Message(message, {"id": kept.id, "count": len(problems)}), problems)
