"""The design of the cases of a draw, as far as answers may tell it.

A drawn grid, or an inclusion probability of its own, beside an answer tells the cases it may be of. So whatever stands
beside an answer beyond its community has at least :data:`LEAST_CASES` cases of its community behind it: smaller PSUs
are put together with others, and where only different probabilities are left to put together, all of them count with
the one that keeps what they weigh together. That holds while the wave is open already, so that closing it changes no
estimate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from survey.fieldwork.pseudonyms import WHOLE

#: Cases behind everything that an answer tells of its dwelling but the community.
LEAST_CASES = 10
_MOST = 2**62
_Key = tuple[int, int, str, str]


class DrawnCase(Protocol):
    """A case in the field, see :class:`survey.store.cases.NewCase`; a stratum ``""`` is the community."""

    @property
    def id(self) -> UUID: ...
    @property
    def area(self) -> str: ...
    @property
    def stratum(self) -> str: ...
    @property
    def psu(self) -> str: ...
    @property
    def stages(self) -> str: ...
    @property
    def inclusion_n(self) -> int: ...
    @property
    def inclusion_total(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class CaseDesign:
    """How the dwelling of an answer was drawn: with probability ``inclusion_n / inclusion_total`` over all stages."""

    area: str  # the community
    stratum: str
    psu: str  # "": the dwelling itself
    inclusion_n: int
    inclusion_total: int


@dataclass(frozen=True, kw_only=True)
class CommunityCases:
    """The cases of a community that are in the field. ``weight``: 1 / inclusion probability added up over them.

    ``chance``: the inclusion probability of the community itself, 1 where communities were not drawn. ``single_stage``:
    all its dwellings were drawn at once, with one probability.
    """

    cases: int
    weight: float
    chance: Fraction
    single_stage: bool


def community_cases(cases: Iterable[DrawnCase]) -> dict[str, CommunityCases]:
    """By the code of the community, in their order."""
    found: dict[str, CommunityCases] = {}
    for area, inside in sorted(_by_area(cases).items()):
        keys = {_key(one) for one in inside}
        _, _, stratum, psu = _key(inside[0])
        found[area] = CommunityCases(
            cases=len(inside),
            weight=_weight(inside),
            chance=Fraction(inside[0].stages.split()[0]) if stratum == WHOLE else Fraction(1),
            single_stage=len(keys) == 1 and (stratum, psu) == (area, ""),
        )
    return found


def told_designs(cases: Iterable[DrawnCase]) -> dict[UUID, CaseDesign]:
    """Case -> its design as its answer may tell it."""
    told: dict[UUID, CaseDesign] = {}
    for area, inside in _by_area(cases).items():
        groups: defaultdict[_Key, list[DrawnCase]] = defaultdict(list)
        for one in inside:
            groups[_key(one)].append(one)
        for together in _merged(groups):
            design = _design(area, together)
            told |= {one.id: design for one in together}
    return told


def _weight(cases: Sequence[DrawnCase]) -> float:
    alike = Counter((one.inclusion_n, one.inclusion_total) for one in cases)
    return sum(count * total / n for (n, total), count in alike.items())


def _by_area(cases: Iterable[DrawnCase]) -> dict[str, list[DrawnCase]]:
    found: defaultdict[str, list[DrawnCase]] = defaultdict(list)
    for one in cases:
        found[one.area].append(one)
    return found


def _key(case: DrawnCase) -> _Key:
    return case.inclusion_n, case.inclusion_total, case.stratum or case.area, case.psu


def _merged(groups: Mapping[_Key, list[DrawnCase]]) -> list[list[DrawnCase]]:
    """The smallest group joins the one most like it until each has enough cases: the same probability first, then the
    same stratum, then the nearest probability, then the smallest.
    """
    parts = [(Fraction(n, total), stratum, psu, groups[n, total, stratum, psu]) for n, total, stratum, psu in groups]
    parts.sort(key=lambda part: part[:3])
    while len(parts) > 1:
        small = min(parts, key=lambda part: len(part[3]))
        if len(small[3]) >= LEAST_CASES:
            break
        chance, stratum, _, cases = small
        parts.remove(small)
        best = min(parts, key=lambda part: (part[0] != chance, part[1] != stratum, abs(part[0] - chance), len(part[3])))
        parts[parts.index(best)] = (*best[:3], [*best[3], *cases])
    return [cases for *_, cases in parts]


def _design(area: str, together: Sequence[DrawnCase]) -> CaseDesign:
    """Strata put together are one PSU of the community's."""
    keys = {_key(one) for one in together}
    n, total, stratum, psu = _key(together[0])
    strata, psus = {stratum for _, _, stratum, _ in keys}, {psu for _, _, _, psu in keys}
    if any(Fraction(*key[:2]) != Fraction(n, total) for key in keys):
        n, total = _mean_chance(together).as_integer_ratio()
    return CaseDesign(
        area=area,
        stratum=stratum if len(strata) == 1 else area,
        psu=psu if len(strata) == len(psus) == 1 else "+".join(sorted(strata | psus)),
        inclusion_n=n,
        inclusion_total=total,
    )


def _mean_chance(together: Sequence[DrawnCase]) -> Fraction:
    """Cases ÷ what they weigh together."""
    weight = sum(Fraction(one.inclusion_total, one.inclusion_n) for one in together)
    chance = len(together) / Fraction(weight)
    return chance if chance.denominator < _MOST else chance.limit_denominator(10**9)
