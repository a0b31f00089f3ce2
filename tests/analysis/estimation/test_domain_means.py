"""Means of scores in domains, and of several together, against R's ``survey`` and against the general variance.

R 4.2.2, survey 4.1-1:
  i <- 1:48
  d <- data.frame(w=1+(i%%4)/2, h=(i-1)%/%12, psu=(i-1)%/%3, half=i%%2, N=30+10*((i-1)%/%12))
  d$a <- c(100,75,50,25,0)[(i*7)%%11%%5+1]; d$va <- as.numeric(i%%6!=0)
  d$b <- c(100,80,60,30,0)[(i*i)%%13%%5+1]; d$vb <- as.numeric(i%%5!=0)
  d$ya <- d$a*d$va; d$yb <- d$b*d$vb
  g <- svydesign(~1, strata=~h, weights=~w, data=d)            # single
  g <- svydesign(~psu, strata=~h, weights=~w, data=d)          # clusters
  g <- svydesign(~1, strata=~h, weights=~w, fpc=~N, data=d)    # corrected
  s <- g; s <- subset(g, half==0); s <- subset(g, half==1)
  svymean(~a, subset(s, va==1))                                # also svyratio(~ya, ~va, s): the same
  svycontrast(svytotal(~ya+va+yb+vb, s), quote((2*ya/va + yb/vb)/3))
"""

from dataclasses import replace

import numpy as np
import pytest

from analysis.design import SurveyDesign
from analysis.estimation.cell_variance import cell_variance
from analysis.estimation.domain_means import DomainMeans
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate
from analysis.weighting.margins import Margin
from analysis.weighting.raking import Raking
from analysis.weighting.steps import weigh_design

#: Design and domain: mean and its error, then two thirds of it and one third of the other, and their error
FROM_R = {
    ("single", 0): (55.5555555555556, 6.23388789163882, 54.0929981075966, 4.58890974170915),
    ("single", 1): (53.125, 9.26253033024383, 52.9722222222222, 7.24458761275531),
    ("single", 2): (56.7708333333333, 7.82004252383412, 54.5138888888889, 5.72848710432578),
    ("clusters", 0): (55.5555555555556, 4.56049960444611, 54.0929981075966, 4.0453212102258),
    ("clusters", 1): (53.125, 9.37017622813447, 52.9722222222222, 7.0532693510949),
    ("clusters", 2): (56.7708333333333, 6.35839584421331, 54.5138888888889, 4.96645677821441),
    ("corrected", 0): (55.5555555555556, 5.26546345822877, 54.0929981075966, 3.85669298843758),
    ("corrected", 1): (53.125, 7.72024922308882, 52.9722222222222, 6.01231193373639),
    ("corrected", 2): (56.7708333333333, 6.66950021116661, 54.5138888888889, 4.85025924138085),
}

I = np.arange(1, 49)  # noqa: E741 - as in R
A = np.array([100.0, 75, 50, 25, 0])[I * 7 % 11 % 5]
B = np.array([100.0, 80, 60, 30, 0])[I * I % 13 % 5]
WITH_A, WITH_B = I % 6 != 0, I % 5 != 0
#: The whole, and in a family of its own each half.
UNITS = [np.zeros(48, dtype=np.int64), (I % 2 + 1).astype(np.int64)]
SINGLE = SurveyDesign(weights=1 + (I % 4) / 2, strata=((I - 1) // 12).astype(np.int64))
DESIGNS = {
    "single": SINGLE,
    "clusters": replace(SINGLE, psus=((I - 1) // 3).astype(np.int64)),
    "corrected": replace(SINGLE, population=np.array([30.0, 40, 50, 60])),
}


def means_in(design: SurveyDesign) -> DomainMeans:
    return DomainMeans(design=design, units=UNITS, count=3)


@pytest.mark.parametrize(("name", "domain"), FROM_R)
def test_means_and_their_errors_are_those_of_r(name: str, domain: int) -> None:
    work = means_in(DESIGNS[name])
    mean, error, mixed, mixed_error = FROM_R[name, domain]
    assert work.means(A, WITH_A)[domain] == pytest.approx(mean, rel=1e-12)
    a, b = work.scores(A, WITH_A), work.scores(B, WITH_B)
    assert work.variances(a)[domain] ** 0.5 == pytest.approx(error, rel=1e-12)
    both = (2 * work.means(A, WITH_A) + work.means(B, WITH_B)) / 3
    assert both[domain] == pytest.approx(mixed, rel=1e-12)
    together = [(2 * one + other) / 3 for one, other in zip(a, b, strict=True)]
    assert work.variances(together)[domain] ** 0.5 == pytest.approx(mixed_error, rel=1e-12)


def test_a_stratum_with_one_unit_counts_from_zero_as_in_the_general_variance() -> None:
    lonely = replace(SINGLE, strata=np.where(I == 48, 4, SINGLE.strata).astype(np.int64))
    found = estimate_mean(lonely, A, inside=WITH_A)
    assert isinstance(found, Estimate)
    work = means_in(lonely)
    assert work.variances(work.scores(A, WITH_A))[0] == pytest.approx(float(found.covariance[0, 0]), rel=1e-12)


@pytest.mark.parametrize("psus", [None, (I - 1) // 3])
def test_what_raking_explains_is_taken_out(psus: np.ndarray | None) -> None:
    """Sums by cell give what residuals of each unit give."""
    margins = [
        Margin(name="sex", codes=(I % 2).astype(np.int64), totals=np.array([40.0, 44.0])),
        Margin(name="age", codes=(I % 3).astype(np.int64), totals=np.array([30.0, 30.0, 24.0])),
    ]
    design = weigh_design(replace(SINGLE, psus=psus), [Raking(margins=tuple(margins), least_cell=1)])
    cells = cell_variance(design, UNITS)
    assert cells is not None
    scores = means_in(design).scores(A, WITH_A)
    quick = replace(means_in(design), cells=cells).variances(scores)
    assert quick.tolist() == pytest.approx(means_in(design).variances(scores).tolist(), rel=1e-9)
    found = estimate_mean(design, A, inside=WITH_A)
    assert isinstance(found, Estimate)
    assert quick[0] == pytest.approx(float(found.covariance[0, 0]), rel=1e-9)


def test_a_domain_with_nobody_inside_has_nothing_and_one_of_equals_no_variance() -> None:
    work = means_in(SINGLE)
    assert work.means(A, UNITS[1] == 1).tolist()[2] == 0
    scores = work.scores(np.full(48, 0.3), WITH_A)
    assert work.variances(scores).tolist() == [0, 0, 0]
