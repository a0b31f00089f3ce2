"""Weights of a closed wave by hand, and what of them there is to look at."""

from dataclasses import replace

import pytest

from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.weight_versions import get_version, read_version_factors
from survey.weights import ResponseMethod, Source
from tests.survey.small_wave import EAST, WEST
from tests.survey.weighed_wave import OPTIONS, SHARES, Weighed, build_version, close_small_wave


@pytest.fixture
def closed(database: Database, keys: KeyRing) -> Weighed:
    return close_small_wave(database, keys)


def weights_of(database: Database, wave: Weighed, version: int) -> list[float]:
    with database.reading() as session:
        factors = read_version_factors(session, version)
    return [round(factors[uuid].weight, 9) for uuid in wave.uuids]


def test_two_communities_by_hand(database: Database, closed: Weighed) -> None:
    """Of the frame's 1,200 adults in the east 720 know of the campaign, of the 1,000 in the west 600. The 12 answers of
    the east that do are from dwellings of 16 adults, so each adult stands for 45; of the others for 30. The ten of the
    west are from dwellings of two, each answer stands for 60; of the others for 40.
    """
    version = build_version(database, closed)

    east = [(45 if place % 2 == 0 else 30) * (2 if place % 3 == 0 else 1) for place in range(24)]
    assert weights_of(database, closed, version) == pytest.approx(east + [60, 40] * 10)
    with database.reading() as session:
        factors, found = read_version_factors(session, version), get_version(session, version)
    first = factors[closed.uuids[0]]
    assert (first.inclusion, first.adults, first.response, first.trimming) == pytest.approx((40 / 30, 2, 1.25, 1))
    assert first.calibration == pytest.approx(27)
    # In the west four of unknown eligibility count as 54/56: of 56 whose eligibility is known two are empty.
    assert factors[closed.uuids[-1]].response == pytest.approx((24 + 4 * 54 / 56) / 20)
    assert found.plan.eligibility == pytest.approx(54 / 56)
    assert [(margin.variable, margin.source) for margin in found.plan.margins] == [
        ("community", Source.FRAME),
        ("H1", Source.FILE),
    ]
    assert not found.frozen


def test_what_there_is_to_look_at(database: Database, closed: Weighed) -> None:
    version = build_version(database, closed)
    with database.reading() as session:
        look = get_version(session, version).look

    assert (look.respondents, round(look.total, 6), look.trimmed) == (44, 2200, 0)
    assert look.before == pytest.approx(53 + 1 / 3 + 74 + 2 / 7)
    weights = [(45 if place % 2 == 0 else 30) * (2 if place % 3 == 0 else 1) for place in range(24)] + [60, 40] * 10
    assert look.kish == pytest.approx(44 * sum(w * w for w in weights) / 2200**2)
    assert look.effective == pytest.approx(44 / look.kish)
    assert [one.factor for one in look.spreads] == ["inclusion", "adults", "response", "calibration", "trimming"]
    assert look.spreads[0].kish == pytest.approx(1)
    assert look.spreads[-1].kish == pytest.approx(look.kish)
    assert sum(count for _, _, count in look.histogram) == 44
    assert [(one.area, one.weight) for one in look.largest[:4]] == [(EAST, pytest.approx(90))] * 4
    assert look.largest[0].times == pytest.approx(90 / 50)
    assert [(one.areas, one.respondents, round(one.factor, 4)) for one in look.classes] == [
        ((EAST,), 24, 1.25),
        ((WEST,), 20, 1.3929),
    ]
    met = {(one.variable, one.codes): one for one in look.margins}
    assert (met["H1", ("1",)].respondents, round(met["H1", ("1",)].after, 6)) == (22, 1320)
    assert met["community", (EAST,)].total == met["community", (EAST,)].after == pytest.approx(1200)
    (moved,) = look.moved
    assert moved.indicator == "IND_SMALL_KNOWS"
    assert moved.before is not None
    assert moved.after is not None
    assert (round(moved.before[0], 9), round(moved.after[0], 9)) == (0.5, 0.6)
    assert moved.after[1] is not None
    assert moved.after[1] < 0.6


def test_trimmed_inside_the_community(database: Database, closed: Weighed) -> None:
    """At most 1.5 × 50 in the east: the four of 90 give 15 each, the other 20 take three."""
    version = build_version(database, closed, options=replace(OPTIONS, trim=1.5))

    weights = weights_of(database, closed, version)
    assert weights[0] == pytest.approx(75)
    assert weights[1] == pytest.approx(33)
    assert sum(weights[:24]) == pytest.approx(1200)
    assert weights[24:] == pytest.approx([60, 40] * 10)
    with database.reading() as session:
        assert get_version(session, version).look.trimmed == 4


def test_totals_of_communities_from_the_file_take_the_place_of_the_frames(database: Database, closed: Weighed) -> None:
    counts = f'变量,类别,人数\n社区,东社区,"3,000"\n社区,{WEST},1000\nH1,男,1000\nH1,2,3000\n'

    version = build_version(database, closed, counts.encode("gb18030"))

    weights = weights_of(database, closed, version)
    assert sum(weights[:24]) == pytest.approx(3000)
    assert sum(weights[::2]) == pytest.approx(1000)


def test_without_the_frames_totals_shares_are_of_what_the_weights_add_up_to(
    database: Database, closed: Weighed
) -> None:
    version = build_version(database, closed, options=replace(OPTIONS, frame_totals=False))

    with database.reading() as session:
        look = get_version(session, version).look
    assert look.total == pytest.approx(look.before)


def test_who_did_not_say_keeps_their_part(database: Database, keys: KeyRing) -> None:
    """Two of the first answers do not say: one of two adults, one of one, 3 × 4/3 × 1.25 = 5 of 53.3 in the east."""
    closed = close_small_wave(database, keys, silent=2)

    version = build_version(database, closed)

    with database.reading() as session:
        plan = get_version(session, version).plan
        met = get_version(session, version).look.margins
    unknown = 2200 * 5 / (53 + 1 / 3 + 74 + 2 / 7)
    assert plan.margins[1].unknown == pytest.approx(unknown)
    assert [round(one.after, 6) for one in met if one.variable == "H1"] == [
        pytest.approx(0.6 * (2200 - unknown)),
        pytest.approx(0.4 * (2200 - unknown)),
        pytest.approx(unknown),
    ]


@pytest.mark.parametrize("method", [ResponseMethod.SHRUNK, ResponseMethod.NONE])
def test_other_ways_to_stand_for_those_who_did_not_answer(
    database: Database, closed: Weighed, method: ResponseMethod
) -> None:
    version = build_version(database, closed, options=replace(OPTIONS, response=method))

    with database.reading() as session:
        east, west = (read_version_factors(session, version)[closed.uuids[place]].response for place in (0, -1))
    if method is ResponseMethod.NONE:
        assert (east, west) == (1, 1)
    else:
        assert 1.25 <= east <= west <= 1.3929, "between the own rate and that of all"


def test_the_same_margins_make_the_same_digest_and_others_another(database: Database, closed: Weighed) -> None:
    numbers = [
        build_version(database, closed),
        build_version(database, closed),
        build_version(database, closed, SHARES.replace("60", "55").replace("40", "45")),
    ]
    with database.reading() as session:
        digests = [get_version(session, number).digest for number in numbers]
        assert get_draw(session, closed.draw).digest
    assert digests[0] == digests[1] != digests[2]
