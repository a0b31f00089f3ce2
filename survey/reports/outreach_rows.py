"""One action of an outreach plan, as the page, the PDF and the workbook say it."""

from dataclasses import dataclass
from datetime import date

from analysis.outreach.priorities import residents_affected
from analysis.publication import PublishedEstimate
from questionnaires.definition import Text
from survey.messages import N_
from survey.outreach import STATUS_NAMES, ActionKind, Finding, ShownStatus
from survey.reports import outreach_words as words
from survey.reports.wording import Say, as_set, count, speaker

#: What stands beside a kind where the estimate is not clearly below its target.
FINDING_WORDS = {
    Finding.BELOW_TARGET: N_("{indicator}明显低于目标"),
    Finding.CAUSE_UNKNOWN: N_("{indicator}明显低于目标，原因不明：先听居民说"),
}
#: Interviews of one community serve all indicators that cannot be told there: one group.
UNCLEAR_GROUP = ""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One action in values. ``adults``: of the community, if known. ``place``: a grid (its code; ``place_name``: what
    it is called) or an estate in it, "" = all.

    ``wanted``: the full quantity; ``quantity``: the planned one, less where the budget did not reach.
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
        return residents_affected(self.estimate, self.adults)

    @property
    def problem(self) -> tuple[ActionKind, str]:
        """What the action answers; interviews answer whatever cannot be told."""
        known = self.finding in FINDING_WORDS
        return self.kind, self.indicator if known else UNCLEAR_GROUP


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One action in words; ``line``: the values. Empty words: nothing to say."""

    line: PlanLine
    place: str
    reason: str
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
        action=line.type_name.in_language(language),
        progress=words.progress(line.done, line.quantity, unit, say),
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
        result=words.beginning(line.result),
    )


def _beyond(line: PlanLine, unit: str, say: Say) -> str:
    if line.quantity >= line.wanted:
        return ""
    return say(N_("足额应为{quantity}"), quantity=words.quantity(line.wanted, unit, say))


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
    return say(N_("离目标约差{people}名居民"), people=count(words.rounded(people))) if people else ""


def coverage_words(line: PlanLine, say: Say) -> str:
    """Distinct homes at whose door somebody was; empty where no homes are ticked."""
    ticked = line.reached + line.nobody + line.do_not_disturb
    if not line.units or not ticked:
        return ""
    return say(
        N_("入户率{share}：{units}户中到过{ticked}户（见到人{reached}，无人{nobody}，勿扰{left}）"),
        share=as_set(ticked / line.units) if ticked == line.units else f"{100 * ticked / line.units:.1f}%",
        units=count(line.units),
        ticked=count(ticked),
        reached=count(line.reached),
        nobody=count(line.nobody),
        left=count(line.do_not_disturb),
    )
