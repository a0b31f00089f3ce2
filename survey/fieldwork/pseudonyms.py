"""What a response is called once its wave is closed: labels that chance gave, and nothing that leads back."""

import random
import string
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

#: The stratum of communities that were drawn themselves.
WHOLE = "*"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One response of the sample and where it came from, as long as that is known. ``canvasser`` 0: nobody asked.

    ``stratum`` and ``psu`` of its dwelling; ``""``: the stratum is the community; the dwelling was drawn by itself.
    """

    uuid: UUID
    area: str
    canvasser: int
    stratum: str = ""
    psu: str = ""


def number_psus(responses: Sequence[Answered], chance: random.Random) -> dict[UUID, int]:
    """1…m in an order that says nothing; all answers of one PSU have one number. Where dwellings were drawn each
    response is one: one adult of one dwelling.
    """
    psus = [(one.stratum or one.area, one.psu) if one.psu else one.uuid for one in responses]
    known = list(dict.fromkeys(psus))
    labels = list(range(1, len(known) + 1))
    chance.shuffle(labels)
    label = dict(zip(known, labels, strict=True))
    return {one.uuid: label[psu] for one, psu in zip(responses, psus, strict=True)}


def name_strata(responses: Sequence[Answered], chance: random.Random) -> dict[UUID, str]:
    """The stratum of each response: communities and the whole (``"*"``) as they are; of what else was taken with
    certainty, say a grid, the community and a letter of chance.
    """
    others = sorted({(one.area, one.stratum) for one in responses} - {(one.area, one.area) for one in responses})
    inner = [(area, stratum) for area, stratum in others if stratum not in ("", WHOLE)]
    chance.shuffle(inner)
    counts: Counter[str] = Counter()
    names: dict[tuple[str, str], str] = {}
    for area, stratum in inner:
        names[area, stratum] = f"{area}/{_letters(counts[area])}"
        counts[area] += 1
    return {one.uuid: names.get((one.area, one.stratum), one.stratum or one.area) for one in responses}


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
