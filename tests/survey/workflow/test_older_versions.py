"""A version that is added never changes, and a newer one does not touch the waves of an older one."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import from_document
from survey.fieldwork.quarantine import Reason
from survey.messages import Conflict
from survey.store import inbox
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.instruments import get_instrument, list_instruments
from survey.store.waves import get_wave
from survey.workflow.add_instrument import add_instrument
from tests.survey.field import Field

AT = datetime(2026, 11, 1, tzinfo=UTC)


def asked(database: Database, field: Field) -> Questionnaire:
    with database.reading() as session:
        return from_document(get_instrument(session, get_wave(session, field.wave).instrument_id).document)


def reworded(questionnaire: Questionnaire, version: str) -> Questionnaire:
    first, *others = questionnaire.items
    text = replace(first.text, zh_Hans=f"{first.text.zh_Hans}（新）")
    return replace(questionnaire, version=version, items=(replace(first, text=text), *others))


def add(database: Database, questionnaire: Questionnaire) -> str:
    with database.writing() as session:
        return add_instrument(session, questionnaire, at=AT).fingerprint


def reason(database: Database, uuid: UUID) -> str:
    with database.reading() as session:
        found = inbox.find(session, uuid)
    assert found is not None
    return found.reason


def test_a_version_in_the_field_never_changes(database: Database, field: Field) -> None:
    before = asked(database, field)
    with pytest.raises(Conflict):
        add(database, reworded(before, before.version))
    assert asked(database, field) == before


def test_after_a_new_version_the_old_one_is_still_taken(database: Database, field: Field) -> None:
    """A phone that was at the door with the older questionnaire hands its interviews in when it likes."""
    old = asked(database, field)
    newer = add(database, reworded(old, "next"))
    assert newer != questionnaire_fingerprint(old)
    with database.reading() as session:
        assert len([each for each in list_instruments(session) if each.slug == old.slug]) == 2
    sent = field.send(database, field.interview(field.east[0], instrument=questionnaire_fingerprint(old)), uuid=uuid4())
    assert sent.state is PayloadState.PLACED


def test_what_was_asked_by_another_version_waits_and_is_never_refused(database: Database, field: Field) -> None:
    newer = add(database, reworded(asked(database, field), "next"))
    uuid = uuid4()
    sent = field.send(database, field.interview(field.east[0], instrument=newer), uuid=uuid)
    assert (sent.state, reason(database, uuid)) == (PayloadState.QUARANTINED, Reason.OTHER_WORDING)
