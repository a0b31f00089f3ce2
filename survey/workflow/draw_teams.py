"""Draw teams and dates for the cases of a draw by the same lottery: who goes together, where, on which days.

What it is drawn from follows from the draw's seed, so nobody can choose it, and a public draw makes it public, too.
Sizes and days may stand in the draw's design, promised with it; then they are those. No home is given a day: only
communities are.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.sampling.assignment import LEAST
from analysis.sampling.sample_design import TeamRules
from analysis.sampling.teams import DrawnTeams, NobodyLeftError, TeamPlan, TooFewDaysError, draw_teams, teams_seed
from survey.casework.kept_promises import refuse_other_teams
from survey.casework.reasons import LONGEST_REASON, read_reason
from survey.casework.team_records import (
    TeamRecord,
    count_cases,
    document_digest,
    find_barred,
    plan_of,
    promised_rules,
    read_document,
    short_places,
    to_document,
)
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, Problem
from survey.sampling.team_rules import MOST_DAYS, MOST_PER_DAY, MOST_SIZE, PER_MEMBER, all_days
from survey.store.areas import get_frame
from survey.store.assignments import count_standing
from survey.store.draws import Draw, standing_draw
from survey.store.team_draws import TeamDraw, add_team_draw, standing_teams
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days on which teams may go, both ends included, less those ``without``. ``None``: as the wave says."""

    first: date | None = None
    last: date | None = None
    without: Collection[date] = ()


@dataclass(frozen=True, kw_only=True)
class MadeTeams:
    """``document``: of ``record``, as it is kept until the wave is closed."""

    kept: TeamDraw
    record: TeamRecord
    document: str


def make_teams(
    session: Session,
    wave_id: int,
    *,
    size: int | None = None,
    per_day: int | None = None,
    period: Period = Period(),
    reason: str = "",
    at: datetime,
    by: str,
) -> MadeTeams:
    """Draw teams for the wave's approved draw, as its design says; or else teams of ``size`` (two by default) that go
    to ``per_day`` cases on one day (ten a member), on the days of ``period``.

    Raises :class:`Conflict` while no draw stands, once the wave is closed, where another method was promised, and where
    teams are there already without a ``reason`` to draw them again (both stay on record); once cases are assigned, but
    for teams of which too few are left, see :func:`survey.casework.team_records.short_places`. :class:`BadInput` for
    numbers and days that cannot be, or are not those of the design, and for a reason that says nothing;
    :class:`CheckFailed` naming the communities for which nobody is left. Nothing is stored then.
    """
    wave, draw = _standing(session, wave_id)
    refuse_other_teams(session, draw)
    if reason := " ".join(reason.split()):
        reason = read_reason(reason, Message(N_("请写明重抽的理由，最多 {most} 个字"), {"most": LONGEST_REASON}))
    number = _number(session, wave_id, draw, reason)
    rules = _rules(wave, draw, size, per_day, period, today=at.astimezone(SHANGHAI).date())
    record = _record(session, draw, number=number, rules=rules)
    document = to_document(record)
    kept = add_team_draw(
        session,
        draw.id,
        number=number,
        counts=record.counts,
        document=document,
        digest=document_digest(document),
        reason=reason,
        at=at,
        by=by,
    )
    return MadeTeams(kept=kept, record=record, document=document)


def _rules(
    wave: WaveRecord, draw: Draw, size: int | None, per_day: int | None, period: Period, *, today: date
) -> TeamRules:
    """Those that were promised with the design, where it has some."""
    rules = promised_rules(draw)
    if rules is None:
        return _chosen(wave, size, per_day, period, today=today)
    _refuse_others(wave, rules, size, per_day, period, today=today)
    return rules


def _chosen(wave: WaveRecord, size: int | None, per_day: int | None, period: Period, *, today: date) -> TeamRules:
    size = LEAST if size is None else size
    per_day = PER_MEMBER * size if per_day is None else per_day
    _check_numbers(size, per_day)
    return TeamRules(size=size, per_day=per_day, days=possible_days(wave, period, today=today))


def _refuse_others(
    wave: WaveRecord, rules: TeamRules, size: int | None, per_day: int | None, period: Period, *, today: date
) -> None:
    """Who may try other sizes and days once the seed is known can choose the teams."""
    said = period.first or period.last or period.without
    days = possible_days(wave, period, today=today) if said else rules.days
    if size in (None, rules.size) and per_day in (None, rules.per_day) and days == rules.days:
        return
    message = N_(
        "队伍的人数和日子写在抽样的设计里（每队 {size} 人，每天 {per_day} 户，日子：{days}），不能另选：不写就照设计抽"
    )
    told = f"{rules.days[0]} – {rules.days[-1]} ({len(rules.days)})" if rules.days else "-"
    raise BadInput(Message(message, {"size": rules.size, "per_day": rules.per_day, "days": told}))


def _record(session: Session, draw: Draw, *, number: int, rules: TeamRules) -> TeamRecord:
    """Drawn from what cases and accounts say now."""
    cases = count_cases(session, draw)
    barred = find_barred(session, draw, cases)
    seed = teams_seed(bytes.fromhex(draw.seed), number)
    plan = plan_of(cases=cases, barred=barred, size=rules.size, days=rules.days, per_day=rules.per_day)
    return TeamRecord(
        draw=draw.id,
        number=number,
        seed=seed.hex(),
        salt=secrets.token_hex(16),
        size=rules.size,
        per_day=rules.per_day,
        days=rules.days,
        cases=cases,
        barred=barred,
        drawn=_draw(session, draw, plan, seed),
    )


