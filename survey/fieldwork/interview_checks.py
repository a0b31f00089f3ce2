"""What an interview's answers come to: whether they can be used, and how complete they are.

Somebody may have been asked another version of the wave's questionnaire. The answers are checked against the version
that was asked, and count as far as the wave asks the same (:mod:`questionnaires.common_items`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from analysis.fieldwork.dispositions import Outcome
from questionnaires.checking import Answer, AnswerChecker, AnswerProblemKind, CheckedItem, Completeness
from questionnaires.common_items import common_items
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
#: From the least to the most.
_ORDER = (Completeness.BREAK_OFF, Completeness.PARTIAL, Completeness.COMPLETE)
#: What no supervisor may overrule: nothing of it answers what the wave asks.
NEVER_COUNTS = frozenset({Reason.OTHER_WORDING, Reason.LITTLE_IN_COMMON})
#: The known version of the wave's questionnaire with this fingerprint, if there is one.
FindVersion = Callable[[str], Questionnaire | None]


@dataclass(frozen=True, kw_only=True)
class CheckedInterview:
    """``counts``: the answers become a response. ``doubt``: why somebody should look at it first.

    ``version``: which other version was asked, ``None``: the wave's own (or nobody knows which); ``left_out``: the
    items that were answered there and do not count, because the wave asks them otherwise or not at all.
    """

    answers: Mapping[str, Answer]
    completeness: Completeness
    screened: bool
    doubt: Reason | None
    version: Questionnaire | None = None
    left_out: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return Outcome.NOBODY_ELIGIBLE if self.screened else Outcome(self.completeness)

    @property
    def counts(self) -> bool:
        return self.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)


def mode_of(interview: InterviewPayload) -> Mode:
    """At the door somebody asked; what nobody asked came online, by invitation."""
    return Mode.CAPI if interview.canvasser else Mode.WEB_TOKEN


class InterviewChecker:
    """Checks the interviews of one wave; the same value of an item is looked at once.

    ``fingerprint``: of the wording the wave asks. ``find_version``: other versions of it.

    Modules: whoever asked knew which ones came, so an item of one counts where the answers hold it.
    """

    def __init__(self, questionnaire: Questionnaire, fingerprint: str, find_version: FindVersion) -> None:
        self.questionnaire, self._fingerprint, self._find_version = questionnaire, fingerprint, find_version
        self._hard = frozenset(check.id for check in questionnaire.checks if check.hard)
        self._others: dict[str, _OtherVersion | None] = {}
        self._checkers: dict[Mode, AnswerChecker] = {}
        self._items: dict[tuple[str, int], CheckedItem] = {}

    def check(self, interview: InterviewPayload) -> CheckedInterview:
        if interview.instrument == self._fingerprint:
            return self._check(interview)
        other = self._other(interview.instrument)
        if other is None:  # as far as it can be read
            return replace(self._check(interview), doubt=Reason.OTHER_WORDING)
        return other.check(interview)

    def asked(self, interview: InterviewPayload) -> Questionnaire:
        """The version that was asked; the wave's own where nobody knows."""
        other = self._other(interview.instrument) if interview.instrument != self._fingerprint else None
        return self.questionnaire if other is None else other.questionnaire

    def completeness(self, answers: Mapping[str, Answer], mode: Mode) -> Completeness:
        """Of these answers, by the wave's own questionnaire."""
        checker = self._checker(mode)
        return checker.check([self._item(checker, *given) for given in answers.items()]).completeness

    def _check(self, interview: InterviewPayload) -> CheckedInterview:
        checker = self._checker(mode_of(interview))
        checked = checker.check([self._item(checker, *given) for given in interview.answers.items()])
        doubt = None
        # What a hard check refuses is no answer any more: nobody at the door was told so.
        if any(problem.kind in _NOT_UNDERSTOOD or problem.check in self._hard for problem in checked.problems):
            doubt = Reason.NOT_UNDERSTOOD
        elif checked.screened and interview.canvasser != NOBODY and interview.adults:
            # Somebody was counted as eligible who is not: the count was wrong, which says nothing of the others.
            doubt = Reason.SCREENED_OUT
        return CheckedInterview(
            answers=checked.answers, completeness=checked.completeness, screened=checked.screened, doubt=doubt
        )

    def _other(self, fingerprint: str) -> "_OtherVersion | None":
        if fingerprint not in self._others:
            found = self._find_version(fingerprint)
            self._others[fingerprint] = None if found is None else _OtherVersion(found, fingerprint, self)
        return self._others[fingerprint]

    def _checker(self, mode: Mode) -> AnswerChecker:
        checker = self._checkers.get(mode)
        if checker is None:
            checker = self._checkers[mode] = AnswerChecker(self.questionnaire, mode=mode)
        return checker

    def _item(self, checker: AnswerChecker, item_id: str, value: object) -> CheckedItem:
        if type(value) is not int:  # texts are all different
            return checker.check_item(item_id, value)
        key = (item_id, value)
        found = self._items.get(key)
        if found is None:
            found = self._items[key] = checker.check_item(item_id, value)
        return found


class _OtherVersion:
    """Checks interviews by another version, for the wave that ``wanted`` checks for."""

    def __init__(self, questionnaire: Questionnaire, fingerprint: str, wanted: InterviewChecker) -> None:
        self.questionnaire, self._wanted = questionnaire, wanted
        self._own = InterviewChecker(questionnaire, fingerprint, lambda _: None)
        self._common = common_items(questionnaire, wanted.questionnaire)

    def check(self, interview: InterviewPayload) -> CheckedInterview:
        own = self._own.check(interview)
        # The words to an open option stand under its item's id, a dot and its code.
        kept = {name: given for name, given in own.answers.items() if name.partition(".")[0] in self._common.items}
        left_out = tuple(
            item.id
            for item in self.questionnaire.items
            if item.id not in self._common.items and own.answers.get(item.id) is not None
        )
        filled = self._wanted.completeness(kept, mode_of(interview))
        doubt = own.doubt
        if not self._common.items or (own.counts and filled is Completeness.BREAK_OFF):
            doubt = Reason.LITTLE_IN_COMMON
        elif doubt is None and (own.counts or own.screened) and not self._common.everything:
            doubt = Reason.OTHER_VERSION
        completeness = min(own.completeness, filled, key=_ORDER.index)
        return replace(
            own,
            answers=kept,
            completeness=completeness,
            doubt=doubt,
            version=self.questionnaire,
            left_out=left_out,
        )
