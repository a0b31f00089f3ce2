"""survey invitation sheet"""

import re
import shutil
import sqlite3
import stat
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from survey.jobs import worker
from survey.keys import KeyRing
from survey.one_time_codes import code_hash, read_code
from survey.roles import Role
from survey.store.invitations import (
    InvitationState,
    add_invitations,
    context,
    drop_invitations,
    find_invitation,
    hash_of,
)
from survey.store.owed_scrubs import OwedScrub
from survey.store.wave_keys import find_sealer
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import EAST, VILLAGE, add_canvasser, drawn_wave

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")

#: The first fold, in points from the top.
FOLD = 280
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


@pytest.fixture
def drawn(empty_instance: Instance) -> Instance:
    database = empty_instance.open()
    drawn_wave(database)
    add_canvasser(database, "tongji", role=Role.STATISTICIAN)
    add_canvasser(database, "dudao", role=Role.SUPERVISOR)
    database.close()
    return empty_instance


def pages(path: Path, *where: object) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", *map(str, where), path, "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def codes_in(path: Path) -> list[str]:
    return CODE.findall("".join(pages(path)))


def sheet(path: Path, area: str = EAST) -> tuple[object, ...]:
    return ("invitation", "sheet", "--wave", 1, "--area", area, "--out", path)


def states(instance: Instance, codes: list[str]) -> list[InvitationState]:
    database = instance.open()
    with database.reading() as session:
        sealer = find_sealer(session, KeyRing(folder=instance.config.keys), 1)
        assert sealer is not None
        found = [find_invitation(session, [hash_of(sealer, code_hash(read_code(code) or ""))]) for code in codes]
    database.close()
    return [one.state for one in found if one]