def possible_days(wave: WaveRecord, period: Period, *, today: date) -> tuple[date, ...]:
    """In order of time; none where neither the wave nor ``period`` says any. The past is for nobody to go to, unless
    ``period`` says so.

    Raises :class:`BadInput` for an end before the beginning, a day left out that is not in between, or none left.
    """
    first = period.first or (wave.details.start and max(wave.details.start, today))
    last = period.last or wave.details.end
    if first is None or last is None:
        if period.first or period.last or period.without:
            raise BadInput(Message(N_("日期不完整：轮次没有写明调查期，请同时给出开始日和结束日。")))
        return ()
    params = {"first": first, "last": last}
    if not 0 <= (last - first).days < MOST_DAYS:
        message = N_("从 {first} 到 {last} 没有可用的日子，或者超过一年；请给出开始日和结束日。")
        raise BadInput(Message(message, params))
    days = all_days(first, last)
    if strange := sorted(set(period.without) - set(days)):
        message = N_("要去掉的日子 {day} 不在 {first} 到 {last} 之间")
        raise BadInput(Message(message, {"day": strange[0], **params}))
    left = tuple(day for day in days if day not in set(period.without))
    if not left:
        raise BadInput(Message(N_("从 {first} 到 {last} 的每一天都去掉了，没有剩下"), params))
    return left


def _standing(session: Session, wave_id: int) -> tuple[WaveRecord, Draw]:
    wave, draw = get_wave(session, wave_id), standing_draw(session, wave_id)
    if draw is None:
        raise Conflict(Message(N_("抽样获得另一人批准之后才能抽队伍和日期")))
    if wave.state not in (WaveState.DRAWN, WaveState.FIELDING):
        raise Conflict(Message(N_("轮次 {wave} 已经结束，不能再抽队伍和日期"), {"wave": wave_id}))
    return wave, draw


def _number(session: Session, wave_id: int, draw: Draw, reason: str) -> int:
    """Of the teams to be drawn: trying again until somebody likes them is on record, with its reason."""
    standing, assigned = standing_teams(session, draw.id), count_standing(session, wave_id)
    if standing is None:
        if reason:
            raise BadInput(Message(N_("还没有抽过队伍，不用写重抽的理由")))
        if assigned:
            message = N_("已有 {count} 个样本户分派给访员：队伍和日期要在分派之前抽")
            raise Conflict(Message(message, {"count": assigned}))
        return 1
    if not reason:
        message = N_("队伍已经抽过（第 {number} 次）；重抽要写明理由，两次都留在记录里")
        raise Conflict(Message(message, {"number": standing.number}))
    if assigned and not short_places(session, draw, read_document(standing.document or "")):
        message = N_(
            "已有 {count} 个样本户照第 {number} 次的队伍分派，每队还有 {least} 名以上能去的人：不能重抽，否则可以一直"
            "抽到满意为止。要换人，就写明理由把样本户改派给别人，作为例外留在记录里；队里不足 {least} 人时可以重抽"
        )
        raise Conflict(Message(message, {"count": assigned, "number": standing.number, "least": LEAST}))
    return standing.number + 1


def _check_numbers(size: int, per_day: int) -> None:
    if not LEAST <= size <= MOST_SIZE:
        message = N_("每队人数应为 {least} 到 {most}；得到 {got}")
        raise BadInput(Message(message, {"least": LEAST, "most": MOST_SIZE, "got": size}))
    if not 1 <= per_day <= MOST_PER_DAY:
        message = N_("每队每天去的户数应为 1 到 {most}；得到 {got}")
        raise BadInput(Message(message, {"most": MOST_PER_DAY, "got": per_day}))


def _draw(session: Session, draw: Draw, plan: TeamPlan, seed: bytes) -> DrawnTeams:
    try:
        return draw_teams(plan, seed)
    except NobodyLeftError as error:
        raise _nobody_left(session, draw, plan, error) from error
    except TooFewDaysError as error:
        raise _too_few_days(session, draw, plan, error) from error


def _names(session: Session, draw: Draw) -> Mapping[str, str]:
    return {area.code: area.name for area in get_frame(session, draw.frame_id).areas}


def _nobody_left(session: Session, draw: Draw, plan: TeamPlan, error: NobodyLeftError) -> CheckFailed:
    names = _names(session, draw)
    going = Counter(place for reach in plan.may_visit.values() for place in reach)
    expected = Message(N_("一支 {size} 人的队，人人在用、在范围内、不需回避"), {"size": plan.size})
    problems = [
        Problem(where=place, column=names[place], got=str(going[place]), expected=expected)
        for place in error.communities
    ]
    message = N_("没有抽：{count} 个社区没有可去的队（按回避和范围，可去的访员太少或凑不成队）")
    return CheckFailed(Message(message, {"count": len(problems)}), problems)


def _too_few_days(session: Session, draw: Draw, plan: TeamPlan, error: TooFewDaysError) -> Conflict:
    params = {"needed": error.needed, "there": error.there, "per_day": plan.per_day}
    if error.community:
        message = N_("{name}每天 {per_day} 户要 {needed} 天，可用的只有 {there} 天：请延长日期或增加每天户数。")
        return Conflict(Message(message, {"name": _names(session, draw)[error.community], **params}))
    message = N_(
        "日子不够：全部社区每天 {per_day} 户共要 {needed} 队天，各队最多有 {there} 队天，排不下："
        "请延长日期、增加每天户数或缩小每队人数。"
    )
    return Conflict(Message(message, params))
