from collections import Counter
from fractions import Fraction

import pytest

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.household import TABLES, kish_chances, kish_table, select_adult, select_respondent
from analysis.sampling.sample_design import Respondent
from analysis.sampling.sampling_error import SamplingError


@pytest.mark.parametrize("adults", [1, 2, 3, 5, 7, 11])
def test_every_adult_is_about_as_likely(adults: int) -> None:
    chosen = Counter(select_adult(b"seed", f"case {i}", adults) for i in range(3000))

    expected = 3000 / adults
    assert sorted(chosen) == list(range(1, adults + 1))
    assert all(abs(count - expected) < 4.5 * expected**0.5 for count in chosen.values())


def test_asking_twice_changes_nothing_and_anyone_can_check() -> None:
    assert select_adult(b"seed", "c", 4) == select_adult(b"seed", "c", 4)
    assert select_adult(b"seed", "c", 4) == 1 + CounterStream(seed=b"seed", label="adult:c").below(4)


def test_somebody_must_live_there() -> None:
    with pytest.raises(SamplingError, match="at least 1"):
        select_adult(b"seed", "c", 0)


#: Who is asked of so many adults, table after table, as Kish printed it: A, B1, B2, C, D, E1, E2, F.
BY_HAND = {
    1: (1, 1, 1, 1, 1, 1, 1, 1),
    2: (1, 1, 1, 1, 2, 2, 2, 2),
    3: (1, 1, 1, 2, 2, 3, 3, 3),
    4: (1, 1, 2, 2, 3, 3, 4, 4),
    5: (1, 2, 2, 3, 4, 3, 5, 5),
    6: (1, 2, 2, 3, 4, 5, 5, 6),
    9: (1, 2, 2, 3, 4, 5, 5, 6),
}


def test_the_tables_read_as_on_paper() -> None:
    assert [table.name for table in TABLES] == ["A", "B1", "B2", "C", "D", "E1", "E2", "F"]
    assert [Fraction(table.twelfths, 12) for table in TABLES] == [
        *(Fraction(1, 6), Fraction(1, 12), Fraction(1, 12), Fraction(1, 6)),
        *(Fraction(1, 6), Fraction(1, 12), Fraction(1, 12), Fraction(1, 6)),
    ]
    for adults, persons in BY_HAND.items():
        assert tuple(table.select(adults) for table in TABLES) == persons


def test_the_exact_chances() -> None:
    for adults in (1, 2, 3, 4, 6):
        assert kish_chances(adults) == (Fraction(1, adults),) * adults
    sixth, quarter = Fraction(1, 6), Fraction(1, 4)
    assert kish_chances(5) == (sixth, sixth, quarter, sixth, quarter)
    assert kish_chances(8) == (sixth,) * 6 + (0, 0)


def test_tables_come_as_often_as_their_share() -> None:
    counts = Counter(kish_table(b"seed", f"case {i}").name for i in range(6000))

    for table in TABLES:
        expected = 500 * table.twelfths
        assert abs(counts[table.name] - expected) < 4.5 * expected**0.5


def test_a_table_belongs_to_its_case_whatever_is_counted() -> None:
    table = kish_table(b"seed", "c")

    assert [select_respondent(Respondent.KISH, b"seed", "c", adults) for adults in range(1, 10)] == [
        table.select(adults) for adults in range(1, 10)
    ]


def test_no_lot_knows_a_birthday() -> None:
    assert select_respondent(Respondent.BIRTHDAY, b"seed", "c", 3) is None
    assert select_respondent(Respondent.LIST, b"seed", "c", 3) == select_adult(b"seed", "c", 3)
    for method in Respondent:
        with pytest.raises(SamplingError, match="at least 1"):
            select_respondent(method, b"seed", "c", 0)


def test_a_recount_draws_by_a_lot_of_its_own() -> None:
    assert select_adult(b"seed", "c", 4, recount=2) == 1 + CounterStream(seed=b"seed", label="adult:c:recount 2").below(
        4
    )
    tables = {kish_table(b"seed", "c", recount=number).name for number in range(60)}
    assert tables == {table.name for table in TABLES}


@pytest.mark.parametrize("method", [Respondent.LIST, Respondent.KISH])
@pytest.mark.parametrize(("first", "adults"), [(3, 3), (4, 2), (6, 4)])
def test_each_adult_is_chosen_equally_often_at_a_recount(method: Respondent, first: int, adults: int) -> None:
    """Of homes where the last one of the first list was drawn and turned out not to be eligible."""
    again: Counter[int | None] = Counter()
    by_the_first_lot: Counter[int | None] = Counter()
    for number in range(3000 * first):
        case = f"case {number}"
        if select_respondent(method, b"seed", case, first) == first:
            again[select_respondent(method, b"seed", case, adults, recount=1)] += 1
            by_the_first_lot[select_respondent(method, b"seed", case, adults)] += 1
    homes, places = again.total(), range(1, adults + 1)
    assert homes > 2000
    four_errors = 4 * (homes * (1 / adults) * (1 - 1 / adults)) ** 0.5
    assert all(abs(again[place] - homes / adults) < four_errors for place in places), again
    assert set(again) <= set(places)
    assert any(abs(by_the_first_lot[place] - homes / adults) > four_errors for place in places), by_the_first_lot
