"""Weights of a closed wave by hand, what is refused, and what a frozen version is for the estimates."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from survey.areas import Level
from survey.casework.wave_sample import read_wave_sample
from survey.files.spreadsheets import read_rows
from survey.keys import KeyRing
from survey.messages import BadInput, CheckFailed, Conflict, NotThere
from survey.store.areas import get_frame
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.estimates import latest_run, load_estimates
from survey.store.responses import read_responses
from survey.store.waves import change_state, get_wave
from survey.store.weight_versions import get_version, list_versions, read_version_factors, standing_version
from survey.waves import WaveState
from survey.weights import ResponseMethod, Source, WeightOptions
from survey.workflow.build_weights import compute_weights, record_weights
from survey.workflow.estimate_wave import compute_estimates, is_estimated, record_estimates
from survey.workflow.freeze_weights import freeze_weights
from tests.survey.conftest import run_estimates
from tests.survey.field import open_field
from tests.survey.small_wave import EAST, WEST
from tests.survey.weighed_wave import CLOSED, Weighed, close_small_wave

SHARES = "variable,category,share\nH1,1,60%\nH1,2,40%\n"
OPTIONS = WeightOptions()


@pytest.fixture
def closed(database: Database, keys: KeyRing) -> Weighed:
    return close_small_wave(database, keys)


def build(database: Database, wave: Weighed, margins: str | bytes = SHARES, options: WeightOptions = OPTIONS) -> int:
    data = margins.encode() if isinstance(margins, str) else margins
    with database.reading() as session:
        computed = compute_weights(
            session,
            wave.keys,
            wave.wave,
            margins=read_rows(data, "margins.csv"),
            options=options,
            at=CLOSED,
            by="wang",
        )
    with database.writing() as session:
        return record_weights(session, computed)


def freeze(database: Database, version: int) -> None:
    with database.writing() as session:
        freeze_weights(session, version, reason="只差性别", at=CLOSED, by="li")


def weights_of(database: Database, wave: Weighed, version: int) -> list[float]:
    with database.reading() as session:
        factors = read_version_factors(session, version)
    return [round(factors[uuid].weight, 9) for uuid in wave.uuids]


def test_two_communities_by_hand(database: Database, closed: Weighed) -> None:
    """Of the frame's 1,200 adults in the east 720 know of the campaign, of the 1,000 in the west 600. The 12 answers of
    the east that do are from dwellings of 16 adults, so each adult stands for 45; of the others for 30. The ten of the
    west are from dwellings of two, each answer stands for 60; of the others for 40.
    """
    version = build(database, closed)

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
    version = build(database, closed)
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
    version = build(database, closed, options=replace(OPTIONS, trim=1.5))

    weights = weights_of(database, closed, version)
    assert weights[0] == pytest.approx(75)
    assert weights[1] == pytest.approx(33)
    assert sum(weights[:24]) == pytest.approx(1200)
    assert weights[24:] == pytest.approx([60, 40] * 10)
    with database.reading() as session:
        assert get_version(session, version).look.trimmed == 4


def test_totals_of_communities_from_the_file_take_the_place_of_the_frames(database: Database, closed: Weighed) -> None:
    counts = f'变量,类别,人数\n社区,东社区,"3,000"\n社区,{WEST},1000\nH1,男,1000\nH1,2,3000\n'

    version = build(database, closed, counts.encode("gb18030"))

    weights = weights_of(database, closed, version)
    assert sum(weights[:24]) == pytest.approx(3000)
    assert sum(weights[::2]) == pytest.approx(1000)


def test_without_the_frames_totals_shares_are_of_what_the_weights_add_up_to(
    database: Database, closed: Weighed
) -> None:
    version = build(database, closed, options=replace(OPTIONS, frame_totals=False))

    with database.reading() as session:
        look = get_version(session, version).look
    assert look.total == pytest.approx(look.before)


def test_who_did_not_say_keeps_their_part(database: Database, keys: KeyRing) -> None:
    """Two of the first answers do not say: one of two adults, one of one, 3 × 4/3 × 1.25 = 5 of 53.3 in the east."""
    closed = close_small_wave(database, keys, silent=2)

    version = build(database, closed)

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
    version = build(database, closed, options=replace(OPTIONS, response=method))

    with database.reading() as session:
        east, west = (read_version_factors(session, version)[closed.uuids[place]].response for place in (0, -1))
    if method is ResponseMethod.NONE:
        assert (east, west) == (1, 1)
    else:
        assert 1.25 <= east <= west <= 1.3929, "between the own rate and that of all"


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ("variable,category,share\nH1,1,60%\nH1,2,30%\n", "加起来是 100%"),
        ("variable,category,share\nA1,1,90%\nA1,2,10%\n", "等于自己填写结果"),
        ("variable,category,share\nZ9,1,60%\nZ9,2,40%\n", "单选题的题号"),
        ("variable,category,share\nC1,1,60%\nC1,2,40%\n", "恰好属于一组"),
        ("variable,category,share\nH1,1,60%\nH1,7,40%\n", "以下之一：1, 2"),
        ("variable,category,share\nH1,1,60%\nH1,98,40%\n", "以下之一：1, 2"),
        ("variable,category,share\nH1,1,60%\nH1,1,40%\n", "只出现一次"),
        ("variable,category,share\nH1,1,100%\n", "还缺：2\\(22\\)"),
        ("variable,category,share\nH2,1,60%\nH2,2,10%\nH2,3,30%\n", "至少 20 份答卷（这一类有 0 份）"),
        ("variable,category,share\nH2,1,60%\nH2,2+3,40%\n", "至少 20 份答卷（这一类有 11 份）"),
        ("variable,category,count\nH1,1,600\nH1,2,400\ncommunity,东社区,600\ncommunity,西社区,500\n", "同一个合计"),
        ("variable,category,count\nH1,1,600\nH1,2,400\n", "抽样框里各社区成年人合计 2,200"),
        ("variable,category,count\nH1,1,many\nH1,2,400\n", "0 以上的数"),
        ("variable,category,share\nH1,1,1.6\nH1,2,0.4\n", "0 到 1 的数"),
        ("variable,category,count,share\nH1,1,60,0.5\nH1,2,,0.5\n", "填一个"),
        ("variable,category,count,share\nH1,1,600,\nH1,2,,0.5\n", "各行都填总数"),
        ("variable,category,count\nH1,1,0\nH1,2,2200\n", "大于 0 的数：这一类有 22 份答卷"),
        (f"variable,category,count\ncommunity,{EAST},1200\ncommunity,999,5\n", "以下之一"),
        (f"variable,category,count\ncommunity,{EAST},1200\n", "还缺"),
        ("variable,category,share\nH1,1,99%\nH1,2,1%\n", "相差最多的是 H1"),
        ("category,share\n1,99%\n", "找不到表头"),
        ("variable,category,share\n", "只有表头|找不到表头|没有数据行"),
    ],
)
def test_margins_that_cannot_be_used_are_named_and_nothing_is_stored(
    sqlite_database: Database, keys: KeyRing, margins: str, said: str
) -> None:
    closed = close_small_wave(sqlite_database, keys)

    with pytest.raises(BadInput) as refused:
        build(sqlite_database, closed, margins)

    told = " ".join([str(refused.value), *(str(problem.expected) for problem in refused.value.problems)])
    assert re.search(said, told), told
    with sqlite_database.reading() as session:
        assert list_versions(session, closed.wave) == ()


def test_too_many_who_did_not_say(sqlite_database: Database, keys: KeyRing) -> None:
    closed = close_small_wave(sqlite_database, keys, silent=10)
    with pytest.raises(BadInput) as refused:
        build(sqlite_database, closed, "variable,category,share\nH1,1+2,100%\n")
    assert "换一个变量" in str(refused.value.problems[0].expected)


@pytest.mark.parametrize("trim", [1.0, 1000.0, float("nan")])
def test_a_limit_of_trimming_that_is_none(sqlite_database: Database, keys: KeyRing, trim: float) -> None:
    closed = close_small_wave(sqlite_database, keys)
    with pytest.raises(BadInput, match="截尾"):
        build(sqlite_database, closed, options=replace(OPTIONS, trim=trim))


def test_an_open_wave_has_no_weights_yet(sqlite_database: Database, keys: KeyRing) -> None:
    field = open_field(sqlite_database, keys)
    with pytest.raises(Conflict, match="还没有结束"):
        build(sqlite_database, Weighed(wave=field.wave, draw=field.draw, field=field, uuids=(), keys=keys))


def test_a_wave_without_answers_or_unknown(sqlite_database: Database, keys: KeyRing) -> None:
    field = open_field(sqlite_database, keys)
    with sqlite_database.writing() as session:
        change_state(session, field.wave, WaveState.CLOSED, at=CLOSED, by="tests")
    empty = Weighed(wave=field.wave, draw=field.draw, field=field, uuids=(), keys=keys)
    with pytest.raises(Conflict, match="没有答卷"):
        build(sqlite_database, empty)
    with pytest.raises(NotThere):
        build(sqlite_database, replace(empty, wave=field.wave + 7))


def test_a_frozen_version_is_what_estimates_use_and_name(database: Database, closed: Weighed) -> None:
    run_estimates(database, closed.wave, keys=closed.keys)
    version = build(database, closed)
    with database.reading() as session:
        assert is_estimated(session, closed.wave), "a version that is not frozen changes nothing"
    freeze(database, version)
    with database.reading() as session:
        assert not is_estimated(session, closed.wave)
        before = latest_run(session, closed.wave)
    run_estimates(database, closed.wave, keys=closed.keys)

    with database.reading() as session:
        assert is_estimated(session, closed.wave)
        run, stored = latest_run(session, closed.wave), get_version(session, version)
        assert run is not None
        assert before is not None
        rows = load_estimates(session, run.id)
        frame = get_frame(session, get_wave(session, closed.wave).frame_id).areas
        responses = list(read_responses(session, closed.wave))
        sample = read_wave_sample(session, closed.keys, get_wave(session, closed.wave), frame, responses)
    assert run.sample is not None
    assert before.sample is not None
    assert (run.sample.weights_version, run.sample.weights_version_digest) == (version, stored.digest)
    assert before.sample.weights_version is None
    assert run.digest != replace(run, sample=replace(run.sample, weights_version_digest="0" * 64)).digest
    known = next(row for row in rows if row.area is None and row.indicator == "IND_SMALL_KNOWS")
    assert known.proportion == pytest.approx(0.6)
    assert (known.proportion, known.low, known.high) == pytest.approx(stored.look.moved[0].after)
    assert sample.design is not None
    assert sample.design.adjustments
    assert sample.design.fractions.tolist() == [24 / 1200, 20 / 1000]
    assert run.sample.weight_effect == pytest.approx(stored.look.kish)


def test_a_second_look_shows_the_same_numbers(database: Database, closed: Weighed) -> None:
    version = build(database, closed)
    with database.reading() as session:
        first = get_version(session, version)
    freeze(database, version)
    build(database, closed, options=replace(OPTIONS, trim=2.0))
    with database.reading() as session:
        second = get_version(session, version)
    assert replace(second, frozen_at=None, frozen_by=None, frozen_reason=None) == first


def test_the_newest_frozen_version_counts(database: Database, closed: Weighed) -> None:
    first, second = build(database, closed), build(database, closed, options=replace(OPTIONS, trim=2.0))
    freeze(database, first)
    freeze(database, second)
    with database.reading() as session:
        standing = standing_version(session, closed.wave)
    assert standing is not None
    assert standing.id == second
    with pytest.raises(Conflict, match="已经定版"):
        freeze(database, first)
    with pytest.raises(NotThere):
        freeze(database, second + 1)


def test_estimates_that_saw_other_weights_are_not_stored(database: Database, closed: Weighed) -> None:
    version = build(database, closed)
    with database.reading() as session:
        computed = compute_estimates(
            session, closed.keys, closed.wave, by_level=Level.COMMUNITY, code_version="0", at=CLOSED, by="wang"
        )
    freeze(database, version)
    with pytest.raises(Conflict, match="新的版本"), database.writing() as session:
        record_estimates(session, computed)


def test_of_a_published_wave_weights_are_looked_at_and_never_frozen(database: Database, closed: Weighed) -> None:
    version = build(database, closed)
    run_estimates(database, closed.wave, keys=closed.keys)
    with database.writing() as session:
        run = latest_run(session, closed.wave)
        assert run is not None
        change_state(session, closed.wave, WaveState.PUBLISHED, at=CLOSED, by="li", run_id=run.id)
    for looked_at in (version, build(database, closed)):
        with pytest.raises(Conflict, match="已经发布"):
            freeze(database, looked_at)


def test_a_factor_that_was_changed_past_the_program_is_found(sqlite_database: Database, keys: KeyRing) -> None:
    closed = close_small_wave(sqlite_database, keys)
    version = build(sqlite_database, closed)
    with sqlite_database.writing() as session:
        session.execute(text("DROP TRIGGER weight_factors_no_update"))
        session.execute(text("UPDATE weight_factors SET calibration = calibration * 2 WHERE adults = 2"))
    with pytest.raises(CheckFailed, match="被改过"):
        freeze(sqlite_database, version)


def test_the_same_margins_make_the_same_digest_and_others_another(database: Database, closed: Weighed) -> None:
    numbers = [
        build(database, closed),
        build(database, closed),
        build(database, closed, SHARES.replace("60", "55").replace("40", "45")),
    ]
    with database.reading() as session:
        digests = [get_version(session, number).digest for number in numbers]
        assert get_draw(session, closed.draw).digest
    assert digests[0] == digests[1] != digests[2]
