"""What a draw selects: the same units every time, from the frame, the design and the seed.

A draw and its verification both go through here, so neither can drift from the other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from analysis.sampling.sample_design import Method, SampleDesign, StageUnit
from survey.messages import N_, BadInput, Message
from survey.units import NOT_DRAWN, Unit, UnitStatus

if TYPE_CHECKING:
    from analysis.sampling.earlier_draws import EarlierDraws
    from analysis.sampling.stages import DrawnUnits
    from survey.sampling.drawable_units import DrawableUnits

#: How selection and digest are worked out; another way would be another name.
METHOD = "stages/2"
#: The same but for dwellings by permanent random numbers, see :mod:`analysis.sampling.arc_windows`.
METHOD_BY_ARCS = "stages/1"
#: Draws of before: the same number in every community, systematically, with a digest of less.
METHOD_BEFORE = "stratified-systematic/1"
MOST_PER_COMMUNITY = 10_000
SALT_BYTES = 16
#: Whole bytes, 64 to 512 bits.
_SEED = re.compile(r"(?:[0-9a-f]{2}){8,64}")


@dataclass(frozen=True, kw_only=True)
class Selected:
    """A selected unit, see :class:`survey.store.cases.NewCase`.

    Its probability to be drawn, with the reserves, is ``inclusion_n`` ÷ ``inclusion_total``: of one stage as it is
    there (120 of 1,000), of more the product, reduced.
    """

    area: str
    grid: str
    unit_serial: int
    inclusion_n: int
    inclusion_total: int
    replicate: int
    stratum: str
    psu: str
    stages: str


@dataclass(frozen=True, kw_only=True)
class Selection:
    """``counts``: community -> units drawn, units that could be. ``windows``: of permanent numbers, as text."""

    cases: tuple[Selected, ...]
    counts: Mapping[str, tuple[int, int]]
    windows: str


class Drawn(Protocol):
    """What the digest of a draw covers: a :class:`Selected`, or a stored case as it was drawn."""

    @property
    def area(self) -> str: ...
    @property
    def unit_serial(self) -> int: ...
    @property
    def inclusion_n(self) -> int: ...
    @property
    def inclusion_total(self) -> int: ...
    @property
    def replicate(self) -> int: ...
    @property
    def stratum(self) -> str: ...
    @property
    def psu(self) -> str: ...
    @property
    def stages(self) -> str: ...


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


def needs_keys(design: SampleDesign) -> bool:
    """Whether units are drawn by permanent random numbers, which stand on the units' keys (those of grids on codes)."""
    return any(stage.unit is StageUnit.DWELLING and stage.method is Method.PERMANENT for stage in design.stages)


def select_units(
    units: Iterable[Unit], design: SampleDesign, *, seed: str, earlier: "EarlierDraws | None" = None
) -> tuple[Selected, ...]:
    """As :func:`select`, of ``units`` by serial."""
    import json

    from survey.sampling.drawable_units import by_column, gather_units

    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
    rows = [
        (unit.serial, unit.area, unit.grid, unit.status.value, unit.residents, encode(dict(unit.address)))
        for unit in units
    ]
    return select(gather_units([by_column(rows)], keys=needs_keys(design)), design, seed=seed, earlier=earlier).cases


def select(
    units: "DrawableUnits",
    design: SampleDesign,
    *,
    seed: str,
    earlier: "EarlierDraws | None" = None,
    method: str = METHOD,
) -> Selection:
    """The selection, by community and walking order; ``seed`` in hex digits; ``method``: as a stored draw names it.

    Raises what :func:`analysis.sampling.stages.draw_units` raises.
    """
    from analysis.sampling.earlier_draws import windows_text
    from analysis.sampling.stages import draw_units

    by_arcs = method == METHOD_BY_ARCS
    drawn = draw_units(units.frame, design, seed=bytes.fromhex(seed), earlier=earlier, by_arcs=by_arcs)
    return Selection(cases=_cases(units, drawn), counts=drawn.counts, windows=windows_text(drawn.windows))


def _cases(units: "DrawableUnits", drawn: "DrawnUnits") -> tuple[Selected, ...]:
    frame = units.frame
    rows = zip(
        [frame.communities[code] for code in frame.community[drawn.units].tolist()],
        [frame.grids[code] if code >= 0 else "" for code in frame.grid[drawn.units].tolist()],
        units.serials[drawn.units].tolist(),
        zip(drawn.numerators.tolist(), drawn.denominators.tolist(), strict=True),
        drawn.replicate.tolist(),
        drawn.strata,
        drawn.psus,
        drawn.stages,
        strict=True,
    )
    single = {stages: _fraction(stages) for stages in set(drawn.stages) if " " not in stages}
    cases = []
    for area, grid, serial, reduced, replicate, stratum, psu, stages in rows:
        n, total = single.get(stages, reduced)
        cases.append(
            Selected(
                area=area,
                grid=grid,
                unit_serial=serial,
                inclusion_n=n,
                inclusion_total=total,
                replicate=replicate,
                stratum=stratum,
                psu=psu,
                stages=stages,
            )
        )
    return tuple(cases)


def _fraction(text: str) -> tuple[int, int]:
    n, _, total = text.partition("/")
    return int(n), int(total)


class Drawing(Protocol):
    """All that decides a selection: a :class:`Design`, or a stored draw.

    ``frame_digest``: of areas and units, see :mod:`survey.sampling.frame_digest`. ``design``: canonical text.
    ``earlier``: the draws before it that it was given, as text, ``""``: none. ``per_community``: counts for draws of
    before alone.
    """

    @property
    def frame_digest(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def design(self) -> str: ...
    @property
    def seed(self) -> str: ...
    @property
    def earlier(self) -> str: ...
    @property
    def per_community(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class Design:
    """See :class:`Drawing`."""

    frame_digest: str
    method: str
    design: str
    seed: str
    earlier: str = ""
    per_community: int | None = None


def draw_digest(of: Drawing, cases: Iterable[Drawn], *, salt: bytes) -> str:
    """SHA-256 over the salt (bytes), a line for each part of the design, and the sorted lines of the cases.

    The lines, each ended by a line feed, in UTF-8, digests and seed in hex digits::

        frame F                                        F: digest of the frame
        method M                                       M: stages/2 (stages/1 before windows of their own)
        design D                                       D: text of the design
        seed S
        earlier E                                      where draws before it matter; E: their text
        area serial n N replicate stratum psu stages   one for each case, - for no psu; sorted as text

    A draw of before (method stratified-systematic/1) has ``per-community K`` in place of the design, no earlier draws,
    and cases of ``area serial n N``. Published at once, the digest commits to design and cases and, thanks to the salt,
    lets nobody try out guesses until the salt is published too. The design is in it because a short systematic draw
    comes out alike from many seeds.
    """
    head = f"frame {of.frame_digest}\nmethod {of.method}\n"
    if of.method == METHOD_BEFORE:
        head += f"per-community {of.per_community}\nseed {of.seed}\n"
        lines = sorted(f"{one.area} {one.unit_serial} {one.inclusion_n} {one.inclusion_total}\n" for one in cases)
    else:
        head += f"design {of.design}\nseed {of.seed}\n"
        head += f"earlier {of.earlier}\n" if of.earlier else ""
        lines = sorted(
            f"{one.area} {one.unit_serial} {one.inclusion_n} {one.inclusion_total} "
            f"{one.replicate} {one.stratum} {one.psu or '-'} {one.stages}\n"
            for one in cases
        )
    return hashlib.sha256(salt + (head + "".join(lines)).encode()).hexdigest()
