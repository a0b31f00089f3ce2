"""Rows of a run to modelled rates: only what may be shown goes in, and only with enough areas."""

from dataclasses import replace

from analysis.estimation.small_area.borrow_strength import BorrowedStrength
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.modelled_estimates import ModelArea, model_areas
from analysis.publication import Base, PublishedEstimate, Reason


def row(area: str | None, p: float, n: int = 40) -> PublishedEstimate:
    return PublishedEstimate(
        indicator="r", area=area, base=Base.ASKED, published=True, n=n, n_effective=n / 1.2, proportion=p
    )


def rows(count: int) -> list[PublishedEstimate]:
    return [row(None, 0.8, 40 * count), *(row(f"a{i}", 0.7 + 0.2 * (i % 5) / 5) for i in range(count))]


def areas(count: int) -> list[ModelArea]:
    return [ModelArea(code=f"a{i}", population=1000 + i) for i in range(count)]


def test_thirty_areas_and_no_fewer() -> None:
    found = model_areas(rows(30), areas(30), samples=20)
    assert isinstance(found, BorrowedStrength)
    assert [rate.area for rate in found.rates] == list(range(30))
    assert all(rate.modelled and rate.low <= rate.estimate <= rate.high for rate in found.rates)
    assert found.whole == 0.8
    assert model_areas(rows(29), areas(29), samples=20) == Undefined(reason=UndefinedReason.TOO_FEW_AREAS)
    assert model_areas([], areas(40), samples=20) == Undefined(reason=UndefinedReason.TOO_FEW_AREAS)


def test_hidden_and_ranged_areas_and_those_without_answers_get_the_model_alone() -> None:
    given = rows(34)
    given[1] = PublishedEstimate(indicator="r", area="a0", base=Base.ASKED, published=False, reason=Reason.TOO_FEW)
    given[2] = replace(given[2], shown_range=(0.9, 1.0), proportion=0.99)
    found = model_areas(given[:-1], areas(34), samples=20)
    assert isinstance(found, BorrowedStrength)
    assert [rate.direct for rate in found.rates if rate.area in (0, 1, 33)] == [None, None, None]
    assert found.areas == 31
    other = [*given[:2], replace(given[2], proportion=0.2), *given[3:-1]]
    assert model_areas(other, areas(34), samples=20) == found, "what is shown as a range changes nothing"


def test_a_non_probability_sample_has_no_model() -> None:
    given = [replace(each, n_effective=None, reason=Reason.NON_PROBABILITY) for each in rows(40)]
    assert isinstance(model_areas(given, areas(40), samples=20), Undefined)
