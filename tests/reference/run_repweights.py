"""Replicate weights and what their variances are multiplied by; columns in the order of the expected ones."""

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.estimation.variance import design_df
from tests.reference.case_data import Case, Row
from tests.reference.case_design import design_of


def run(case: Case) -> list[Row]:
    design = design_of(case)
    made = design.replicates
    assert made is not None
    order = matched(made.weights, np.array(case["expected"][0]["matrix"], dtype=np.float64))
    return [
        {
            "n_replicates": made.weights.shape[1],
            "scale": made.scale,
            "rscales": made.rscales[order].tolist(),
            "mse": made.mse,
            "df": design_df(design),
            "matrix": made.weights[:, order].tolist(),
        }
    ]


def matched(own: FloatArray, expected: FloatArray) -> IntArray:
    """For each expected column the nearest of our own that is not taken yet; our own order if the shapes differ."""
    if own.shape != expected.shape:
        return np.arange(own.shape[1])
    distances = np.abs(own[:, :, np.newaxis] - expected[:, np.newaxis, :]).max(axis=0)
    order = np.empty(expected.shape[1], dtype=np.int64)
    for column in range(expected.shape[1]):
        order[column] = np.argmin(distances[:, column])
        distances[order[column], :] = np.inf
    return order
