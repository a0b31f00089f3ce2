"""Maximum of the penalised likelihood of many binomial-logit mixed models at once.

Each model: coefficients b and log sigma of a random intercept per area. The likelihood is multiplied by sigma (Chung,
Rabe-Hesketh, Dorie, Gelman & Liu 2013, Psychometrika 78:685-709): the maximum is never at 0, where every area would be
given the same rate with nearly no uncertainty, and it moves by about one standard error at most. Newton's steps from
exact derivatives of the quadrature's posterior expectations (Louis 1982, JRSS B 44:226-233).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.estimation.small_area.area_posteriors import Posteriors, Rule, find_peaks, posteriors

_ROUNDS = 100
_SHORTEST = 1e-4
_NEAR = 1e-3
#: Log-odds between areas beyond this are no rates any more.
_WIDEST = np.log(50.0)


@dataclass(frozen=True, kw_only=True)
class Fits:
    """b models: ``beta`` (b, p) of the basis, ``log_sigma`` (b,), ``peaks`` (b, m) and ``posteriors`` there.

    ``converged`` (b,): whether the maximum was found.
    """

    beta: FloatArray
    log_sigma: FloatArray
    peaks: FloatArray
    posteriors: Posteriors
    converged: BoolArray


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where Newton starts: ``beta`` (b, p), ``log_sigma`` (b,), ``peaks`` (b, m)."""

    beta: FloatArray
    log_sigma: FloatArray
    peaks: FloatArray


def fit(y: FloatArray, n: FloatArray, rows: FloatArray, start: Start, *, tolerance: float, nodes: int) -> Fits:
    """``y`` (b, m) counted of ``n`` (m,), covariates ``rows`` (m, p); quadrature with ``nodes``; stops where
    less than ``tolerance`` of log-likelihood is left to gain."""
    squares = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    theta = np.column_stack([start.beta, start.log_sigma])
    state = _evaluate(y, n, rows, theta, start.peaks, nodes)
    step, gain = _newton(state, rows, squares)
    length = np.ones(len(theta))
    converged: BoolArray = gain < tolerance
    failed = np.zeros(len(theta), dtype=bool)
    for _ in range(_ROUNDS):
        active = np.flatnonzero(~converged & ~failed)
        if not len(active):
            break
        proposed = state.theta[active] + length[active, None] * step[active]
        trial = _evaluate(y[active], n, rows, proposed, state.peaks[active], nodes)
        # Next to the maximum the derivatives are right, and likelihoods differ by errors of quadrature and rounding.
        before = state.value[active]
        slack = np.where(gain[active] < _NEAR, _NEAR, 1e-11 * np.abs(before))
        better = trial.value >= before - slack
        moved = active[better]
        state.put(moved, trial, np.flatnonzero(better))
        step[moved], gain[moved] = _newton(trial.only(better), rows, squares)
        length[moved] = 1.0
        length[active[~better]] /= 2
        converged[moved] = gain[moved] < tolerance
        failed |= (length < _SHORTEST) | (state.theta[:, -1] > _WIDEST)
    return Fits(
        beta=state.theta[:, :-1],
        log_sigma=state.theta[:, -1],
        peaks=state.peaks,
        posteriors=state.posteriors,
        converged=converged & ~failed,
    )


@dataclass(kw_only=True)
class _State:
    """Where b models stand; arrays are written into as single models move on."""

    theta: FloatArray
    value: FloatArray
    peaks: FloatArray
    posteriors: Posteriors

    def only(self, wanted: BoolArray) -> "_State":
        return _State(
            theta=self.theta[wanted],
            value=self.value[wanted],
            peaks=self.peaks[wanted],
            posteriors=self.posteriors.only(wanted),
        )

    def put(self, places: IntArray, other: "_State", chosen: IntArray) -> None:
        self.theta[places], self.value[places] = other.theta[chosen], other.value[chosen]
        self.peaks[places] = other.peaks[chosen]
        self.posteriors.put(places, other.posteriors, chosen)


def _evaluate(
    y: FloatArray, n: FloatArray, rows: FloatArray, theta: FloatArray, peaks: FloatArray, nodes: int
) -> _State:
    fixed, sigma = theta[:, :-1] @ rows.T, np.exp(theta[:, -1:])
    found = find_peaks(y, n, fixed, sigma, peaks)
    at = posteriors(Rule(y=y, n=n, fixed=fixed, sigma=sigma, peak=found), nodes)
    return _State(theta=theta, value=at.log_likelihood.sum(axis=1) + theta[:, -1], peaks=found, posteriors=at)


def _newton(state: _State, rows: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The next step (b, p + 1) and what it should gain (b,)."""
    at, columns = state.posteriors, rows.shape[1]
    gradient = np.column_stack([at.r @ rows, at.rs.sum(axis=1) + 1])
    information = np.empty((len(gradient), columns + 1, columns + 1))
    information[:, :-1, :-1] = ((at.w - at.rr + at.r**2) @ squares).reshape(-1, columns, columns)
    information[:, :-1, -1] = information[:, -1, :-1] = (at.ws - at.rrs + at.r * at.rs) @ rows
    information[:, -1, -1] = (at.wss - at.rs - at.rrss + at.rs**2).sum(axis=1)
    values, vectors = np.linalg.eigh(information)
    # Uphill even where the likelihood is not yet concave.
    values = np.maximum(np.abs(values), 1e-8 * np.abs(values).max(axis=1, keepdims=True) + 1e-12)
    along = np.einsum("bij,bi->bj", vectors, gradient)
    step = np.einsum("bij,bj->bi", vectors, along / values)
    gain = (along**2 / values).sum(axis=1) / 2
    longest = np.abs(step).max(axis=1, keepdims=True)
    return step / np.maximum(longest, 1), gain
