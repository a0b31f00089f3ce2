"""Somebody has the sheets of two prints of letters, and the database of both days without its key. In between some
homes have answered. Nothing of it tells which, and no code on the second sheet lets anybody answer twice.
"""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from survey.keys import KeyRing
from survey.messages import Conflict
from survey.one_time_codes import code_hash
from survey.store import inbox
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.invitations import hash_of
from survey.store.responses import NewResponse, add_response, count_responses
from survey.store.sheets import Ending, Entrance, Standing
from survey.store.wave_keys import open_sealer
from survey.waves import Mode
from survey.workflow.enter_questionnaire import enter_by_code, open_sheet
from survey.workflow.issue_invitations import Letters, issue_invitations
from survey.workflow.record_response import record_response
from survey.workflow.release_replicate import release_replicate
from survey.workflow.save_answers import save_answers
from survey.workflow.start_wave import start_wave
from tests.survey import attacker
from tests.survey.attacker import Snapshot
from tests.survey.drawn_wave import AT, EAST, SEED, approve, draw, open_wave_with_units
from tests.survey.workflow.test_release_replicate import draw_with_reserves

ANSWERS = {"A1": 1, "B1": 1, "B2": 2, "C1": (1, 2)}
#: Whose home answers by its code, whose too little to be kept, whose at the door: numbers on the sheet.
ONLINE, TOO_LITTLE, AT_THE_DOOR = 3, 5, 7
ANSWERED = (ONLINE, TOO_LITTLE, AT_THE_DOOR)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """``before``, ``after``: the database on the day of each print, with all that came in between in the latter."""

    database: Database
    keys: KeyRing
    wave: int
    first: Letters
    second: Letters
    before: Snapshot
    after: Snapshot

    def enter(self, code: str) -> Standing:
        with self.database.reading() as session:
            return enter_by_code(session, self.keys, code).standing

    def hand_in(self, entrance: Entrance) -> Ending:
        with self.database.writing() as session:
            return record_response(session, open_sheet(session, self.keys, entrance), ANSWERS, at=AT)

    def entrance(self, code: str) -> Entrance:
        """As an insider could forge one, whatever the code says."""
        with self.database.writing() as session:
            sealer = open_sealer(session, self.keys, self.wave, at=AT)
        hashed = hash_of(sealer, code_hash(code))
        return Entrance(wave_id=self.wave, area=EAST, uuid=uuid4(), code_hash=hashed)

    def answers(self) -> int:
        with self.database.reading() as session:
            return count_responses(session, self.wave)


def issue(database: Database, keys: KeyRing, wave: int, *, reprint: bool) -> Letters:
    with database.writing() as session:
        return issue_invitations(session, keys, wave, community=EAST, reprint=reprint, at=AT)


def enter(database: Database, keys: KeyRing, code: str) -> Entrance:
    with database.reading() as session:
        entrance = enter_by_code(session, keys, code).entrance
    assert entrance is not None
    return entrance


def interview(database: Database, keys: KeyRing, wave: int, case: UUID) -> None:
    """What a canvasser sent."""
    uuid = uuid4()
    with database.writing() as session:
        record = InboxRecord(
            uuid=uuid,
            kind=PayloadKind.INTERVIEW,
            wave_id=wave,
            tag=open_sealer(session, keys, wave, at=AT).tag(f"case:{case}"),
            sha256=secrets.token_hex(32),
            state=PayloadState.PLACED,
            reason="",
            body=b"sealed",
        )
        inbox.add(session, record)
        answer = NewResponse(uuid=uuid, area=EAST, mode=Mode.CAPI, day=AT.date(), answers="{}", completeness="complete")
        add_response(session, wave, answer)


def print_twice(database: Database, keys: KeyRing, *, answered: bool = True, seed: str = SEED) -> Printed:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave, seed=seed).draw
    approve(database, drawn)
    with database.writing() as session:
        start_wave(session, keys, wave, at=AT, by="tongji")
        cases = [case for case in list_cases(session, drawn) if case.area == EAST]
    first = issue(database, keys, wave, reprint=False)
    before = attacker.read_everything(database)
    if answered:
        for number, given in ((ONLINE, ANSWERS), (TOO_LITTLE, {"A1": 1})):
            entrance = enter(database, keys, first.letters[number].code)
            with database.writing() as session:
                sheet = open_sheet(session, keys, entrance)
                assert record_response(session, sheet, given, at=AT) is Ending.COMPLETE  # type: ignore[arg-type]  # literals
        interview(database, keys, wave, cases[AT_THE_DOOR].id)
    second = issue(database, keys, wave, reprint=True)
    return Printed(
        database=database,
        keys=keys,
        wave=wave,
        first=first,
        second=second,
        before=before,
        after=attacker.read_everything(database),
    )


@pytest.fixture
def printed(database: Database, keys: KeyRing) -> Printed:
    return print_twice(database, keys)


def without_codes(letters: Letters) -> Letters:
    return replace(letters, letters=tuple(replace(one, code="") for one in letters.letters))


def homes(letters: Letters) -> set[int]:
    return {one.unit.serial for one in letters.letters}


