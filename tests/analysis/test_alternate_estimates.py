"""Other readings stand beside a rate, say what it says in another way, and give nothing away that it hides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from analysis.alternate_estimates import estimate_alternates
from analysis.answers import AnswerState
from analysis.design import FloatArray, SurveyDesign
from analysis.publication import AlternateFigure, Base, Reading, Reason, Reliability
from analysis.readings import IndexOfScores, ReadAnswers
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from tests.analysis.waves import by_key, city_of, valid

#: Very satisfied … very dissatisfied; 98: does not know.
SCORES = {1: 1.0, 2: 0.75, 3: 0.5, 4: 0.25, 5: 0.0}
PLENTY = [1] * 30 + [2] * 40 + [3] * 15 + [4] * 10 + [5] * 5
MIXED = [1] * 5 + [2] * 7 + [3] * 4 + [4] * 2 + [5] * 2
Answers = Mapping[str, Sequence[int]]
Found = dict[tuple[Reading, str | None], AlternateFigure]


def wave(answers: Answers, *more: Answers) -> WaveAnswers:
    """Rates ``r``, ``r2`` …: options 1 and 2 count. Communities are strata of single respondents of one weight."""
    unit_areas = np.array([place for place, codes in enumerate(answers.values(), 1) for _ in codes], dtype=np.int64)
    rates = [Rate(code=f"r{n or ''}", states=states(codes_of(each))) for n, each in enumerate((answers, *more))]
    return WaveAnswers(
        rates=rates,
        tree=city_of(list(answers)),
        unit_areas=unit_areas,
        design=SurveyDesign(weights=np.ones(len(unit_areas)), strata=unit_areas - 1),
        probability=True,
        pooling_tier=4,
    )


def codes_of(answers: Answers) -> list[int]:
    return [code for codes in answers.values() for code in codes]


def states(codes: Sequence[int]) -> np.ndarray:
    of = {98: AnswerState.DONT_KNOW}
    return np.array(
        [of.get(code, AnswerState.COUNTED if code < 3 else AnswerState.NOT_COUNTED) for code in codes], np.int8
    )


def given(codes: Sequence[int], values: Mapping[int, float]) -> FloatArray:
    return np.array([values.get(code, 0.0) for code in codes])


def score(answers: Answers, rate: str = "r") -> ReadAnswers:
    codes = codes_of(answers)
    apart = {code: (value - (code < 3) + 0.25) / 0.75 for code, value in SCORES.items()}
    return ReadAnswers(
        indicator=rate, reading=Reading.SCORE, base=Base.VALID, values=given(codes, SCORES),
        difference=given(codes, apart),
    )  # fmt: skip


def share(answers: Answers, reading: Reading, counted: set[int], base: Base = Base.ASKED) -> ReadAnswers:
    codes = codes_of(answers)
    values = dict.fromkeys(counted, 1.0)
    apart = {code: abs((code in counted) - (code < 3)) for code in SCORES}
    same = not any(apart.values())
    return ReadAnswers(
        indicator="r", reading=reading, base=base, values=given(codes, values),
        difference=None if same else given(codes, apart),
    )  # fmt: skip


def figures(answers: WaveAnswers, *readings: ReadAnswers, index: IndexOfScores | None = None) -> Found:
    found = estimate_alternates(answers, readings, [index] if index else [])
    return {(row.reading, row.area): row for row in found}


def top_box(answers: Answers) -> ReadAnswers:
    return share(answers, Reading.TOP_BOX, {1})


def hidden(answers: Answers, *readings: ReadAnswers) -> set[tuple[Reading, str | None]]:
    return {key for key, row in figures(wave(answers), *readings).items() if not row.published}


def test_the_valid_reading_is_the_rate_on_its_valid_base() -> None:
    answers = {"a": [*PLENTY, *[98] * 20], "b": [*MIXED * 2, 98]}
    found = figures(wave(answers), share(answers, Reading.VALID, {1, 2}, Base.VALID))
    rows = by_key(estimate_wave(wave(answers)))
    for area in (None, "city", "a", "b"):
        row, figure = valid(rows, area), found[Reading.VALID, area]
        numbers = [figure.value, figure.low, figure.high, figure.se]
        assert numbers == [pytest.approx(number) for number in (row.proportion, row.low, row.high, row.se)]
        assert (figure.n, figure.df, figure.pooled) == (row.n, row.df, row.pooled)


def test_the_share_of_the_strongest_answer_is_a_rate_of_its_own() -> None:
    answers = {"a": [*PLENTY, *[98] * 20], "b": PLENTY}
    top = wave(answers)
    counted = np.where(np.array(codes_of(answers)) == 1, AnswerState.COUNTED, AnswerState.NOT_COUNTED).astype(np.int8)
    row = by_key(estimate_wave(replace(top, rates=[Rate(code="r", states=counted)])))[None, Base.ASKED, top.subset]
    figure = figures(top, top_box(answers))[Reading.TOP_BOX, None]
    told = [figure.value, figure.low, figure.high]
    assert told == [pytest.approx(number) for number in (row.proportion, row.low, row.high)]


def test_a_score_is_a_mean_of_those_who_answered_with_an_interval_inside_its_range() -> None:
    answers = {"a": [*PLENTY, *[98] * 20]}
    figure = figures(wave(answers), score(answers))[Reading.SCORE, "a"]
    assert figure.n == 100
    assert figure.value == pytest.approx(70.0)  # 30 x 100 + 40 x 75 + 15 x 50 + 10 x 25, of 100
    # By hand: Σ(score - 70)² = 27000 + 1000 + 6000 + 20250 + 24500; n/(n-1) of the whole sample's stratum is 120/119
    assert figure.se is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.se == pytest.approx((120 / 119 * 78750) ** 0.5 / 100)
    assert 0 < figure.low < 70 < figure.high < 100
    n_eff = 0.7 * 0.3 / (figure.se / 100) ** 2
    assert figure.n_effective == pytest.approx(n_eff)
    assert n_eff > 100  # a score of five steps says more than yes and no


def test_everyone_at_the_top_still_has_an_interval() -> None:
    answers = {"a": [1] * 60, "b": PLENTY}
    figure = figures(wave(answers), score(answers))[Reading.SCORE, "a"]
    assert (figure.value, figure.high, figure.pooled) == (100.0, 100.0, True)
    assert figure.low is not None
    assert 90 < figure.low < 100


def test_where_the_rate_is_hidden_nothing_else_is_shown() -> None:
    answers = {"a": PLENTY, "b": PLENTY[::2], "c": [1, 2, 3, 4, 5, 1, 2, 3]}
    rate_hidden = {row.area for row in estimate_wave(wave(answers)) if not row.published}
    assert {"b", "c"} <= rate_hidden
    for reading in (score(answers), top_box(answers), share(answers, Reading.BROAD, {1, 2, 3})):
        gone = {area for _, area in hidden(answers, reading)}
        assert rate_hidden <= gone


def test_where_the_rate_is_a_range_nothing_else_is_shown() -> None:
    # All but one of 20 satisfied; by itself the city less c would say so.
    answers = {"a": [*PLENTY, *PLENTY], "b": [*[1] * 10, *[2] * 9, 3], "c": PLENTY}
    found = figures(wave(answers), score(answers), top_box(answers))
    for area in ("b", "c"):
        assert {found[reading, area].reason for reading in (Reading.SCORE, Reading.TOP_BOX)} == {Reason.TOO_FEW}
    assert found[Reading.SCORE, "a"].published


@pytest.mark.parametrize(
    ("codes", "counted", "why"),
    [
        ([*[1] * 12, *[3] * 8], {1}, "all of the satisfied are very satisfied"),
        ([*[2] * 12, *[3] * 8], {1}, "none of the satisfied is"),
        ([*[1] * 12, *[3] * 8], {1, 2, 3}, "all of the others lean that way, and everyone in all"),
    ],
)
def test_what_nearly_all_of_a_small_group_say_is_not_told_by_two_figures_side_by_side(
    codes: list[int], counted: set[int], why: str
) -> None:
    answers = {"a": PLENTY, "b": codes}
    reading = Reading.BROAD if len(counted) > 2 else Reading.TOP_BOX
    assert (reading, "b") in hidden(answers, share(answers, reading, counted)), why
    larger = {"a": PLENTY, "b": codes * 5}  # of 100 it is told, as it is of rates
    assert (reading, "b") not in hidden(larger, share(larger, reading, counted))


def test_a_sum_that_would_tell_about_a_small_group_is_not_printed() -> None:
    """Of eight and twenty hidden nobody is very satisfied: the city less the others would say so of each of them."""
    few, others = [2, 2, 2, 3, 3, 4, 4, 5], [2] * 10 + [3] * 10
    answers = {"a": PLENTY, "b": PLENTY, "few": few, "others": others}
    assert {row.area for row in estimate_wave(wave(answers)) if not row.published} == {"few", "others"}
    gone = {area for _, area in hidden(answers, top_box(answers))}
    assert {"few", "others"} < gone
    assert gone & {"a", "b"}


def test_the_variance_of_a_sum_over_a_small_group_is_not_used() -> None:
    answers = {"a": PLENTY, "b": MIXED * 2, "few": [1, 2, 2, 3, 4, 1, 2, 5]}
    design = SurveyDesign(
        weights=np.where(np.arange(148) < 100, 2.0, 1.0), strata=np.repeat([0, 1, 2], [100, 40, 8]).astype(np.int64)
    )
    found = figures(replace(wave(answers), design=design), score(answers))
    assert found[Reading.SCORE, None].pooled
    assert not found[Reading.SCORE, "few"].published


def test_an_index_is_the_weighted_mean_of_the_scores_beside_it() -> None:
    one, other = {"a": PLENTY, "b": MIXED * 2}, {"a": PLENTY[::-1], "b": [*MIXED, *[98] * 8, *MIXED[:12]]}
    answers = wave(one, other)
    readings = [score(one), score(other, "r1")]
    found = estimate_alternates(answers, readings, [IndexOfScores(code="index", weights={"r": 2.0, "r1": 1.0})])
    by = {(row.indicator, row.area): row for row in found}
    for area in (None, "a", "b"):
        first, second, index = (by[code, area].value for code in ("r", "r1", "index"))
        assert first is not None
        assert second is not None
        assert index == pytest.approx((2 * first + second) / 3)
    assert by["index", "b"].n == 32  # of the part that fewest answered
    assert by["index", "a"].reading is Reading.INDEX


def test_the_error_of_an_index_is_that_of_its_parts_together() -> None:
    """The same item twice has the error of one; two that go against each other have none."""
    one = {"a": PLENTY, "b": PLENTY}
    against = {area: [6 - code for code in codes] for area, codes in one.items()}
    index = [IndexOfScores(code="index", weights={"r": 1.0, "r1": 1.0})]
    twice = estimate_alternates(wave(one, one), [score(one), score(one, "r1")], index)
    errors = {(row.indicator, row.area): row.se for row in twice}
    assert errors["index", None] == pytest.approx(errors["r", None])
    opposed = estimate_alternates(wave(one, against), [score(one), score(against, "r1")], index)
    (row,) = (row for row in opposed if row.indicator == "index" and row.area is None)
    assert row.value == pytest.approx(50)
    assert row.pooled  # no variance of its own: never an interval without width
    assert row.low is not None
    assert row.low < 50


def test_an_index_is_shown_only_where_all_of_its_scores_are() -> None:
    one = {"a": PLENTY, "b": PLENTY}
    rarely = {"a": PLENTY, "b": [*[98] * 94, 1, 2, 3, 4, 5, 2]}
    answers = wave(one, rarely)
    found = estimate_alternates(
        answers,
        [score(one), score(rarely, "r1")],
        [IndexOfScores(code="index", weights={"r": 1.0, "r1": 1.0})],
    )
    by = {(row.indicator, row.area): row for row in found}
    assert by["r", "b"].published
    assert not by["r1", "b"].published
    assert by["index", "b"].reason is Reason.TOO_FEW


def test_an_index_of_what_nobody_was_asked_is_left_out() -> None:
    one = {"a": PLENTY}
    index = [IndexOfScores(code="index", weights={"r": 1.0, "never": 1.0})]
    assert {row.indicator for row in estimate_alternates(wave(one), [score(one)], index)} == {"r"}


def test_without_a_draw_there_are_points_and_no_intervals() -> None:
    answers = {"a": PLENTY, "b": MIXED * 2}
    row = figures(replace(wave(answers), probability=False), score(answers))[Reading.SCORE, None]
    assert row.value is not None
    assert (row.low, row.se, row.reason) == (None, None, Reason.NON_PROBABILITY)


def test_few_answers_are_to_be_used_with_care() -> None:
    answers = {"a": PLENTY, "b": MIXED}
    found = figures(wave(answers), score(answers))
    assert found[Reading.SCORE, "b"].reliability is Reliability.WITH_CARE
    assert found[Reading.SCORE, "a"].reliability is Reliability.RELIABLE


def test_a_score_of_two_answers_is_the_rate_and_may_be_part_of_an_index() -> None:
    answers = {"a": [1, 5] * 30, "b": [1, 1, 5] * 20}
    read = replace(score(answers), difference=None)
    (row,) = (
        row
        for row in estimate_alternates(wave(answers), [read], [IndexOfScores(code="index", weights={"r": 1.0})])
        if row.indicator == "index" and row.area is None
    )
    assert row.value == pytest.approx(100 * 70 / 120)
    assert row.se is not None


@pytest.mark.parametrize("seed", range(60))
def test_what_is_printed_leaves_every_small_group_a_wide_range(seed: int) -> None:
    """Subtract what is printed from the city: of a small community that is not printed, the share (and the score) that
    it could have is still 20 points wide, and so is that of those who count in one figure only.
    """
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet([4, 4, 2, 1, 0.4])
    sizes = [*rng.integers(4, 10, size=rng.integers(1, 3)), *rng.integers(12, 60, size=5)]
    answers = {f"c{n}": list(rng.choice([1, 2, 3, 4, 5], size=size, p=chances)) for n, size in enumerate(sizes)}
    readings = [score(answers), top_box(answers), share(answers, Reading.BROAD, {1, 2, 3})]
    found = figures(wave(answers), *readings)
    for read in readings:
        areas = [area for area in answers if not found[read.reading, area].published]
        if not found[read.reading, "city"].published or not areas:
            continue
        codes = codes_of(answers)
        assert read.difference is not None
        for values in (read.values, read.difference):
            of = dict(zip(codes, values, strict=True))
            hidden_sum = sum(of[code] for area in areas for code in answers[area])
            people = sum(len(answers[area]) for area in areas)
            for area in areas:
                size = len(answers[area])
                if size < 10:
                    low = max(0.0, hidden_sum - (people - size))
                    high = min(float(size), hidden_sum)
                    rounded = 0.5 * len(areas) if read.reading is Reading.SCORE else 0.0
                    assert high - low >= 0.2 * size - rounded - 1e-9
