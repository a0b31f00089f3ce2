"""The invented wave: the same for the same seed, readable like a real file, and with something to notice."""

import csv
import io
from collections import Counter

import pytest

from analysis.publication import Base, Reliability, Subset
from questionnaires.definition import ItemType, Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from survey.areas import Level
from survey.config import ROOT
from survey.demo.answers import COMMUNITIES, DAYS, FIRST_DAY, demo_columns, demo_csv, demo_items
from survey.files.column_map import parse_column_map
from survey.files.csv_files import parse_csv, read_csv
from survey.files.wave_file import parse_wave_file
from survey.store.database import Database
from survey.workflow.add_instrument import add_instrument
from survey.workflow.estimate_wave import EstimatedWave, estimate_wave
from survey.workflow.import_frame import import_frame, read_areas
from survey.workflow.import_responses import find_target, import_responses, read_answers
from survey.workflow.open_wave import open_wave
from tests.survey.conftest import AT, NO_KEYS

DEMO = ROOT / "survey" / "demo"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_file(BUILT_IN["urban-community"])


@pytest.fixture(scope="module")
def text(questionnaire: Questionnaire) -> str:
    return demo_csv(questionnaire)


@pytest.fixture(scope="module")
def answers(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_same_seed_gives_the_same_answers(questionnaire: Questionnaire, text: str) -> None:
    assert demo_csv(questionnaire) == text
    assert demo_csv(questionnaire, seed=1) != text


def test_every_community_has_its_respondents(answers: list[dict[str, str]]) -> None:
    assert Counter(row["area"] for row in answers) == {c.area: c.respondents for c in COMMUNITIES}
    assert len({row["id"] for row in answers}) == len(answers)


def test_days_lie_within_the_wave(answers: list[dict[str, str]]) -> None:
    details = parse_wave_file((DEMO / "wave.toml").read_text("utf-8"), "wave.toml")
    assert details.start == FIRST_DAY
    assert details.end is not None
    assert (details.end - FIRST_DAY).days == DAYS - 1
    assert all(str(details.start) <= row["day"] <= str(details.end) for row in answers)


def test_the_map_names_every_column_and_separates_several_answers(questionnaire: Questionnaire) -> None:
    column_map = parse_column_map(demo_columns(questionnaire), "columns.toml")
    assert {item.item for item in column_map.items} == {item.id for item in demo_items(questionnaire)}
    several = {item.id for item in demo_items(questionnaire) if item.type is ItemType.MULTI}
    assert {item.item for item in column_map.items if item.separator} == several


@pytest.fixture(scope="module")
def areas() -> set[str]:
    return {area.code for area in read_areas(read_csv(DEMO / "areas.csv")) if area.level is Level.COMMUNITY}


def test_the_frame_has_exactly_its_communities(areas: set[str]) -> None:
    assert areas == {community.area for community in COMMUNITIES}


@pytest.fixture
def estimated(
    sqlite_database: Database, questionnaire: Questionnaire, text: str
) -> tuple[EstimatedWave, dict[str, object]]:
    """The estimates, and the report of the import."""
    details = parse_wave_file((DEMO / "wave.toml").read_text("utf-8"), "wave.toml")
    map_text = demo_columns(questionnaire)
    with sqlite_database.writing() as session:
        frame = import_frame(session, areas=read_areas(read_csv(DEMO / "areas.csv")), at=AT)
        add_instrument(session, questionnaire, at=AT)
        wave = open_wave(
            session, instrument=questionnaire.slug, frame=frame.id, name="演示", details=details, at=AT, by="tests"
        )
        found = read_answers(
            parse_csv(text.encode(), "demo.csv"),
            parse_column_map(map_text, "columns.toml"),
            map_text=map_text,
            target=find_target(session, wave),
        )
        report = dict(import_responses(session, wave, answers=found, at=AT, by="tests").report)
        level = Level.COMMUNITY
        return estimate_wave(session, NO_KEYS, wave, by_level=level, code_version="0", at=AT, by="tests"), report


def test_every_answer_is_understood_and_the_wave_shows_every_kind_of_row(
    estimated: tuple[EstimatedWave, dict[str, object]],
) -> None:
    found, report = estimated
    assert (report["not_understood"], report["unknown_modes"], report["unknown_days"]) == ([], {}, {})
    assert report["screened"] == 0
    asked = [row for row in found.estimates if row.base is Base.ASKED and row.subset is Subset.ALL]
    headline = {row.area: row for row in asked if row.indicator == "IND_SAT_OVERALL"}
    assert not headline["990101002004"].published, "seven respondents"
    assert headline["990101001002"].published
    assert headline["990101001002"].reliability is Reliability.WITH_CARE, "twenty-two"
    assert {row.band for row in headline.values()} > {None}
    assert any(row.subset is Subset.NOT_COACHED for row in found.estimates), "coaching shows somewhere"
