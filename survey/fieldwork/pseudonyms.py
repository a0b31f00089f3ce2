"""What a response is called once its wave is closed: labels that chance gave, and nothing that leads back."""

import random
import string
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One response of the sample and where it came from, as long as that is known. ``canvasser`` 0: nobody asked."""

    uuid: UUID
    area: str
    canvasser: int


def number_psus(responses: Sequence[Answered], chance: random.Random) -> dict[UUID, int]:
    """1…n in an order that says nothing. Each response is a PSU: one adult of one dwelling."""
    labels = list(range(1, len(responses) + 1))
    chance.shuffle(labels)
    return dict(zip((one.uuid for one in responses), labels, strict=True))


def name_canvassers(
    responses: Sequence[Answered], cases: Mapping[tuple[str, int], int], chance: random.Random
) -> dict[UUID, str]:
    """Letters for the canvasser of each response, other ones in each community; ``""`` where they would tell too much.

    ``cases``: (area, account) -> cases assigned there. Whoever has a backup from before the closing knows whose case
    each was. Letters that are the same everywhere would show the canvasser by the communities; and in one community
    a canvasser with three cases by the three answers. So a community gets letters only where each of them could be
    anybody who had cases there: nobody has more answers than anybody has cases.
    """
    asked: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in responses:
        if one.canvasser:
            asked[one.area][one.canvasser] += 1
    had: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for (area, account), count in cases.items():
        had[area][account] = count
    safe = [(area, who) for area, counts in asked.items() if _is_safe(counts, had[area]) for who in counts]
    chance.shuffle(safe)
    letters = {pair: _letters(number) for number, pair in enumerate(safe)}
    return {one.uuid: letters.get((one.area, one.canvasser), "") for one in responses}


def _is_safe(asked: Mapping[int, int], had: Mapping[int, int]) -> bool:
    return len(had) >= 2 and asked.keys() <= had.keys() and max(asked.values()) <= min(had.values())


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …

    >>> [_letters(number) for number in (0, 25, 26, 702)]
    ['A', 'Z', 'AA', 'AAA']
    """
    text, number = "", number + 1
    while number:
        number, letter = divmod(number - 1, 26)
        text = string.ascii_uppercase[letter] + text
    return text
