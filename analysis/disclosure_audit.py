"""Several tables of the same answers side by side: what they tell together about a group that none of them prints.

Areas form a tree, and so does one division of the whole by sex or mode; in each by itself :mod:`analysis.disclosure`
sees to it that no hidden group can be worked out. But a table of areas beside a table of canvassers' types may tell
more than both: where the agency's people worked in two communities, and one of them is hidden, the agency minus the
other one is the hidden one.

So the attacker is asked: given every printed sum at once, what is the least and the most that a hidden group may count?
That is a linear program over the cells of the full cross-classification (Fischetti & Salazar-González 2001, Management
Science 47:1008-1027, call it the attacker problem). Its continuous solution is what is asked of areas, too.

The attacker is taken to know how many are in each cell, the empty ones among them. That is the stricter reading: who
does not know which cells are empty can move people of a hidden group into others of its own division without any other
table showing it, so that about sizes the tables together tell no more than each by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.disclosure import LEAST_POINTS_RANGE
from analysis.estimation.sums import sum_by

_CLOSE = 1e-6
#: So many narrow ones are asked for one by one.
_FEW = 4
_SMALL = 50_000


@dataclass(frozen=True, kw_only=True)
class Atoms:
    """The A cells of the full cross-classification: ``sizes`` on each of B bases, (B, A); ``counts`` counted, (A,)."""

    sizes: IntArray
    counts: IntArray


def hide_more(
    atoms: Atoms, *, fixed: Sequence[BoolArray], candidates: Sequence[BoolArray], guarded: Sequence[BoolArray]
) -> frozenset[int]:
    """Which of the ``candidates`` may not be printed beside the ``fixed``, so that the ``guarded`` keep their range.

    Each set of atoms is (A,). A guarded one keeps a range of 20 points on each base, or all that the fixed ones leave
    it; of candidates the smallest whose hiding helps goes first.

    Two communities of 6 and 40, the smaller one hidden (with the rest of the city, 30); the agency interviewed in both:

    >>> atoms = Atoms(sizes=np.array([[6, 40, 30]]), counts=np.array([4, 30, 21]))
    >>> city, second, agency = (np.array(one, dtype=bool) for one in ([1, 1, 1], [0, 1, 0], [1, 1, 0]))
    >>> hide_more(atoms, fixed=[city, second], candidates=[agency], guarded=[np.array([True, False, False])])
    frozenset({0})
    """
    hidden: set[int] = set()
    for attacker in _attackers(atoms, guarded) if candidates else ():
        while True:
            open_ = [index for index in range(len(candidates)) if index not in hidden]
            target = attacker.finds([*fixed, *(candidates[index] for index in open_)], fixed)
            if target is None or not open_:
                break
            order = sorted(open_, key=lambda index: (int(atoms.sizes[0][candidates[index]].sum()), index))
            hidden.add(_next_to_hide(attacker, target, order, candidates, fixed))
    return frozenset(hidden)


def _next_to_hide(
    attacker: "_Attacker",
    target: int,
    order: Sequence[int],
    candidates: Sequence[BoolArray],
    fixed: Sequence[BoolArray],
) -> int:
    """The first in ``order`` without which the guarded set is wider; where none helps alone, the first overlapping."""
    for index in order:
        without = [*fixed, *(candidates[other] for other in order if other != index)]
        if attacker.is_wider(target, without):
            return index
    guarded = attacker.guarded[target]
    return next((index for index in order if (candidates[index] & guarded).any()), order[0])


def _attackers(atoms: Atoms, guarded: Sequence[BoolArray]) -> "Iterator[_Attacker]":
    """One on each base. What is possible among fewer answers is possible among more: the narrowest goes first."""
    known: _Attacker | None = None
    for sizes in sorted(atoms.sizes.astype(np.float64), key=lambda of_base: float(of_base.sum())):
        known = _Attacker(atoms.counts.astype(np.float64), sizes, guarded, known)
        yield known


class _Attacker:
    """Looks for a guarded set whose range is too narrow; remembers what it found possible, which stays possible when
    less is printed.
    """

    def __init__(
        self, truth: FloatArray, most: FloatArray, guarded: Sequence[BoolArray], known: "_Attacker | None" = None
    ) -> None:
        self._truth, self._most, self.guarded = truth, most, guarded
        self._least = LEAST_POINTS_RANGE * np.array([most[target].sum() for target in guarded])
        self._low = np.array([truth[target].sum() for target in guarded])
        self._high = self._low.copy()
        if known is not None:
            self._low, self._high = known._low.copy(), known._high.copy()
        self._of_fixed: dict[int, _Attacker] = {}
        self._asked = False  # all that there is to ask of a set alone

    def finds(self, printed: Sequence[BoolArray], fixed: Sequence[BoolArray]) -> int | None:
        """The first guarded set that ``printed`` narrows too much, given that the ``fixed`` are printed anyway."""
        self._exchange(printed)
        self._widen_together(printed)
        for target in range(len(self.guarded)):
            if self._is_wide(target):
                continue
            self._widen(printed, [target], enough=True)
            if not self._is_wide(target) and self._fixed_leave_more(target, fixed):
                return target
        return None

    def known_width(self, target: int) -> float:
        """As far as it was asked: all there is, of a set that :meth:`finds` found."""
        return float(self._high[target] - self._low[target])

    def is_wider(self, target: int, printed: Sequence[BoolArray]) -> bool:
        """Whether ``printed``, which is less than it was asked of, leaves one guarded set more than is known of it."""
        return self._alone(target)._exceeds(self.known_width(target), printed)

    def _fixed_leave_more(self, target: int, fixed: Sequence[BoolArray]) -> bool:
        if target not in self._of_fixed:
            self._of_fixed[target] = self._alone(target)
        return self._of_fixed[target]._exceeds(self.known_width(target), fixed)

    def _alone(self, target: int) -> "_Attacker":
        """Of one guarded set, with what was found possible: it stays so when less is printed."""
        alone = _Attacker(self._truth, self._most, [self.guarded[target]])
        alone._low[0], alone._high[0] = self._low[target], self._high[target]
        return alone

    def _exceeds(self, width: float, printed: Sequence[BoolArray]) -> bool:
        """Whether the first set may be wider: asked no further than that shows."""
        self._least[0] = width + 2 * _CLOSE
        if not self._is_wide(0) and not self._asked:
            self._exchange(printed)
            self._widen(printed, [0], enough=True)
            self._asked = not self._is_wide(0)
        return self._is_wide(0)

    def _is_wide(self, target: int) -> bool:
        return self.known_width(target) >= float(self._least[target]) - _CLOSE

    def _exchange(self, printed: Sequence[BoolArray]) -> None:
        """What no table tells apart may stand for each other: without asking, that shows how wide most are."""
        packed = np.packbits(np.array(printed, dtype=bool), axis=0)
        _, alike = np.unique(packed, axis=1, return_inverse=True)
        alike = alike.reshape(-1)
        count = int(alike.max()) + 1
        total = sum_by(alike, self._truth, count)
        for place, target in enumerate(self.guarded):
            own, others = (sum_by(alike[of], self._most[of], count) for of in (target, ~target))
            low, high = np.maximum(0, total - others).sum(), np.minimum(own, total).sum()
            self._low[place] = min(self._low[place], low)
            self._high[place] = max(self._high[place], high)

    def _widen_together(self, printed: Sequence[BoolArray]) -> None:
        """Most are wide, and a few answers show it: half of them high while the others are low, in a few ways."""
        for bit in range(len(self.guarded).bit_length()):
            narrow = [target for target in range(len(self.guarded)) if not self._is_wide(target)]
            if len(narrow) < _FEW:
                return
            self._widen(printed, narrow, [1.0 if place >> bit & 1 else -1.0 for place in range(len(narrow))])

    def _widen(
        self,
        printed: Sequence[BoolArray],
        targets: Sequence[int],
        signs: Sequence[float] = (1.0,),
        *,
        enough: bool = False,
    ) -> None:
        """Ask for the least and the most of guarded sets, and look what the answers say of all of them; ``enough``: no
        further than that the first is wide.
        """
        # Without whole numbers it is a linear program; linprog would spend as long on looking at it as on solving it.
        from scipy.optimize import Bounds, LinearConstraint, milp

        # What is wide stays so: of the others alone the answers tell anything, and fewer sets make fewer cells.
        wanted = [place for place in range(len(self.guarded)) if place in targets or not self._is_wide(place)]
        sets, truth, most = self._merged([*printed, *(self.guarded[place] for place in wanted)])
        matrix, guarded = sets[: len(printed)], sets[len(printed) :]
        equal = _numbers(matrix)
        held, bounds = LinearConstraint(equal, equal @ truth, equal @ truth), Bounds(np.zeros(len(truth)), most)
        aim = np.array(signs) @ guarded[[wanted.index(target) for target in targets]]
        # Programs so small are solved before they would be made smaller.
        for sign in (1.0, -1.0):
            if enough and self._is_wide(targets[0]):
                return
            found = milp(sign * aim, constraints=held, bounds=bounds, options={"presolve": False})
            if found.status == 0:
                possible = guarded @ found.x
                self._low[wanted] = np.minimum(self._low[wanted], possible)
                self._high[wanted] = np.maximum(self._high[wanted], possible)

    def _merged(self, each: Sequence[BoolArray]) -> tuple[BoolArray, FloatArray, FloatArray]:
        """Atoms that are in the same sets are one: the sets as rows, their truth and most."""
        sets = np.array(each, dtype=bool)
        _, first, of_atom = np.unique(np.packbits(sets, axis=0), axis=1, return_index=True, return_inverse=True)
        of_atom = of_atom.reshape(-1)
        truth = sum_by(of_atom, self._truth, len(first))
        most = sum_by(of_atom, self._most, len(first))
        return sets[:, first], truth, most


def _numbers(sets: BoolArray) -> Any:
    """As a matrix; sparse where it is large, for to make a small one sparse takes longer than to solve it."""
    from scipy.sparse import csr_matrix

    return sets.astype(np.float64) if sets.size < _SMALL else csr_matrix(sets, dtype=np.float64)
