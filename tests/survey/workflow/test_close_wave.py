"""A wave closes once: its answers stand, what weighting needs is frozen, and what tied them to cases is gone."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.casework.sample_answers import read_sample
from survey.keys import KeyRing
from survey.messages import CheckFailed, Conflict, NotThere
from survey.roles import Scope
from survey.store.assignments import standing
from survey.store.database import Database
from survey.store.disposition_counts import read_counts, read_visit_counts
from survey.store.drafts import DraftKind, DraftRecord, save_draft
from survey.store.inbox import PayloadState, list_inbox
from survey.store.response_factors import read_factors
from survey.store.responses import NewResponse, add_response, answers_document, read_responses
from survey.store.waves import get_wave, list_events
from survey.waves import Mode, WaveState
from survey.workflow.close_wave import Closed, close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import is_estimated
from survey.workflow.publish_wave import publish_wave
from survey.workflow.show_state import show_state
from tests.survey.conftest import AT, NO_KEYS, import_answers, open_small_wave, run_estimates
from tests.survey.field import ANSWERS, NOW, Field, open_field
from tests.survey.small_wave import EAST, WEST


def test_closing_is_on_record_and_cannot_be_done_twice(database: Database) -> None:
    wave = open_small_wave(database)
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with pytest.raises(Conflict), database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with database.reading() as session:
        assert get_wave(session, wave).state is WaveState.CLOSED
        assert [(event.to_state, event.by) for event in list_events(session, wave)][1:] == [(WaveState.CLOSED, "wang")]


def test_a_closed_wave_takes_no_more_answers(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with pytest.raises(Conflict, match="已经关闭"):
        import_answers(sqlite_database, wave)


def test_an_unknown_wave_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere), sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, 1, at=AT, by="wang")


def test_what_estimates_need_is_frozen_and_the_rest_is_gone(database: Database, field: Field) -> None:
    done = {field.east[0]: 2, field.east[1]: 9, field.west[0]: 1}
    uuids = {case: uuid4() for case in done}
    for case, adults in done.items():
        field.send(database, field.visit(case, Outcome.NO_ANSWER))
        field.send(database, field.interview(case, adults=adults), uuid=uuids[case])
    online = field.answer_online(database, field.west[1])
    add_online_answer(database, field, online, adults=3)
    with database.writing() as session:
        save_draft(session, DraftRecord(uuid=uuid4(), wave_id=field.wave, kind=DraftKind.RESIDENT, tag=None, body=b"-"))
        assert show_state(session, get_wave(session, field.wave), scope=Scope()).unfinished == 1
        closed = close_wave(session, field.keys, field.wave, at=NOW, by="wang")
        assert show_state(session, get_wave(session, field.wave), scope=Scope()).unfinished == 0
    assert closed == Closed(wave=field.wave, cases=12, responses=4, discarded=0, unfinished=1)
    with database.reading() as session:
        factors = read_factors(session, field.wave)
        assert factors.keys() == {one.uuid for one in read_responses(session, field.wave)}
        assert factors.keys().isdisjoint({*uuids.values(), online}), "a number that was sent leads to no answer"
        assert {(one.stratum, one.adults) for one in factors.values()} == {
            (EAST, 2),
            (EAST, 4),  # trimmed: a large household would stand out
            (WEST, 1),
            (WEST, 3),
        }
        assert sorted(one.psu for one in factors.values()) == [1, 2, 3, 4]
        assert {(one.inclusion_n, one.inclusion_total) for one in factors.values()} == {(6, 40)}
        assert {one.canvasser for one in factors.values() if one.adults == 3} == {""}, "nobody asked online"
        assert len({one.canvasser for one in factors.values() if one.stratum == EAST} - {""}) == 2
        assert sum(read_counts(session, field.wave).values()) == 12
        assert read_visit_counts(session, field.wave) == {EAST: 4, WEST: 2}  # interviews are attempts
        assert standing(session, field.wave) == {}
        rows = list(list_inbox(session, field.wave))
    assert {(row.body, row.tag, row.reason) for row in rows} == {(None, None, "")}
    assert {row.uuid for row in rows} >= {*uuids.values(), online}


def add_online_answer(database: Database, field: Field, uuid: UUID, *, adults: int) -> None:
    with database.writing() as session:
        answer = NewResponse(
            uuid=uuid,
            area=WEST,
            mode=Mode.WEB_TOKEN,
            day=None,
            answers=answers_document({**ANSWERS, "N1": adults}),  # type: ignore[dict-item]
            completeness="complete",
        )
        add_response(session, field.wave, answer)


def test_what_waits_is_decided_first(database: Database, field: Field) -> None:
    field.send(database, field.interview(field.east[1]), account=field.li)
    field.send(database, field.visit(field.east[1]), account=field.li)
    with pytest.raises(CheckFailed, match="2 份") as refused, database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="wang")
    assert [str(problem.expected) for problem in refused.value.problems] == [
        "1 份访问等待裁定",
        "1 次入户记录等待裁定",
    ]
    with database.reading() as session:
        assert get_wave(session, field.wave).state is WaveState.FIELDING
    with database.writing() as session:
        closed = close_wave(session, field.keys, field.wave, at=NOW, by="wang", discard_quarantine=True)
    assert (closed.responses, closed.discarded) == (0, 2)
    with database.reading() as session:
        assert {row.state for row in list_inbox(session, field.wave)} == {PayloadState.VOID}


def test_the_receipts_stay(database: Database, field: Field) -> None:
    """A device whose reply was lost before the end still learns that it may forget."""
    uuid, payload = uuid4(), field.interview(field.east[0])
    first = field.send(database, payload, uuid=uuid)
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="wang")
    destroy_keys(database, field.keys)
    assert field.send(database, payload, uuid=uuid) == replace(first, new=False)


def test_closing_changes_no_answer_and_no_weight(database: Database, field: Field) -> None:
    for case in field.cases[::2]:
        field.send(database, field.interview(case, adults=1 + field.cases.index(case) % 3))
    before = facts(database, field)
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="wang")
    destroy_keys(database, field.keys)
    assert len(before) == 6
    assert facts(database, field) == before


def facts(database: Database, field: Field) -> list[tuple[object, ...]]:
    """All that is known of each answer but its number."""
    with database.reading() as session:
        found = list(read_responses(session, field.wave))
        sample = read_sample(session, field.keys, get_wave(session, field.wave), found)
    return sorted(((*one[1:], replace(sample[one.uuid], uuid=UUID(int=0))) for one in found), key=repr)


def test_a_run_from_before_is_of_other_numbers(database: Database, field: Field) -> None:
    field.send(database, field.interview(field.east[0]))
    run_estimates(database, field.wave, keys=field.keys)
    with database.writing() as session:
        assert is_estimated(session, field.wave)
        close_wave(session, field.keys, field.wave, at=NOW, by="wang")
        assert not is_estimated(session, field.wave)
    with pytest.raises(CheckFailed) as refused, database.writing() as session:
        publish_wave(session, field.wave, at=NOW, by="wang")
    again = f"对现有答卷做一次估计：survey estimate --wave {field.wave}"
    assert again in [str(problem.expected) for problem in refused.value.problems]


def test_answers_from_files_keep_their_numbers(database: Database) -> None:
    """They come from their number in the file, and whoever imports it again finds them by it."""
    wave = open_small_wave(database)
    import_answers(database, wave)
    run_estimates(database, wave)
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
        assert is_estimated(session, wave)


def test_an_open_wave_beside_it_keeps_everything(database: Database, field: Field, keys: KeyRing) -> None:
    other = open_field(database, keys)
    other.send(database, other.interview(other.east[0]))
    other.send(database, other.interview(other.east[1]), account=other.li)
    with database.writing() as session:
        close_wave(session, keys, field.wave, at=NOW, by="wang")
    destroy_keys(database, keys)
    with database.reading() as session:
        assert len(standing(session, other.wave)) == 12
        assert all(row.body and row.tag for row in list_inbox(session, other.wave))
        assert len(list(read_responses(session, other.wave))) == 1
    assert other.send(database, other.interview(other.east[2])).state is PayloadState.PLACED
