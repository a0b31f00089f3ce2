"""The section 与上一轮相比: what changed since the wave before, in words its figures bear; for web page and PDF."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.publication import Change, ChangeFinding
from questionnaires.definition import Indicator, IndicatorSet, Text
from survey.messages import N_
from survey.reports.change_words import FINDING_WORDS, cell_words, points_of, reason_words, sentence
from survey.reports.comparison import Comparison, DoneWork
from survey.reports.outreach_words import quantity
from survey.reports.view import View
from survey.reports.wording import DASH, count, join, percent, period, rate_words
from survey.runs import ASSUMED_SRS

#: The order of the questionnaire's sets in the section; the coaching rate has no change.
_SETS = (IndicatorSet.HEADLINE, IndicatorSet.DOMAIN, IndicatorSet.OTHER, IndicatorSet.HONESTY)

_MOST_NAMED = 2


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One rate of the report's own area: ``before``, ``now``, what is said of them (``moved``: that it rose or fell;
    ``compared``: that they could be), and the work done meanwhile.
    """

    name: str
    before: str
    now: str
    words: str
    moved: bool
    compared: bool
    done: str


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """One community: for each headline rate the word and the figures below it."""

    name: str
    cells: tuple[tuple[str, str], ...]
    done: str


@dataclass(frozen=True, kw_only=True)
class PartMoves:
    """One community where rates of satisfaction with something rose or fell: which, and how."""

    code: str
    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ChangesSection:
    """``intro`` says what is compared with what. ``lines``: the headline rates; ``more``: the others, which ``summary``
    puts into one sentence where there is no room for them. ``parts``: of the whole its communities, with ``columns``;
    ``moves``: what rose or fell in some of them beside the headline rates, which the whole may hide.
    Where ``has_done``, a last column says what was done of the earlier wave's plan, and a note what that does not say.
    """

    heading: str
    intro: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    more: tuple[ChangeLine, ...]
    summary: str
    columns: tuple[str, ...]
    parts: tuple[PartLine, ...]
    moves: tuple[PartMoves, ...]
    names: str
    has_done: bool
    parts_have_done: bool
    notes: tuple[str, ...]


def compose_changes(view: View) -> ChangesSection | None:
    """``None`` where this wave was compared with none."""
    if view.comparison is None or not view.changes:
        return None
    say, intro = view.say, _intro(view, view.comparison)
    own = [(i, found) for each in _SETS for i in view.indicators(each) if (found := view.change(i)) is not None]
    reason = _only_reason(view)
    if reason:
        own = []
    headline = [(i, change) for i, change in own if i.set is IndicatorSet.HEADLINE]
    rest = [(i, change) for i, change in own if i.set is not IndicatorSet.HEADLINE]
    lines, more = (tuple(_line(view, i, change) for i, change in some) for some in (headline, rest))
    parts = () if reason else _parts(view)
    has_done = any(line.done for line in (*lines, *more))
    parts_have_done = any(line.done for line in parts)
    return ChangesSection(
        heading=say(N_("与上一轮相比")),
        intro=(*intro, reason) if reason else intro,
        lines=lines,
        more=more,
        summary=_summary(view, rest),
        columns=tuple(view.label(i) for i in view.indicators(IndicatorSet.HEADLINE)),
        parts=parts,
        moves=_moves(view) if parts else (),
        names=view.level_name(),
        has_done=has_done,
        parts_have_done=parts_have_done,
        notes=() if reason else _notes(view, done=has_done or parts_have_done),
    )


def _intro(view: View, comparison: Comparison) -> tuple[str, ...]:
    say = view.say
    days = period(comparison.details, say)
    told = N_("上一轮是“{wave}”（{period}）。") if days else N_("上一轮是“{wave}”。")
    sentences = [say(told, wave=comparison.name, period=days)]
    if comparison.run.design == ASSUMED_SRS != view.run.design:  # of this wave it stands on the face of everything
        sentences.append(say(N_("上一轮的设计为假定，比较也是。")))
    return tuple(sentences)


def _only_reason(view: View) -> str:
    """Where nothing at all could be compared, and everywhere for the same reason: that reason, once."""
    reasons = {change.reason for change in view.changes}
    only = next(iter(reasons)) if len(reasons) == 1 else None
    return view.say(N_("不能与上一轮比较：{reason}。"), reason=reason_words(only, view.say)) if only else ""


def _line(view: View, indicator: Indicator, change: Change) -> ChangeLine:
    before, now = view.earlier(indicator), view.find(indicator)
    points = points_of(change, before, now, view.digits) if before and now else None
    return ChangeLine(
        name=view.label(indicator),
        before=DASH if before is None else rate_words(before, view.digits),
        now=DASH if now is None else rate_words(now, view.digits),
        words=sentence(change, points, view.say),
        moved=_moved(change),
        compared=change.finding is not None,
        done=_done_words(view, [indicator.code], view.area_code),
    )


