"""``survey draw teams|verify-teams``: who goes together, where and when, by the draw's lottery."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.new_files import write_new
from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current
from survey.messages import N_, Message, NotAllowed, NotThere
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.casework.team_records import TeamRecord
    from survey.store.database import Session
    from survey.store.team_draws import TeamDraw
    from survey.workflow.verify_teams import VerifiedTeams

DAY = click.DateTime(formats=["%Y-%m-%d"])
FILE = click.Path(path_type=Path)


@click.command("teams")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--size", type=int, help="Canvassers in a team, at least two.  [default: the design's, or 2]")
@click.option("--from", "first", metavar="DATE", type=DAY, help="First day; as the design or the wave says by default.")
@click.option("--to", "last", metavar="DATE", type=DAY, help="Last day.")
@click.option("--without", metavar="DATE", type=DAY, multiple=True, help="A day to leave out; may be given again.")
@click.option(
    "--per-day", metavar="K", type=int, help="Cases a team goes to on one day.  [default: the design's, or 10 a member]"
)
@click.option("--reason", default="", help="Why teams are drawn again; stays on record.")
@click.option("--out", "path", metavar="F.json", type=FILE, help="A new file for the record; closing forgets it.")
@verb(needs=Permission.ASSIGN_CASES)
def teams(
    wave_id: int,
    size: int | None,
    first: datetime | None,
    last: datetime | None,
    without: tuple[datetime, ...],
    per_day: int | None,
    reason: str,
    path: Path | None,
) -> Answer:
    """Draw teams, their communities and their dates for the approved draw; nobody goes where they belong.

    Where the draw's design says sizes and days, they are those.
    """
    from survey.casework.team_records import promised_rules, rules_words
    from survey.i18n import render
    from survey.store.draws import get_draw
    from survey.workflow.draw_teams import Period, make_teams

    if acting_scope().areas:
        raise NotAllowed(Message(N_("您的账号只负责部分地区，这一步涉及整个轮次：请找不限地区的同事来做。")))
    period = Period(first=_day(first), last=_day(last), without=[one.date() for one in without])
    with open_current().writing() as session:
        made = make_teams(
            session, wave_id, size=size, per_day=per_day, period=period, reason=reason, at=now(), by=acting()
        )
        if path is not None:
            write_new(path, made.document.encode())
        rules = render(rules_words(draw := get_draw(session, made.kept.draw_id), promised_rules(draw)), language())
        names = _names(session, made.record)
    answer = _answer(made.kept, made.record, names=names, rules=rules)
    return answer if path is None else Answer(document=answer.document, lines=[*answer.lines, f"wrote {path}"])


@click.command("verify-teams")
@click.argument("team_draw_id", metavar="ID", type=RECORD_ID)
@click.option("--file", "path", metavar="F.json", type=FILE, help="The record as it was saved: needed after closing.")
@verb(needs=Permission.ASSIGN_CASES)
def verify_teams(team_draw_id: int, path: Path | None) -> Answer:
    """Draw teams and dates again from the draw's seed and the record (exit 1 with what does not fit).

    Cases in other hands than the team's do not fit, either, unless a reason is on record; those are listed, and so are
    cases that members of teams drawn before have.
    """
    from survey.cli.text_files import read_text
    from survey.store.accounts import get_account
    from survey.store.draws import get_draw
    from survey.store.team_draws import get_team_draw
    from survey.workflow.verify_teams import verify_teams as verify

    file = read_text(path).encode() if path else None
    with open_current().reading() as session:
        wave_id = get_draw(session, get_team_draw(session, team_draw_id).draw_id).wave_id
        if not acting_scope().sees_wave(wave_id):
            raise NotThere(Message(N_("没有编号为 {id} 的队伍抽签"), {"id": team_draw_id}))
        found = verify(session, team_draw_id, file=file)
        holders = {*(one.account_id for one in found.exceptions), *(one.account_id for one in found.former)}
        names = {one: account.name for one in holders if one and (account := get_account(session, one))}
    return _verified_answer(found, names)


def _verified_answer(found: "VerifiedTeams", names: Mapping[int, str]) -> Answer:
    """``names``: of the accounts that have cases outside the teams that stand."""
    from survey.i18n import render

    kept, rules = found.kept, render(found.rules, language())
    left = [(one, names.get(one.account_id or 0)) for one in found.exceptions]
    former = [(one, names.get(one.account_id)) for one in found.former]
    again = found.again
    return Answer(
        document={
            "team_draw": kept.id,
            "draw": kept.draw_id,
            "number": kept.number,
            "teams": kept.teams,
            "communities": kept.communities,
            "digest": kept.digest,
            "rules": rules,
            "drawn_again": again and again.id,
            "exceptions": [
                {"area": one.area, "cases": one.cases, "canvasser": name, "reason": one.reason, "by": one.made_by}
                for one, name in left
            ],
            "former_teams": [
                {"area": one.area, "cases": one.cases, "canvasser": name, "number": one.number} for one, name in former
            ],
            "ok": True,
        },
        lines=[
            f"team draw {kept.id}: {kept.teams} teams for {kept.communities} communities come out again, "
            f"sha256 {kept.digest}",
            f"sizes and days: {rules}",
            *([f"! drawn again since: teams {again.number} stand (team draw {again.id})"] if again else ()),
            *(
                f"! {one.cases} cases of {one.area} went outside the team to {name or '-'}: {one.reason}"
                for one, name in left
            ),
            *(
                f"! {one.cases} cases of {one.area} are with {name or '-'} of teams {one.number}, not of those of now"
                for one, name in former
            ),
        ],
    )


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _names(session: "Session", record: "TeamRecord") -> dict[int, str]:
    """Account -> the name of everybody who was drawn or is spare."""
    from survey.store.accounts import get_account

    drawn = [*(one for team in record.drawn.teams for one in team.members), *record.drawn.spare]
    return {one: account.name for one in drawn if (account := get_account(session, one))}


def _answer(kept: "TeamDraw", record: "TeamRecord", *, names: Mapping[int, str], rules: str) -> Answer:
    """``rules``: when sizes and days were chosen."""
    document: dict[str, Any] = {
        "team_draw": kept.id,
        "draw": kept.draw_id,
        "number": kept.number,
        "seed": record.seed,
        "digest": kept.digest,
        "teams": [
            {
                "members": list(team.members),
                "visits": {place: [day.isoformat() for day in days] for place, days in team.visits.items()},
            }
            for team in record.drawn.teams
        ],
        "spare": list(record.drawn.spare),
        "names": {str(one): name for one, name in sorted(names.items())},
        "recusals": kept.recusals,
        "rules": rules,
    }
    lines = [
        f"team draw {kept.id}: {kept.teams} teams for {kept.communities} communities, sha256 {kept.digest}",
        f"sizes and days: {rules}",
    ]
    for number, team in enumerate(record.drawn.teams, start=1):
        members = ", ".join(names[one] for one in team.members)
        lines += [
            f"{number}\t{members}\t{place}\t{' '.join(day.isoformat() for day in days) or '-'}"
            for place, days in team.visits.items()
        ]
    if record.drawn.spare:
        lines.append(f"spare\t{', '.join(names[one] for one in record.drawn.spare)}")
    return Answer(document=document, lines=lines)
