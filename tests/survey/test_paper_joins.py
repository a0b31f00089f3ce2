"""Somebody with databases, backups of two nights and a list of who got which serial tries to get to an answer."""

from datetime import timedelta

import pytest

from survey.fieldwork.paper_serials import Serial
from survey.fieldwork.resident_codes import codes_of, receipt_hash
from survey.keys import KeyRing, Sealer
from survey.store.database import Database
from survey.store.paper_batches import VoidReason
from survey.store.paper_forms import tag_of
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.finish_keying import finish_keying
from survey.workflow.forget_order import forget_order
from survey.workflow.key_paper import open_form, void_form
from tests.survey import attacker
from tests.survey.attacker import Snapshot
from tests.survey.paper_wave import AT, FILLED, PaperWave, open_paper
from tests.survey.test_receipt_joins import reached_from, told_by

TABLES = ("paper_batches", "paper_forms", "paper_counts", "paper_checks")


@pytest.fixture
def paper(database: Database, keys: KeyRing) -> PaperWave:
    return open_paper(database, keys)


def night(database: Database) -> Snapshot:
    with database.writing() as session:
        forget_order(session)
    return attacker.read_everything(database)


def one_day(database: Database, paper: PaperWave) -> tuple[Snapshot, Snapshot]:
    """One form is keyed and counted, another is void: the least that a day can hold. Its answers stand out."""
    for number in range(1, 6):
        paper.key(database, number)
    with database.writing() as session:
        finish_keying(session, paper.keys, paper.wave, paper.batch.id)
    first = night(database)
    for number in (7, 8):
        paper.key(database, number, {**FILLED, "N1": str(number)})
    with database.writing() as session:
        form = open_form(session, paper.keys, paper.wave, paper.batch.id, serial=paper.serial(9), keyer=1)
        void_form(session, form, VoidReason.REFUSED)
        finish_keying(session, paper.keys, paper.wave, paper.batch.id)
    return first, night(database)


def serials(paper: PaperWave) -> list[str]:
    return [paper.serial(number) for number in range(1, 31)]


def test_two_nights_differ_by_counts_and_name_no_form(database: Database, paper: PaperWave) -> None:
    first, second = one_day(database, paper)
    old = {row["tag"] for row in first["paper_forms"]}
    new = [row for row in second["paper_forms"] if row["tag"] not in old]
    assert sorted(row["state"] for row in new) == ["chosen", "valid", "void"]
    for snapshot in (first, second):
        shown = {cell for name in TABLES for row in snapshot[name] for cell in row.values() if isinstance(cell, str)}
        assert shown.isdisjoint(serials(paper))
        assert not [one for one in shown for serial in serials(paper) if serial.replace("-", "") in one]
    stranger = [Sealer(key=bytes(32)), Sealer(key=bytes.fromhex(paper.batch.seed))]
    guessed = {tag_of(one, Serial(batch=paper.batch.id, number=n)) for one in stranger for n in range(1, 31)}
    assert guessed.isdisjoint({row["tag"] for row in second["paper_forms"]})


def test_a_form_leads_to_no_response(database: Database, paper: PaperWave) -> None:
    """Neither through a number nor a hash, in any night; and no row but the batch holds a time or an account."""
    first, second = one_day(database, paper)
    answers = {row["uuid"].hex for row in second["responses"]}
    assert len(answers) == 5
    for snapshot in (first, second):
        for row in snapshot["paper_forms"]:
            assert answers.isdisjoint(reached_from([row["tag"]], first, second))
            assert set(row) == {"tag", "batch_id", "state", "reason", "body"}
            assert (row["body"] is None) == (row["state"] in ("valid", "void"))
    days = {row["day"] for row in second["responses"]}
    assert len(days) == 1, "the day of the batch: not even the night tells more"


def test_a_receipt_torn_off_leads_to_no_form(database: Database, paper: PaperWave) -> None:
    first, second = one_day(database, paper)
    assert len(second["receipts"]) - len(first["receipts"]) == 3, "a void form has one, too"
    listed = {row["hash"] for row in second["receipts"]}
    tags = {row["tag"] for row in second["paper_forms"]}
    for start in listed:
        assert tags.isdisjoint(reached_from([start], first, second))
    for serial in serials(paper):
        for key in (bytes(32), bytes.fromhex(paper.batch.seed)):
            assert receipt_hash(codes_of(Sealer(key=key).tag(f"paper receipt:{serial}")[:32]).receipt) not in listed


def test_after_closing_the_counts_alone_are_left(database: Database, paper: PaperWave) -> None:
    first, second = one_day(database, paper)
    with database.writing() as session:
        close_wave(session, paper.keys, paper.wave, at=AT + timedelta(days=2), by="tests", paper_as_it_is=True)
    destroy_keys(database, paper.keys)
    after = attacker.read_everything(database)
    assert after["paper_forms"] == []
    assert {(row["reason"], row["forms"]) for row in after["paper_counts"]} == {("", 7), ("refused", 1)}
    now = {row["uuid"].hex for row in after["responses"]}
    before = {one for row in second["paper_forms"] for one in told_by(row)}
    assert now.isdisjoint(reached_from(sorted(before), first, second, after))
    sealed = [row["body"] for row in second["paper_forms"] if row["body"]]
    assert sealed, "the search finds what is there"
    pages = attacker.raw_pages(database)
    assert not any(body in page for body in sealed for page in pages)
    tags = [row["tag"].encode() for row in second["paper_forms"]]
    assert not any(tag in page for tag in tags for page in pages)
