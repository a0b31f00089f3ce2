"""Invented answers of residents online, by their code and by the open link, taken through the steps of the pages."""

from collections.abc import Collection
from datetime import timedelta

import numpy as np

from questionnaires.screens import Walk, modules_for
from survey.demo.answers import Community, demo_walk
from survey.demo.doors import BY_AREA, DAYS, DemoField
from survey.store.database import Session
from survey.store.open_links import list_open_links
from survey.store.sheets import Ending, Entrance
from survey.workflow.enter_questionnaire import enter_by_code, enter_by_link, open_sheet
from survey.workflow.issue_invitations import issue_invitations
from survey.workflow.record_response import record_response
from survey.workflow.save_answers import save_answers

#: Communities whose letters went out, and how many of the dwellings without an interview take the code.
WITH_LETTERS = ("990101001001", "990101001003", "990101002003")
TAKE_THE_CODE = 0.3
#: Answers by the open link: from so many to so many in a community, by people who think better of it than others.
FROM, TO = 8, 26
BETTER = 0.05


def answer_by_code(
    session: Session, field: DemoField, interviewed: Collection[int], *, visited_last: Collection[int]
) -> list[Ending]:
    """Letters for some communities, and on the last day an answer from some of the dwellings that got one.

    ``interviewed``: serials of dwellings with an interview; only the first of them answers once more.
    ``visited_last``: of those where somebody was on the last day; they do not answer.
    """
    endings = []
    again = min(interviewed)
    for area in WITH_LETTERS:
        letters = issue_invitations(
            session, field.keys, field.wave, community=area, reprint=False, at=field.first_day
        ).letters
        for letter in letters:
            rng = np.random.default_rng([field.seed, letter.unit.serial, 2])
            serial = letter.unit.serial
            busy = serial in interviewed or serial in visited_last
            if serial != again and (busy or rng.random() >= TAKE_THE_CODE):
                continue
            entrance = enter_by_code(session, letter.code, known=None).entrance
            if entrance is not None:
                endings.append(_answer(session, field, entrance, BY_AREA[area], rng, day=DAYS - 1))
    return endings


def answer_by_link(session: Session, field: DemoField) -> list[Ending]:
    """Some answers by the open link of each community."""
    endings = []
    for area, token in list_open_links(session, field.wave).items():
        kinder = Community(area=area, respondents=0, goodwill=min(0.97, BY_AREA[area].goodwill + BETTER))
        count = int(np.random.default_rng([field.seed, int(area)]).integers(FROM, TO))
        for number in range(count):
            rng = np.random.default_rng([field.seed, int(area), number])
            entrance = enter_by_link(session, token, known=None).entrance
            if entrance is not None:
                day = int(rng.integers(3, DAYS))
                endings.append(_answer(session, field, entrance, kinder, rng, day=day))
    return endings


def _answer(
    session: Session, field: DemoField, entrance: Entrance, community: Community, rng: np.random.Generator, *, day: int
) -> Ending:
    questionnaire = field.questionnaire
    walk = Walk(questionnaire, mode=entrance.mode, modules=modules_for(questionnaire, entrance.uuid))
    answers = demo_walk(walk, community, adults=int(rng.choice([1, 2, 2, 3])), rng=rng)
    save_answers(session, open_sheet(session, field.keys, entrance), answers)
    at = field.first_day + timedelta(days=day, hours=int(rng.integers(8, 22)))
    return record_response(session, open_sheet(session, field.keys, entrance), answers, at=at)