def test_a_sheet_for_each_drawn_home_with_its_code(drawn: Instance, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    said = run("--as", "tongji", *sheet(path), "--json")
    assert (said.code, said.document["letters"]) == (0, 10)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    printed, codes = pages(path), codes_in(path)
    assert (len(printed), len(set(codes))) == (10, 10)
    assert all(len(CODE.findall(page)) == 1 and "东风社区 花园小区" in page for page in printed)
    assert states(drawn, codes) == [InvitationState.OPEN] * 10
    for code in codes:
        assert code not in said.out
        assert code.replace("-", "").encode() not in drawn.file.read_bytes()


@pytest.mark.slow
def test_above_the_first_fold_stands_the_address_alone(drawn: Instance, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    assert run(*sheet(path)).code == 0
    outside = pages(path, "-r", 72, "-x", 0, "-y", 0, "-W", 600, "-H", FOLD)
    assert len(outside) == 10
    for page in outside:
        assert "东风社区 花园小区" in page
        assert not CODE.search(page)
        assert not re.search("问卷|填答|满意|survey", page)
    inside = pages(path, "-r", 72, "-x", 0, "-y", FOLD, "-W", 600, "-H", 600)
    assert all(page.count("http://localhost:8000/rights/1") == 1 for page in inside)
    assert all(CODE.search(page) and "花园小区" not in page for page in inside)


@pytest.mark.slow
def test_printing_again_makes_the_first_codes_void(drawn: Instance, run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    assert run(*sheet(first)).code == 0
    refused = run(*sheet(second))
    assert (refused.code, second.exists()) == (2, False)
    assert "printed before" in refused.err
    again = run(*sheet(second), "--reprint", "--json")
    assert again.document["revoked"] == 10
    assert states(drawn, codes_in(first)) == [InvitationState.REVOKED] * 10


def keep_as_before(instance: Instance, codes: list[str]) -> set[str]:
    """As earlier versions did: under the hashes of the codes alone, which are returned."""
    hashes = set()
    database = instance.open()
    with database.writing() as session:
        sealer = find_sealer(session, KeyRing(folder=instance.config.keys), 1)
        assert sealer is not None
        plain = []
        for code in codes:
            hashed = code_hash(read_code(code) or "")
            one = find_invitation(session, [hash_of(sealer, hashed)])
            assert one is not None
            case = sealer.unseal(one.body, context=context(one.code_hash))
            body, tag = sealer.seal(case, context=context(hashed)), sealer.tag(f"case:{case.decode()}")
            plain.append(replace(one, code_hash=hashed, tag=tag, body=body))
            hashes.add(hashed)
        drop_invitations(session, 1)
        add_invitations(session, plain)
    database.close()
    return hashes


@pytest.mark.slow
def test_an_upgrade_keeps_letters_good_and_nothing_of_how_they_were_kept(
    drawn: Instance, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "letters.pdf"
    assert run(*sheet(path)).code == 0
    hashes = keep_as_before(drawn, codes_in(path))
    key = next((drawn.folder / "keys").glob("*.key"))
    elsewhere = key.rename(tmp_path / key.name)
    without = run("upgrade", "--json").document
    assert (without["rekeyed"], without["unread"]) == (0, [1])
    elsewhere.rename(key)
    said = run("upgrade")
    assert said.code == 0
    assert "10 codes of letters" in said.out
    assert "delete older backups" in said.out
    assert states(drawn, codes_in(path)) == [InvitationState.OPEN] * 10
    assert not left_of(drawn, hashes)
    again = run("upgrade", "--json").document
    assert (again["rekeyed"], again["unread"], again["backup"]) == (0, [], None)


@pytest.mark.slow
def test_who_reads_meanwhile_puts_the_scrub_off_and_does_not_cancel_it(
    drawn: Instance, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letters.pdf"
    assert run(*sheet(path)).code == 0
    hashes = keep_as_before(drawn, codes_in(path))
    monkeypatch.setattr("survey.store.scrubbing.READERS_LEAVE", 0.2)
    with closing(sqlite3.connect(drawn.file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM invitations").fetchone()
        refused = run("upgrade")
        assert refused.code == 2
        assert "run survey upgrade again" in refused.err
        assert states(drawn, codes_in(path)) == [InvitationState.OPEN] * 10, "the letters are good already"
        worker.rekey(drawn.open(), KeyRing(folder=drawn.config.keys), OwedScrub(drawn.folder))
    assert left_of(drawn, hashes)
    said = run("upgrade")
    assert (said.code, "delete older backups" in said.out, "0 codes" in said.out) == (0, True, False)
    assert not left_of(drawn, hashes)
    assert "nothing to do" in run("upgrade").out


@pytest.mark.slow
def test_the_worker_makes_letters_good_whose_key_is_back(drawn: Instance, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    assert run(*sheet(path)).code == 0
    hashes = keep_as_before(drawn, codes_in(path))
    key = next((drawn.folder / "keys").glob("*.key"))
    elsewhere = key.rename(tmp_path / key.name)
    assert run("upgrade", "--json").document["unread"] == [1]
    elsewhere.rename(key)
    database = drawn.open()
    worker.rekey(database, KeyRing(folder=drawn.config.keys), OwedScrub(drawn.folder))
    database.close()
    assert states(drawn, codes_in(path)) == [InvitationState.OPEN] * 10
    assert not left_of(drawn, hashes)


def left_of(instance: Instance, hashes: set[str]) -> list[str]:
    """What still stands in the files of the database."""
    files = [file.read_bytes() for file in instance.folder.glob("survey.sqlite3*")]
    return [one for one in hashes for file in files if one.encode() in file]


@pytest.mark.slow
def test_a_file_that_is_there_is_not_overwritten_and_no_code_is_made(drawn: Instance, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    path.write_bytes(b"mine")
    assert run(*sheet(path)).code == 2
    assert path.read_bytes() == b"mine"
    assert run(*sheet(tmp_path / "other.pdf")).code == 0, "nothing was printed before"


@pytest.mark.parametrize("area", [VILLAGE + "9", "nowhere"])
def test_a_community_without_drawn_homes_is_refused(drawn: Instance, run: Run, tmp_path: Path, area: str) -> None:
    assert run(*sheet(tmp_path / "letters.pdf", area)).code == 2
    assert not (tmp_path / "letters.pdf").exists()


def test_only_who_draws_may_print(drawn: Instance, run: Run, refused: Refusals, tmp_path: Path) -> None:
    assert run("--as", "dudao", *sheet(tmp_path / "letters.pdf")).code == 2
    assert not (tmp_path / "letters.pdf").exists()
