"""Population variances by domain; see run_mean."""

from analysis.estimation.population_variance import estimate_variance
from tests.reference.case_data import Case, Row, columns
from tests.reference.run_mean import rows


def run(case: Case) -> list[Row]:
    y = columns(case).numbers(case["request"]["variable"])
    return rows(case, [y], lambda design, inside: estimate_variance(design, y, inside=inside), lambda _, __: y)
