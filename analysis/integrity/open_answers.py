"""Signs that answers by an open link were stuffed: flags for a statistician, never verdicts, never a refusal.

What decides is what was seen when an answer was handed in; nothing of it is kept but the signs themselves. Each has
innocent explanations: a carrier's address translation puts a whole community behind one address, a phone goes round
the family, an old browser runs no script, some people tick quickly. So many answers from one network are a strong sign
only together with another one; very many are a weak one of their own, as a script that waits long enough and does the
work has no other. A weak sign, as a missing proof of work is, is never a reason alone. Limits are this project's
defaults.
"""

from dataclasses import dataclass
from enum import IntFlag


class OpenSign(IntFlag):
    """As stored: the sum of the values, 0 for none."""

    BURST = 1  # many of its community came through its network in a short time, and it has another sign
    NO_PROOF = 2  # its browser did not do the small piece of work that the page's script does
    FAST = 4  # far below the time that reading its questions takes
    SAME_DEVICE = 8  # its browser handed in an answer of the same wave before
    CROWD = 16  # very many of its community came through its network in a short time


#: So many of one community through one network within :data:`WINDOW_SECONDS`, the one looked at included.
BURST_FROM = 10
#: So many are a weak sign by themselves.
CROWD_FROM = 30
WINDOW_SECONDS = 20 * 60
#: Of the time that a quick reader needs.
FAST_BELOW = 1 / 3
WEAK = OpenSign.NO_PROOF | OpenSign.CROWD


@dataclass(frozen=True, kw_only=True)
class Seen:
    """``from_network``: answers of its community through its network lately, itself included; 0: not known.

    ``elapsed``: coarse seconds from beginning to handing in, ``None``: not known. ``reading``: seconds that a quick
    reader needs for what was answered.
    """

    from_network: int
    proved: bool
    elapsed: int | None
    reading: float
    handed_in_before: bool


def decide_signs(seen: Seen) -> OpenSign:
    """The signs of one answer.

    >>> calm = Seen(from_network=29, proved=True, elapsed=240, reading=90, handed_in_before=False)
    >>> decide_signs(calm)
    <OpenSign: 0>
    >>> decide_signs(Seen(from_network=10, proved=False, elapsed=240, reading=90, handed_in_before=False))
    <OpenSign.BURST|NO_PROOF: 3>
    >>> decide_signs(Seen(from_network=1, proved=True, elapsed=15, reading=90, handed_in_before=True))
    <OpenSign.FAST|SAME_DEVICE: 12>
    >>> decide_signs(Seen(from_network=30, proved=True, elapsed=240, reading=90, handed_in_before=False))
    <OpenSign.CROWD: 16>
    """
    signs = OpenSign(0)
    if not seen.proved:
        signs |= OpenSign.NO_PROOF
    if seen.elapsed is not None and seen.elapsed < seen.reading * FAST_BELOW:
        signs |= OpenSign.FAST
    if seen.handed_in_before:
        signs |= OpenSign.SAME_DEVICE
    if signs and seen.from_network >= BURST_FROM:
        signs |= OpenSign.BURST
    if seen.from_network >= CROWD_FROM:
        signs |= OpenSign.CROWD
    return signs


def is_strong(signs: OpenSign) -> bool:
    """Whether there is more than weak signs.

    >>> is_strong(OpenSign.NO_PROOF | OpenSign.CROWD), is_strong(OpenSign.NO_PROOF | OpenSign.FAST)
    (False, True)
    """
    return bool(signs & ~WEAK)
