"""What the fieldwork monitor says in sentences: how far it is, where e comes from, and facts worth a look.

Facts, never verdicts: each is a count with what it is to be compared with, and nobody is put above anybody.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from analysis.fieldwork.dispositions import CLASSES, DispositionClass
from survey.messages import N_
from survey.reports.wording import Say, count, percent, percent_range
from survey.store.accounts import Account
from survey.waves import WaveState
from survey.workflow.show_fieldwork import ENOUGH_ATTEMPTS, ExpectedBy, FieldPlan, Fieldwork, Progress

#: A share of fewer attempts says nothing.
LEAST_VISITS = 30
FEW_EVENINGS = 0.2
#: More names than these are counted.
_MOST_NAMES = 6

#: As the standards write them: D = I + P + R + NC + O are known to be eligible, U = UH + UO may be.
FORMULAS: Mapping[str, str] = {
    "RR1": "I ÷ (D + U)",
    "RR2": "(I + P) ÷ (D + U)",
    "RR3": "I ÷ (D + e × U)",
    "RR4": "(I + P) ÷ (D + e × U)",
    "RR5": "I ÷ D",
    "RR6": "(I + P) ÷ D",
    "COOP1": "I ÷ (I + P + R + O)",
    "COOP2": "(I + P) ÷ (I + P + R + O)",
    "COOP3": "I ÷ (I + P + R)",
    "COOP4": "(I + P) ÷ (I + P + R)",
    "REF1": "R ÷ (D + U)",
    "REF2": "R ÷ (D + e × U)",
    "REF3": "R ÷ D",
    "CON1": "(I + P + R + O) ÷ (D + U)",
    "CON2": "(I + P + R + O) ÷ (D + e × U)",
    "CON3": "(I + P + R + O) ÷ D",
}
_LETTERS: Mapping[str, tuple[str, tuple[DispositionClass, ...]]] = {
    "I": (N_("完成"), (DispositionClass.COMPLETE,)),
    "P": (N_("部分完成"), (DispositionClass.PARTIAL,)),
    "R": (N_("拒访、中途不愿继续"), (DispositionClass.REFUSAL,)),
    "NC": (N_("有人住，没有访到"), (DispositionClass.NON_CONTACT,)),
    "O": (N_("因病、语言等没有访成"), (DispositionClass.OTHER,)),
    "U": (N_("不知是否合格"), (DispositionClass.UNKNOWN_HOUSEHOLD, DispositionClass.UNKNOWN_OTHER)),
    "NE": (N_("不合格"), (DispositionClass.NOT_ELIGIBLE,)),
}
_ELIGIBLE = ("I", "P", "R", "NC", "O")


def progress_words(plan: FieldPlan, state: WaveState, today: date, say: Say) -> Iterator[str]:
    if plan.drawn == plan.released:
        yield say(N_("样本户共 {cases} 户。"), cases=count(plan.drawn))
    else:
        yield say(
            N_("抽取 {drawn} 户，已放出 {released} 户；没有放出的备用户不计入任何比率。"),
            drawn=count(plan.drawn),
            released=count(plan.released),
        )
    told = plan.expectation
    if told is None:
        yield say(N_("抽样之前没有保存样本量方案，也没有可参照的上一轮，所以没有预计的完成数。"))
        return
    share = percent(told.share, 1)
    if told.by is ExpectedBy.PLAN:
        wording = N_("按样本量方案“{name}”，样本户的 {share} 能够完成，预计共完成 {expected} 份。")
    else:
        wording = N_("“{name}”完成了样本户的 {share}；照此预计，这一轮共完成 {expected} 份。")
    yield say(wording, name=told.name, share=share, expected=count(plan.expected))
    yield from _pace(plan, state, today, say)


def _pace(plan: FieldPlan, state: WaveState, today: date, say: Say) -> Iterator[str]:
    due, needed = plan.due(today), plan.needed_each_day(today)
    if state is not WaveState.FIELDING or due is None or plan.end is None:
        return
    yield say(
        N_("如果每天一样多，到今天应完成 {due} 份，实际完成 {completes} 份。"),
        due=count(round(due)),
        completes=count(plan.completes),
    )
    if needed is not None:
        yield say(
            N_("今天以后还有 {days} 天，平均每天再完成 {needed} 份就到预计数。"),
            days=count((plan.end - max(today, plan.start or today)).days),
            needed=f"{needed:.1f}",
        )
    elif plan.end <= today and plan.completes < (plan.expected or 0):
        yield say(N_("计划的最后一天已经到了。"))


def letters(progress: Progress, say: Say) -> list[tuple[str, str, int]]:
    """The letters of the formulas: what they mean, and how many cases they are."""
    counts = _letter_counts(progress)
    return [(letter, say(words), counts[letter]) for letter, (words, _) in _LETTERS.items()]


def e_words(progress: Progress, say: Say) -> str:
    counts = _letter_counts(progress)
    eligible = sum(counts[letter] for letter in _ELIGIBLE)
    if progress.rates.e is None or progress.weighted.e is None:
        return say(
            N_("e 是不知是否合格的样本户中估计合格的比例，按已经知道的部分推算；现在还没有一户知道是否合格，算不出来。")
        )
    return say(
        N_(
            "e 是不知是否合格的样本户中估计合格的比例，按已经知道的部分推算：e = 合格的 ÷（合格的 + 不合格的）= "
            "{eligible} ÷（{eligible} + {not_eligible}）= {e}；加权后是 {weighted}。"
        ),
        eligible=count(eligible),
        not_eligible=count(counts["NE"]),
        e=f"{progress.rates.e:.3f}",
        weighted=f"{progress.weighted.e:.3f}",
    )


def _letter_counts(progress: Progress) -> dict[str, int]:
    return {
        letter: sum(cases for code, cases in progress.dispositions.items() if CLASSES[code] in members)
        for letter, (_, members) in _LETTERS.items()
    }


def facts(fieldwork: Fieldwork, total: Progress, areas: Mapping[str, str], say: Say) -> Iterator[str]:
    """``total``: of what the reader may see, ``areas``: code -> name of the communities in it."""
    if total.evening_share is not None and total.visits >= LEAST_VISITS and total.evening_share < FEW_EVENINGS:
        yield say(
            N_("{visits} 次到访里有 {evening} 次（{share}）在 18:00 以后。白天上班的人，多半晚上才在家。"),
            visits=count(total.visits),
            evening=count(total.evening),
            share=percent(total.evening_share),
        )
    if total.office_hours_only:
        yield say(N_("{cases} 户去过、没有访到人，也从没有在晚上或周末去过。"), cases=count(total.office_hours_only))
    if total.under_three and total.visits:
        yield say(
            N_("{cases} 户没有访到人，到访不足 {times} 次（其中 {never} 户一次也没有去）。"),
            cases=count(total.under_three),
            times=ENOUGH_ATTEMPTS,
            never=count(total.not_attempted),
        )
    untouched = [name for code, name in areas.items() if not fieldwork.by_area[code].visits]
    if untouched and total.visits:
        names = say(N_("、")).join(untouched[:_MOST_NAMES])
        more = (
            N_("没有人去过的社区：{names}。")
            if len(untouched) <= _MOST_NAMES
            else N_("{number} 个社区没有人去过：{names}等。")
        )
        yield say(more, names=names, number=count(len(untouched)))


def refusal_facts(fieldwork: Fieldwork, name_of: Callable[[Account], str], say: Say) -> Iterator[str]:
    """Of those whose doors refuse more or less often than the others' together, by name."""
    for account in fieldwork.canvassers:
        contrast = fieldwork.tables.refusals.get(account.id)
        if contrast and contrast.stands_out:
            yield say(
                N_(
                    "{name} 见到人的 {met} 户里有 {refused} 户拒访（{rate}，95% 区间 {interval}）；"
                    "其他访员合起来是 {others}。"
                ),
                name=name_of(account),
                met=count(contrast.met),
                refused=count(contrast.refused),
                rate=percent(contrast.rate),
                interval=percent_range(contrast.low, contrast.high),
                others=percent(contrast.others),
            )
