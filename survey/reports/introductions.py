"""What a resident is told first: the introduction of a mode with the wave's own facts in it, and what is missing."""

from collections.abc import Collection, Mapping

from questionnaires.definition import Questionnaire, Text
from questionnaires.wording import fill
from survey.i18n import LANGUAGES, translate
from survey.messages import N_, Message
from survey.reports.wording import APPROVAL_WORDS
from survey.waves import SELF_CHOSEN, Approval, Mode, WaveDetails, WaveState


def placeholders(questionnaire: Questionnaire, details: WaveDetails) -> Mapping[str, Text | str]:
    """Placeholder -> wording: the wave's facts, what its file sets, and the questionnaire's own wording for the rest.

    Who asks, who pays and on what ground come from the facts that reports print, so the two cannot differ; the
    wave's file may still word them otherwise.
    """
    facts: dict[str, Text | str] = {
        "sponsor": details.sponsor,
        "fieldwork": details.fieldwork,
        "telephone": details.telephone,
    }
    if approval := approval_words(details):
        facts["approval"] = approval
    told = {name: value for name, value in facts.items() if value}
    return {**questionnaire.placeholders, **told, **details.placeholders}


def introduction(questionnaire: Questionnaire, mode: Mode, details: WaveDetails) -> Text:
    """The introduction of ``mode``; of the first mode that has one where the instrument words none for it, and its
    title where it words none at all.
    """
    others = iter(questionnaire.introductions.values())
    worded = questionnaire.introductions.get(mode) or next(others, questionnaire.title)
    return fill(worded, placeholders(questionnaire, details))


def approval_words(details: WaveDetails) -> Text | None:
    """The legal standing in a few words, ``None`` while it is not known.

    >>> details = WaveDetails(approval=Approval.APPROVED, approval_no="云统制〔2026〕1号")
    >>> print(approval_words(details).in_language("en"))
    Approval no. 云统制〔2026〕1号
    """
    if details.approval is None:
        return None
    words = {language: _approval(details.approval, details, language) for language in LANGUAGES}
    return Text(zh_Hans=words["zh_Hans"], en=words["en"])


def _approval(approval: Approval, details: WaveDetails, language: str) -> str:
    standing = translate(APPROVAL_WORDS[approval], language)
    if approval is not Approval.NOT_STATISTICAL:
        return f"{standing} {details.approval_no}".rstrip()
    if not details.approval_ground:
        return standing
    return translate(N_("{standing}，依据：{ground}"), language, standing=standing, ground=details.approval_ground)


def rights_line(language: str, address: str) -> str:
    """Where people read what becomes of their answers; ``address``: of the wave's own page, as it is typed."""
    return translate(N_("您的权利（收集什么、谁看得到、保存多久）：{address}"), language, address=address)


def missing_for_residents(details: WaveDetails) -> tuple[Message, ...]:
    """What a resident must be told and the wave does not say yet; empty when it may go into the field."""
    needed = {
        N_("委托单位"): details.sponsor,
        N_("实施单位"): details.fieldwork,
        N_("咨询电话"): details.telephone,
        N_("批准、备案或不属于统计调查项目"): details.approval,
    }
    missing = [Message(name) for name, value in needed.items() if not value]
    if details.approval in (Approval.APPROVED, Approval.FILED) and not details.approval_no:
        missing.append(Message(N_("批准文号或备案号")))
    if details.approval is Approval.NOT_STATISTICAL and not details.approval_ground:
        missing.append(Message(N_("不属于统计调查项目的依据")))
    return tuple(missing)


def missing_for_start(
    details: WaveDetails, *, state: WaveState, modes: Collection[Mode], drawn: bool
) -> tuple[Message, ...]:
    """What keeps a wave from going into the field; empty when it may. ``drawn``: a draw is proposed or approved."""
    missing = list(missing_for_residents(details))
    if modes and {Mode.IMPORTED}.issuperset(modes):
        missing.append(Message(N_("调查方式：这份问卷只能导入答卷，请添加一个写明调查方式和开场白的版本")))
    if state is WaveState.DRAFT:
        if not SELF_CHOSEN.issuperset(modes):
            missing.append(Message(N_("经另一人批准的抽样（只用公开链接、纸质问卷的轮次不需要抽样）")))
        elif drawn:
            missing.append(Message(N_("对已有抽样的决定：批准或否决")))
    return tuple(missing)
