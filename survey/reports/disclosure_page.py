"""The disclosure page: the legal marks, the eleven items of the AAPOR Code, the wording, and the digests.

Items follow the AAPOR Code of Professional Ethics and Practices (April 2021), section III.A.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.definition import Indicator, IndicatorSet, Item, Text
from questionnaires.wording import fill
from survey.messages import N_
from survey.reports.facts import TakenBack, WaveFacts
from survey.reports.sample_words import design_words, weighting_words
from survey.reports.view import View
from survey.reports.wording import (
    APPROVAL_WORDS,
    BEIJING,
    MODE_WORDS,
    Say,
    count,
    day,
    has_interval,
    join,
    local_day,
    percent,
    period,
)
from survey.waves import Approval, WaveDetails


@dataclass(frozen=True, kw_only=True)
class DisclosureItem:
    """One of the eleven: ``text`` is never empty; what is missing says so."""

    number: int
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ItemWording:
    """A headline item as it was put: the rates made of it, question, options, instruction to the interviewer."""

    labels: str
    question: str
    options: str
    note: str


def legal_marks(details: WaveDetails, say: Say) -> tuple[tuple[str, str], ...]:
    """Form number, authority, standing and expiry: what stands at the top right of the first page."""
    missing = say(N_("（缺）"))
    approval = details.approval
    if approval is None:
        standing = (say(N_("批准文号")), missing)
    elif approval is Approval.NOT_STATISTICAL:
        # Readers look for the number: where there is none, its place says why.
        ground = say(N_("无（不属于统计调查项目，依据：{ground}）"), ground=details.approval_ground or missing)
        standing = (say(N_("批准文号")), ground)
    else:
        standing = (say(APPROVAL_WORDS[approval]), details.approval_no or missing)
    return (
        (say(N_("表号")), details.form_no or missing),
        (say(N_("制定机关")), details.authority or missing),
        standing,
        (say(N_("有效期限")), day(details.valid_until, say) if details.valid_until else missing),
    )


def disclosure_items(view: View, wave: WaveFacts, respondents: int | None) -> tuple[DisclosureItem, ...]:
    """The eleven items, filled from the wave, the instrument and the run."""
    say, details = view.say, wave.details
    missing = say(N_("（缺）"))
    texts = (
        (N_("资料收集方法"), say(N_("结构化问卷调查：{modes}。"), modes=_modes(wave, say) or missing)),
        (N_("委托、实施与经费"), _bodies(details, say, missing)),
        (N_("测量工具与措辞"), _instrument(view)),
        (N_("调查总体"), details.population or missing),
        (N_("抽样与招募"), f"{details.recruitment or missing} {design_words(view.run, say)}"),
        (N_("调查方式与语言"), _modes_and_languages(view, wave) or missing),
        (N_("调查日期"), _dates(wave, say) or missing),
        (N_("样本量与精度"), _precision(view, wave, respondents)),
        (N_("加权"), weighting_words(view.run, say, [view.part_name(code) for code in sorted(view.unanswered)])),
        (N_("数据处理与质量控制"), details.quality or missing),
        (N_("局限性"), details.limitations or missing),
    )
    return tuple(
        DisclosureItem(number=number, heading=say(heading), text=text)
        for number, (heading, text) in enumerate(texts, start=1)
    )


def headline_wordings(view: View, wave: WaveFacts) -> tuple[ItemWording, ...]:
    """The items behind the headline rates and the coaching rate, word for word; an item once."""
    questionnaire = view.questionnaire
    wanted = (*view.indicators(IndicatorSet.HEADLINE), *view.indicators(IndicatorSet.HONESTY))
    by_item: dict[str, list[Indicator]] = {}
    for indicator in wanted:
        by_item.setdefault(indicator.item, []).append(indicator)
    placeholders: Mapping[str, Text | str] = {**questionnaire.placeholders, **wave.details.placeholders}
    return tuple(
        _wording(view, questionnaire.item(item), indicators, placeholders) for item, indicators in by_item.items()
    )


def provenance(view: View) -> tuple[tuple[str, str], ...]:
    """The digests and versions with which the figures can be made again."""
    say, run = view.say, view.run
    moment = run.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    sample = run.sample
    drawn = (
        (
            (say(N_("抽样")), say(N_("编号{draw}，方法{method}"), draw=sample.draw_id, method=sample.method)),
            (say(N_("抽样摘要")), sample.draw_digest),
            # The same frame is named once.
            *(
                [(say(N_("抽取所用抽样框摘要")), sample.frame_digest)]
                if sample.frame_digest != run.frame_digest
                else []
            ),
            (say(N_("权重摘要")), sample.weights_digest),
            *(
                [
                    (say(N_("权重版本")), say(N_("第{version}版"), version=sample.weights_version)),
                    (say(N_("权重版本摘要")), sample.weights_version_digest),
                ]
                if sample.weights_version is not None
                else []
            ),
        )
        if sample
        else ()
    )
    return (
        (say(N_("估计运行")), say(N_("编号{run}，{moment}（北京时间）"), run=run.id, moment=moment)),
        (say(N_("运行摘要")), run.digest),
        (say(N_("抽样框摘要")), run.frame_digest),
        *drawn,
        (say(N_("答卷摘要")), run.answers_digest),
        (say(N_("问卷指纹")), run.instrument_fingerprint),
        (say(N_("随机种子")), run.seed or say(N_("未用随机数"))),
        (say(N_("程序版本")), run.code_version),
    )


def _modes(wave: WaveFacts, say: Say) -> str:
    return join([say(MODE_WORDS[mode]) for mode in wave.details.modes], say)


def _bodies(details: WaveDetails, say: Say, missing: str) -> str:
    return say(
        N_("委托单位：{sponsor}；实施单位：{fieldwork}；经费来源：{funder}；咨询电话：{telephone}。"),
        sponsor=details.sponsor or missing,
        fieldwork=details.fieldwork or missing,
        funder=details.funder or missing,
        telephone=details.telephone or missing,
    )


def _instrument(view: View) -> str:
    questionnaire = view.questionnaire
    return view.say(
        N_("{title}（{slug}，{version}版）。总体指标和诚信指标的题目原文附后。"),
        title=questionnaire.title.in_language(view.language),
        slug=questionnaire.slug,
        version=questionnaire.version,
    )


def _modes_and_languages(view: View, wave: WaveFacts) -> str:
    say = view.say
    counted = [
        say(N_("{mode}{number}份"), mode=say(MODE_WORDS[mode]), number=count(number))
        for mode, number in wave.mode_counts.items()
        if number
    ]
    modes = join(counted, say) or _modes(wave, say)
    return say(N_("{modes}。问卷有中文和英文版。"), modes=modes) if modes else ""


def _dates(wave: WaveFacts, say: Say) -> str:
    fieldwork = period(wave.details, say)
    if not fieldwork or not wave.imported_at:
        return fieldwork
    days = join(sorted({local_day(moment, say) for moment in wave.imported_at}), say)
    return say(N_("{period}；数据导入：{days}。"), period=fieldwork, days=days)


def _precision(view: View, wave: WaveFacts, respondents: int | None) -> str:
    say = view.say
    size = say(N_("全部{responses}份答卷。"), responses=count(wave.responses))
    if view.area is not None and respondents is not None:
        size = say(
            N_("本地区{own}份，全部{responses}份答卷。"), own=count(respondents), responses=count(wave.responses)
        )
    if view.area is None and wave.taken_back:
        size = f"{size} {_taken_back(wave.taken_back, say)}"
    if view.run.design is None:
        no_claim = say(N_("非概率样本：不声称任何精度。"))
        return f"{size} {no_claim}"
    headline = [
        e for i in view.indicators(IndicatorSet.HEADLINE) if (e := view.find(i)) is not None and has_interval(e)
    ]
    if not headline:
        none = say(N_("总体指标没有可以公布的区间。"))
        return f"{size} {none}"
    half = [((e.high or 0) - (e.low or 0)) / 2 for e in headline]
    effects = [e.design_effect for e in headline if e.design_effect is not None]
    precision = say(
        N_("总体指标{level}置信区间的半宽为{low}至{high}个百分点（已含设计效应）。"),
        level=percent(view.run.level),
        low=f"{100 * min(half):.1f}",
        high=f"{100 * max(half):.1f}",
    )
    if effects:
        low, high = f"{min(effects):.2f}", f"{max(effects):.2f}"
        effect = say(N_("设计效应{value}。"), value=low if low == high else f"{low}–{high}")
        precision = f"{precision} {effect}"
    return f"{size} {precision}"


def _taken_back(taken: TakenBack, say: Say) -> str:
    if taken.at_least is None:
        return say(N_("本人撤回的答卷不到10份，也可能没有；撤回以前算出的数字不变。"))
    return say(
        N_("本人撤回的答卷有{number}份或更多（只按整十份说）；撤回以前算出的数字不变。"), number=count(taken.at_least)
    )


def _wording(
    view: View, item: Item, indicators: list[Indicator], placeholders: Mapping[str, Text | str]
) -> ItemWording:
    def words(text: Text) -> str:
        return fill(text, placeholders).in_language(view.language)

    return ItemWording(
        labels=join([view.label(indicator) for indicator in indicators], view.say),
        question=words(item.text),
        options=" / ".join(f"{option.code} {words(option.text)}" for option in item.options),
        note=words(item.interviewer_note) if item.interviewer_note else "",
    )
