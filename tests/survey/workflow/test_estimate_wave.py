"""From stored answers to a recorded run: figures counted by hand, levels, designs and provenance."""

import math
from collections.abc import Iterator

import pytest
from scipy.special import stdtrit

from analysis import answers
from analysis.publication import Base, Method, PublishedEstimate, Reason, Reliability, Subset
from questionnaires import coding
from survey.areas import Level
from survey.messages import Conflict, NotThere
from survey.store.database import Database
from survey.store.estimates import get_run, list_runs, load_estimates
from survey.store.response_digests import answers_digest
from survey.workflow.estimate_wave import EstimatedWave, estimate_wave, is_estimated
from tests.survey import small_wave
from tests.survey.conftest import AT, NO_KEYS, Instance, import_answers, open_small_wave
from tests.survey.small_wave import CITY, EAST, GRID, STREET, WEST, csv_text, rows

KNOWS, SATISFIED = "IND_SMALL_KNOWS", "IND_SMALL_SATISFIED"


@pytest.fixture
def answered(answered_instance: Instance) -> Iterator[Database]:
    database = answered_instance.open()
    yield database
    database.close()


def run(database: Database, wave: int = 1, level: Level = Level.COMMUNITY) -> EstimatedWave:
    with database.writing() as session:
        return estimate_wave(session, NO_KEYS, wave, by_level=level, code_version="0+test", at=AT, by="tests")


def find(found: EstimatedWave, indicator: str, area: str | None, base: Base) -> PublishedEstimate:
    (row,) = [
        row
        for row in found.estimates
        if (row.indicator, row.area, row.base, row.subset) == (indicator, area, base, Subset.ALL)
    ]
    return row


def wilson(p: float, n: float, df: float) -> tuple[float, float]:
    t = float(stdtrit(df, 0.975))
    centre, spread = p + t * t / (2 * n), t * math.sqrt(p * (1 - p) / n + t * t / (4 * n * n))
    return (centre - spread) / (1 + t * t / n), (centre + spread) / (1 + t * t / n)


def test_counts_by_hand_in_one_community(answered: Database) -> None:
    """30 of 40 know: 2 cannot tell, 2 left it blank. Respondents are drawn one by one, so v = p(1-p)/(n-1)."""
    found = run(answered)
    asked, valid = (find(found, KNOWS, EAST, base) for base in Base)
    assert (asked.n, asked.proportion) == (40, 0.75)
    assert valid.n == 36
    assert valid.proportion == pytest.approx(30 / 36)
    assert (asked.dont_know_share, asked.refusal_share, asked.no_answer_share) == (0.05, 0, 0.05)
    assert asked.se == pytest.approx(math.sqrt(0.75 * 0.25 / 39))
    assert asked.n_effective == pytest.approx(39)
    assert (asked.df, asked.pooled, asked.method) == (39, False, Method.WILSON_EFFECTIVE)
    assert (asked.low, asked.high) == pytest.approx(wilson(0.75, 39, 39))


def test_the_whole_is_stratified_by_community(answered: Database) -> None:
    """42 of 70; around each community's own rate: v = Σ n/(n-1) · n p(1-p) / 70²."""
    row = find(run(answered), KNOWS, None, Base.ASKED)
    p = 42 / 70
    variance = (40 / 39 * 40 * 0.75 * 0.25 + 30 / 29 * 30 * 0.4 * 0.6) / 70**2
    n_effective = min(p * (1 - p) / variance, 70)
    assert (row.n, row.df) == (70, 68)
    assert row.proportion == pytest.approx(p)
    assert row.n_effective == pytest.approx(n_effective)
    assert (row.low, row.high) == pytest.approx(wilson(p, n_effective, 68))


def test_refusals_leave_only_the_valid_base(answered: Database) -> None:
    found = run(answered)
    asked, valid = (find(found, SATISFIED, EAST, base) for base in Base)
    assert (asked.n, asked.proportion, asked.refusal_share) == (40, 25 / 40, 5 / 40)
    assert valid.n == 35
    assert valid.proportion == pytest.approx(25 / 35)


def test_a_target_bands_the_asked_base_of_reliable_areas(answered: Database) -> None:
    found = run(answered)
    east = find(found, KNOWS, EAST, Base.ASKED)
    assert (east.target, east.reliability) == (0.5, Reliability.RELIABLE)
    assert east.band is not None
    assert find(found, KNOWS, EAST, Base.VALID).target is None
    assert find(found, SATISFIED, EAST, Base.ASKED).band is None


@pytest.mark.parametrize(
    ("level", "areas"),
    [
        (Level.CITY, [None, CITY]),
        (Level.STREET, [None, STREET]),
        (Level.COMMUNITY, [None, EAST, WEST]),
        (Level.VILLAGE, [None, EAST, WEST]),
        (Level.ZONE, [None]),
        (Level.GRID, [None]),
    ],
)
def test_the_wanted_level_is_printed_and_all_are_recorded(
    level: Level, areas: list[str | None], answered: Database
) -> None:
    found = run(answered, level=level)
    assert list(dict.fromkeys(row.area for row in found.estimates)) == areas
    with answered.reading() as session:
        recorded = load_estimates(session, found.run)
    assert list(dict.fromkeys(row.area for row in recorded)) == [None, CITY, STREET, EAST, WEST]
    assert [row for row in recorded if row.area in areas] == list(found.estimates)


