"""A binomial-logit mixed model of areas: log-odds = x'b + a random part of the area's own, y counted of n_eff.

Jiang & Lahiri 2001 (Ann. Inst. Statist. Math. 53:217-243) and Rao & Molina 2015 (*Small Area Estimation*, 2nd ed.,
section 9.5) for the empirical best prediction; the effective size in place of n as in Chen, Wakefield & Lumley 2014
(Spatial and Spatio-temporal Epidemiology 11:33-43), so that clusters and unequal weights count for what they are worth.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.small_area.area_posteriors import Rule, posteriors
from analysis.estimation.small_area.covariates import Basis, basis, sampled_areas
from analysis.estimation.small_area.errors import (
    NoConvergence,
    NoVariation,
    TooFewAreas,
)
from analysis.estimation.small_area.mixed_logit_fit import Fits, Start, fit

#: From fewer areas a variance between areas cannot be learnt.
LEAST_AREAS = 30
_TOLERANCE = 1e-14
_NODES = 25


@dataclass(frozen=True, kw_only=True)
class MixedLogit:
    """The model's word on m areas; arrays are (m,) unless said otherwise.

    ``estimate``: the rate expected from the area's own answers and the model; beside it ``direct`` (0 where ``sampled``
    is false and nobody was asked) and ``synthetic``, what the model says without them. ``shrinkage`` 0-1: 1/(1 + sigma²
    n_eff p(1-p)), the part taken from the model. ``coefficients`` (p,) and ``sigma`` on the scale of log-odds.
    ``effective_sizes`` as given; ``basis`` and ``fits`` serve the bootstrap.
    """

    estimate: FloatArray
    shrinkage: FloatArray
    direct: FloatArray
    synthetic: FloatArray
    sampled: BoolArray
    effective_sizes: FloatArray
    coefficients: FloatArray
    sigma: float
    log_likelihood: float
    basis: Basis
    fits: Fits
    modelled: Literal[True] = True

    @property
    def counted(self) -> FloatArray:
        return self.direct * self.effective_sizes


def mixed_logit(
    proportions: FloatArray, effective_sizes: FloatArray, *, covariates: FloatArray | None = None
) -> MixedLogit:
    """Direct ``proportions`` (m,) on ``effective_sizes`` (m,), ``covariates`` (m, p) with their constant (``None``:
    only that). Size 0: no sample, the proportion is not looked at and the estimate is synthetic.

    Raises :class:`TooFewAreas` under 30 areas with a sample, :class:`NoVariation` where all are 0 or all 1,
    :class:`NoConvergence`, :class:`VarianceNotPositive`, :class:`NotANumber`, :class:`CollinearCovariates`.
    """
    sampled = _check(proportions, effective_sizes)
    x = basis(covariates, sampled)
    sizes = np.where(sampled, effective_sizes, 0.0)
    direct = np.where(sampled, proportions, 0.0)
    counted = (direct * sizes)[None, :]
    fits = fit(counted, sizes, x.rows, _start(direct, sizes, x), tolerance=_TOLERANCE, nodes=_NODES)
    if not fits.converged[0]:
        raise NoConvergence(
            f"mixed model: got log-odds spread by {np.exp(fits.log_sigma[0]):.3g} and no maximum, "
            "expected areas that covariates do not tell apart completely"
        )
    fixed, sigma = fits.beta @ x.rows.T, np.exp(fits.log_sigma)[:, None]
    nobody = np.zeros_like(fixed)
    alone = posteriors(Rule(y=nobody, n=np.zeros(len(sizes)), fixed=fixed, sigma=sigma, peak=nobody), _NODES)
    return MixedLogit(
        estimate=fits.posteriors.rate[0],
        shrinkage=1 / fits.posteriors.curvature[0],
        direct=direct,
        synthetic=alone.rate[0],
        sampled=sampled,
        effective_sizes=sizes,
        coefficients=x.coefficients(fits.beta[0]),
        sigma=float(sigma[0, 0]),
        log_likelihood=float(fits.posteriors.log_likelihood.sum()),
        basis=x,
        fits=fits,
    )


def _start(direct: FloatArray, sizes: FloatArray, x: Basis) -> Start:
    used = sizes > 0
    together = float((direct * sizes).sum() / sizes.sum())
    if not 0 < together < 1:
        raise NoVariation(f"proportions: got {together:g} in every area, expected a rate between 0 and 1")
    # Half a person each way keeps the log-odds of unanimous areas finite.
    counted, size = (direct * sizes)[used], sizes[used]
    odds = np.log((counted + together) / (size - counted + 1 - together))
    beta = np.asarray(np.linalg.lstsq(x.rows[used], odds, rcond=None)[0], dtype=np.float64)
    spread = max(0.1, float(np.std(odds - x.rows[used] @ beta)) / 2)
    return Start(beta=beta[None, :], log_sigma=np.array([np.log(spread)]), peaks=np.zeros((1, len(sizes))))


def _check(proportions: FloatArray, effective_sizes: FloatArray) -> BoolArray:
    sampled = sampled_areas(proportions, effective_sizes)
    if sampled.sum() < LEAST_AREAS:
        raise TooFewAreas(f"areas: got {int(sampled.sum())} with a sample, expected at least {LEAST_AREAS}")
    return sampled
