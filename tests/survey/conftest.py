"""Instances with the small wave in them: prepared once, copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2.profiles import CHEAPEST

from questionnaires.loading import load_text
from survey import passwords
from survey.areas import Level
from survey.config import DEFAULT_SECRET_KEY, Config
from survey.files.column_map import parse_column_map
from survey.files.csv_files import parse_csv
from survey.files.wave_file import parse_wave_file
from survey.keys import KeyRing
from survey.store.database import Database, open_database
from survey.workflow.add_instrument import add_instrument
from survey.workflow.estimate_wave import estimate_wave
from survey.workflow.import_frame import import_frame, read_areas
from survey.workflow.import_responses import find_target, import_responses, read_answers
from survey.workflow.open_wave import open_wave
from tests.prepared import prepared, reads_files, remember_empty
from tests.survey import small_wave
from tests.survey.field import Field, open_field

AT = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)
#: For waves of imported answers: nothing of them is sealed.
NO_KEYS = KeyRing(folder=Path("/nowhere"))


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A folder with ``survey.sqlite3`` in it."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "survey.sqlite3"

    @property
    def config(self) -> Config:
        return Config(
            database_url=f"sqlite:///{self.file}",
            secret_key=DEFAULT_SECRET_KEY,
            admin_password=None,
            instance=self.folder,
            keys=self.folder / "keys",
        )

    def open(self) -> Database:
        return open_database(self.config.database_url)


@dataclass(frozen=True, kw_only=True)
class Stages:
    """The files to copy: an empty database, one with wave 1 in draft, with its answers, with an estimate run."""

    empty: Path
    opened: Path
    answered: Path
    estimated: Path


@prepared
def open_small_wave(database: Database) -> int:
    """Frame 1, the instrument ``small`` and a draft wave in an empty database."""
    areas = read_areas(parse_csv(small_wave.AREAS.encode(), "areas.csv"))
    details = parse_wave_file(small_wave.WAVE, "wave.toml")
    with database.writing() as session:
        frame = import_frame(session, areas=areas, at=AT)
        add_instrument(session, load_text(small_wave.INSTRUMENT, "small.toml"), at=AT)
        return open_wave(
            session, instrument="small", frame=frame.id, name="测试轮次", details=details, at=AT, by="tests"
        )


def import_answers(database: Database, wave: int, text: str = small_wave.ANSWERS) -> dict[str, object]:
    """The report of an import with the small wave's column map."""
    column_map = parse_column_map(small_wave.COLUMNS, "columns.toml")
    with database.reading() as session:
        target = find_target(session, wave)
    file = parse_csv(text.encode(), "answers.csv")
    answers = read_answers(file, column_map, map_text=small_wave.COLUMNS, target=target)
    with database.writing() as session:
        return dict(import_responses(session, wave, answers=answers, at=AT, by="tests").report)


def run_estimates(database: Database, wave: int, level: Level = Level.COMMUNITY, *, keys: KeyRing = NO_KEYS) -> int:
    with database.writing() as session:
        return estimate_wave(session, keys, wave, by_level=level, code_version="tests", at=AT, by="tests").run


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """To hash one as the site does takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "PARAMETERS", CHEAPEST)
        yield


@pytest.fixture(scope="session")
def stages(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    folder = tmp_path_factory.mktemp("stages")
    made = Stages(empty=migrated_sqlite_file, **{name: folder / name for name in ("opened", "answered", "estimated")})
    steps: dict[Path, Callable[[Database], object]] = {
        made.opened: open_small_wave,
        made.answered: lambda database: import_answers(database, 1),
        made.estimated: lambda database: run_estimates(database, 1),
    }
    before = made.empty
    for path, step in steps.items():
        shutil.copyfile(before, path)
        database = open_database(f"sqlite:///{path}")
        step(database)
        database.close()
        assert not path.with_name(path.name + "-wal").exists(), "the last connection leaves one file"
        before = path
    return made


def _instance(tmp_path: Path, stage: Path) -> Instance:
    instance = Instance(folder=tmp_path / "instance")
    instance.folder.mkdir()
    shutil.copyfile(stage, instance.file)
    return instance


@pytest.fixture
def empty_instance(tmp_path: Path, stages: Stages, request: pytest.FixtureRequest) -> Instance:
    made = _instance(tmp_path, stages.empty)
    if not reads_files(request.module):
        remember_empty(made.file)
    return made


@pytest.fixture
def opened_instance(tmp_path: Path, stages: Stages) -> Instance:
    return _instance(tmp_path, stages.opened)


@pytest.fixture
def answered_instance(tmp_path: Path, stages: Stages) -> Instance:
    return _instance(tmp_path, stages.answered)


@pytest.fixture
def estimated_instance(tmp_path: Path, stages: Stages) -> Instance:
    return _instance(tmp_path, stages.estimated)


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


@pytest.fixture
def field(database: Database, keys: KeyRing) -> Field:
    """A wave in the field, on both databases."""
    return open_field(database, keys)
