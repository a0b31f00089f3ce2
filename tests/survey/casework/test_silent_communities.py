"""Communities where nobody answered stay in the whole that weights stand for, and are named."""

import json
from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

import pytest

from analysis.fieldwork.dispositions import DispositionClass
from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.casework.case_designs import CommunityCases
from survey.casework.given_margins import GivenGroup, GivenMargin, Population, hold_against, places_of
from survey.casework.margin_totals import frame_margin
from survey.casework.sample_answers import SampleAnswer
from survey.casework.weight_building import BuiltWeights, ClosedSample, build_weights
from survey.casework.weight_look import look_at
from survey.files.margins_file import MarginRow
from survey.messages import BadInput
from survey.store.responses import StoredResponse
from survey.waves import Mode
from survey.weights import NoFrameTotals, ResponseMethod, WeightLook, WeightOptions
from tests.survey.field import INSTRUMENT

STREET = "440983102000"
A, B, C = "440983102001", "440983102002", "440983102003"
ADULTS = {A: 1200, B: 1000, C: 800}
ANSWERS = {A: 24, B: 20}
#: Of 30 cases of weight 4 in each: who did not answer refused.
CASES = {code: CommunityCases(cases=30, weight=120.0, chance=Fraction(1), single_stage=True) for code in ADULTS}


def closed(adults: Mapping[str, int | None] = ADULTS) -> ClosedSample:
    areas = [area for area, count in ANSWERS.items() for _ in range(count)]
    uuids = [UUID(int=1 + place) for place in range(len(areas))]
    return ClosedSample(
        answers=[
            SampleAnswer(uuid=uuid, area=area, stratum=area, psu="", inclusion_n=1, inclusion_total=4, adults=2)
            for uuid, area in zip(uuids, areas, strict=True)
        ],
        responses=[
            StoredResponse(
                uuid=uuid,
                area=area,
                mode=Mode.CAPI,
                imported=False,
                answers={"H1": 1 + place % 2},
                day=None,
            )
            for place, (uuid, area) in enumerate(zip(uuids, areas, strict=True))
        ],
        cases=CASES,
        frame=[
            Area(code=STREET, name="街", level=Level.STREET, parent=None, population=None),
            *(
                Area(code=code, name=f"社区{code[-1]}", level=Level.COMMUNITY, parent=STREET, population=adults[code])
                for code in ADULTS
            ),
        ],
        outcomes={
            **{(code, DispositionClass.COMPLETE): 4.0 * count for code, count in ANSWERS.items()},
            **{(code, DispositionClass.REFUSAL): 4.0 * (30 - ANSWERS.get(code, 0)) for code in ADULTS},
        },
    )


def by_sex(sample: ClosedSample, men: float, women: float) -> GivenMargin:
    groups = (GivenGroup(codes=("1",), value=men, line=2), GivenGroup(codes=("2",), value=women, line=3))
    places = places_of("H1", [("1",), ("2",)], sample.responses)
    return GivenMargin(variable="H1", share=False, groups=groups, places=places)


def build(sample: ClosedSample, *given: GivenMargin, options: WeightOptions | None = None) -> BuiltWeights:
    return build_weights(sample, given, options or WeightOptions(), file="margins.csv")


def test_the_counts_of_the_city_are_those_of_its_whole_frame() -> None:
    sample = closed()
    built = build(sample, by_sex(sample, 1500, 1500))
    assert built.weighting.weights.sum() == pytest.approx(3000)
    with pytest.raises(BadInput, match="合计不一样") as refused:
        build(sample, by_sex(sample, 1100, 1100))  # of the two that answered
    assert "3,000" in str(refused.value.problems[0].expected)


def test_a_silent_community_is_put_with_a_neighbour_and_named() -> None:
    sample = closed()
    margin = frame_margin(sample.frame, sample.cases, sample.responses)
    assert margin is not None
    assert {group.codes: group.total for group in margin.groups} == {(A,): 1200, (B, C): 1800}
    built = build(sample)
    look = look_at(built, sample.answers)
    assert look.silent == (C,)
    assert WeightLook.of_document(look.document()).silent == (C,)
    assert [one.areas for one in look.classes] == [(A,), (B, C)]
    # In A 30 of 24; B stands for the refusals of C, too: 60 of 20.
    assert [one.factor for one in look.classes] == pytest.approx([30 / 24, 60 / 20])


def test_a_frame_that_does_not_know_the_silent_ones_is_no_total() -> None:
    sample = closed({**ADULTS, C: None})
    assert frame_margin(sample.frame, sample.cases, sample.responses) is None
    look = look_at(build(sample), sample.answers)
    assert (look.no_frame, look.lacking) == (NoFrameTotals.POPULATION, (C,)), "never without a word"
    told = WeightLook.of_document(json.loads(json.dumps(look.document())))
    assert (told.no_frame, told.lacking) == (NoFrameTotals.POPULATION, (C,))


def test_totals_nobody_wanted_are_not_missed() -> None:
    sample = closed({**ADULTS, B: 3, C: 0})
    look = look_at(build(sample), sample.answers)
    assert look.lacking == (B, C), "three people cannot have given twenty answers"
    assert look_at(build(sample, options=WeightOptions(frame_totals=False)), sample.answers).no_frame is None
    assert look_at(build(closed()), sample.answers).no_frame is None


def test_shrunk_rates_count_the_cases_of_the_silent() -> None:
    """Its 30 cases weigh 4 each: as 120 cases of weight 1 they would pull every rate down with four times the force."""
    sample = closed()
    options = WeightOptions(response=ResponseMethod.SHRUNK, frame_totals=False)
    built = build(sample, options=options)
    assert [area for area, *_ in built.classes] == [A, B]
    factors = dict(zip(sorted(ANSWERS), sorted({one.response for one in built.factors(sample.answers)}), strict=True))
    everybody = 90 / 44
    assert 30 / 24 < factors[A] < factors[B] < everybody


def test_totals_of_communities_name_the_silent_ones_too() -> None:
    """Left out, their people would be in the other variables and not in this one."""
    population = Population(
        questionnaire=load_text(INSTRUMENT, "small.toml"),
        communities={code: code for code in ADULTS},
        responses=closed().responses,
        fielded=frozenset(ADULTS),
    )

    def rows(*groups: tuple[str, ...]) -> list[MarginRow]:
        return [
            MarginRow(
                line=2 + place, variable="community", categories=codes, value=sum(ADULTS[c] for c in codes), share=False
            )
            for place, codes in enumerate(groups)
        ]

    (margin,) = hold_against(rows((A,), (B, C)), population, "margins.csv")
    assert margin.sum == 3000
    with pytest.raises(BadInput) as refused:
        hold_against(rows((A,), (B,)), population, "margins.csv")
    assert f"还缺：{C}" in str(refused.value.problems[0].expected)
