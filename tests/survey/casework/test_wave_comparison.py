"""Which wave is the one before, and what of it can be compared."""

from dataclasses import replace
from datetime import date

import pytest

from analysis.publication import Change, ChangeFinding, NotCompared
from questionnaires.definition import Text
from questionnaires.loading import load_text
from survey.casework.wave_comparison import population_digest
from survey.files.csv_files import parse_csv
from survey.store.changes import compared_run, load_changes
from survey.store.database import Database
from survey.store.estimates import latest_run
from survey.waves import WaveDetails
from survey.workflow.add_instrument import add_instrument
from survey.workflow.import_frame import import_frame, read_areas
from tests.survey import small_wave
from tests.survey.conftest import AT, run_estimates
from tests.survey.small_wave import CITY, EAST, INSTRUMENT, STREET, WEST
from tests.survey.two_waves import DETAILS, LATER, answers, close, first_wave, next_wave, publish

KNOWS, SATISFIED = "IND_SMALL_KNOWS", "IND_SMALL_SATISFIED"


def changes(database: Database, wave: int) -> dict[tuple[str, str | None], Change]:
    with database.reading() as session:
        run = latest_run(session, wave)
        assert run is not None
        return {(change.indicator, change.area): change for change in load_changes(session, run.id)}


def compared_wave(database: Database, run: int) -> int | None:
    """The run that was compared with; of the first wave it is number 1."""
    with database.reading() as session:
        return compared_run(session, run)


def reasons(database: Database, wave: int, indicator: str = KNOWS) -> dict[str | None, NotCompared | None]:
    return {area: change.reason for (code, area), change in changes(database, wave).items() if code == indicator}


def test_what_changed_is_found_and_kept(database: Database) -> None:
    first_wave(database)
    wave = next_wave(database, answers(97, 72))
    run = run_estimates(database, wave)
    found = changes(database, wave)
    assert set(found) == {(code, area) for code in (KNOWS, SATISFIED) for area in (None, CITY, STREET, EAST, WEST)}
    rose, same = found[KNOWS, EAST], found[KNOWS, WEST]
    assert (rose.finding, rose.difference) == (ChangeFinding.ROSE, pytest.approx(0.17))
    assert (same.finding, same.difference) == (ChangeFinding.NO_CHANGE, pytest.approx(0.02))
    assert same.low < 0 < same.high
    assert compared_wave(database, run) == 1


def test_a_wave_that_is_not_published_is_not_compared_with(sqlite_database: Database) -> None:
    first_wave(sqlite_database, published=False)
    wave = next_wave(sqlite_database, answers(97, 72))
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) is None


def test_the_published_run_counts_not_a_later_one(sqlite_database: Database) -> None:
    first = first_wave(sqlite_database)
    assert run_estimates(sqlite_database, first) == 2
    wave = next_wave(sqlite_database, answers(97, 72))
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) == 1


@pytest.mark.parametrize(
    "details",
    [
        replace(LATER, fictitious=True),  # invented against real
        replace(LATER, start=date(2026, 1, 1), end=date(2026, 1, 9)),  # before it
    ],
)
def test_no_wave_is_before_it(sqlite_database: Database, details: WaveDetails) -> None:
    first_wave(sqlite_database)
    wave = next_wave(sqlite_database, answers(97, 72), details=details)
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) is None


def test_another_instrument_is_another_survey(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    with sqlite_database.writing() as session:
        other = INSTRUMENT.replace('slug = "small"', 'slug = "other"')
        add_instrument(session, load_text(other, "other.toml"), at=AT)
    wave = next_wave(sqlite_database, answers(97, 72), instrument="other")
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) is None


def test_other_communities_are_another_city(sqlite_database: Database) -> None:
    """The same city above them does not make them comparable."""
    first_wave(sqlite_database)
    elsewhere = small_wave.AREAS.replace(EAST, "110101003000").replace(WEST, "110101004000")
    with sqlite_database.writing() as session:
        areas = read_areas(parse_csv(elsewhere.encode(), "areas.csv"))
        frame = import_frame(session, areas=areas, at=AT).id
    with pytest.MonkeyPatch.context() as patch:
        columns = small_wave.COLUMNS.replace(EAST, "110101003000").replace(WEST, "110101004000")
        patch.setattr(small_wave, "COLUMNS", columns)
        wave = next_wave(sqlite_database, answers(97, 72), frame=frame)
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) is None


def test_the_latest_of_several_is_the_one_before(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    second = next_wave(sqlite_database, answers(85, 72))
    run = run_estimates(sqlite_database, second)
    close(sqlite_database, second)
    publish(sqlite_database, second)
    third = next_wave(sqlite_database, answers(90, 72), details=replace(LATER, start=date(2026, 9, 1)))
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, third)) == run
    between = next_wave(sqlite_database, answers(90, 72), details=replace(LATER, start=date(2026, 4, 1)))
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, between)) == 1


