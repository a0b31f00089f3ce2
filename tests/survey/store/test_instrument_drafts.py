"""Drafts of questionnaires: every text is kept, and the second of two who save at once is told."""

from datetime import datetime, timedelta

import pytest

from survey.messages import Conflict, NotThere
from survey.store.database import Database
from survey.store.instrument_drafts import (
    MOST_TEXTS,
    InstrumentDraft,
    drop_draft,
    get_draft,
    list_drafts,
    list_texts,
    save_draft,
    start_draft,
)


@pytest.fixture
def draft(database: Database, at: datetime) -> InstrumentDraft:
    with database.writing() as session:
        return start_draft(session, text="一", at=at, by="王")


def test_texts_follow_one_another(database: Database, draft: InstrumentDraft, at: datetime) -> None:
    assert (draft.revision, draft.saved_by, draft.saved_at) == (1, "王", at)
    with database.writing() as session:
        second = save_draft(session, draft.id, text="二\n👍🏽", after=1, at=at, by="李")
    with database.reading() as session:
        assert get_draft(session, draft.id) == second
        assert get_draft(session, draft.id, 1) == draft
        assert list_texts(session, draft.id) == (second, draft)


def test_the_second_of_two_is_told_and_the_first_stays(
    database: Database, draft: InstrumentDraft, at: datetime
) -> None:
    with database.writing() as session:
        theirs = save_draft(session, draft.id, text="二", after=1, at=at, by="李")
    for after in (0, 1, 7):
        with pytest.raises(Conflict, match="李"), database.writing() as session:
            save_draft(session, draft.id, text="三", after=after, at=at, by="王")
    with database.reading() as session:
        assert get_draft(session, draft.id) == theirs


def test_the_drafts_saved_last_come_first(database: Database, draft: InstrumentDraft, at: datetime) -> None:
    with database.writing() as session:
        other = start_draft(session, text="另一份", at=at + timedelta(hours=1), by="李")
        assert list_drafts(session) == (other, draft)
        later = save_draft(session, draft.id, text="二", after=1, at=at + timedelta(hours=2), by="王")
        assert list_drafts(session) == (later, other)


def test_the_oldest_texts_go(database: Database, draft: InstrumentDraft, at: datetime) -> None:
    with database.writing() as session:
        for number in range(1, MOST_TEXTS + 3):
            save_draft(session, draft.id, text=str(number), after=number, at=at, by="王")
        kept = list_texts(session, draft.id)
    assert len(kept) == MOST_TEXTS
    assert kept[0].revision == MOST_TEXTS + 3


def test_a_draft_goes_with_all_its_texts(database: Database, draft: InstrumentDraft, at: datetime) -> None:
    with database.writing() as session:
        assert drop_draft(session, draft.id)
        assert not drop_draft(session, draft.id)
        assert list_texts(session, draft.id) == ()
    with pytest.raises(NotThere), database.writing() as session:
        save_draft(session, draft.id, text="二", after=1, at=at, by="王")
    with pytest.raises(NotThere), database.reading() as session:
        get_draft(session, draft.id)
