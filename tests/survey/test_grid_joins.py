"""Where grids were drawn, what closing keeps of an answer may tell its grid, and never a few dwellings of it."""

from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from survey.casework.sample_answers import read_sample
from survey.casework.wave_sample import read_wave_sample
from survey.keys import KeyRing
from survey.store.areas import get_frame
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.responses import read_responses
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from tests.survey import attacker
from tests.survey.field import NOW, Field, open_field
from tests.survey.small_wave import EAST, WEST

#: Two grids that are large enough to be told, two that are not, and one taken with certainty.
CLUSTERS = (
    (12, EAST, "g1", 6, 40),
    (10, EAST, "g2", 6, 40),
    (3, EAST, "g3", 6, 40),
    (4, EAST, "g4", 3, 25),
    (11, f"{EAST}009", "", 1, 2),
)


@pytest.fixture
def field(database: Database, keys: KeyRing) -> Field:
    """Everybody answers at 32 of the 40 doors in the east and at six in the west."""
    made = open_field(database, keys, per_community=40, clusters=CLUSTERS)
    for place, case in enumerate([*made.east[::5], *made.east[1::5], *made.east[2::5], *made.east[3::5]]):
        made.send(database, made.interview(case, adults=1 + place % 3), uuid=uuid4())
    for case in made.west[:6]:
        made.send(database, made.interview(case), uuid=uuid4())
    return made


def _close(database: Database, field: Field) -> None:
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    destroy_keys(database, field.keys)


def test_ten_cases_or_more_are_behind_whatever_an_answer_tells(database: Database, field: Field) -> None:
    """Whoever knows all cases tries everything that stands beside an answer. Small grids are told together, with the
    probability that the 12 and 4 cases of two of them have on average.
    """
    _close(database, field)
    seen = attacker.read_everything(database)
    with database.reading() as session:
        cases = list_cases(session, field.draw)
    found = attacker.answers(seen, field.wave)
    mean = 16 / (12 * Fraction(40, 6) + 4 * Fraction(25, 3))
    assert len(found) == 38
    chances = set()
    for one in found:
        n, total = (str(one.facts[f"response_factors.{name}"]) for name in ("inclusion_n", "inclusion_total"))
        chance = Fraction(f"{n}/{total}")
        behind = {Fraction(6, 40), Fraction(3, 25)} if chance == mean else {chance}
        of_area = [case for case in cases if case.area == one.area]
        possible = [case for case in of_area if Fraction(case.inclusion_n, case.inclusion_total) in behind]
        assert len(possible) >= 10
        assert not any(grid in str(value) for value in one.facts.values() for grid in ("g1", "g2", "g3", f"{EAST}009"))
        chances.add(chance)
    assert chances == {Fraction(6, 40), mean, Fraction(1, 2), Fraction(1)}


def test_everything_told_beyond_the_community_has_enough_cases(database: Database, field: Field) -> None:
    with database.reading() as session:
        wave = get_wave(session, field.wave)
        sample = read_sample(session, field.keys, wave, list(read_responses(session, field.wave)))
    told = {(one.stratum, one.psu, one.inclusion_n, one.inclusion_total) for one in sample.values() if one.area == EAST}
    assert {(stratum, psu) for stratum, psu, _, _ in told} >= {(f"{EAST}009", "")}
    assert len(told) == 3, "the small grids are one with another"


def test_closing_changes_no_design(database: Database, field: Field) -> None:
    before = _design(database, field)
    _close(database, field)
    after = _design(database, field)
    assert before == after
    strata, _ = before
    assert len(strata) == 3, "the west, the east's grids, the certain grid"


def _design(database: Database, field: Field) -> tuple[list[list[list[float]]], float]:
    """Strata and PSUs whatever their names, and every weight."""
    with database.reading() as session:
        wave = get_wave(session, field.wave)
        frame = get_frame(session, wave.frame_id).areas
        design = read_wave_sample(session, field.keys, wave, frame, list(read_responses(session, field.wave))).design
    assert design is not None
    assert design.psus is not None
    strata = [
        sorted(
            sorted(design.weights[design.psus == psu].round(9).tolist())
            for psu in set(design.psus[design.strata == stratum].tolist())
        )
        for stratum in set(design.strata.tolist())
    ]
    return sorted(strata), round(float(design.fractions.sum()), 12)


def test_a_label_is_of_no_case_and_no_grid(database: Database, field: Field) -> None:
    _close(database, field)
    seen = attacker.read_everything(database)
    labels = {row["psu"] for row in seen["response_factors"]}
    strata = {row["stratum"] for row in seen["response_factors"]}
    assert labels == set(range(1, len(labels) + 1))
    assert strata == {EAST, WEST, f"{EAST}/A"}
    cases: set[UUID] = set(field.cases)
    for one in attacker.answers(seen, field.wave):
        reached = attacker.joined_to(one.uuid, seen)
        assert not any(case.hex in identifier for identifier in reached for case in cases)
