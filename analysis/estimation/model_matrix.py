"""From a formula and named columns to the outcome and the matrix of a regression.

Formulas are those of Wilkinson & Rogers (1973, Appl. Stat. 22:392-399) as far as a survey needs them: an outcome, then
terms joined by ``+``; ``a:b`` for an interaction, ``a*b`` for both and it, ``0`` or ``-1`` for no intercept. A factor
has one column per level but its first.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from analysis.design import BoolArray, DesignError, FloatArray

_NAME = re.compile(r"[^\W\d][\w.]*")
_FACTOR = re.compile(r"factor\((.*)\)")

#: Numbers (NaN: missing) or words ("": missing).
Column = FloatArray | Sequence[str]


class FormulaError(DesignError):
    """A formula that says nothing about the columns there are."""


@dataclass(frozen=True, kw_only=True)
class Formula:
    """``outcome`` on ``terms``, each a tuple of the columns that it multiplies; ``factors``: those said to be so."""

    outcome: str
    terms: tuple[tuple[str, ...], ...]
    intercept: bool
    factors: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ModelMatrix:
    """``outcome`` (n,), ``matrix`` (n, p) of the columns ``names``; ``complete`` (n,): units that miss nothing."""

    outcome: FloatArray
    matrix: FloatArray
    names: tuple[str, ...]
    complete: BoolArray


def parse_formula(text: str) -> Formula:
    """Raises :class:`FormulaError` for anything but names joined as the module says.

    >>> found = parse_formula("satisfied ~ age + factor(street)*sex")
    >>> found.outcome, found.terms
    ('satisfied', (('age',), ('street',), ('sex',), ('street', 'sex')))
    """
    left, tilde, right = (part.strip() for part in text.partition("~"))
    if not tilde or "~" in right:
        raise FormulaError(f"formula: got {text!r}, expected one outcome ~ terms joined by +")
    factors: set[str] = set()
    terms: list[tuple[str, ...]] = []
    intercept = True
    for part in re.sub(r"-\s*1", "+0", right).split("+"):
        if part.strip() in ("0", "1"):
            intercept = part.strip() == "1"
            continue
        names = [[_name(name, factors, text) for name in side.split(":")] for side in part.split("*")]
        terms += [tuple(term) for term in names]
        if len(names) > 1:
            terms.append(tuple(name for term in names for name in term))
    ordered = sorted(dict.fromkeys(terms), key=len)
    return Formula(
        outcome=_name(left, factors, text), terms=tuple(ordered), intercept=intercept, factors=frozenset(factors)
    )


def _name(text: str, factors: set[str], formula: str) -> str:
    text = text.strip()
    inner = _FACTOR.fullmatch(text)
    name = inner[1].strip() if inner else text
    if not _NAME.fullmatch(name):
        raise FormulaError(f"formula: got {name!r} in {formula!r}, expected the name of a column")
    if inner:
        factors.add(name)
    return name


def model_matrix(
    formula: str, columns: Mapping[str, Column], *, factors: Collection[str] = (), within: BoolArray | None = None
) -> ModelMatrix:
    """The outcome and matrix of ``formula``; columns of words and those named in ``factors`` have levels.

    ``within`` (n,): the units whose levels count (all). Levels are in order of size or alphabet; the first is what the
    others are compared with. Raises :class:`FormulaError` for columns that are not there or have one level only.

    >>> found = model_matrix("y ~ sex", {"y": np.array([1.0, 0, 1]), "sex": ["f", "m", ""]})
    >>> found.names, found.matrix.tolist(), found.complete.tolist()
    (('(Intercept)', 'sexm'), [[1.0, 0.0], [1.0, 1.0], [1.0, 0.0]], [True, True, False])
    """
    parsed = parse_formula(formula)
    used = dict.fromkeys([parsed.outcome, *(name for term in parsed.terms for name in term)])
    unknown = [name for name in used if name not in columns]
    if unknown:
        raise FormulaError(f"formula: got {', '.join(unknown)}, expected columns out of {', '.join(columns)}")
    complete = reduce(np.logical_and, [present(columns[name]) for name in used])
    counting = complete if within is None else complete & within
    with_levels = {name for name in used if name in parsed.factors or name in factors or not _is_numbers(columns[name])}
    whole = _wholly_coded(parsed, with_levels)
    parts = []
    for term in parsed.terms:
        blocks = []
        for name in term:
            if name in with_levels:
                blocks.append(_indicators(name, columns[name], counting, drop_first=(term, name) not in whole))
            else:
                blocks.append((np.nan_to_num(np.asarray(columns[name], dtype=np.float64))[:, np.newaxis], (name,)))
        parts.append(reduce(_product, blocks))
    if parsed.intercept:
        parts.insert(0, (np.ones((len(complete), 1)), ("(Intercept)",)))
    if not parts:
        raise FormulaError(f"formula: got {formula!r}, expected at least one term")
    return ModelMatrix(
        outcome=_numbers(parsed.outcome, columns[parsed.outcome], counting),
        matrix=np.hstack([values for values, _ in parts]),
        names=tuple(name for _, names in parts for name in names),
        complete=complete,
    )


def _wholly_coded(formula: Formula, with_levels: Collection[str]) -> set[tuple[tuple[str, ...], str]]:
    """Factors that keep their first level in a term: those whose term without them is not in the model (Chambers &
    Hastie 1992, *Statistical Models in S*, section 2.4.1), and the first of all where there is no intercept."""
    terms: set[frozenset[str]] = {frozenset(term) for term in formula.terms} | {frozenset()}
    found = {
        (term, name)
        for term in formula.terms
        for name in term
        if name in with_levels and frozenset(term) - {name} not in terms
    }
    alone = [term for term in formula.terms if len(term) == 1 and term[0] in with_levels]
    if not formula.intercept and alone:
        found.add((alone[0], alone[0][0]))
    return found


def present(column: Column) -> BoolArray:
    """Where there is an answer, (n,)."""
    if _is_numbers(column):
        return np.isfinite(np.asarray(column, dtype=np.float64))
    return np.array([word != "" for word in column], dtype=bool)


def level_codes(column: Column, counting: BoolArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The levels among those ``counting`` (n,), by size or alphabet, and each unit's (n,), -1 where it has none.

    >>> level_codes(np.array([10.0, 9.0, 10.0, np.nan]), np.ones(4, dtype=bool))
    (('9', '10'), array([ 1,  0,  1, -1]))
    """
    known = present(column) & counting
    values = np.asarray(column)
    levels, codes = np.unique(values[known], return_inverse=True)
    found = np.full(len(values), -1, dtype=np.int64)
    found[known] = codes
    return tuple(f"{level:.15g}" if _is_numbers(column) else str(level) for level in levels), found


