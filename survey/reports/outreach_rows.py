"""One action of an outreach plan, as the page, the PDF and the workbook say it."""

from dataclasses import dataclass
from datetime import date

from analysis.outreach.priorities import residents_affected, residents_range
from analysis.publication import PublishedEstimate
from questionnaires.definition import Text
from survey.language_files import SOURCE
from survey.messages import N_
from survey.outreach import MEASURES, STATUS_NAMES, ActionKind, Finding, ShownStatus
from survey.reports import outreach_reasons as reasons
from survey.reports import outreach_words as words
from survey.reports.outreach_gaps import Gap, gap_words, rounded_range
from survey.reports.wording import Say, as_set, count, speaker

#: What stands beside a kind where the estimate is not clearly below its target.
FINDING_WORDS = {
    Finding.BELOW_TARGET: N_("{indicator}明显低于目标"),
    Finding.CAUSE_UNKNOWN: N_("{indicator}明显低于目标，原因不明：先听居民说"),
}
#: Interviews of one community serve all indicators that cannot be told there: one group.
UNCLEAR_GROUP = ""
#: What those who chose themselves cannot tell, only a drawn sample can: another group. (No indicator is called so.)
DRAW_GROUP = "a drawn sample"
#: The groups of which nobody can count the residents.
UNCOUNTED = frozenset({UNCLEAR_GROUP, DRAW_GROUP})


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One action in values. ``adults``: of the community, if known. ``place``: a grid (its code; ``place_name``: what
    it is called) or an estate in it, "" = all.

    ``wanted``: the full quantity; ``quantity``: the planned one, less where the budget did not reach or somebody cut it
    (``cut_by_hand``). ``homes``: of the community, where interviews are asked for and the frame knows.
    ``units``, ``reached``, ``nobody``, ``do_not_disturb``: the ticked homes; ``units`` ``None``: none are ticked here.
    """

    id: int
    kind: ActionKind
    finding: Finding
    indicator: str
    indicator_label: Text
    area: str
    area_name: str
    place: str
    place_name: str
    type_code: str
    type_name: Text
    unit: Text
    wanted: int
    quantity: int
    done: int
    unit_cost: float
    cost_assumed: bool
    start: date | None
    end: date | None
    leader: str
    owner: str
    department: str
    budget: float | None
    spent: float | None
    evidence: str
    status: ShownStatus
    result: str
    estimate: PublishedEstimate
    adults: int | None
    homes: int | None = None
    by_later_waves: bool = False  # ``done``: interviews of later waves, whatever this action asked for
    cut_by_hand: bool = False
    units: int | None = None
    reached: int = 0
    nobody: int = 0
    do_not_disturb: int = 0

    @property
    def stands(self) -> bool:
        return self.status is not ShownStatus.CANCELLED

    @property
    def cost(self) -> float:
        return self.quantity * self.unit_cost

    @property
    def residents(self) -> int | None:
        """Whom the gap to the target concerns; nobody where it is not clear that there is one."""
        return residents_affected(self.estimate, self.adults) if self.counted else None

    @property
    def residents_range(self) -> tuple[int, int] | None:
        return residents_range(self.estimate, self.adults) if self.counted else None

    @property
    def counted(self) -> bool:
        return self.problem[1] not in UNCOUNTED

    @property
    def problem(self) -> tuple[ActionKind, str]:
        """What the action answers; interviews answer whatever cannot be told."""
        if self.finding is Finding.SELF_CHOSEN:
            return self.kind, DRAW_GROUP
        return self.kind, self.indicator if self.finding in FINDING_WORDS else UNCLEAR_GROUP


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One action in words; ``line``: the values. Empty words: nothing to say."""

    line: PlanLine
    place: str
    reason: str
    why: str  # why it is not clearer, and why so many interviews
    action: str
    progress: str
    beyond: str  # what the budget did not reach
    dates: str
    people: str
    cost: str
    paid: str  # what was set aside and spent
    price: str  # quantity × price alone
    status: str
    coverage: str
    residents: str
    people_short: int | None  # the same as a number
    people_range: tuple[int, int] | None  # and its ends
    evidence: str
    result: str


