"""What an interview's answers come to: whether they can be used, and how complete they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.fieldwork.dispositions import Outcome
from questionnaires.checking import Answer, AnswerProblemKind, Completeness, check_answers
from questionnaires.definition import Questionnaire
from survey.fieldwork.payloads import InterviewPayload
from survey.fieldwork.quarantine import Reason
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
    def outcome(self) -> Outcome:
        return Outcome.NOBODY_ELIGIBLE if self.screened else Outcome(self.completeness)

    @property
    def counts(self) -> bool:
        return self.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)


def mode_of(interview: InterviewPayload) -> Mode:
    """At the door somebody asked; what nobody asked came online, by invitation."""
    return Mode.CAPI if interview.canvasser else Mode.WEB_TOKEN


def check_interview(questionnaire: Questionnaire, fingerprint: str, interview: InterviewPayload) -> CheckedInterview:
    """``fingerprint``: of the wording the wave asks.

    Modules: whoever asked knew which ones came, so an item of one counts where the answers hold it.
    """
    checked = check_answers(questionnaire, interview.answers, mode=mode_of(interview))
    doubt = None
    if interview.instrument != fingerprint:
        doubt = Reason.OTHER_WORDING
    elif any(problem.kind in _NOT_UNDERSTOOD for problem in checked.problems):
        doubt = Reason.NOT_UNDERSTOOD
    return CheckedInterview(
        answers=checked.answers, completeness=checked.completeness, screened=checked.screened, doubt=doubt
    )
