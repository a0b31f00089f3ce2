"""Everything R's survey package was asked, asked of us: one test per case.

The cases are those of this folder, or of the folder that the environment variable REFERENCE_VECTORS names.
"""

import importlib
import importlib.util

import pytest

from tests.reference.case_data import HERE, Case, folder, read_cases
from tests.reference.compare import differences

#: Statistics that may be left out; every other one has its run_<statistic>.py.
OPTIONAL = frozenset({"ranktest", "table", "var"})

CASES = [pytest.param(case, id=case["id"]) for case in read_cases(folder())]


def runner(statistic: str) -> str | None:
    name = f"tests.reference.run_{statistic}"
    return name if importlib.util.find_spec(name) else None


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case) -> None:
    statistic = case["request"]["stat"]
    module = runner(statistic)
    if module is None:
        pytest.skip(f"{statistic} is not supported")
    found = importlib.import_module(module).run(case)
    assert not differences(case, found)


def test_only_what_may_be_is_left_out() -> None:
    asked = {case["request"]["stat"] for case in read_cases(HERE)}
    assert {statistic for statistic in asked if runner(statistic) is None} <= OPTIONAL
