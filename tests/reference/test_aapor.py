"""Response rates against worked examples (``extra/aapor.json``)."""

from dataclasses import asdict
from typing import Any

import pytest

from analysis.fieldwork.dispositions import DispositionClass
from analysis.fieldwork.response_rates import response_rates
from tests.reference.case_data import read_extra

CASES = read_extra("aapor.json")["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_rates(case: dict[str, Any]) -> None:
    counts = {DispositionClass(name): count for name, count in case["input"].items() if name != "e"}

    found = asdict(response_rates(counts, e=case["input"]["e"]))

    expected = case["expected"]
    assert expected
    assert {name: found[name.lower()] for name in expected} == pytest.approx(expected, rel=1e-12)
