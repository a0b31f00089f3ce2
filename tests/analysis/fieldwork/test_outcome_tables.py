"""Arrays of attempts come to what one case after the other does."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.fieldwork.dispositions import (
    CLASSES,
    CONTACTS,
    Attempt,
    Disposition,
    DispositionClass,
    Outcome,
    final_disposition,
)
from analysis.fieldwork.outcome_tables import (
    DISPOSITION_CODES,
    DISPOSITIONS,
    OUTCOME_CODES,
    Attempts,
    final_codes,
    tabulate,
)
from analysis.fieldwork.response_rates import RatesError, response_rates

CASES = 12
#: (case, moment, outcome, evidence)
LOG = st.lists(
    st.tuples(
        st.integers(0, CASES - 1),
        st.integers(0, 5),  # several at one moment
        st.sampled_from(Outcome),
        st.sampled_from([True, False, None]),
    ),
    max_size=60,
)
Rows = list[tuple[int, int, Outcome, bool | None]]


def as_arrays(rows: Rows) -> Attempts:
    return Attempts(
        case=np.array([row[0] for row in rows], dtype=np.int64),
        at=np.array([row[1] for row in rows], dtype=np.int64),
        outcome=np.array([OUTCOME_CODES[row[2]] for row in rows], dtype=np.int64),
        occupied=np.array([row[3] is True for row in rows], dtype=bool),
    )


def one_by_one(rows: Rows) -> list[Disposition]:
    by_case: defaultdict[int, Rows] = defaultdict(list)
    for row in rows:
        by_case[row[0]].append(row)
    return [
        final_disposition(
            [Attempt(outcome=row[2], occupied=row[3]) for row in sorted(by_case[case], key=lambda r: r[1])]
        )
        for case in range(CASES)
    ]


@given(LOG)
def test_the_final_codes_are_those_of_each_case_by_itself(rows: Rows) -> None:
    found = final_codes(as_arrays(rows), CASES)
    expected = one_by_one(rows)
    assert [DISPOSITIONS[code] for code in found.dispositions] == expected
    for case, attempt in enumerate(found.decided_by.tolist()):
        if attempt < 0:
            assert expected[case] is Disposition.NOT_ATTEMPTED
            continue
        assert rows[attempt][0] == case
        if expected[case] is Disposition.COMPLETE:
            assert rows[attempt][2] is Outcome.COMPLETE


@given(LOG, st.lists(st.tuples(st.integers(-1, 2), st.floats(0.1, 500)), min_size=CASES, max_size=CASES))
def test_tables_are_sums_over_their_cases(rows: Rows, drawn: list[tuple[int, float]]) -> None:
    codes = final_codes(as_arrays(rows), CASES).dispositions
    groups, weights = np.array([one[0] for one in drawn]), np.array([one[1] for one in drawn])
    table = tabulate(codes, groups=groups, size=3, weights=weights)
    for group in range(3):
        mine = [case for case in range(CASES) if drawn[case][0] == group]
        plain: defaultdict[DispositionClass, float] = defaultdict(float)
        weighted: defaultdict[DispositionClass, float] = defaultdict(float)
        for case in mine:
            member = CLASSES[DISPOSITIONS[codes[case]]]
            plain[member] += 1
            weighted[member] += drawn[case][1]
        assert table.counts[group].sum() == len(mine)
        assert table.rates(group) == response_rates(plain)
        got, expected = table.weighted_rates(group), response_rates(weighted)
        for name in ("rr1", "rr2", "rr3", "rr5", "coop1", "ref2", "con3", "e"):
            assert getattr(got, name) == pytest.approx(getattr(expected, name))


def test_unequal_weights_by_hand() -> None:
    """Two complete and one refused home of weight 10 each; of weight 30 one refused, one unknown, one vacant."""
    codes = [Disposition.COMPLETE, Disposition.COMPLETE, Disposition.REFUSED_PERSON]
    codes += [Disposition.REFUSED_HOUSEHOLD, Disposition.NOT_ATTEMPTED, Disposition.VACANT]
    table = tabulate(
        np.array([DISPOSITION_CODES[code] for code in codes]),
        groups=np.zeros(6, dtype=np.int64),
        size=1,
        weights=np.array([10.0, 10, 10, 30, 30, 30]),
    )
    plain, weighted = table.rates(0), table.weighted_rates(0)
    assert (plain.e, plain.rr1, plain.rr3, plain.rr5) == pytest.approx((4 / 5, 2 / 5, 2 / 4.8, 2 / 4))
    # Eligible 20 + 10 + 30 = 60, not eligible 30: e = 2/3; unknown 30.
    assert (weighted.e, weighted.rr1, weighted.rr3) == pytest.approx((2 / 3, 20 / 90, 20 / 80))
    assert (weighted.rr5, weighted.coop1) == pytest.approx((20 / 60, 20 / 60))
    assert (weighted.ref1, weighted.ref2, weighted.ref3) == pytest.approx((40 / 90, 40 / 80, 40 / 60))
    assert (weighted.con1, weighted.con3) == pytest.approx((60 / 90, 1))


def test_equal_weights_change_no_rate() -> None:
    codes = np.arange(len(DISPOSITIONS)).repeat(3)
    table = tabulate(codes, groups=np.zeros(len(codes), dtype=np.int64), size=1, weights=np.full(len(codes), 7.0))
    assert vars(table.weighted_rates(0)) == pytest.approx(vars(table.rates(0)))


def test_a_group_without_cases_has_no_rates() -> None:
    nobody = np.array([], dtype=np.int64)
    table = tabulate(nobody, groups=nobody, size=2, weights=np.array([]))
    assert (table.rates(1).rr1, table.weighted_rates(1).rr1, table.counts.sum()) == (None, None, 0)


def test_contacts_are_the_outcomes_where_somebody_was_met() -> None:
    assert {"complete", "refused_household", "away", "appointment", "nobody_eligible"} <= CONTACTS
    assert CONTACTS.isdisjoint({"no_entry", "no_answer", "vacant", "no_such_address", "not_a_dwelling"})


def test_what_does_not_fit_is_refused() -> None:
    rows: Rows = [(0, 0, Outcome.VACANT, None)]
    with pytest.raises(RatesError, match="case 0"):
        final_codes(as_arrays(rows), 0)
    good = as_arrays(rows)
    for changes in ({"at": np.array([1, 2])}, {"outcome": np.array([99])}, {"case": np.array([-1])}):
        with pytest.raises(RatesError):
            Attempts(**{**vars(good), **changes})
    codes, zero = np.array([0]), np.array([0])
    for weights in ([0.0], [-1.0], [np.inf], [np.nan], [1.0, 1.0]):
        with pytest.raises(RatesError):
            tabulate(codes, groups=zero, size=1, weights=np.array(weights))
    with pytest.raises(RatesError, match="groups"):
        tabulate(codes, groups=np.array([1]), size=1, weights=np.array([1.0]))
