"""survey init | serve | worker | backup | restore | upgrade"""

import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from questionnaires.loading import BUILT_IN, load_file, load_text
from survey.keys import KeyRing
from survey.store import schema
from survey.store.database import open_database
from survey.store.schema import migrate
from survey.workflow.add_instrument import add_instrument
from survey.workflow.withdraw_response import withdraw_response
from tests.survey.attacked_wave import build_world
from tests.survey.cli.conftest import Refusals, Run, contents
from tests.survey.conftest import AT, Instance

PASSWORD = "correct horse battery"
NEXT = '''"""A migration of the next version."""

from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("CREATE TABLE of_the_next_version (id INTEGER PRIMARY KEY)")
'''


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program one migration ahead of the databases there are."""
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "next.py").write_text(NEXT.format(head=schema.newest_revision()), "utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)


def test_init_makes_everything_in_a_folder_that_is_not_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_ADMIN_PASSWORD", PASSWORD)
    made = run("init", "--json")
    assert (made.code, made.err) == (0, "")
    document = made.document
    names = {"database", "created", "revision", "instruments", "taken_versions", "administrator", "sign_in"}
    assert document.keys() == names
    assert (document["created"], document["administrator"], document["sign_in"]) == (True, "admin", None)
    assert document["instruments"] == list(BUILT_IN)
    file = tmp_path / "instance" / "survey.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = contents(file)
    again = run("init", "--json").document
    assert (again["created"], again["administrator"]) == (False, None)
    assert contents(file) == before


def test_init_can_make_up_the_first_sign_in(run: Run, tmp_path: Path) -> None:
    document = run("init", "--make-sign-in", "--json").document
    kept = tmp_path / "instance" / "first-sign-in.txt"
    name, password = kept.read_text().split()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert name == document["administrator"] == "admin"
    assert password in document["sign_in"]
    assert len(password) >= 16
    again = run("init", "--make-sign-in")
    assert password in again.out, "told at every start until it is removed"
    kept.unlink()
    assert password not in run("init", "--make-sign-in").out


def test_a_password_that_breaks_the_rules_makes_no_database(
    refused: Refusals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_ADMIN_PASSWORD", "short")
    assert "密码" in refused("init")
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root@localhost/x", "mysql"),
        ("nonsense", "SURVEY_DATABASE_URL"),
        ("sqlite://", "SURVEY_DATABASE_URL"),
        ("postgresql://survey:hunter2hunter2@127.0.0.1:1/survey", "服务器"),
        ("sqlite:////proc/nothing/survey.sqlite3", "survey init"),
    ],
)
def test_a_wrong_database_is_said_without_its_password(
    url: str, said: str, refused: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_DATABASE_URL", url)
    for verb in (("wave", "list"), ("estimate", "--wave", 1), ("serve",), ("worker",)):
        sentence = refused(*verb)
        assert said in sentence
        assert "hunter2" not in sentence


def test_a_file_that_is_no_database_is_said(refused: Refusals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"%PDF-1.7 this is no database" * 100)
    monkeypatch.setenv("SURVEY_DATABASE_URL", f"sqlite:///{tmp_path / 'x.sqlite3'}")
    for verb in (("wave", "list"), ("init",), ("upgrade",)):
        refused(*verb)


VERBS_ON_A_DATABASE = [
    ("wave", "list"),
    ("frame", "list"),
    ("estimate", "--wave", 1),
    ("report", "--wave", 1, "--out", "reports"),
    ("serve",),
    ("worker",),
]


@pytest.mark.parametrize("verb", VERBS_ON_A_DATABASE, ids=lambda verb: verb[0])
def test_without_a_database_every_verb_says_how_to_make_one(verb: tuple[object, ...], refused: Refusals) -> None:
    assert "survey init" in refused(*verb)


@pytest.mark.parametrize("verb", [*VERBS_ON_A_DATABASE, ("init",), ("demo",)], ids=lambda verb: verb[0])
def test_with_migrations_pending_every_verb_says_how_to_upgrade(
    verb: tuple[object, ...], estimated_instance: Instance, next_version: None, refused: Refusals
) -> None:
    assert "survey upgrade" in refused(*verb)


@pytest.mark.parametrize("verb", [("wave", "list"), ("serve",), ("worker",), ("upgrade",), ("init",)])
def test_a_database_of_a_later_program_is_left_alone(
    verb: tuple[str, ...], estimated_instance: Instance, refused: Refusals
) -> None:
    database = estimated_instance.open()
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert "9999" in refused(*verb)


def test_an_upgrade_makes_a_backup_first(estimated_instance: Instance, next_version: None, run: Run) -> None:
    before = contents(estimated_instance.file)
    document = run("upgrade", "--json").document
    names = {"from", "to", "backup", "rekeyed", "unread", "deleted_again", "delete_older_backups", "taken_versions"}
    assert document.keys() == names
    assert document["to"] == "next"
    kept = Path(document["backup"])
    assert kept.parent == estimated_instance.folder / "backups"
    assert contents(kept) == before
    assert run("wave", "list", "--json").code == 0
    again = run("upgrade", "--json").document
    assert (again["from"], again["to"], again["backup"]) == ("next", "next", None)


def test_a_version_of_the_citys_own_does_not_stop_an_upgrade(
    empty_instance: Instance, next_version: None, run: Run, tmp_path: Path
) -> None:
    """Who changes a built-in questionnaire gives it the next number, which a later program may give as well."""
    database, path = empty_instance.open(), BUILT_IN["urban-community"]
    version = load_file(path).version
    with database.writing() as session:
        session.execute(
            text("DELETE FROM instruments WHERE slug = 'urban-community' AND version = :it"), {"it": version}
        )
        own = load_text(path.read_text("utf-8").replace("您", "你"), "own.toml")
        assert own.version == version
        add_instrument(session, own, at=AT)
    database.close()
    said = run("upgrade", "--json")
    assert said.code == 0
    assert said.document["taken_versions"] == [f"urban-community {version}"]
    again = run("upgrade")
    assert (again.code, f"urban-community {version}: this version is one of your own" in again.out) == (0, True)
    assert run("init", "--json").document["taken_versions"] == [f"urban-community {version}"]


def test_a_backup_brings_everything_back(answered_instance: Instance, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite3"
    written = run("backup", file, "--json").document
    assert written == {"backup": str(file), "bytes": file.stat().st_size}
    before = run("response", "count", "--wave", 1, "--json").document
    run("wave", "close", 1)
    restored = run("restore", file, "--json").document
    assert restored.keys() == {"restored", "before", "deleted_again", "keys"}
    names = {"folder", "present", "missing", "of_closed_waves", "unknown", "withdrawn_answers"}
    assert restored["keys"].keys() == names
    assert Path(restored["before"]).exists()
    assert run("wave", "list", "--json").document["waves"][0]["state"] == "fielding"
    assert run("response", "count", "--wave", 1, "--json").document == before


def test_a_backup_does_not_bring_back_what_was_withdrawn_since(
    empty_instance: Instance, run: Run, tmp_path: Path
) -> None:
    database, keys = empty_instance.open(), KeyRing(folder=empty_instance.config.keys)
    world = build_world(database, keys)
    assert run("backup", tmp_path / "nightly").code == 0
    copy = shutil.copytree(keys.folder, tmp_path / "copy")
    before = run("response", "count", "--wave", world.field.wave, "--json").document
    with database.writing() as session:
        assert withdraw_response(session, keys, world.codes.withdrawal)
    database.close()
    left = run("response", "count", "--wave", world.field.wave, "--json").document
    assert left != before
    said = run("restore", tmp_path / "nightly", "--json").document
    assert (said["deleted_again"], said["keys"]["withdrawn_answers"]) == (1, 0)
    assert run("response", "count", "--wave", world.field.wave, "--json").document == left
    assert run("keys").code == 0

    newer = shutil.copytree(keys.folder, tmp_path / "newer copy")
    shutil.rmtree(keys.folder)
    shutil.copytree(copy, keys.folder)
    assert run("restore", tmp_path / "nightly", "--json").document["deleted_again"] == 0, "a copy from before"
    for path in newer.glob("withdrawn.*"):
        shutil.copy(path, keys.folder)
    assert run("keys").code == 1, "it is back though it was withdrawn"
    assert run("upgrade", "--json").document["deleted_again"] == 1
    assert run("response", "count", "--wave", world.field.wave, "--json").document == left


def test_a_backup_overwrites_nothing(answered_instance: Instance, refused: Refusals, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a letter")
    refused("backup", tmp_path / "there")
    assert (tmp_path / "there").read_text() == "a letter"
    refused("backup", tmp_path / "nowhere" / "backup")
    refused("backup", tmp_path)


@pytest.mark.parametrize("data", [None, b"", b"SQLite format 3\x00" + b"x" * 5000, b"a letter"])
def test_what_is_no_backup_restores_nothing(
    data: bytes | None, answered_instance: Instance, refused: Refusals, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    if data is not None:
        file.write_bytes(data)
    refused("restore", file)
    refused("restore", tmp_path)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_one_line(estimated_instance: Instance, refused: Refusals, taken_port: int) -> None:
    assert str(taken_port) in refused("serve", "--port", taken_port)


def test_with_the_default_secret_nobody_else_is_served(estimated_instance: Instance, refused: Refusals) -> None:
    assert "SURVEY_SECRET_KEY" in refused("serve", "--host", "0.0.0.0")  # noqa: S104 - it is refused


@pytest.mark.slow
def test_an_empty_database_is_filled_by_init(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'instance' / 'survey.sqlite3'}")
    migrate(database)
    database.close()
    assert run("init", "--json").document["created"] is False
    assert len(run("instrument", "list", "--json").document["instruments"]) == len(BUILT_IN)
