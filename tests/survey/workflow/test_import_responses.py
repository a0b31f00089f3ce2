"""Answers from a file: all of them with a report of what was not understood, or none."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.store.database import Database
from survey.store.imports import list_imports
from survey.store.responses import count_by_area, count_responses, read_responses
from survey.store.waves import get_wave, list_events
from survey.waves import Mode, WaveState
from survey.workflow.close_wave import close_wave
from survey.workflow.import_responses import find_target, read_answers
from tests.survey import small_wave
from tests.survey.conftest import AT, NO_KEYS, import_answers, open_small_wave
from tests.survey.small_wave import ANSWERS, COLUMNS, EAST, WEST, csv_text, rows


@pytest.fixture
def wave(database: Database) -> int:
    return open_small_wave(database)


def changed(**cells: str) -> list[list[str]]:
    """The rows of the small wave with the first row's cells replaced, by column."""
    lines = [list(row) for row in rows()]
    for column, value in cells.items():
        lines[0][small_wave.HEADER.split(",").index(column)] = value
    return lines


def stored(database: Database, wave: int) -> int:
    with database.reading() as session:
        return count_responses(session, wave)


def first_answers(database: Database, wave: int, **cells: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(report, answers) of a file of one row."""
    report = import_answers(database, wave, csv_text(changed(**cells)[:1]))
    with database.reading() as session:
        (response,) = read_responses(session, wave)
    return report, dict(response.answers)


def test_every_row_becomes_a_response_of_its_area_and_mode(database: Database, wave: int) -> None:
    report = import_answers(database, wave)
    with database.reading() as session:
        assert count_by_area(session, wave) == {EAST: 40, WEST: 30}
        responses = list(read_responses(session, wave))
        (imported,) = list_imports(session, wave)
    assert Counter(response.mode for response in responses) == {Mode.WEB_OPEN: 70}
    found = Counter(str(response.answers.get("A1")) for response in responses)
    assert found == {"1": 42, "2": 24, "98": 2, "None": 2}
    assert (imported.rows, imported.design, imported.by) == (70, "assumed-srs", "tests")
    assert report == imported.report
    assert (report["rows"], report["blank"], report["not_understood"]) == (70, {"A1": 2}, [])


def test_the_first_answers_put_the_wave_into_the_field(database: Database, wave: int) -> None:
    import_answers(database, wave)
    with database.reading() as session:
        assert get_wave(session, wave).state is WaveState.FIELDING
        assert [event.to_state for event in list_events(session, wave)] == [WaveState.DRAFT, WaveState.FIELDING]


def test_unknown_codes_are_asked_without_an_answer_and_reported(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    report, answers = first_answers(sqlite_database, wave, knows="1", satisfied="7", acts="1;x")
    # "1" is no key of the codes { Y, N, D }, though it is a code of the item.
    assert answers == {"A1": None, "B1": None, "C1": [1]}
    assert report["not_understood_rows"] == 3
    assert {(e["item"], e["problem"], e["value"], e["rows"]) for e in report["not_understood"]} == {
        ("A1", "unknown_code", "1", 1),
        ("B1", "unknown_code", "7", 1),
        ("C1", "unknown_code", '["1", "x"]', 1),
    }


def test_a_contradiction_is_no_answer(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    report, answers = first_answers(sqlite_database, wave, acts="1;90")
    assert answers["C1"] is None
    assert [entry["problem"] for entry in report["not_understood"]] == ["contradiction"]


def test_blank_cells_and_the_blanks_of_the_map_are_counted_apart(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    report, answers = first_answers(sqlite_database, wave, knows="", satisfied="NA", acts=" ")
    assert answers == {"A1": None, "B1": None, "C1": None}
    assert (report["blank"], report["not_understood"]) == ({"A1": 1, "B1": 1, "C1": 1}, [])


def test_unknown_modes_and_days_are_reported_and_the_row_stays(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    report = import_answers(sqlite_database, wave, csv_text(changed(how="pigeon", when="soon")[:1]))
    assert (report["unknown_modes"], report["unknown_days"]) == ({"pigeon": 1}, {"soon": 1})
    with sqlite_database.reading() as session:
        (response,) = read_responses(session, wave)
    assert (response.mode, response.day) == (Mode.IMPORTED, None)


def test_columns_that_the_map_does_not_name_are_listed(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    text = "\n".join(f"{line},{'extra' if number == 0 else 'x'}" for number, line in enumerate(ANSWERS.splitlines()))
    assert import_answers(sqlite_database, wave, text)["ignored_columns"] == ["extra"]


@pytest.mark.parametrize(
    ("cells", "column", "got"),
    [
        ({"place": "X"}, "place", "X"),
        ({"place": ""}, "place", ""),
        ({"place": EAST}, "place", EAST),
        ({"no": ""}, "no", ""),
        ({"no": "R002"}, "no", "R002"),
        ({"no": " R002 "}, "no", "R002"),
    ],
)
def test_an_unknown_area_or_a_repeated_id_refuses_the_whole_file(
    cells: dict[str, str], column: str, got: str, sqlite_database: Database
) -> None:
    wave = open_small_wave(sqlite_database)
    with pytest.raises(BadInput) as caught:
        import_answers(sqlite_database, wave, csv_text(changed(**cells)))
    (problem,) = caught.value.problems
    assert (problem.column, problem.got) == (column, got)
    assert stored(sqlite_database, wave) == 0
    with sqlite_database.reading() as session:
        assert get_wave(session, wave).state is WaveState.DRAFT
        assert list_imports(session, wave) == ()


def test_the_same_file_does_not_come_in_twice(database: Database, wave: int) -> None:
    import_answers(database, wave)
    with pytest.raises(Conflict, match=r"70 份.*R001"):
        import_answers(database, wave)
    assert stored(database, wave) == 70


def test_one_respondent_again_among_new_ones_refuses_the_file(database: Database, wave: int) -> None:
    first, *others = rows()
    import_answers(database, wave, csv_text([first]))
    with pytest.raises(Conflict, match=r"1 份.*R001"):
        import_answers(database, wave, csv_text([*others, first]))
    assert stored(database, wave) == 1


def test_a_second_file_with_other_respondents_is_added(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    everyone = list(rows())
    import_answers(sqlite_database, wave, csv_text(everyone[:30]))
    import_answers(sqlite_database, wave, csv_text(everyone[30:]))
    assert stored(sqlite_database, wave) == 70


@pytest.mark.parametrize("spelled", [str.upper, lambda own: own.replace("-", ""), lambda own: f"{{{own}}}"])
def test_ids_that_are_uuids_are_kept_and_two_spellings_are_one(
    spelled: Callable[[str], str], sqlite_database: Database
) -> None:
    wave = open_small_wave(sqlite_database)
    own = "6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877"
    with pytest.raises(BadInput) as caught:
        import_answers(sqlite_database, wave, csv_text([*changed(no=own)[:1], *changed(no=spelled(own))[:1]]))
    (problem,) = caught.value.problems
    assert (problem.where, problem.column, problem.got) == ("3", "no", spelled(own))
    assert problem.expected.params == {"line": 2}
    import_answers(sqlite_database, wave, csv_text(changed(no=own)[:1]))
    with sqlite_database.reading() as session:
        assert [str(response.uuid) for response in read_responses(session, wave)] == [own]


@pytest.mark.parametrize("closed", [True, False])
def test_only_an_open_wave_that_exists_takes_answers(closed: bool, sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    if closed:
        with sqlite_database.writing() as session:
            close_wave(session, NO_KEYS, wave, at=AT, by="tests")
    with sqlite_database.reading() as session, pytest.raises(Conflict if closed else NotThere) as caught:
        find_target(session, wave if closed else wave + 1)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("[items.B1]", "[items.B9]", ("items.B9", "")),
        ("Y = 1", "Y = 7", ("items.A1", "codes")),
        ('column = "satisfied"', 'column = "satisfied"\nseparator = ";"', ("items.B1", "separator")),
        ('[items.B1]\ncolumn = "satisfied"', "[items.B1]\ncolumns = { satisfied = 1 }", ("items.B1", "columns")),
        ("[items.B1]", "[items.T1]\ncodes = { x = 1 }", ("items.T1", "codes")),
        (f'"{WEST}"', '"110101009000"', ("areas", "W")),
    ],
)
def test_a_map_that_leads_nowhere_is_refused_by_its_place(
    before: str, after: str, place: tuple[str, str], sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = open_small_wave(sqlite_database)
    assert before in COLUMNS
    monkeypatch.setattr(small_wave, "COLUMNS", COLUMNS.replace(before, after))
    with pytest.raises(BadInput) as caught:
        import_answers(sqlite_database, wave)
    assert [(problem.where, problem.column) for problem in caught.value.problems] == [place]
    assert stored(sqlite_database, wave) == 0


def test_the_report_of_a_file_depends_on_nothing_but_the_file(sqlite_database: Database) -> None:
    from survey.files.column_map import parse_column_map
    from survey.files.csv_files import parse_csv

    wave = open_small_wave(sqlite_database)
    with sqlite_database.reading() as session:
        target = find_target(session, wave)
    column_map = parse_column_map(COLUMNS, "columns.toml")
    twice = [
        read_answers(parse_csv(ANSWERS.encode(), "a.csv"), column_map, map_text=COLUMNS, target=target)
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
