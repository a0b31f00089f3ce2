"""Other readings are of the answers as they stand: of the sample, with its weights, and worked out once."""

import pytest

from analysis.publication import Reading
from survey.casework.alternate_rates import AlternateRates, read_alternate_rates
from survey.keys import KeyRing
from survey.messages import Failure
from survey.store.database import Database
from survey.store.waves import get_wave
from tests.survey.conftest import NO_KEYS, import_answers, open_small_wave
from tests.survey.field import Field, open_field
from tests.survey.graded_wave import graded_wave
from tests.survey.small_wave import csv_text
from tests.survey.two_waves import answers


def rates_of(database: Database, wave: int, keys: KeyRing = NO_KEYS) -> AlternateRates:
    with database.reading() as session:
        return read_alternate_rates(session, keys, get_wave(session, wave))


def whole(rates: AlternateRates, reading: Reading, code: str) -> float | None:
    (found,) = (row for row in rates.figures if (row.indicator, row.reading, row.area) == (code, reading, None))
    return found.value


def test_what_the_instrument_asks_for_is_worked_out_on_both_databases(database: Database) -> None:
    rates = rates_of(database, graded_wave(database))
    assert rates.responses == 70
    assert [one.code for one in rates.composites] == ["IND_SMALL_INDEX"]
    readings = {(row.indicator, row.reading) for row in rates.figures}
    assert readings == {
        ("IND_SMALL_SATISFIED", Reading.VALID),
        ("IND_SMALL_SATISFIED", Reading.SCORE),
        ("IND_SMALL_CONTENT", Reading.TOP_BOX),
        ("IND_SMALL_CONTENT", Reading.SCORE),  # the index is made of it, so it is printed
        ("IND_SMALL_INDEX", Reading.INDEX),
    }
    assert whole(rates, Reading.SCORE, "IND_SMALL_SATISFIED") == pytest.approx(4200 / 62)


def test_new_answers_count_at_once(sqlite_database: Database) -> None:
    wave = graded_wave(sqlite_database, answers(20, 20, size=40))
    before = whole(rates_of(sqlite_database, wave), Reading.SCORE, "IND_SMALL_SATISFIED")
    assert before == pytest.approx(75.0)  # half satisfied, half neutral
    more = [[f"N{number}", "E", "net", "2026-06-06", "Y", "1", "90"] for number in range(40)]
    import_answers(sqlite_database, wave, csv_text(more))
    after = rates_of(sqlite_database, wave)
    assert after.responses == 120
    assert whole(after, Reading.SCORE, "IND_SMALL_SATISFIED") == pytest.approx(250 / 3)  # 80 satisfied, 40 neutral


def test_an_instrument_that_asks_for_none_has_none(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    import_answers(sqlite_database, wave)
    assert rates_of(sqlite_database, wave) == AlternateRates(figures=(), composites=(), responses=70)


def test_an_open_wave_needs_its_key(sqlite_database: Database, keys: KeyRing) -> None:
    field: Field = open_field(sqlite_database, keys, per_community=10)
    field.send(sqlite_database, field.interview(field.cases[0]))
    assert rates_of(sqlite_database, field.wave, keys).responses == 1
    for file in keys.folder.iterdir():
        file.unlink()
    with pytest.raises(Failure):
        rates_of(sqlite_database, field.wave, keys)
