"""The wave that is still in the field: work left for everybody, and something that waits for each."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np

from analysis.fieldwork.dispositions import Outcome
from questionnaires.screens import modules_for
from survey.areas import Level
from survey.code_version import code_version
from survey.demo.attempts import Visit, not_tried
from survey.demo.context import Making
from survey.demo.doors import REACHED
from survey.demo.drawn_wave import (
    OFFICE_HOURS,
    StartedWave,
    WavePlan,
    go_from_door_to_door,
    leave_doubts,
    start_drawn_wave,
)
from survey.demo.homes import adults_in
from survey.demo.lottery import release_one
from survey.demo.online import answer_by_link
from survey.demo.people import CANVASSER, STATISTICIAN, SUPERVISOR
from survey.fieldwork.payloads import LedBy
from survey.fieldwork.respondents import Household
from survey.store.cases import Case
from survey.store.draws import get_draw
from survey.waves import Mode
from survey.workflow.estimate_wave import estimate_wave
from survey.workflow.hold_interview import begin_interview, save_screen
from survey.workflow.review_draw import review_draw
from survey.workflow.show_cases import show_my_case

#: Days ago: the release of a reserve.
RELEASED = 1


def leave_in_the_field(making: Making, plan: WavePlan) -> StartedWave:
    """Some homes were visited, three interviews wait for the supervisor, one is begun; open links are answered.

    A reserve was released, whose homes nobody has yet.
    """
    started = go_from_door_to_door(making, start_drawn_wave(making, plan))
    leave_doubts(started)
    nobody_yet = not_tried(started.cases, started.visits)
    other_wording = Visit(day=plan.days - 1, case=nobody_yet[0], outcome=Outcome.COMPLETE, final=True)
    started.doors.send(other_wording, instrument="0" * 64)
    _leave_one_begun(making, started, nobody_yet[1:])
    release_one(making, started.wave, plan.frame.places[0].code, at=making.day(RELEASED) + OFFICE_HOURS)
    if making.scale.reviewed:
        looked = get_draw(making.session, started.draw).drawn_at + timedelta(minutes=20)
        review_draw(making.session, started.draw, at=looked, by=SUPERVISOR)
    answers = answer_by_link(making.session, started.field, range(2, plan.days))
    estimate_wave(
        making.session,
        making.keys,
        started.wave,
        by_level=Level.COMMUNITY,
        code_version=code_version(),
        at=making.now,
        by=STATISTICIAN,
    )
    making.say(f"wave {started.wave}: in the field, {answers} answers by open link")
    return started


def _leave_one_begun(making: Making, started: StartedWave, nobody_yet: list[Case]) -> None:
    """The canvasser to sign in with has an interview that was broken off and may be gone on with."""
    session, field, canvasser = making.session, started.field, making.accounts[CANVASSER]
    case = next(case for case in nobody_yet if field.owners[case.id].id == canvasser.id)
    at = making.now - timedelta(hours=1)
    rng = np.random.default_rng([*field.chance, case.unit_serial, 1])
    uuid = UUID(bytes=rng.bytes(16), version=4)
    adults = max(1, adults_in(field.units[case.unit_serial]))
    begin_interview(
        session,
        field.keys,
        case,
        uuid=uuid,
        fingerprint=field.fingerprint,
        household=Household(adults=adults),
        led_by=LedBy.NOBODY,
        canvasser=canvasser.id,
        at=at,
    )
    draft = show_my_case(session, field.keys, canvasser, case.id).draft
    if draft is None:
        return
    given = field.answerer.answers(
        field.truth.communities[case.area],
        rng,
        mode=Mode.CAPI,
        modules=modules_for(field.questionnaire, draft.uuid),
        adults=adults,
    )
    first = dict(list(given.items())[: round(REACHED[Outcome.BREAK_OFF] * len(given))])
    save_screen(session, field.keys, case, replace(draft, answers=first), at=at)