def values(rows: list[attacker.Row]) -> Iterator[object]:
    """All that stands in a row and is not the same for every home of the community."""
    return (value for row in rows for name, value in row.items() if name not in ("wave_id", "area", "state"))


def test_which_homes_are_on_a_sheet_says_nothing_of_the_answers_that_came_in_between(printed: Printed) -> None:
    new = [row for row in printed.after["responses"] if row not in printed.before["responses"]]
    assert len(new) == 2, "the database has them in the clear"
    assert homes(printed.first) == homes(printed.second)
    assert [one.unit for one in printed.first.letters] == [one.unit for one in printed.second.letters]


def test_a_sheet_is_as_if_nobody_had_answered(printed: Printed) -> None:
    nobody = print_twice(printed.database, printed.keys, answered=False, seed="ab" * 16)
    assert (nobody.answers(), printed.answers()) == (0, 2)
    told = [(one.second.revoked, len(one.second.letters), one.second.introduction) for one in (nobody, printed)]
    assert told[0] == told[1]
    again = issue(printed.database, printed.keys, printed.wave, reprint=True)
    assert without_codes(again) == without_codes(printed.second)


def test_no_row_of_the_second_print_is_known_as_that_of_a_home_of_the_first(printed: Printed) -> None:
    old, now = printed.before["invitations"], printed.after["invitations"]
    hashes = {row["code_hash"] for row in old}
    new = [row for row in now if row["code_hash"] not in hashes]
    assert (len(old), len(new), len(now)) == (10, 10, 20)
    assert {row["state"] for row in now if row["code_hash"] in hashes} == {"revoked"}, "used ones alike"
    assert set(values(old)).isdisjoint(values(new))
    assert len({len(row["body"]) for row in now}) == 1


def test_homes_that_join_later_have_no_rows_of_their_own(database: Database, keys: KeyRing) -> None:
    """A replicate may be of one or two homes in a community: their first codes look like the others' second ones."""
    wave = open_wave_with_units(database)
    approve(database, draw_with_reserves(database, wave).draw)
    issue(database, keys, wave, reprint=False)
    old = attacker.read_everything(database)["invitations"]
    with database.writing() as session:
        release_replicate(session, wave, area=EAST, reason="完成数不够", at=AT, by="tongji")
    second = issue(database, keys, wave, reprint=True)
    new = [row for row in attacker.read_everything(database)["invitations"] if row not in old]
    assert len(second.letters) > len(old)
    standing = [row for row in new if row["state"] == "open"]
    assert len(standing) == len(second.letters)
    assert set(values(old)).isdisjoint(values(standing))


def test_who_has_answered_is_told_so_and_the_others_are_let_in(printed: Printed) -> None:
    said = [printed.enter(letter.code) for letter in printed.second.letters]
    spent = [number for number, standing in enumerate(said) if standing is Standing.SPENT]
    assert tuple(spent) == ANSWERED
    assert {standing for number, standing in enumerate(said) if number not in ANSWERED} == {Standing.OPEN}
    assert {printed.enter(letter.code) for letter in printed.first.letters} == {Standing.REVOKED}


@pytest.mark.parametrize("number", ANSWERED)
def test_no_code_of_an_answered_home_gives_another_answer(printed: Printed, number: int) -> None:
    """Not the new one, not the old one, not with a cookie that the site itself has signed."""
    for sheet in (printed.first, printed.second):
        for _ in range(2):
            with pytest.raises(Conflict):
                printed.hand_in(printed.entrance(sheet.letters[number].code))
    assert printed.answers() == 2


def test_a_draft_from_before_the_reprint_is_no_second_answer(database: Database, keys: KeyRing) -> None:
    """Two of a home had begun; one handed in, and then the letters were printed anew. A supervisor decides."""
    wave = open_wave_with_units(database)
    approve(database, draw(database, wave).draw)
    with database.writing() as session:
        start_wave(session, keys, wave, at=AT, by="tongji")
    first = issue(database, keys, wave, reprint=False)
    mine, theirs = (enter(database, keys, first.letters[0].code) for _ in range(2))
    with database.writing() as session:
        save_answers(session, open_sheet(session, keys, theirs), {"A1": 1})
        record_response(session, open_sheet(session, keys, mine), ANSWERS, at=AT)
    issue(database, keys, wave, reprint=True)
    for expected in (Ending.KEPT_ASIDE, None):
        with database.writing() as session:
            sheet = open_sheet(session, keys, theirs)
            assert (sheet.standing is Standing.OPEN) is (expected is not None)
            if expected:
                assert record_response(session, sheet, ANSWERS, at=AT) is expected
    with database.reading() as session:
        assert count_responses(session, wave) == 1


def test_of_many_at_once_with_a_new_code_one_answers(printed: Printed) -> None:
    entrances = [enter(printed.database, printed.keys, printed.second.letters[0].code) for _ in range(8)]
    with printed.database.writing() as session:
        for one in entrances:
            save_answers(session, open_sheet(session, printed.keys, one), {"A1": 1})
    with ThreadPoolExecutor(8) as pool:
        endings = list(pool.map(printed.hand_in, entrances))
    assert sorted(endings) == [Ending.COMPLETE] + [Ending.KEPT_ASIDE] * 7
    assert printed.answers() == 3
