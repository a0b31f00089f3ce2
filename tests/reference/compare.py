"""Rows of results against the expected ones, key by key, each case to its own tolerance."""

import math
from typing import Any

from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Row

#: Remarks about a row, no results.
REMARKS = frozenset({"degenerate", "error", "note"})


def differences(case: Case, found: list[Row]) -> list[str]:
    """What differs from the case's expected rows; nothing where all agree."""
    expected = case["expected"]
    if len(found) != len(expected):
        return [f"got {len(found)} rows, expected {len(expected)}"]
    return [
        difference
        for place, (got, wanted) in enumerate(zip(found, expected, strict=True))
        for key in wanted
        if key not in REMARKS
        for difference in _different(case, f"row {place} {key}", got.get(key, "nothing"), wanted[key])
    ]


def _different(case: Case, where: str, got: Any, wanted: Any) -> list[str]:
    if hasattr(got, "tolist"):
        got = got.tolist()
    if wanted is None:
        # R has NaN, NA or an infinite df there.
        undefined = got is None or isinstance(got, Undefined) or got == math.inf
        return [] if undefined else [f"{where}: got {got}, expected nothing"]
    if isinstance(wanted, bool | str):
        return [] if got == wanted else [f"{where}: got {got}, expected {wanted}"]
    if isinstance(wanted, int | float):
        near = isinstance(got, int | float) and abs(got - wanted) <= case["abs_tol"] + case["rel_tol"] * abs(wanted)
        return [] if near else [f"{where}: got {got}, expected {wanted}"]
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [f"{where}: got {got}, expected {wanted}"]
        return [
            difference
            for key in wanted
            for difference in _different(case, f"{where} {key}", got.get(key, "nothing"), wanted[key])
        ]
    if not isinstance(got, list | tuple) or len(got) != len(wanted):
        return [f"{where}: got {got}, expected {wanted}"]
    return [
        difference
        for place, (one, other) in enumerate(zip(got, wanted, strict=True))
        for difference in _different(case, f"{where}[{place}]", one, other)
    ]
