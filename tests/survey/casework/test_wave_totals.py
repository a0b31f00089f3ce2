import json
import random
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import numpy as np
import pytest

from analysis.answers import VALID
from analysis.design import SurveyDesign
from analysis.estimation.adding_up import totals_of
from analysis.estimation.proportions import DomainTotals
from analysis.weighting.base_weights import base_weights
from questionnaires.coding import code_responses
from questionnaires.loading import BUILT_IN, load_file
from survey.areas import Area, Level
from survey.casework.case_designs import CommunityCases
from survey.casework.wave_totals import totals_of_wave
from survey.store.areas import add_frame
from survey.store.instruments import add_instrument
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import NewResponse, add_responses, answers_document
from survey.store.waves import add_wave
from survey.waves import Mode, WaveDetails

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
CITY = Area(code="330100000000", name="城", level=Level.CITY, parent=None, population=None)
EAST = Area(code="330106001001", name="东", level=Level.COMMUNITY, parent=CITY.code, population=2400)
WEST = Area(code="330106001002", name="西", level=Level.COMMUNITY, parent=CITY.code, population=None)
GRID = Area(code="33010600100207", name="格", level=Level.GRID, parent=WEST.code, population=None)
FRAME = (CITY, EAST, WEST, GRID)
QUESTIONNAIRE = load_file(BUILT_IN["urban-community"])
WANTED = [
    indicator
    for indicator in QUESTIONNAIRE.indicators
    if indicator.code in ("IND_SAT_OVERALL", "IND_PARTICIPATE", "IND_RESOLVE")
]


def answer(chance, item):
    """Any code, several of them, none, or not even the item."""
    codes = [option.code for option in item.options]
    if not codes or chance.random() < 0.1:
        return None
    return chance.sample(codes, 2) if item.type == "multi" else chance.choice(codes)


@pytest.fixture
def stored(database):
    """120 responses and the wave they are in, in this order."""
    chance = random.Random(4)  # noqa: S311 - answers, not secrets
    responses = []
    for number in range(120):
        answers = {
            item.id: answer(chance, item) for item in QUESTIONNAIRE.items if chance.random() < 0.9 or item.id == "F1"
        }
        responses.append(
            NewResponse(
                uuid=UUID(int=chance.getrandbits(128), version=4),
                area=(EAST, WEST, EAST)[number % 3].code,
                mode=Mode.IMPORTED,
                day=date(2026, 3, 1),
                answers=answers_document(answers),
                completeness="complete",
            )
        )
    with database.writing() as session:
        frame = add_frame(session, areas=FRAME, digest="f" * 64, at=AT)
        instrument = add_instrument(session, slug="u", version="1", fingerprint="a" * 64, document={}, at=AT)
        details = WaveDetails(modes=(Mode.IMPORTED,), start=date(2026, 3, 1))
        wave = add_wave(
            session, name="轮", instrument_id=instrument.id, frame_id=frame, details=details, at=AT, by="admin"
        )
        add_responses(session, wave, None, responses)
    return wave, responses


def read_one_by_one(responses, weights, areas, strata, population=None):

    coded = code_responses(QUESTIONNAIRE, WANTED, [json.loads(response.answers) for response in responses])
    return totals_of(
        SurveyDesign(weights=weights, strata=strata, population=population),
        areas=areas,
        states=[coded.states[indicator.code] for indicator in WANTED],
        rates=[indicator.code for indicator in WANTED],
    )


def assert_same(found, expected):
    assert found.rates == expected.rates
    for name in ("areas", "strata", "units", "counts"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()
    for name in ("population", "weights", "squares"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-12)
    one, other = (DomainTotals(totals=totals, domain_count=len(FRAME)) for totals in (found, expected))
    for rate in range(len(WANTED)):
        for name in ("n", "proportion", "variance", "df", "fraction"):
            assert getattr(one.proportions(rate, VALID), name) == pytest.approx(
                getattr(other.proportions(rate, VALID), name), rel=1e-12
            )


def test_imported_answers(database, stored):
    wave, responses = stored
    with database.reading() as session:
        found = totals_of_wave(session, wave, QUESTIONNAIRE, WANTED, FRAME)
    areas = np.array([1 if response.area == EAST.code else 2 for response in responses])
    assert_same(found, read_one_by_one(responses, np.ones(120), areas, areas))
    assert found.units.tolist() == [80, 40]


def test_grids_are_in_the_stratum_of_their_community(database, stored):
    wave, responses = stored
    one = responses[0]._replace(uuid=UUID(int=1, version=4), area=GRID.code)
    with database.writing() as session:
        add_responses(session, wave, None, [one])
        found = totals_of_wave(session, wave, QUESTIONNAIRE, WANTED, FRAME)
    assert (found.areas.tolist(), found.strata.tolist()) == ([1, 2, 3], [1, 2, 2])


def cases_of(count, *, single_stage=True):
    return CommunityCases(cases=count, weight=900.0, chance=Fraction(1), single_stage=single_stage)


def test_cases_drawn_in_stages_are_refused(sqlite_database):
    with sqlite_database.reading() as session, pytest.raises(ValueError, match="in stages"):
        totals_of_wave(session, 1, QUESTIONNAIRE, WANTED, FRAME, cases={"a": cases_of(9, single_stage=False)})


def test_the_sample_of_a_closed_wave(database, stored):
    wave, responses = stored
    adults = [None if number % 11 == 0 else number % 4 + 1 for number in range(100)]
    with database.writing() as session:
        add_factors(
            session,
            [
                Factors(
                    uuid=response.uuid,
                    stratum=response.area,
                    psu=number,
                    canvasser="",
                    inclusion_n=100 if response.area == EAST.code else 60,
                    inclusion_total=900,
                    adults=adults[number],
                )
                for number, response in enumerate(responses[:100])
            ],
        )
        cases = {EAST.code: cases_of(100), WEST.code: cases_of(60)}
        found = totals_of_wave(session, wave, QUESTIONNAIRE, WANTED, FRAME, cases=cases)
    areas = np.array([1 if response.area == EAST.code else 2 for response in responses[:100]])
    weights = base_weights(
        communities=areas,
        inclusion=np.array([np.nan, 9, 15])[areas],
        cases=np.array([0.0, 900, 900]),
        adults=np.array([count or np.nan for count in adults], dtype=float),
        populations=np.array([np.inf, 2400, np.inf]),
    ).weights
    population = np.array([np.inf, 2400, np.inf])
    assert_same(found, read_one_by_one(responses[:100], weights, areas, areas, population))
