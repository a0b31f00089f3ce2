"""Response rates against worked examples (``extra/aapor.json``)."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from analysis.fieldwork.dispositions import DispositionClass
from analysis.fieldwork.response_rates import response_rates

CASES = json.loads((Path(__file__).parent / "extra" / "aapor.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_rates(case: dict[str, Any]) -> None:
    counts = {DispositionClass(name): count for name, count in case["input"].items() if name != "e"}

    found = asdict(response_rates(counts, e=case["input"]["e"]))

    expected = case["expected"]
    assert expected
    assert {name: found[name.lower()] for name in expected} == pytest.approx(expected, rel=1e-12)
