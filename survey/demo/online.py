"""Invented answers of residents online, by their code and by the open link, taken through the steps of the pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from questionnaires.screens import modules_for
from survey.casework.open_link_watch import Watched
from survey.demo.attempts import Visit
from survey.demo.doors import WaveInField
from survey.demo.homes import adults_in
from survey.demo.truth import CommunityTruth, kinder
from survey.fieldwork.resident_codes import SEED_BYTES, codes_of
from survey.store.database import Session
from survey.store.open_links import list_open_links
from survey.store.sheets import Ending, Entrance
from survey.workflow.enter_questionnaire import enter_by_code, enter_by_link, open_sheet
from survey.workflow.issue_invitations import issue_invitations
from survey.workflow.record_response import record_response
from survey.workflow.save_answers import save_answers

#: Answers by the open link: from so many to so many in a community, by people who think better of it than others.
FROM, TO = 8, 26
BETTER = 0.05
#: In the evening, when canvassers are at home again.
EVENING = timedelta(hours=21)
LETTERS_ON = timedelta(hours=8)
#: Seconds that quick reading takes, and of those who do not read.
READING, QUICK = 120, 20
#: Shares of those who answer by open link.
WITH_SCRIPTS, HURRIED, SHARED_PHONES = 0.93, 0.03, 0.04


def print_letters(session: Session, field: WaveInField, communities: Iterable[str]) -> dict[int, str]:
    """Serial of each dwelling of ``communities`` -> the code in its letter."""
    return {
        letter.unit.serial: letter.code
        for community in communities
        for letter in issue_invitations(
            session,
            field.keys,
            field.wave,
            community=community,
            reprint=False,
            at=field.first_day + LETTERS_ON,
        ).letters
    }


def answer_by_code(session: Session, field: WaveInField, visit: Visit, codes: Mapping[int, str]) -> Ending | None:
    """One home answers with the code of its letter; ``None``: the code leads nowhere."""
    rng = np.random.default_rng([*field.chance, visit.case.unit_serial, 0])
    entrance = enter_by_code(session, field.keys, codes[visit.case.unit_serial]).entrance
    if entrance is None:
        return None
    adults = max(1, adults_in(field.units[visit.case.unit_serial]))
    truth = field.truth.communities[visit.case.area]
    at = field.first_day + timedelta(days=visit.day) + EVENING
    return _answer(session, field, entrance, truth, rng, adults=adults, at=at)


def answer_by_link(session: Session, field: WaveInField, days: Collection[int]) -> int:
    """Some answers by the open link of each community, on one of ``days``; how many."""
    truth, count = kinder(field.truth, BETTER), 0
    for area, token in list_open_links(session, field.wave).items():
        many = int(np.random.default_rng([*field.chance, int(area)]).integers(FROM, TO))
        for number in range(many):
            rng = np.random.default_rng([*field.chance, int(area), number])
            entrance = enter_by_link(session, token).entrance
            if entrance is not None:
                at = field.first_day + timedelta(days=int(rng.choice(list(days)))) + EVENING
                _answer(session, field, entrance, truth.communities[area], rng, adults=2, at=at)
                count += 1
    return count


def _answer(
    session: Session,
    field: WaveInField,
    entrance: Entrance,
    truth: CommunityTruth,
    rng: np.random.Generator,
    *,
    adults: int,
    at: datetime,
) -> Ending:
    # The page takes any number that nobody knows; here it follows from the seed, and the module from it.
    entrance = replace(entrance, uuid=UUID(bytes=rng.bytes(16), version=4))
    modules = modules_for(field.questionnaire, entrance.uuid)
    answers = field.answerer.answers(truth, rng, mode=entrance.mode, modules=modules, adults=adults)
    save_answers(session, open_sheet(session, field.keys, entrance), answers)
    codes, watched = codes_of(rng.bytes(SEED_BYTES).hex()), _seen(field, rng)
    sheet = open_sheet(session, field.keys, entrance)
    return record_response(session, sheet, answers, at=at, codes=codes, watched=watched)


def _seen(field: WaveInField, rng: np.random.Generator) -> Watched:
    """What a page would have seen: hardly anybody without scripts, in a hurry, or with a phone used before."""
    return Watched(
        keys=field.keys,
        network=None,
        proved=bool(rng.random() < WITH_SCRIPTS),
        elapsed=QUICK if rng.random() < HURRIED else READING * 2,
        reading=READING,
        handed_in_before=bool(rng.random() < SHARED_PHONES),
    )
