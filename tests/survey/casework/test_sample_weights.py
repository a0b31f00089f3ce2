"""The design of a drawn sample, by hand; and over repeated draws from an invented city whose truth is known."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID, uuid4

import numpy as np
import pytest

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import FloatArray
from analysis.publication import Base, PublishedEstimate
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.household import select_adult
from analysis.sampling.systematic import draw_systematic
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from survey.casework.case_designs import CommunityCases
from survey.casework.sample_answers import SampleAnswer, trimmed_adults, weights_digest
from survey.casework.sample_weights import weigh_sample
from survey.store.draws import Draw, DrawState

AT = datetime(2026, 3, 1, tzinfo=UTC)


def answer(stratum: str, n: int, total: int, adults: int | None, uuid: UUID | None = None) -> SampleAnswer:
    return SampleAnswer(
        uuid=uuid or uuid4(),
        area=stratum,
        stratum=stratum,
        psu="",
        inclusion_n=n,
        inclusion_total=total,
        adults=trimmed_adults(adults),
    )


def cases_of(n: int, total: int) -> CommunityCases:
    return CommunityCases(cases=n, weight=float(total), chance=Fraction(1), single_stage=True)


def draw(cases: int) -> Draw:
    return Draw(
        id=3,
        wave_id=1,
        frame_id=1,
        frame_digest="f" * 64,
        method="stratified-systematic/1",
        per_community=10,
        seed="ab" * 16,
        public=False,
        salt="cd" * 16,
        digest="d" * 64,
        cases=cases,
        state=DrawState.APPROVED,
        drawn_by="wang",
        drawn_at=AT,
        decided_by="li",
        decided_at=AT,
        reason="",
    )


def test_two_communities_by_hand() -> None:
    """East, 300 adults: 10 × 2 and 10 × 4 (of 6) add up to 60. West, total unknown: 5 × 1 × 10 cases / 1 complete."""
    sample = [answer("east", 10, 100, 2), answer("west", 10, 50, None), answer("east", 10, 100, 6)]

    design, facts = weigh_sample(
        sample,
        draw=draw(40),  # with ten in reserve
        communities={"west": cases_of(10, 50), "far": cases_of(10, 70), "east": cases_of(10, 100)},
        populations={"east": 300, "west": None},
    )

    assert design.weights.tolist() == [100, 50, 200]
    assert design.strata.tolist() == [0, 1, 0]
    assert design.population is not None
    assert design.population.tolist() == [300, np.inf]
    assert design.fractions.tolist() == [2 / 300, 0]
    assert (facts.draw_id, facts.frame_digest, facts.cases) == (3, "f" * 64, 30)
    assert (facts.communities, facts.unanswered, facts.to_total) == (3, 1, 1)
    assert facts.unanswered_areas == ("far",)
    assert (facts.adults_unknown, facts.adults_at_limit) == (1, 1)
    assert facts.weight_effect == pytest.approx(3 * (100**2 + 50**2 + 200**2) / 350**2)
    assert facts.largest_weight == pytest.approx(200 / (350 / 3))


def test_the_digest_is_of_what_the_weights_are_made_of_in_any_order() -> None:
    sample = [answer("east", 10, 100, 2, UUID(int=1)), answer("east", 10, 100, None, UUID(int=2))]

    digest = weights_digest(sample)

    assert weights_digest(sample[::-1]) == digest
    assert weights_digest([sample[0], answer("east", 10, 100, 1, UUID(int=2))]) != digest
    assert weights_digest([sample[0], answer("west", 10, 100, None, UUID(int=2))]) != digest


def test_grids_are_clusters_of_their_community_by_hand() -> None:
    """East drew grids: a (two answers), b (one), and took c with certainty: two dwellings by themselves. No correction:
    its dwellings were not drawn at once. 12 cases weigh 130: the five completes weigh 10 + 10 + 20 + 5 + 5 = 50.
    """
    designs = [
        ("east", "a", 10, 100),
        ("east", "b", 5, 100),
        ("c", "", 20, 100),
        ("c", "", 20, 100),
        ("east", "a", 1, 10),
    ]
    sample = [replace(answer("east", n, total, 1), stratum=stratum, psu=psu) for stratum, psu, n, total in designs]
    cases = CommunityCases(cases=12, weight=130.0, chance=Fraction(1), single_stage=False)

    design, facts = weigh_sample(sample, draw=draw(12), communities={"east": cases}, populations={"east": None})
    to_total, _ = weigh_sample(sample, draw=draw(12), communities={"east": cases}, populations={"east": 500})

    assert design.weights == pytest.approx([26, 52, 13, 13, 26])
    assert design.strata.tolist() == [1, 1, 0, 0, 1]
    assert design.psus is not None
    assert len(set(design.psus.tolist())) == 4
    assert design.psus[0] == design.psus[4]
    assert design.psu_counts.tolist() == [2, 2]
    assert to_total.weights.sum() == pytest.approx(500)
    assert to_total.fractions.tolist() == [0, 0]
    assert (facts.communities, facts.unanswered_areas) == (1, ())


def test_a_drawn_community_stands_for_those_that_were_not() -> None:
    """East was drawn with probability 1/4: its 300 adults stand for 1,200, in one stratum with all others drawn."""
    sample = [replace(answer(area, 1, 40, 1), stratum="*", psu=area) for area in ("east", "east", "west")]
    cases = CommunityCases(cases=10, weight=400.0, chance=Fraction(1, 4), single_stage=False)

    design, _ = weigh_sample(
        sample, draw=draw(20), communities={"east": cases, "west": cases}, populations={"east": 300, "west": None}
    )

    assert design.weights.tolist() == [600, 600, 400]
    assert design.strata.tolist() == [0, 0, 0]
    assert design.psus is not None
    assert design.psus.tolist() == [0, 0, 1]
    assert design.fractions.tolist() == [0]


def test_the_digest_covers_the_psus() -> None:
    one = answer("east", 10, 100, 2, UUID(int=1))

    assert weights_digest([replace(one, psu="a")]) != weights_digest([one])


@dataclass(frozen=True, kw_only=True)
class City:
    """Dwellings by community, each with the answers of its adults; people of large households are less satisfied, and
    in large, less satisfied communities fewer answer.
    """

    communities: tuple[tuple[FloatArray, ...], ...]
    respond: tuple[float, ...]

    @property
    def populations(self) -> list[int]:
        return [sum(len(dwelling) for dwelling in dwellings) for dwellings in self.communities]

    @property
    def truth(self) -> float:
        everyone = np.concatenate([dwelling for dwellings in self.communities for dwelling in dwellings])
        return float(everyone.mean())


def invent(chance: np.random.Generator) -> City:
    communities = []
    for number in range(6):
        level = 0.9 - 0.06 * number
        sizes = chance.integers(1, 5, size=150 + 80 * number)
        communities.append(
            tuple((chance.random(size) < level - 0.12 * (size - 2.5)).astype(np.float64) for size in sizes)
        )
    return City(communities=tuple(communities), respond=(1.0, 0.9, 0.8, 0.7, 0.6, 0.5))


def survey_once(city: City, seed: bytes, chance: np.random.Generator) -> tuple[PublishedEstimate, float]:
    """The city's estimate from one draw with its interviews, and the plain mean of the answers."""
    drawn = {
        str(i): draw_systematic(CounterStream(seed=seed, label=f"stratum:{i}"), n=40, total=len(dwellings))
        for i, dwellings in enumerate(city.communities)
    }
    sample, answers = [], []
    for number, (dwellings, rate) in enumerate(zip(city.communities, city.respond, strict=True)):
        for position in drawn[str(number)]:
            if chance.random() < rate:
                adults = dwellings[position]
                chosen = select_adult(seed, f"{number}-{position}", len(adults))
                sample.append(answer(str(number), 40, len(dwellings), len(adults)))
                answers.append(adults[chosen - 1])
    design, _ = weigh_sample(
        sample,
        draw=draw(240),
        communities={str(i): cases_of(40, len(dwellings)) for i, dwellings in enumerate(city.communities)},
        populations={str(i): population for i, population in enumerate(city.populations)},
    )
    tree = AreaTree(
        codes=("city", *map(str, range(6))),
        parents=(None, *[0] * 6),
        tiers=(0, *[4] * 6),
        populations=(None, *city.populations),
    )
    rows = estimate_wave(
        WaveAnswers(
            rates=[
                Rate(code="x", states=np.where(answers, AnswerState.COUNTED, AnswerState.NOT_COUNTED).astype(np.int8))
            ],
            tree=tree,
            unit_areas=1 + design.strata,
            design=design,
            probability=True,
            pooling_tier=4,
        )
    )
    whole = next(row for row in rows if row.area is None and row.base is Base.ASKED)
    return whole, float(np.mean(answers))


@pytest.mark.parametrize(
    ("rounds", "near", "covering"), [(30, 0.03, 0.85), pytest.param(300, 0.01, 0.92, marks=pytest.mark.slow)]
)
def test_over_repeated_draws_the_city_is_met_and_its_interval_covers(rounds: int, near: float, covering: float) -> None:
    chance = np.random.default_rng(20260301)
    city = invent(chance)

    found = [survey_once(city, number.to_bytes(4, "big"), chance) for number in range(rounds)]

    estimates = np.array([row.proportion for row, _ in found])
    plain = np.array([mean for _, mean in found])
    covered = np.mean([(row.low or 0) <= city.truth <= (row.high or 0) for row, _ in found])
    # Standard error of the mean of 300 rounds: 0.003, of 30: 0.01; a ratio of sums has a bias of 1/n of its spread
    # besides. Without weights those who live alone count too much, and those of large communities too little.
    assert abs(estimates.mean() - city.truth) < near
    assert plain.mean() - city.truth > 0.1
    assert covered >= covering
