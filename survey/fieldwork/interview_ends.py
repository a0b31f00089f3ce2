"""What an interview at the door comes to when it ends now: told before it is handed in, by the checks it meets then.

Whoever was asked decides whether what they said is kept. Of less than half nothing is kept, whatever they decide.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from analysis.fieldwork.dispositions import Outcome
from questionnaires.checking import check_answers
from questionnaires.definition import Check, Item
from questionnaires.screens import Walk


@dataclass(frozen=True, kw_only=True)
class RefusedAnswer:
    """What was said to ``item`` does not pass the hard ``check``, so it is none."""

    item: Item
    check: Check


@dataclass(frozen=True, kw_only=True)
class InterviewEnd:
    """``answers``: what can be handed in; ``refused`` ones, and those to ``unread`` items, to which something was typed
    that cannot be used, are ``None`` in it, as for an item that was left out.

    ``left``: items on the way that nobody has seen.
    """

    answers: Mapping[str, object]
    refused: tuple[RefusedAnswer, ...]
    unread: Set[str]
    left: int
    outcome: Outcome

    @property
    def is_screened(self) -> bool:
        return self.outcome is Outcome.NOBODY_ELIGIBLE

    @property
    def is_settled(self) -> bool:
        """There is nothing left to ask, or to ask again."""
        return not (self.left or self.refused or self.unread)

    @property
    def can_be_kept(self) -> bool:
        """Something of it would count."""
        return self.outcome is not Outcome.BREAK_OFF

    def is_stopped(self, *, said: bool) -> bool:
        """Whether the person stopped: they ``said`` so, or not everything was asked. Of whoever is not eligible nothing
        more is wanted, and nothing is known but that.
        """
        return self.left > 0 or (said and not self.is_screened)


def end_now(walk: Walk, answers: Mapping[str, object], *, unread: Set[str] = frozenset()) -> InterviewEnd:
    """Of the ``answers`` in a draft."""
    given = {key: None if key in unread else value for key, value in walk.on_route(answers).items()}
    checked = check_answers(walk.questionnaire, given, mode=walk.mode)
    hard = {check.id: check for check in walk.questionnaire.checks if check.hard}
    refused = {problem.item: hard[problem.check] for problem in checked.problems if problem.check in hard}
    return InterviewEnd(
        answers={key: None if key in refused else value for key, value in given.items()},
        refused=tuple(
            RefusedAnswer(item=walk.questionnaire.items_by_id[item_id], check=check)
            for item_id, check in refused.items()
        ),
        unread=unread,
        left=sum(item.id not in answers for item in walk.route(answers)),
        outcome=Outcome.NOBODY_ELIGIBLE if checked.screened else Outcome(checked.completeness),
    )
