"""The wave in the field: made by the steps of a real one, with something to look at on every page."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.fieldwork.dispositions import CLASSES, DispositionClass
from analysis.publication import Subset
from questionnaires.loading import BUILT_IN, load_file
from survey.demo.field_wave import load_field_wave
from survey.demo.people import CANVASSER, PEOPLE
from survey.keys import KeyRing
from survey.roles import Role
from survey.store.accounts import find_account
from survey.store.database import Database, open_database
from survey.store.draws import DrawState, standing_draw
from survey.store.estimates import latest_run, load_estimates
from survey.store.inbox import PayloadKind, PayloadState, list_inbox
from survey.store.responses import read_responses
from survey.store.waves import get_wave
from survey.waves import Mode, WaveState
from survey.workflow.add_instrument import add_instrument
from survey.workflow.show_cases import list_my_cases
from survey.workflow.show_fieldwork import show_fieldwork
from survey.workflow.verify_draw import verify_draw

NOW = datetime(2026, 6, 20, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    database: Database
    keys: KeyRing
    wave: int


@pytest.fixture(scope="module")
def loaded(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("field_wave")
    shutil.copyfile(migrated_sqlite_file, folder / "survey.sqlite3")
    database, keys = open_database(f"sqlite:///{folder / 'survey.sqlite3'}"), KeyRing(folder=folder / "keys")
    with database.writing() as session:
        add_instrument(session, load_file(BUILT_IN["urban-community"]), at=NOW)
        wave = load_field_wave(session, keys, password="ten signs or more", now=NOW).wave
    yield Loaded(database=database, keys=keys, wave=wave)
    database.close()


def test_it_is_in_the_field_with_a_draw_that_fits(loaded: Loaded) -> None:
    with loaded.database.reading() as session:
        wave, draw = get_wave(session, loaded.wave), standing_draw(session, loaded.wave)
        assert wave.state is WaveState.FIELDING
        assert wave.details.fictitious
        assert draw is not None
        assert draw.state is DrawState.APPROVED
        assert draw.drawn_by != draw.decided_by
        assert draw.cases == 240
        verify_draw(session, draw.id)


def test_its_log_has_something_of_every_class(loaded: Loaded) -> None:
    with loaded.database.reading() as session:
        found = show_fieldwork(session, loaded.keys, loaded.wave)
        classes = {CLASSES[code] for code, count in found.total.dispositions.items() if count}
        modes = Counter(response.mode for response in read_responses(session, loaded.wave))
        waiting = list(list_inbox(session, loaded.wave, kind=PayloadKind.INTERVIEW, state=PayloadState.QUARANTINED))
    assert classes >= set(DispositionClass) - {DispositionClass.UNKNOWN_OTHER}
    assert modes.keys() == {Mode.CAPI, Mode.WEB_TOKEN, Mode.WEB_OPEN}
    assert {record.reason for record in waiting} == {"second_interview", "not_assigned", "other_wording"}


def test_the_canvasser_to_sign_in_with_has_doors_left_and_an_interview_begun(loaded: Loaded) -> None:
    with loaded.database.reading() as session:
        found = find_account(session, CANVASSER)
        assert found is not None
        (cases,) = list_my_cases(session, loaded.keys, found[0])
    assert cases.left > 5
    assert any(line.begun for line in cases.lines)
    assert any(line.interviewed for line in cases.lines)


def test_its_open_link_is_estimated_apart(loaded: Loaded) -> None:
    with loaded.database.reading() as session:
        run = latest_run(session, loaded.wave)
        assert run is not None
        subsets = {row.subset for row in load_estimates(session, run.id)}
    assert {Subset.ALL, Subset.OPEN_LINK} <= subsets


def test_there_is_somebody_of_every_role_but_the_administrator() -> None:
    assert {person.role for person in PEOPLE} == set(Role) - {Role.ADMINISTRATOR}
