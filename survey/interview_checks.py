"""What an interview's answers come to: whether they can be used, and how complete they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.checking import Answer, AnswerProblemKind, Completeness, check_answers
from questionnaires.definition import Questionnaire
from survey.payloads import InterviewPayload
from survey.quarantine import Reason
from survey.waves import Mode

#: A device of ours lets none of these through: whoever sent them asked something else, or another way.
_NOT_UNDERSTOOD = frozenset(
    {
        AnswerProblemKind.UNKNOWN_ITEM,
        AnswerProblemKind.UNKNOWN_CODE,
        AnswerProblemKind.NOT_A_NUMBER,
        AnswerProblemKind.OUT_OF_RANGE,
        AnswerProblemKind.CONTRADICTION,
        AnswerProblemKind.TOO_MANY_CHOICES,
    }
)


@dataclass(frozen=True, kw_only=True)
class CheckedInterview:
    """``counts``: the answers become a response. ``doubt``: why somebody should look at it first."""

    answers: Mapping[str, Answer]
    completeness: Completeness
    screened: bool
    doubt: Reason | None

    @property
    def counts(self) -> bool:
        return not self.screened and self.completeness is not Completeness.BREAK_OFF


def check_interview(questionnaire: Questionnaire, fingerprint: str, interview: InterviewPayload) -> CheckedInterview:
    """``fingerprint``: of the wording the wave asks.

    Modules: whoever asked knew which ones came, so an item of one counts where the answers hold it.
    """
    checked = check_answers(questionnaire, interview.answers, mode=Mode.CAPI)
    doubt = None
    if interview.instrument != fingerprint:
        doubt = Reason.OTHER_WORDING
    elif any(problem.kind in _NOT_UNDERSTOOD for problem in checked.problems):
        doubt = Reason.NOT_UNDERSTOOD
    return CheckedInterview(
        answers=checked.answers, completeness=checked.completeness, screened=checked.screened, doubt=doubt
    )
