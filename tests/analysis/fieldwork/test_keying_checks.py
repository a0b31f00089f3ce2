"""How often two keyings differ, over all fields: limits cover the truth whether slips come alone or by the form."""

import numpy as np
import pytest

from analysis.design import FloatArray
from analysis.fieldwork.keying_checks import Disagreement, FormSums, field_disagreement

FORMS, REPEATS = 40, 400


def disagreement(compared: FloatArray, differing: FloatArray) -> Disagreement:
    sums = FormSums(
        forms=len(compared),
        differing_squared=int((differing**2).sum()),
        compared_differing=int((compared * differing).sum()),
        compared_squared=int((compared**2).sum()),
    )
    return field_disagreement([(int(compared.sum()), int(differing.sum()))], sums)


@pytest.mark.parametrize("rate", [0.02, 0.1])
@pytest.mark.parametrize("careless", [False, True])
def test_limits_cover_with_forms_of_few_fields_and_of_many(rate: float, careless: bool) -> None:
    """``careless``: half of the slips are made by one keyer in five, all over the form."""
    rng = np.random.default_rng(20261123)
    covered, width = [], []
    for _ in range(REPEATS):
        compared = rng.choice([12.0, 60.0], size=FORMS)
        rates = np.where(rng.random(FORMS) < 0.2, 2.5, 0.625) * rate if careless else np.full(FORMS, rate)
        found = disagreement(compared, rng.binomial(compared.astype(int), rates).astype(float))
        assert found.low is not None
        assert found.high is not None
        covered.append(found.low <= rate <= found.high)
        width.append(found.high - found.low)
    assert np.mean(covered) >= 0.93
    if not careless:  # and no wider than fields that stand by themselves allow
        alone = 2 * 1.96 * np.sqrt(rate * (1 - rate) / (36 * FORMS))
        assert np.mean(width) <= 1.3 * alone


def test_what_is_known_by_hand() -> None:
    """Forms of 1 and of 3 fields, of which every second differs: the residuals are 1/2 and 3/2."""
    compared = np.array([1.0, 1.0, 3.0, 3.0])
    differing = np.array([0.0, 1.0, 3.0, 0.0])
    by_form = disagreement(compared, differing)
    effect = 4 / 3 * (2 * 0.5**2 + 2 * 1.5**2) / (8 * 0.25)
    assert effect == pytest.approx(10 / 3)
    alone = field_disagreement(
        [(8, 4)], FormSums(forms=4, differing_squared=4, compared_differing=8, compared_squared=16)
    )
    assert by_form.low is not None
    assert alone.low is not None
    assert by_form.low < alone.low
    assert by_form.proportion == 0.5
