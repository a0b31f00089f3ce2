"""Modes that a wave names and its questionnaire does not have: nobody could be asked in them."""

from collections.abc import Iterable

from questionnaires.definition import Questionnaire
from survey.messages import N_, Message
from survey.waves import Mode


def missing_modes(questionnaire: Questionnaire, modes: Iterable[Mode]) -> tuple[Message, ...]:
    """What keeps a wave of ``modes`` from starting; empty where the questionnaire has an introduction for each.

    Answers from a file can be imported whatever the questionnaire says.
    """
    absent = [str(mode) for mode in modes if mode is not Mode.IMPORTED and mode not in questionnaire.modes]
    if not absent:
        return ()
    params = {"modes": ", ".join(absent), "known": ", ".join(questionnaire.modes)}
    return (
        Message(
            N_("调查方式：问卷里没有 {modes}（问卷里有：{known}），请在轮次的事实里改，或者添加写明这些方式的版本"),
            params,
        ),
    )
