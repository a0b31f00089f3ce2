"""``survey paper`` and ``survey instrument paper``: files are made once, counts are one JSON document."""

from datetime import date

import pytest

from survey.keys import KeyRing
from survey.store.paper_batches import get_batch
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.paper_wave import EAST, WEST, PaperWave, open_paper


@pytest.fixture
def paper(empty_instance: Instance) -> PaperWave:
    database = empty_instance.open()
    made = open_paper(database, KeyRing(folder=empty_instance.folder / "keys"))
    database.close()
    return made


@pytest.mark.slow
def test_a_specimen_needs_no_wave(run: Run, refused: Refusals, empty_instance: Instance) -> None:
    file = empty_instance.folder / "form.pdf"
    answer = run("instrument", "paper", "urban-community-short", file, "--large", "--language", "en", "--json")
    assert answer.document["batch"] is None
    assert file.read_bytes().startswith(b"%PDF")
    refused("instrument", "paper", "urban-community-short", file)  # it is there
    refused("instrument", "paper", "nothing", empty_instance.folder / "other.pdf")


@pytest.mark.slow
def test_a_batch_is_made_printed_and_counted(
    run: Run, refused: Refusals, paper: PaperWave, empty_instance: Instance
) -> None:
    file = empty_instance.folder / "batch.pdf"
    refused("instrument", "paper", "paper", file, "--wave", paper.wave, "--count", 2)  # which community?
    refused("instrument", "paper", "urban-community", file, "--wave", paper.wave, "--area", WEST)
    made = run("instrument", "paper", "paper", file, "--wave", paper.wave, "--area", WEST, "--count", 2, "--json")
    assert (made.document["batch"], made.document["forms"]) == (2, 2)
    again = run("paper", "print", "--wave", paper.wave, 2, empty_instance.folder / "again.pdf", "--json")
    assert again.document["pages"] == made.document["pages"]
    assert run("paper", "add", "--wave", paper.wave, "--area", EAST, "--count", 5, "--json").document["batch"] == 3
    day = ("--day", "2026-05-04")
    refused("paper", "counts", "--wave", paper.wave, 1, "--returned", 31, *day, code=1)
    counted = run("paper", "counts", "--wave", paper.wave, 1, "--issued", 29, "--returned", 24, *day, "--json").document
    assert (counted["issued"], counted["returned"], counted["not_keyed"]) == (29, 24, 24)
    assert counted["second_keying"]["disagreement"] is None
    run("paper", "counts", "--wave", paper.wave, 1, "--issued", 28)
    with empty_instance.open().reading() as session:
        assert get_batch(session, 1).returned_on == date(2026, 5, 4), "no other day was said"
    listed = run("paper", "list", "--wave", paper.wave, "--json").document
    assert [(one["batch"], one["area"], one["printed"]) for one in listed["batches"]] == [
        (1, EAST, 30),
        (2, WEST, 2),
        (3, EAST, 5),
    ]
    refused("paper", "counts", "--wave", paper.wave, 99)
    refused("paper", "add", "--wave", 99, "--area", EAST, "--count", 1)
