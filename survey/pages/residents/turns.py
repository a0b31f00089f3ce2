"""One turn of a resident: what a posted screen keeps, and where it leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from questionnaires.comparisons import chosen_codes
from questionnaires.routing import ends_screened
from questionnaires.screens import Screen, Walk
from survey.casework.open_link_watch import Watched
from survey.pages.questionnaire_form import (
    Form,
    Posted,
    check_screen,
    kept_answers,
    read_form,
    shown_items,
    to_ask_again,
)
from survey.pages.residents.papers import Paper
from survey.store.database import Session
from survey.store.responses import Answer
from survey.store.sheets import Ending, Sheet
from survey.workflow.save_answers import save_answers

#: In the address: the page after the last screen, the introduction, and wherever somebody is.
END, WELCOME, HERE = "end", "welcome", "here"
NEXT, BACK, FINISH = "next", "back", "finish"
HandIn = Callable[[Mapping[str, Answer]], Ending]
Watch = Callable[[Mapping[str, Answer]], Watched | None]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Where to: an ``ending``, another place (``at``: an item's id, :data:`END` or :data:`WELCOME`), or the same
    screen once more with what was ``posted`` and what is asked ``again``."""

    answers: Mapping[str, Answer]
    ending: Ending | None = None
    at: str = ""
    screen: Screen | None = None
    posted: Posted | None = None
    again: frozenset[str] = frozenset()


def take_turn(
    session: Session,
    sheet: Sheet,
    paper: Paper,
    form: Form,
    *,
    action: str,
    hand_in: HandIn,
) -> Turn:
    """Keep what the open ``sheet`` gets by ``form``, in the caller's writing transaction, and go on from there.

    ``action``: :data:`NEXT`, :data:`BACK`, :data:`FINISH`; any other keeps the answers and stays. ``hand_in``: records
    the answers when nothing is left to ask.
    """
    walk = paper.walk(sheet.entrance)
    shown = walk.as_shown(shown_items(form, paper.questionnaire.items_by_id))
    if shown is None:
        return _without_items(sheet, walk, action, hand_in)
    posted = read_form(form, shown.items, paper.checker)
    forward = action in (NEXT, FINISH)
    if forward:
        posted = check_screen(walk, {**sheet.answers, **posted.given}, shown, posted)
    kept = _kept(sheet.answers, posted, shown, forward=forward)
    again = to_ask_again(posted, shown.items) if forward else posted.asked_again
    stays = bool(posted.problems or posted.failed or again) if forward else action != BACK
    if forward and not stays:
        turn = _go_on(walk, kept, shown, hand_in)
        if turn.ending:
            return turn
    elif stays:
        turn = Turn(answers=kept, screen=shown, posted=posted, again=again)
    else:
        previous = walk.previous(kept, shown)
        turn = Turn(answers=kept, at=previous.name if previous else WELCOME)
    if kept != sheet.answers:
        save_answers(session, sheet, kept)
    return turn


def place(walk: Walk, answers: Mapping[str, object], at: str) -> Screen | None:
    """The screen for somebody who wants to be ``at`` an item, never beyond what they have seen; ``None``: the end."""
    unseen = walk.unseen(answers)
    wanted = walk.screen(at, answers)
    if wanted is None or (unseen and wanted.place > unseen.place):
        return unseen
    return wanted


def _kept(answers: Mapping[str, Answer], posted: Posted, shown: Screen, *, forward: bool) -> Mapping[str, Answer]:
    """The answers of all screens so far. Going back, what was cleared is cleared; nothing is taken for a refusal."""
    kept = {**answers, **kept_answers(posted, shown.items, answers, forward=forward)}
    if forward:
        return kept
    for item in shown.items:
        stored = answers.get(item.id)
        if item.id in posted.empty and stored is not None and item.refused_codes.isdisjoint(chosen_codes(stored)):
            del kept[item.id]
    return kept


def _go_on(walk: Walk, answers: Mapping[str, Answer], shown: Screen, hand_in: HandIn) -> Turn:
    following = walk.next(answers, shown) or walk.unseen(answers)
    if following:
        return Turn(answers=answers, at=following.name)
    if ends_screened(walk.route(answers), answers):
        return Turn(answers=answers, at=END)  # one slip of a finger must not end it
    return _end(walk, answers, hand_in)


def _end(walk: Walk, answers: Mapping[str, Answer], hand_in: HandIn) -> Turn:
    """Hand in, or back to the screen with an answer that is refused because another one was changed after it."""
    if refused := walk.refused(answers):
        screen, checks = refused
        return Turn(answers=answers, screen=screen, posted=Posted(failed=checks))
    return Turn(answers=answers, ending=hand_in(answers))


def _without_items(sheet: Sheet, walk: Walk, action: str, hand_in: HandIn) -> Turn:
    """From the page at the end, or from a form that shows nothing of this questionnaire."""
    answers = sheet.answers
    unseen = walk.unseen(answers)
    if action == FINISH and unseen is None:
        return _end(walk, answers, hand_in)
    if action == BACK:
        return Turn(answers=answers, at=walk.screens(answers)[-1].name)
    return Turn(answers=answers, at=unseen.name if unseen else END)
