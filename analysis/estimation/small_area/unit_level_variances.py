"""The two variances of a unit-level model, from sums by area alone, and what they are worth.

With lambda = between / within, a row of an area of n loses lambda n/(1 + lambda n) of the area's mean; all follows from
that one number (Rao & Molina 2015, *Small Area Estimation*, 2nd ed., section 7.1).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.estimation.small_area.errors import NoConvergence, NoVariation
from analysis.estimation.sums import sum_by

_STEPS = 181
_DUST = 1e-13


@dataclass(frozen=True, kw_only=True)
class AreaSums:
    """``sizes`` (m,), ``mean_y`` (m,), ``mean_x`` (m, p) of those asked (0 where nobody was), and the cross-products
    of what is left within areas: ``yy``, ``xy`` (p,), ``xx`` (p, p)."""

    sizes: FloatArray
    mean_y: FloatArray
    mean_x: FloatArray
    yy: float
    xy: FloatArray
    xx: FloatArray

    @classmethod
    def of(cls, y: FloatArray, areas: IntArray, x: FloatArray, count: int) -> "AreaSums":
        sizes = np.bincount(areas, minlength=count).astype(np.float64)
        divide = np.maximum(sizes, 1)
        mean_y = sum_by(areas, y, count) / divide
        mean_x = np.column_stack([sum_by(areas, column, count) for column in x.T]) / divide[:, None]
        y, x = y - mean_y[areas], x - mean_x[areas]
        return cls(sizes=sizes, mean_y=mean_y, mean_x=mean_x, yy=float(y @ y), xy=x.T @ y, xx=x.T @ x)


@dataclass(frozen=True, kw_only=True)
class Components:
    """Variances ``between`` areas and ``within``; ``beta`` (p,) with its ``covariance`` (p, p)."""

    between: float
    within: float
    beta: FloatArray
    covariance: FloatArray
    restricted: bool

    def kept(self, sizes: FloatArray) -> FloatArray:
        """The part of an area's own deviation that is believed, (m,)."""
        return self.between * sizes / (self.within + self.between * sizes)

    def mse(self, sums: AreaSums, means: FloatArray) -> FloatArray:
        """g1 + g2 + 2 g3 (less the bias of maximum likelihood) of x'b + v at the covariate ``means`` (m, p)."""
        n, within, between = sums.sizes, self.within, self.between
        kept, total = self.kept(n), within + n * between
        leading = within * between / total
        off = means - kept[:, None] * sums.mean_x
        regression = ((off @ self.covariance) * off).sum(axis=1)
        used = n > 0
        information = 0.5 * np.array(
            [
                [((n / total) ** 2).sum(), (n / total**2).sum()],
                [(n / total**2).sum(), ((n[used] - 1) / within**2 + total[used] ** -2.0).sum()],
            ]
        )
        spread = np.linalg.inv(information)
        # var of kept's estimate x total/n: (within d between - between d within)² / total³, n once.
        change = within**2 * spread[0, 0] + between**2 * spread[1, 1] - 2 * within * between * spread[0, 1]
        uncertain = n * change / total**3
        found: FloatArray = leading + regression + 2 * uncertain
        if self.restricted:
            return found
        bias = spread @ self._pull(sums, total) / 2
        slope = (
            np.array([within**2, 0]) / total[:, None] ** 2 + np.array([0, 1]) * (n * (between / total) ** 2)[:, None]
        )
        corrected = found - slope @ bias
        return np.where(corrected > regression, corrected, found)

    def _pull(self, sums: AreaSums, total: FloatArray) -> FloatArray:
        """tr(covariance x derivative of the information on b) by each variance."""
        n = sums.sizes
        middle = sums.mean_x.T @ ((n / total)[:, None] ** 2 * sums.mean_x)
        by_within = sums.xx / self.within**2 + sums.mean_x.T @ ((n / total**2)[:, None] * sums.mean_x)
        return -np.array([np.trace(self.covariance @ middle), np.trace(self.covariance @ by_within)])


def components(sums: AreaSums, *, restricted: bool) -> Components:
    """Raises :class:`NoVariation` where nothing is left within areas, :class:`NoConvergence` without a maximum."""
    respondents, columns = int(sums.sizes.sum()), sums.mean_x.shape[1]
    profile = _Profile(sums, respondents - (columns if restricted else 0), restricted)
    inner = sums.yy - float(sums.xy @ np.linalg.pinv(sums.xx) @ sums.xy)
    if respondents - int((sums.sizes > 0).sum()) <= np.linalg.matrix_rank(sums.xx) or inner <= _DUST * sums.yy:
        raise NoVariation("scores: got scores that follow from areas and covariates, expected something left over")
    grid = np.geomspace(1e-8, 1e14, _STEPS)
    values = np.array([profile.log(ratio) for ratio in grid])
    best = int(np.argmax(values))
    if best == _STEPS - 1:
        raise NoConvergence("unit-level model: got a likelihood that rises without end, expected a maximum")
    ratio = 0.0
    low = grid[best - 1] if best else 0.0
    if profile.slope(low) > 0 > profile.slope(grid[best + 1]):
        from scipy.optimize import brentq

        ratio = float(brentq(profile.slope, low, grid[best + 1], xtol=1e-300, rtol=1e-14, maxiter=500))
    beta, inverse, residual = profile.solve(ratio)
    within = residual / profile.freedom
    return Components(
        between=ratio * within, within=within, beta=beta, covariance=within * inverse, restricted=restricted
    )


class _Profile:
    """The likelihood of lambda, coefficients and the variance within taken at their best."""

    def __init__(self, sums: AreaSums, freedom: int, restricted: bool) -> None:
        self.sums, self.freedom, self.restricted = sums, float(freedom), restricted

    def solve(self, ratio: float) -> tuple[FloatArray, FloatArray, float]:
        """Coefficients, inverse of their information x within, residual sum of squares."""
        s = self.sums
        weight = s.sizes / (1 + ratio * s.sizes)
        information = s.xx + s.mean_x.T @ (weight[:, None] * s.mean_x)
        inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
        beta = inverse @ (s.xy + s.mean_x.T @ (weight * s.mean_y))
        between = s.mean_y - s.mean_x @ beta
        residual = s.yy - 2 * float(beta @ s.xy) + float(beta @ s.xx @ beta) + float((weight * between**2).sum())
        return beta, inverse, residual

    def log(self, ratio: float) -> float:
        _, inverse, residual = self.solve(ratio)
        found = -0.5 * float(self.freedom * np.log(residual) + np.log1p(ratio * self.sums.sizes).sum())
        return found + (0.5 * float(np.linalg.slogdet(inverse)[1]) if self.restricted else 0.0)

    def slope(self, ratio: float) -> float:
        s = self.sums
        beta, inverse, residual = self.solve(ratio)
        weight = s.sizes / (1 + ratio * s.sizes)
        pulled = float((weight**2 * (s.mean_y - s.mean_x @ beta) ** 2).sum())
        found = 0.5 * float(self.freedom * pulled / residual - weight.sum())
        if self.restricted:
            found += 0.5 * float(np.trace(inverse @ (s.mean_x.T @ (weight[:, None] ** 2 * s.mean_x))))
        return found
