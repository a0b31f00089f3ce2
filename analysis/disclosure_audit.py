"""Several tables of the same answers side by side: what they tell together about a group that none of them prints.

Areas form a tree, and so does one division of the whole by sex or mode; in each by itself :mod:`analysis.disclosure`
sees to it that no hidden group can be worked out. But a table of areas beside a table of canvassers' types may tell
more than both: where the agency's people worked in two communities, and one of them is hidden, the agency minus the
other one is the hidden one.

So the attacker is asked: given every printed sum at once, what is the least and the most that a hidden group may count?
That is a linear program over the cells of the full cross-classification (Fischetti & Salazar-González 2001, Management
Science 47:1008-1027, call it the attacker problem). Its continuous solution is what is asked of areas, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.disclosure import LEAST_PERSONS_RANGE, LEAST_POINTS_RANGE
from analysis.estimation.sums import sum_by

_CLOSE = 1e-6


@dataclass(frozen=True, kw_only=True)
class Atoms:
    """The A cells of the full cross-classification: ``sizes`` on each of B bases, (B, A); ``counts`` counted, (A,)."""

    sizes: IntArray
    counts: IntArray


def hide_more(
    atoms: Atoms, *, fixed: Sequence[BoolArray], candidates: Sequence[BoolArray], guarded: Sequence[BoolArray]
) -> frozenset[int]:
    """Which of the ``candidates`` may not be printed beside the ``fixed``, so that the ``guarded`` keep their range.

    Each set of atoms is (A,). A guarded one keeps a range of 20 points (its size on the base taken as known) and of 10
    persons, or all that the fixed ones leave it. Candidates that overlap it go first, the smallest before others.

    Two communities of 6 and 40, the smaller one hidden (with the rest of the city, 30); the agency interviewed in both:

    >>> atoms = Atoms(sizes=np.array([[6, 40, 30]]), counts=np.array([4, 30, 21]))
    >>> city, second, agency = (np.array(one, dtype=bool) for one in ([1, 1, 1], [0, 1, 0], [1, 1, 0]))
    >>> hide_more(atoms, fixed=[city, second], candidates=[agency], guarded=[np.array([True, False, False])])
    frozenset({0})
    """
    hidden: set[int] = set()
    attackers = [attacker for base in range(len(atoms.sizes)) for attacker in _attackers(atoms, base, guarded)]
    sizes = [int(atoms.sizes[0][candidate].sum()) for candidate in candidates]
    for attacker in attackers:
        while True:
            printed = [candidate for index, candidate in enumerate(candidates) if index not in hidden]
            open_ = [index for index in range(len(candidates)) if index not in hidden]
            target = attacker.finds([*fixed, *printed], fixed)
            if target is None or not open_:
                break
            overlaps = {index: bool((candidates[index] & guarded[target]).any()) for index in open_}
            hidden.add(min(open_, key=lambda index: (not overlaps[index], sizes[index], index)))
    return frozenset(hidden)


def _attackers(atoms: Atoms, base: int, guarded: Sequence[BoolArray]) -> "tuple[_Attacker, _Attacker]":
    """One who knows how many are in each cell, and asks for answers; one who asks how many there are."""
    sizes = atoms.sizes[base].astype(np.float64)
    within = np.array([sizes[target].sum() for target in guarded])
    return (
        _Attacker(atoms.counts.astype(np.float64), sizes, guarded, LEAST_POINTS_RANGE * within),
        _Attacker(sizes, None, guarded, np.where(within > 0, float(LEAST_PERSONS_RANGE), 0.0)),
    )


class _Attacker:
    """Looks for a guarded set whose range is too narrow; remembers what it found possible, which stays possible when
    less is printed.
    """

    def __init__(
        self, truth: FloatArray, most: FloatArray | None, guarded: Sequence[BoolArray], least: FloatArray
    ) -> None:
        self._truth, self._most, self._guarded, self._least = truth, most, guarded, least
        self._low = np.array([truth[target].sum() for target in guarded])
        self._high = self._low.copy()

    def finds(self, printed: Sequence[BoolArray], fixed: Sequence[BoolArray]) -> int | None:
        """The first guarded set that ``printed`` narrows too much, given that the ``fixed`` are printed anyway."""
        for target in range(len(self._guarded)):
            if self._is_wide(target):
                continue
            self._widen(target, printed)
            if not self._is_wide(target):
                own = _Attacker(self._truth, self._most, [self._guarded[target]], self._least[[target]])
                own._widen(0, fixed)
                if own._high[0] - own._low[0] > self._high[target] - self._low[target] + _CLOSE:
                    return target
        return None

    def _is_wide(self, target: int) -> bool:
        return bool(self._high[target] - self._low[target] >= self._least[target] - _CLOSE)

    def _widen(self, target: int, printed: Sequence[BoolArray]) -> None:
        """Ask for the least and the most of a guarded set, and look what the answers say of the others."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_matrix

        cells, truth, most = self._merged(target, printed)
        matrix = csr_matrix(cells[:-1].astype(np.float64))
        upper = np.full(len(truth), np.inf) if most is None else most
        bounds = np.column_stack([np.zeros(len(truth)), upper])
        for sign in (1.0, -1.0):
            aim = sign * cells[-1].astype(np.float64)
            found = linprog(  # type: ignore[call-overload]  # sparse matrices are taken, the stubs do not say so
                aim, A_eq=matrix, b_eq=matrix @ truth, bounds=bounds, method="highs"
            )
            if found.status == 0:
                value = sign * float(found.fun)
                self._low[target] = min(self._low[target], value)
                self._high[target] = max(self._high[target], value)

    def _merged(
        self, target: int, printed: Sequence[BoolArray]
    ) -> tuple[NDArray[np.bool_], FloatArray, FloatArray | None]:
        """Atoms that are in the same sets are one: the sets as rows (the target last), their truth and most."""
        sets = np.array([*printed, self._guarded[target]], dtype=bool)
        _, first, of_atom = np.unique(np.packbits(sets, axis=0), axis=1, return_index=True, return_inverse=True)
        of_atom = of_atom.reshape(-1)
        truth = sum_by(of_atom, self._truth, len(first))
        most = None if self._most is None else sum_by(of_atom, self._most, len(first))
        return sets[:, first], truth, most