def _is_numbers(column: Column) -> bool:
    return isinstance(column, np.ndarray) and np.issubdtype(column.dtype, np.number)


def _numbers(name: str, column: Column, counting: BoolArray) -> FloatArray:
    """The outcome; of two words the second in the alphabet counts."""
    if _is_numbers(column):
        return np.asarray(column, dtype=np.float64)
    levels, codes = level_codes(column, counting)
    if len(levels) > 2:
        raise FormulaError(f"{name}: got an outcome of {len(levels)} words, expected numbers or two words")
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _indicators(
    name: str, column: Column, counting: BoolArray, *, drop_first: bool
) -> tuple[FloatArray, tuple[str, ...]]:
    levels, codes = level_codes(column, counting)
    if len(levels) < 2:
        raise FormulaError(f"{name}: got {len(levels)} level, expected at least two to compare")
    first = 1 if drop_first else 0
    matrix = (codes[:, np.newaxis] == np.arange(first, len(levels))).astype(np.float64)
    return matrix, tuple(f"{name}{level}" for level in levels[first:])


def _product(
    left: tuple[FloatArray, tuple[str, ...]], right: tuple[FloatArray, tuple[str, ...]]
) -> tuple[FloatArray, tuple[str, ...]]:
    """Every column of one times every column of the other, those of the left going round fastest."""
    values = [left[0][:, i] * right[0][:, j] for j in range(len(right[1])) for i in range(len(left[1]))]
    return np.column_stack(values), tuple(f"{a}:{b}" for b in right[1] for a in left[1])
