"""What other readings of rates are worked out of: a value between 0 and 1 for every answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.answers import ASKED, VALID
from analysis.design import BoolArray, FloatArray
from analysis.publication import Base, Reading

_MEMBERS = {Base.ASKED: ASKED, Base.VALID: VALID}


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadAnswers:
    """One reading of the rate ``indicator``.

    ``values`` (n,): what each answer counts, 0-1 (a score of 100 counts 1), 0 where there is no valid answer.
    ``difference`` (n,): what it counts more than in the rate, brought to 0-1 by the least and most that any answer
    could; ``None`` where the reading counts the same answers on another base.
    """

    indicator: str
    reading: Reading
    base: Base
    values: FloatArray
    difference: FloatArray | None = None

    def members(self, states: NDArray[np.int8]) -> BoolArray:
        """Who is in the base, given the ``states`` (n,) of the rate."""
        found: BoolArray = np.isin(states, np.array(_MEMBERS[self.base], dtype=np.int8))
        return found


@dataclass(frozen=True, kw_only=True)
class IndexOfScores:
    """``weights``: indicator -> the share of its score, above 0, relative to the others'."""

    code: str
    weights: Mapping[str, float]
