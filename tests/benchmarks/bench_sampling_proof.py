"""Every method and design drawn 2,000 times from a synthetic city: see :mod:`tests.benchmarks.redraws`."""

from itertools import chain

from tests.benchmarks import sampling_cities, staged_cities
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.redraws import City, prove

REDRAWS = 2_000
#: Of intervals of 95 %.
LEAST_COVERAGE = 0.93


def run() -> list[Measurement]:
    return [found for city in chain(sampling_cities.cities(), staged_cities.cities()) for found in _measured(city)]


def _measured(city: City) -> list[Measurement]:
    proof, name = prove(city, REDRAWS), f"redraws, {city.name}"
    return [
        Measurement(
            name=f"{name}: inclusion, largest |z|",
            value=proof.largest,
            unit="",
            target=f"at most {proof.bound:.2f}",
            met=proof.frequencies_are_right,
        ),
        Measurement(
            name=f"{name}: bias, |z|", value=abs(proof.bias), unit="", target="at most 3.29", met=proof.is_unbiased
        ),
        Measurement(
            name=f"{name}: coverage",
            value=proof.coverage,
            unit="",
            target=f"at least {LEAST_COVERAGE}",
            met=proof.coverage >= LEAST_COVERAGE,
        ),
    ]