def _parts(view: View) -> tuple[PartLine, ...]:
    """Of the whole its communities, by code and never by what changed."""
    if view.area is not None:
        return ()
    indicators = view.indicators(IndicatorSet.HEADLINE)
    every = [indicator.code for indicator in view.questionnaire.indicators]
    return tuple(
        PartLine(
            name=view.part_name(code),
            cells=tuple(_cell(view, indicator, code) for indicator in indicators),
            done=_done_words(view, every, code),
        )
        for code in view.part_codes()
    )


def _moves(view: View) -> tuple[PartMoves, ...]:
    """By code. A community whose roads got much worse does not show in the whole, nor in its headline rates."""
    domains = [one for one in view.questionnaire.indicators if one.set is IndicatorSet.DOMAIN]
    found = []
    for code in view.part_codes():
        moved = [(one, change) for one in domains if (change := view.change(one, code)) and _moved(change)]
        told = [view.say(N_("{label}{finding}"), label=view.label(one), finding=_word(view, of)) for one, of in moved]
        if told:
            found.append(PartMoves(code=code, name=view.part_name(code), words=join(told, view.say)))
    return tuple(found)


def _moved(change: Change) -> bool:
    return change.finding in (ChangeFinding.ROSE, ChangeFinding.FELL)


def _word(view: View, change: Change) -> str:
    return "" if change.finding is None else view.say(FINDING_WORDS[change.finding])


def _cell(view: View, indicator: Indicator, area: str) -> tuple[str, str]:
    change = view.change(indicator, area)
    before, now = view.earlier(indicator, area), view.find(indicator, area=area)
    points = points_of(change, before, now, 0) if change and before and now else None
    return cell_words(change, points, view.say)


def _done_words(view: View, indicators: Iterable[str], area: str | None) -> str:
    """What the earlier wave's plan has as done for these rates in the area; of the whole in all areas together, with
    where it was, or in how many.
    """
    wanted, done = set(indicators), view.comparison.done if view.comparison else {}
    found: Counter[tuple[Text, Text]] = Counter()
    places: set[str] = set()
    for (indicator, place), works in done.items():
        if indicator in wanted and area in (None, place):
            for work in works:
                found[work.name, work.unit] += work.quantity
                places.add(place)
    told = _listed(view, [DoneWork(name=name, unit=unit, quantity=n) for (name, unit), n in found.items()])
    if area is not None or not told:
        return told
    if len(places) == 1:
        return view.say(N_("{work}（{area}）"), area=view.part_name(*places), work=told)
    return view.say(N_("{work}（{count}个社区）"), count=count(len(places)), work=told)


def _listed(view: View, works: Sequence[DoneWork]) -> str:
    say, language = view.say, view.language
    told = (
        say(
            N_("{action}{quantity}"),
            action=work.name.in_language(language),
            quantity=quantity(work.quantity, work.unit.in_language(language), say),
        )
        for work in works
        if work.quantity
    )
    return say(N_("；")).join(told)


def _summary(view: View, rest: Sequence[tuple[Indicator, Change]]) -> str:
    """The rates below the headline ones: those that rose and fell by name, the others by number."""
    if not rest:
        return ""
    say, found = view.say, Counter(change.finding for _, change in rest)
    parts = []
    for finding, told in ((ChangeFinding.ROSE, N_("{labels}上升")), (ChangeFinding.FELL, N_("{labels}下降"))):
        labels = [view.label(indicator) for indicator, change in rest if change.finding is finding]
        if labels:
            parts.append(say(told, labels=_named(view, labels)))
    for number, told in (
        (found[ChangeFinding.NO_CHANGE], N_("{number}项看不出变化")),
        (found[None], N_("{number}项不能比较")),
    ):
        if number:
            parts.append(say(told, number=number))
    return say(N_("其余{number}项：{parts}。"), number=len(rest), parts=say(N_("；")).join(parts))


def _named(view: View, labels: Sequence[str]) -> str:
    """The first few by name."""
    if len(labels) <= _MOST_NAMED:
        return join(labels, view.say)
    return view.say(N_("{labels}等{number}项"), labels=join(labels[:_MOST_NAMED], view.say), number=len(labels))


def _notes(view: View, *, done: bool) -> tuple[str, ...]:
    say = view.say
    notes = [
        say(
            N_("区间由两轮印出的{level}置信区间合成（MOVER）。各地区一起校正：区间不含0，也可能仍看不出变化。"),
            level=percent(view.run.level),
        )
    ]
    if view.area is None:  # the whole is a family by itself: nothing corrects it over the rates
        notes.append(say(N_("各项指标分别判断：每20项没有变化的指标，约有1项会偶然显出变化。")))
    if done:
        words = N_("完成的工作按上一轮的行动计划登记，本轮调查以前做的才计；放在旁边不说明它有效果：别的事情也在变。")
        notes.append(say(words))
    return tuple(notes)