def test_answers_known_to_a_grid_count_for_its_community(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = open_small_wave(sqlite_database)
    monkeypatch.setattr(small_wave, "COLUMNS", small_wave.COLUMNS.replace(f'E = "{EAST}"', f'E = "{GRID}"'))
    import_answers(sqlite_database, wave)
    by_community, by_grid = run(sqlite_database, wave), run(sqlite_database, wave, Level.GRID)
    assert find(by_community, KNOWS, EAST, Base.ASKED).n == 40
    assert {row.area for row in by_grid.estimates} == {None, GRID}


def test_few_respondents_are_suppressed_with_a_neighbour_and_carry_no_numbers(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    everyone = list(rows())
    import_answers(sqlite_database, wave, csv_text(everyone[:40] + everyone[-5:]))
    found = run(sqlite_database, wave)
    for area in (EAST, WEST):  # the five follow from the whole less the forty
        row = find(found, KNOWS, area, Base.ASKED)
        assert (row.published, row.reason) == (False, Reason.TOO_FEW)
        assert (row.n, row.proportion, row.low, row.high, row.se, row.n_effective) == (None,) * 6
    assert find(found, KNOWS, None, Base.ASKED).n == 45


def test_a_run_says_what_it_was_made_of(answered: Database) -> None:
    found = run(answered)
    with answered.reading() as session:
        recorded = get_run(session, found.run)
        assert recorded.answers_digest == answers_digest(session, 1)
    assert (recorded.by_level, recorded.design, recorded.level) == ("community", "assumed-srs", 0.95)
    assert (recorded.code_version, recorded.by, recorded.at) == ("0+test", "tests", AT)
    assert len(recorded.seed) == len(recorded.instrument_fingerprint) == len(recorded.frame_digest) == 64


def test_the_same_answers_give_the_same_numbers_in_a_run_of_its_own(answered: Database) -> None:
    first, second = run(answered), run(answered)
    assert first.estimates == second.estimates
    with answered.reading() as session:
        assert [record.id for record in list_runs(session, 1)] == [second.run, first.run]
        runs = [get_run(session, found.run) for found in (first, second)]
    assert runs[0].seed == runs[1].seed


def test_a_batch_without_a_design_makes_the_whole_a_non_probability_sample(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = open_small_wave(sqlite_database)
    everyone = list(rows())
    import_answers(sqlite_database, wave, csv_text(everyone[:60]))
    monkeypatch.setattr(small_wave, "COLUMNS", small_wave.COLUMNS.replace('design = "assumed-srs"\n', ""))
    import_answers(sqlite_database, wave, csv_text(everyone[60:]))
    found = run(sqlite_database, wave)
    for row in found.estimates:
        assert (row.low, row.high, row.se, row.band, row.method) == (None,) * 5
        assert row.reason in (Reason.NON_PROBABILITY, Reason.TOO_FEW)
    assert find(found, KNOWS, None, Base.ASKED).proportion == pytest.approx(0.6)
    with sqlite_database.reading() as session:
        assert get_run(session, found.run).design is None


def test_new_answers_make_the_estimates_old(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    everyone = list(rows())
    import_answers(sqlite_database, wave, csv_text(everyone[:60]))
    with sqlite_database.reading() as session:
        assert not is_estimated(session, wave)
    run(sqlite_database, wave)
    with sqlite_database.reading() as session:
        assert is_estimated(session, wave)
    import_answers(sqlite_database, wave, csv_text(everyone[60:]))
    with sqlite_database.reading() as session:
        assert not is_estimated(session, wave)


def test_both_databases_give_the_same_run(database: Database) -> None:
    wave = open_small_wave(database)
    import_answers(database, wave)
    found = run(database, wave)
    assert find(found, KNOWS, EAST, Base.ASKED).proportion == 0.75
    with database.reading() as session:
        recorded = load_estimates(session, found.run)
    assert tuple(row for row in recorded if row.area in (None, EAST, WEST)) == found.estimates


def test_without_answers_or_without_a_wave_there_is_no_run(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    with pytest.raises(Conflict, match="还没有答卷"):
        run(sqlite_database, wave)
    with pytest.raises(NotThere):
        run(sqlite_database, wave + 1)
    with sqlite_database.reading() as session:
        assert list_runs(session, wave) == ()


def test_coding_and_estimating_mean_the_same_by_each_state() -> None:
    """The two packages do not know each other: their numbers must agree."""
    assert [state.value for state in coding.AnswerState] == [state.value for state in answers.AnswerState]
    names = {"NOT_IN_BASE": "OUTSIDE"}
    assert [names.get(s.name, s.name) for s in coding.AnswerState] == [s.name for s in answers.AnswerState]
