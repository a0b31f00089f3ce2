"""What a draw selects: the same units every time, from the frame, the number per community and the seed.

A draw and its verification both go through here, so neither can drift from the other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from analysis.sampling.stratified import METHOD, draw_stratified
from survey.messages import N_, BadInput, Message
from survey.units import Unit, UnitStatus

__all__ = ["METHOD"]

#: Nobody lives there, and the frame says so.
NOT_DRAWN = frozenset({UnitStatus.DEMOLISHED, UnitStatus.COMMERCIAL})
MOST_PER_COMMUNITY = 10_000
SALT_BYTES = 16
#: Whole bytes, 64 to 512 bits.
_SEED = re.compile(r"(?:[0-9a-f]{2}){8,64}")


@dataclass(frozen=True, kw_only=True)
class Selected:
    """A selected unit. Its inclusion probability is ``inclusion_n`` ÷ ``inclusion_total`` of its community."""

    area: str
    grid: str
    unit_serial: int
    inclusion_n: int
    inclusion_total: int


class Drawn(Protocol):
    """What the digest of a draw covers: a :class:`Selected`, or a stored case."""

    @property
    def area(self) -> str: ...
    @property
    def unit_serial(self) -> int: ...
    @property
    def inclusion_n(self) -> int: ...
    @property
    def inclusion_total(self) -> int: ...


def read_seed(seed: str) -> str:
    """The seed as it is kept: 16 to 128 hex digits in lower case. Raises :class:`BadInput`.

    >>> read_seed(" 00FF00FF00FF00FF ")
    '00ff00ff00ff00ff'
    """
    plain = seed.strip().lower()
    if not _SEED.fullmatch(plain):
        message = N_("种子“{got}”不能用：应为 16 到 128 位十六进制数字（0–9、a–f），位数为偶数")
        raise BadInput(Message(message, {"got": seed[:40]}))
    return plain


def check_per_community(number: int) -> None:
    """Raises :class:`BadInput` unless 1 … 10,000."""
    if not 1 <= number <= MOST_PER_COMMUNITY:
        message = N_("每个社区抽取 {got} 个：应为 1 到 {most} 个")
        raise BadInput(Message(message, {"got": number, "most": MOST_PER_COMMUNITY}))


def drawable(counts: Mapping[UnitStatus, int]) -> int:
    """How many of a community's units a draw may take.

    >>> drawable({UnitStatus.OWNED: 5, UnitStatus.VACANT: 2, UnitStatus.DEMOLISHED: 3})
    7
    """
    return sum(count for status, count in counts.items() if status not in NOT_DRAWN)


def select_units(units: Iterable[Unit], *, per_community: int, seed: str) -> tuple[Selected, ...]:
    """The selection, by community and walking order; ``units`` come by serial, ``seed`` in hex digits.

    A community's stratum is its drawable units in the canonical order; see :mod:`analysis.sampling.stratified`.
    """
    strata: dict[str, list[tuple[int, str]]] = {}
    for unit in units:
        if unit.status not in NOT_DRAWN:
            strata.setdefault(unit.area, []).append((unit.serial, unit.grid))
    sizes = {area: len(members) for area, members in strata.items()}
    drawn = draw_stratified(sizes, per_stratum=per_community, seed=bytes.fromhex(seed))
    return tuple(
        Selected(
            area=area,
            grid=strata[area][position][1],
            unit_serial=strata[area][position][0],
            inclusion_n=len(drawn[area]),
            inclusion_total=sizes[area],
        )
        for area in sorted(drawn)
        for position in drawn[area]
    )


@dataclass(frozen=True, kw_only=True)
class Design:
    """All that decides a selection. ``frame_digest``: of areas and units, see :mod:`survey.frame_digest`."""

    frame_digest: str
    method: str
    per_community: int
    seed: str


def draw_digest(design: Design, cases: Iterable[Drawn], *, salt: bytes) -> str:
    """SHA-256 over the salt, a line for each part of the design, and the sorted lines ``area serial n N``.

    Published at once, it commits to design and cases and, thanks to the salt, lets nobody try out guesses until the
    salt is published too. The design is in it because a short systematic draw comes out alike from many seeds.
    """
    head = (
        f"frame {design.frame_digest}\nmethod {design.method}\n"
        f"per-community {design.per_community}\nseed {design.seed}\n"
    )
    lines = sorted(f"{case.area} {case.unit_serial} {case.inclusion_n} {case.inclusion_total}\n" for case in cases)
    return hashlib.sha256(salt + (head + "".join(lines)).encode()).hexdigest()
