"""Of many cases of one kind the daily run tries the first few, and ``make test`` all."""

from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet


def first(count: int, cases: Iterable[object]) -> list[object]:
    """The cases (a tuple is the arguments of one), all but the first ``count`` of them marked slow."""
    return [case if place < count else _slow(case) for place, case in enumerate(cases)]


def _slow(case: object) -> ParameterSet:
    if isinstance(case, ParameterSet):
        return case._replace(marks=[*case.marks, pytest.mark.slow])
    return pytest.param(*(case if isinstance(case, tuple) else [case]), marks=pytest.mark.slow)
