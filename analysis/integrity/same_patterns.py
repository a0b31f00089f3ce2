"""Questionnaires of one community that are answered alike from the first question to the last, more of them than chance
explains.

Chance is reckoned in favour of those who answered, by the larger of two: as if people answered each question apart,
with the shares that its answers have in the wave without the copies; and, for questionnaires in which nearly every
answer has the same code ("very satisfied" from top to bottom, which many people tick in good faith), the share of
that very pattern in the other communities. So a city that ticks the same box everywhere is no sign, and a hall full
of copies in one community is. Copies of a mixed pattern are one in every community too: that many people agree on
twenty different answers is not chance, wherever it happens. A sign, never a verdict.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

#: One item after the other: its id and the code or codes chosen.
Pattern = tuple[tuple[str, Hashable], ...]

#: Shorter ones are alike too easily.
LEAST_ANSWERS = 8
LEAST_COPIES = 3
#: That nothing but chance is at work anywhere in the wave, at most.
CHANCE = 0.001
#: From this share of answers with one code on a pattern is uniform.
UNIFORM_FROM = 0.8


@dataclass(frozen=True, kw_only=True)
class SamePattern:
    """``responses``: places in what was given, ``expected``: how many of the community would have it by chance."""

    area: str
    responses: tuple[int, ...]
    expected: float
    uniform: bool


def find_same_patterns(areas: Sequence[str], patterns: Sequence[Pattern]) -> tuple[SamePattern, ...]:
    """Patterns that are there more often than chance explains, by community, the most copies first.

    ``areas[i]`` is the community of ``patterns[i]``.

    >>> mixed = tuple((f"q{place}", place % 5) for place in range(10))
    >>> others = [tuple((f"q{place}", (place * n + n) % 5) for place in range(10)) for n in (2, 3, 4, 6)]
    >>> [found.responses for found in find_same_patterns(["a"] * 7, [mixed] * 3 + others)]
    [(0, 1, 2)]
    """
    answers, sizes = Counter(answer for pattern in patterns for answer in pattern), Counter(areas)
    asked: Counter[str] = Counter()
    for (item, _), count in answers.items():
        asked[item] += count
    places: defaultdict[tuple[str, Pattern], list[int]] = defaultdict(list)
    everywhere: Counter[Pattern] = Counter(patterns)
    for place, key in enumerate(zip(areas, patterns, strict=True)):
        places[key].append(place)
    tested = max(len(places), 1)
    found = []
    for (area, pattern), copies in places.items():
        if len(copies) < LEAST_COPIES or len(pattern) < LEAST_ANSWERS:
            continue
        uniform, many = is_uniform(pattern), len(copies)
        share = math.prod((answers[answer] - many + 1) / (asked[answer[0]] - many + 2) for answer in pattern)
        elsewhere = len(areas) - sizes[area]
        if uniform and elsewhere:
            share = max(share, (everywhere[pattern] - len(copies)) / elsewhere)
        expected = sizes[area] * share
        if at_least(len(copies), expected) < CHANCE / tested:
            found.append(SamePattern(area=area, responses=tuple(copies), expected=expected, uniform=uniform))
    return tuple(sorted(found, key=lambda one: (one.area, -len(one.responses), one.responses)))


def is_uniform(pattern: Pattern) -> bool:
    """Whether nearly every answer has the same code.

    >>> is_uniform((("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 2))), is_uniform((("a", 1), ("b", 2)))
    (True, False)
    """
    most = Counter(code for _, code in pattern).most_common(1)
    return bool(most) and most[0][1] >= UNIFORM_FROM * len(pattern)


def at_least(count: int, expected: float) -> float:
    """The probability of ``count`` or more where ``expected`` are expected (Poisson).

    >>> round(at_least(3, 1.0), 6), at_least(0, 5.0), at_least(2, 0.0)
    (0.080301, 1.0, 0.0)
    """
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    # From the first term on: what is left of 1 would be lost in rounding.
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    total, place = 0.0, count
    while term > total * 1e-17 or place <= expected:
        total += term
        place += 1
        term *= expected / place
        if term == 0.0:
            break
    return min(1.0, total)
