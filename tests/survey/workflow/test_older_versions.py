"""A version that is added never changes; answers to another one count as far as the wave asks the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from questionnaires.common_items import common_items
from questionnaires.definition import Item, Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import from_document
from survey.fieldwork.quarantine import Reason
from survey.messages import Conflict
from survey.roles import Role, Scope
from survey.store import inbox
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.instruments import get_instrument, list_instruments
from survey.store.responses import TABLE as RESPONSES
from survey.store.responses import StoredResponse, read_responses
from survey.store.waves import get_wave
from survey.workflow.add_instrument import add_instrument
from survey.workflow.review_interviews import ReviewedInterview, review_interviews
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from tests.survey.field import ANSWERS, NOW, Field

AT = datetime(2026, 11, 1, tzinfo=UTC)


def asked(database: Database, field: Field) -> Questionnaire:
    with database.reading() as session:
        return from_document(get_instrument(session, get_wave(session, field.wave).instrument_id).document)


def reworded(questionnaire: Questionnaire, version: str, *ids: str) -> Questionnaire:
    """With another wording of these items."""

    def told(item: Item) -> Item:
        return replace(item, text=replace(item.text, zh_Hans=f"{item.text.zh_Hans}（新）")) if item.id in ids else item

    return replace(questionnaire, version=version, items=tuple(map(told, questionnaire.items)))


def add(database: Database, questionnaire: Questionnaire) -> str:
    with database.writing() as session:
        return add_instrument(session, questionnaire, at=AT).fingerprint


def reason(database: Database, uuid: UUID) -> str:
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


def shown(database: Database, field: Field) -> ReviewedInterview:
    with database.reading() as session:
        wave = get_wave(session, field.wave)
        (one,) = review_interviews(session, field.keys, wave, role=Role.SUPERVISOR, scope=Scope(), at=NOW).interviews
    return one


def stored(database: Database, field: Field) -> list[StoredResponse]:
    with database.reading() as session:
        return list(read_responses(session, field.wave))


def send(
    database: Database, field: Field, fingerprint: str, answers: Mapping[str, object] = ANSWERS
) -> tuple[UUID, PayloadState]:
    uuid = uuid4()
    interview = field.interview(field.east[0], answers, instrument=fingerprint)
    return uuid, field.send(database, interview, uuid=uuid).state


def accept(database: Database, field: Field, uuid: UUID) -> None:
    with database.writing() as session:
        settle_quarantine(session, field.keys, uuid, decision=Decision.ACCEPT, note="问过访员", scope=Scope(), at=NOW)


def test_a_version_in_the_field_never_changes(database: Database, field: Field) -> None:
    before = asked(database, field)
    with pytest.raises(Conflict):
        add(database, reworded(before, before.version, "A1"))
    assert asked(database, field) == before


def test_after_a_new_version_the_old_one_is_still_taken(database: Database, field: Field) -> None:
    """A phone that was at the door with the older questionnaire hands its interviews in when it likes."""
    old = asked(database, field)
    newer = add(database, reworded(old, "next", "A1"))
    assert newer != questionnaire_fingerprint(old)
    with database.reading() as session:
        assert len([each for each in list_instruments(session) if each.slug == old.slug]) == 2
    sent = field.send(database, field.interview(field.east[0], instrument=questionnaire_fingerprint(old)), uuid=uuid4())
    assert sent.state is PayloadState.PLACED


def test_answers_to_a_version_with_the_same_rates_count_at_once(database: Database, field: Field) -> None:
    before = asked(database, field)
    other = add(database, replace(before, version="next", closing=replace(before.closing, zh_Hans="多谢")))
    _, state = send(database, field, other)
    assert state is PayloadState.PLACED
    assert stored(database, field)[0].answers == {name: _kept(value) for name, value in ANSWERS.items()}
    one = shown(database, field).other_version
    assert one is not None
    assert (one.version, one.left_out) == ("next", ())


def test_where_items_differ_a_person_decides_and_the_others_count(database: Database, field: Field) -> None:
    uuid, state = send(database, field, add(database, reworded(asked(database, field), "next", "B1")))
    assert (state, reason(database, uuid)) == (PayloadState.QUARANTINED, Reason.OTHER_VERSION)
    one = shown(database, field).other_version
    assert one is not None
    assert (one.version, one.left_out) == ("next", ("B1",))
    accept(database, field, uuid)
    (found,) = stored(database, field)
    assert "B1" not in found.answers
    assert {"S1", "A1", "B2", "C1"} <= set(found.answers)
    assert shown(database, field).other_version == one


def test_an_item_after_a_changed_one_is_left_out_with_it(database: Database, field: Field) -> None:
    """B2 is asked after A1, so it is asked of others when A1 is another question."""
    before = asked(database, field)
    common = common_items(reworded(before, "next", "A1"), before)
    assert {"A1", "B2"}.isdisjoint(common.items)
    assert {"S1", "B1", "C1"} <= common.items


@pytest.mark.parametrize("changed", [("B1", "B2", "C1"), ("S1", "A1", "B1", "C1")])
def test_with_little_in_common_it_can_only_be_void(database: Database, field: Field, changed: tuple[str, ...]) -> None:
    uuid, _ = send(database, field, add(database, reworded(asked(database, field), "next", *changed)))
    assert reason(database, uuid) == Reason.LITTLE_IN_COMMON
    with pytest.raises(Conflict, match="相同的题目太少"):
        accept(database, field, uuid)


def test_whom_other_answers_send_away_belongs_to_another_population(database: Database, field: Field) -> None:
    before = asked(database, field)
    first, *others = before.items
    options = tuple(replace(option, terminate=False) for option in first.options)
    everybody = replace(before, version="next", items=(replace(first, options=options), *others))
    uuid, _ = send(database, field, add(database, everybody))
    assert reason(database, uuid) == Reason.LITTLE_IN_COMMON


def test_a_reworded_question_that_sends_people_away_waits(database: Database, field: Field) -> None:
    uuid, _ = send(database, field, add(database, reworded(asked(database, field), "next", "S1")))
    assert reason(database, uuid) == Reason.OTHER_VERSION
    accept(database, field, uuid)
    assert "S1" not in stored(database, field)[0].answers


def test_codes_of_its_own_version_are_understood(database: Database, field: Field) -> None:
    """What the wave does not know is no error where the version that was asked does."""
    before = asked(database, field)
    *others, last = before.items
    more = replace(before, version="next", items=(*others, last, replace(last, id="C9")))
    _, state = send(database, field, add(database, more), {**ANSWERS, "C9": [1]})
    assert state is PayloadState.PLACED
    assert "C9" not in stored(database, field)[0].answers


def without(questionnaire: Questionnaire, *ids: str) -> Questionnaire:
    return replace(
        questionnaire,
        version="shorter",
        items=tuple(item for item in questionnaire.items if item.id not in ids),
        indicators=tuple(one for one in questionnaire.indicators if one.item not in ids),
    )


def test_who_answered_all_of_a_shorter_version_answered_a_part_of_the_waves(database: Database, field: Field) -> None:
    shorter = add(database, without(asked(database, field), "B2", "C1"))
    _, state = send(database, field, shorter, {name: ANSWERS[name] for name in ("S1", "A1", "B1")})
    assert state is PayloadState.PLACED, "no rate rests on what is missing"
    with database.reading() as session:
        assert session.scalars(select(RESPONSES.c.completeness)).all() == ["partial"]


def test_an_unknown_wording_waits_until_its_version_is_added(database: Database, field: Field) -> None:
    other = reworded(asked(database, field), "next", "B1")
    uuid, state = send(database, field, questionnaire_fingerprint(other))
    assert (state, reason(database, uuid)) == (PayloadState.QUARANTINED, Reason.OTHER_WORDING)
    with pytest.raises(Conflict, match="先请统计人员添加"):
        accept(database, field, uuid)
    add(database, other)
    accept(database, field, uuid)
    assert len(stored(database, field)) == 1


def test_another_questionnaire_is_no_version(database: Database, field: Field) -> None:
    stranger = replace(reworded(asked(database, field), "next", "B1"), slug="stranger")
    uuid, _ = send(database, field, add(database, stranger))
    assert reason(database, uuid) == Reason.OTHER_WORDING


def _kept(value: object) -> object:
    return list(value) if isinstance(value, list) else value