def plan_row(line: PlanLine, *, language: str) -> PlanRow:
    """One action in words."""
    say = speaker(language)
    unit = line.unit.in_language(language)
    label = line.indicator_label.in_language(language)
    return PlanRow(
        line=line,
        place=say(N_("{area} · {place}"), area=line.area_name, place=line.place_name) if line.place else line.area_name,
        reason=words.estimate_words(line.estimate, label, say),
        why=_why(line, unit, language),
        action=line.type_name.in_language(language),
        progress=_progress(line, unit, say),
        beyond=_beyond(line, unit, say),
        dates=words.dates(line.start, line.end, say),
        people=_people(line, say),
        cost=_cost(line, say),
        paid=_paid(line, say),
        price=words.money(line.cost, say),
        status=say(STATUS_NAMES[line.status]),
        coverage=coverage_words(line, say),
        residents=_affected(line, say),
        people_short=words.rounded(line.residents) if line.residents else None,
        people_range=rounded_range(line.residents_range) if line.residents else None,
        evidence=words.evidence(line.evidence, say),
        result=words.beginning(line.result),
    )


def _progress(line: PlanLine, unit: str, say: Say) -> str:
    if line.status is ShownStatus.DONE and not line.done:
        return say(N_("没有做过的日期和数量的记录，不算做了"))
    told = words.later_interviews if line.by_later_waves else words.progress
    return told(line.done, line.quantity, unit, say)


def _why(line: PlanLine, unit: str, language: str) -> str:
    say = speaker(language)
    told = [] if line.counted else [reasons.looks_below_words(line.estimate, say)]
    if line.type_code in MEASURES and not line.counted:
        told.append(reasons.size_words(line.estimate, line.finding, line.homes, unit, say))
    return ("" if language == SOURCE else " ").join(filter(None, told))


def _beyond(line: PlanLine, unit: str, say: Say) -> str:
    if line.quantity >= line.wanted:
        return ""
    told = N_("足额应为{quantity}，有人改少了") if line.cut_by_hand else N_("足额应为{quantity}")
    return say(told, quantity=words.quantity(line.wanted, unit, say))


def _people(line: PlanLine, say: Say) -> str:
    named = ((N_("责任部门"), line.department), (N_("责任领导"), line.leader), (N_("责任人"), line.owner))
    told = [say(N_("{label}：{finding}"), label=say(label), finding=name) for label, name in named if name]
    return say(N_("；")).join(told)


def _cost(line: PlanLine, say: Say) -> str:
    cost = words.money(line.cost, say)
    return say(N_("{cost}（假定）"), cost=cost) if line.cost_assumed else cost


def _paid(line: PlanLine, say: Say) -> str:
    named = ((N_("预算"), line.budget), (N_("已支出"), line.spent))
    told = [
        say(N_("{label}：{finding}"), label=say(label), finding=words.money(amount, say))
        for label, amount in named
        if amount is not None
    ]
    return say(N_("；")).join(told)


def _affected(line: PlanLine, say: Say) -> str:
    people = line.residents
    return gap_words(Gap(residents=people, low_high=line.residents_range), say) if people else ""


def coverage_words(line: PlanLine, say: Say) -> str:
    """Distinct homes at whose door somebody was, and beside them those where somebody was met; empty where no homes are
    ticked.
    """
    ticked = line.reached + line.nobody + line.do_not_disturb
    if not line.units or not ticked:
        return ""
    return say(
        N_("入户率{share}：{units}户中到过{ticked}户（见到人{reached}，无人{nobody}，勿扰{left}）；见到人的占{met}"),
        share=_share(ticked, line.units),
        met=_share(line.reached, line.units),
        units=count(line.units),
        ticked=count(ticked),
        reached=count(line.reached),
        nobody=count(line.nobody),
        left=count(line.do_not_disturb),
    )


def _share(part: int, whole: int) -> str:
    return as_set(part / whole) if part == whole else f"{100 * part / whole:.1f}%"
