"""Slips in keying paper forms are mended while nothing follows from them yet: keyed wrongly, void by mistake."""

import pytest

from survey.keys import KeyRing
from survey.messages import Conflict
from survey.store.database import Database
from survey.store.paper_batches import VoidReason
from survey.store.receipts import count_receipts
from survey.workflow.key_paper import FormToKey, Round, Saved, key_form, open_form, void_form
from tests.survey.paper_wave import FILLED, PaperWave, again, finish, open_paper, responses, view, void


@pytest.fixture
def paper(database: Database, keys: KeyRing) -> PaperWave:
    return open_paper(database, keys)


def open_again(database: Database, paper: PaperWave, number: int) -> FormToKey:
    with database.reading() as session:
        return open_form(session, paper.keys, paper.wave, paper.batch.id, serial=paper.serial(number), keyer=1)


def test_a_slip_is_mended_by_whoever_made_it_until_the_tenth_is_drawn(database: Database, paper: PaperWave) -> None:
    """The second one's answers were keyed under the first one's serial: both forms come out right."""
    paper.key(database, 1, {**FILLED, "N1": "5"})
    opened = open_again(database, paper, 1)
    assert (opened.round, opened.typed["N1"]) == (Round.MENDING, "5")
    assert paper.key(database, 1) is Saved.MENDED
    assert paper.key(database, 2, {**FILLED, "N1": "5"}) is Saved.KEYED
    counts = view(database, paper).counts
    assert (counts.keyed, counts.open) == (2, 23)
    assert again(database, paper) == []
    finish(database, paper)
    with pytest.raises(Conflict):
        open_again(database, paper, 1)
    (chosen,) = again(database, paper)
    paper.key(database, chosen, {**FILLED, "N1": {1: "3", 2: "5"}[chosen]}, keyer=2)
    assert sorted(str(one.answers["N1"]) for one in responses(database, paper)) == ["3", "5"]
    assert view(database, paper).second.forms.differing == 0
    with database.reading() as session:
        assert count_receipts(session, paper.wave) == 2


def test_a_form_that_was_opened_before_the_tenth_was_drawn_is_not_saved_over_after(
    database: Database, paper: PaperWave
) -> None:
    paper.key(database, 1)
    paper.key(database, 2)
    stale = [open_again(database, paper, number) for number in (1, 2)]
    finish(database, paper)
    for form in stale:
        with database.writing() as session, pytest.raises(Conflict, match="刚刚由别人处理了"):
            key_form(session, form, {**FILLED, "N1": "9"}, keyer=1)
        with database.writing() as session, pytest.raises(Conflict, match="刚刚由别人处理了"):
            void_form(session, form, VoidReason.BLANK)
    assert [one.answers["N1"] for one in responses(database, paper)] == [3]


def test_a_form_is_made_void_by_mistake_or_keyed_instead_of_made_void(database: Database, paper: PaperWave) -> None:
    paper.key(database, 1)
    void(database, paper, 1, VoidReason.SPOILED)
    assert view(database, paper).counts.void == {VoidReason.SPOILED: 1}
    assert open_again(database, paper, 1).round is Round.RESTORING
    void(database, paper, 1, VoidReason.REFUSED)
    assert view(database, paper).counts.void == {VoidReason.REFUSED: 1}
    assert paper.key(database, 1, keyer=2) is Saved.MENDED
    counts = view(database, paper).counts
    assert (counts.keyed, counts.void, counts.open) == (1, {}, 24)
    with database.reading() as session:
        assert count_receipts(session, paper.wave) == 1


def test_a_form_void_since_the_tenth_was_drawn_is_keyed_twice_and_counted_once(
    database: Database, paper: PaperWave
) -> None:
    """Else a slip that the second keying found would come in all the same, by way of being void in between."""
    for number in range(1, 12):
        paper.key(database, number)
    finish(database, paper)
    slip, other = again(database, paper)
    assert paper.key(database, slip, {**FILLED, "N1": "5"}, keyer=2) is Saved.DIFFERS
    for number in (slip, other):
        with database.writing() as session:
            form = open_form(session, paper.keys, paper.wave, paper.batch.id, serial=paper.serial(number), keyer=2)
            void_form(session, form, VoidReason.DOUBTFUL)
        assert paper.key(database, number) is Saved.RESTORED
    assert again(database, paper) == [slip, other]
    with pytest.raises(Conflict, match="没有录过一遍"):
        finish(database, paper)
    assert len(responses(database, paper)) == 9
    assert paper.key(database, slip, {**FILLED, "N1": "5"}, keyer=2) is Saved.DIFFERS
    assert paper.key(database, slip, {**FILLED, "N1": "5"}, keyer=2) is Saved.SETTLED
    assert paper.key(database, other, keyer=2) is Saved.ALIKE
    found = view(database, paper).second.forms
    assert (found.compared, found.differing) == (1, 1), "each form of the random tenth once, as it was found"
    assert sorted(str(one.answers["N1"]) for one in responses(database, paper)) == ["3"] * 10 + ["5"]


def test_what_people_answered_makes_a_form_void_for_good(database: Database, paper: PaperWave) -> None:
    paper.key(database, 1, {"S1": "2"})
    finish(database, paper)
    paper.key(database, 1, {"S1": "2"}, keyer=2)
    with pytest.raises(Conflict, match="已经作废"):
        open_again(database, paper, 1)
