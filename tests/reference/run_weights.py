"""Weights after everything that a case does to them."""

from analysis.weighting.steps import weigh
from analysis.weighting.unequal_weights import kish_effect
from tests.reference.case_adjustments import steps_of
from tests.reference.case_data import Case, Row, columns
from tests.reference.case_design import drawn_design


def run(case: Case) -> list[Row]:
    steps = steps_of(case["design"].get("adjustments", []), columns(case))
    # Linear calibration may leave weights below 0, as R's does; no design of ours takes them.
    weights = weigh(drawn_design(case).weights, steps, allow_negative=True).weights
    return [
        {
            "weights": weights.tolist(),
            "sum": float(weights.sum()),
            "min": float(weights.min()),
            "max": float(weights.max()),
            "kish_deff": kish_effect(weights),
        }
    ]
