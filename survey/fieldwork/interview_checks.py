"""What an interview's answers come to: whether they can be used, and how complete they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.fieldwork.dispositions import Outcome
from questionnaires.checking import Answer, AnswerChecker, AnswerProblemKind, CheckedItem, Completeness
from questionnaires.definition import Questionnaire
from survey.fieldwork.payloads import NOBODY, InterviewPayload
from survey.fieldwork.quarantine import Reason
from survey.waves import Mode

#: A device of ours lets none of these through: whoever sent them asked something else, or another way.
_NOT_UNDERSTOOD = frozenset(
    {
        AnswerProblemKind.UNKNOWN_ITEM,
        AnswerProblemKind.UNKNOWN_CODE,
        AnswerProblemKind.NOT_A_NUMBER,
        AnswerProblemKind.NOT_A_DATE,
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
    return InterviewChecker(questionnaire, fingerprint).check(interview)


class InterviewChecker:
    """As :func:`check_interview` for many interviews of one wave: the same value of an item is looked at once."""

    def __init__(self, questionnaire: Questionnaire, fingerprint: str) -> None:
        self._questionnaire, self._fingerprint = questionnaire, fingerprint
        self._checkers: dict[Mode, AnswerChecker] = {}
        self._items: dict[tuple[str, int], CheckedItem] = {}

    def check(self, interview: InterviewPayload) -> CheckedInterview:
        mode = mode_of(interview)
        checker = self._checkers.get(mode)
        if checker is None:
            checker = self._checkers[mode] = AnswerChecker(self._questionnaire, mode=mode)
        checked = checker.check([self._item(checker, *given) for given in interview.answers.items()])
        doubt = None
        if interview.instrument != self._fingerprint:
            doubt = Reason.OTHER_WORDING
        elif any(problem.kind in _NOT_UNDERSTOOD for problem in checked.problems):
            doubt = Reason.NOT_UNDERSTOOD
        elif checked.screened and interview.canvasser != NOBODY and interview.adults:
            # Somebody was counted as eligible who is not: the count was wrong, which says nothing of the others.
            doubt = Reason.SCREENED_OUT
        return CheckedInterview(
            answers=checked.answers, completeness=checked.completeness, screened=checked.screened, doubt=doubt
        )

    def _item(self, checker: AnswerChecker, item_id: str, value: object) -> CheckedItem:
        if type(value) is not int:  # texts are all different
            return checker.check_item(item_id, value)
        key = (item_id, value)
        found = self._items.get(key)
        if found is None:
            found = self._items[key] = checker.check_item(item_id, value)
        return found