def test_a_batch_of_volunteers_stands_apart(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_wave, "COLUMNS", small_wave.COLUMNS.replace('design = "assumed-srs"', ""))
        batch = next_wave(sqlite_database, answers(90, 72))
    run_estimates(sqlite_database, batch)
    assert set(reasons(sqlite_database, batch).values()) == {NotCompared.NON_PROBABILITY}
    close(sqlite_database, batch)
    publish(sqlite_database, batch)
    # The wave after it is compared with the sample before both.
    third = next_wave(sqlite_database, answers(97, 72), details=replace(LATER, start=date(2026, 9, 1)))
    assert compared_wave(sqlite_database, run_estimates(sqlite_database, third)) == 1
    assert reasons(sqlite_database, third)[EAST] is None


def test_another_wording_is_another_question(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    reworded = INSTRUMENT.replace('version = "1"', 'version = "2"').replace("您满意吗", "您现在满意吗")
    with sqlite_database.writing() as session:
        add_instrument(session, load_text(reworded, "small.toml"), at=AT)
    wave = next_wave(sqlite_database, answers(97, 72))
    run_estimates(sqlite_database, wave)
    assert set(reasons(sqlite_database, wave, SATISFIED).values()) == {NotCompared.WORDING}
    assert set(reasons(sqlite_database, wave, KNOWS).values()) == {None}


def test_another_campaign_in_the_question_is_another_question(sqlite_database: Database) -> None:
    asked = INSTRUMENT.replace("您知道吗", "您知道{campaign}吗").replace("Do you know", "Do you know of {campaign}")
    asked = asked.replace('version = "1"', 'version = "2"')
    first = first_wave(sqlite_database)
    with sqlite_database.writing() as session:
        add_instrument(session, load_text(asked, "small.toml"), at=AT)
    second = next_wave(sqlite_database, answers(80, 70))
    run = run_estimates(sqlite_database, second)
    close(sqlite_database, second)
    publish(sqlite_database, second)
    autumn = replace(LATER, start=date(2026, 9, 1))
    for details, reason in (
        (autumn, None),
        (replace(autumn, placeholders={"campaign": "巩固"}), NotCompared.WORDING),
    ):
        wave = next_wave(sqlite_database, answers(97, 72), details=details)
        assert compared_wave(sqlite_database, run_estimates(sqlite_database, wave)) == run != first
        assert reasons(sqlite_database, wave)[EAST] is reason


def test_another_population_is_not_compared(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    wave = next_wave(sqlite_database, answers(97, 72), details=replace(LATER, population="全体居民"))
    run_estimates(sqlite_database, wave)
    assert set(reasons(sqlite_database, wave).values()) == {NotCompared.POPULATION}


def test_where_only_one_community_answered_the_others_are_not_taken_for_it(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    east_alone = "\n".join(line for line in answers(97, 72).splitlines() if ",W," not in line) + "\n"
    wave = next_wave(sqlite_database, east_alone)
    run_estimates(sqlite_database, wave)
    differs = NotCompared.POPULATION
    assert reasons(sqlite_database, wave) == {None: differs, CITY: differs, STREET: differs, EAST: None}


def test_modes_are_looked_at_in_every_area(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    with pytest.MonkeyPatch.context() as patch:
        columns = small_wave.COLUMNS.replace('net = "web_open"', 'net = "web_open"\npaper = "paper_entry"')
        patch.setattr(small_wave, "COLUMNS", columns)
        wave = next_wave(sqlite_database, answers(97, 72, west_how="paper"))
    run_estimates(sqlite_database, wave)
    shifted = NotCompared.MODE_MIX
    assert reasons(sqlite_database, wave) == {None: shifted, CITY: shifted, STREET: shifted, EAST: None, WEST: shifted}


def test_the_same_people_however_they_are_written() -> None:
    questionnaire = load_text(INSTRUMENT, "small.toml")
    same = [population_digest(questionnaire, text, "") for text in ("18岁以上 居民", "１８岁以上居民\n")]
    other = replace(questionnaire, population=Text(zh_Hans="儿童", en="Children"))
    assert len(set(same)) == 1
    differing = [
        population_digest(questionnaire, "居民", ""),
        population_digest(other, "18岁以上居民", ""),
        population_digest(questionnaire, DETAILS.population, "village"),
        population_digest(questionnaire, DETAILS.population, "dwelling"),
    ]
    assert len({same[0], *differing}) == 5
