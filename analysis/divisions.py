"""Divisions of the whole by something else than areas: by sex, by age, by mode."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.answers import ASKED, VALID, AnswerState
from analysis.area_ranges import area_ranges, coached_counts
from analysis.areas import AreaTree
from analysis.design import BoolArray, DesignError, IntArray
from analysis.disclosure import Cell, suppress
from analysis.disclosure_audit import Atoms, hide_more
from analysis.domains import Domains, RateTotals
from analysis.group_ranges import group_ranges
from analysis.integrity.coaching import NAME_FROM_RESPONDENTS
from analysis.publication import Base
from analysis.shown_ranges import Ranges, in_points

MEMBERS = {Base.ASKED: ASKED, Base.VALID: VALID}
States = NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Division:
    """``groups``: the codes of its groups; ``units`` (n,): the index of each respondent's.

    Nobody is left out: those of whom it is not known are a group, too, or they would follow by subtraction.
    Raises :class:`DesignError` where somebody is in no group.
    """

    name: str
    groups: tuple[str, ...]
    units: IntArray

    def __post_init__(self) -> None:
        if len(self.units) and not 0 <= self.units.min() <= self.units.max() < len(self.groups):
            raise DesignError(f"{self.name}: expected indices from 0 to {len(self.groups) - 1}, got others")

    def domains_of(self, areas: Domains) -> Domains:
        """The whole, and the groups as areas of one tier under no parent.

        Raises :class:`DesignError` when there are not as many units as respondents.
        """
        count = len(self.groups)
        tree = AreaTree(codes=self.groups, parents=(None,) * count, tiers=(0,) * count, populations=(None,) * count)
        return Domains(design=areas.design, tree=tree, unit_areas=self.units)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Indices of groups: ``hidden`` must not be printed, ``ranges`` are printed in place of points (on each base, see
    :mod:`analysis.group_ranges`). ``guarded`` (G,): these hold all of a small hidden area; their
    own variance adds up its strata, and so could tell about it, as that of an area above it could.
    """

    hidden: frozenset[int]
    ranges: Mapping[int, Ranges]
    guarded: BoolArray


class CrossedDivisions:
    """All areas and divisions as sets of the cells of their cross-classification: which groups may be shown."""

    def __init__(self, areas: Domains, divisions: Sequence[Division]) -> None:
        self.areas, self.divisions = areas, divisions
        self.domains = tuple(division.domains_of(areas) for division in divisions)
        columns = np.column_stack([areas.unit_areas, *(division.units for division in divisions)])
        cells, of_unit = np.unique(columns, axis=0, return_inverse=True)
        self._cell_of_unit = of_unit.reshape(-1)
        self._count = len(cells)
        self._areas = [self._within(index, cells[:, 0]) for index in range(areas.count)]
        self._rests = self._rests_of_areas()
        self._groups = [
            [cells[:, place] == group for group in range(len(division.groups))]
            for place, division in enumerate(divisions, start=1)
        ]

    def decide(
        self, states: Sequence[States], *, coaching: int | None = None
    ) -> Iterator[tuple[tuple[Decision, RateTotals], ...]]:
        """Of each rate, whose answers stand in ``states`` (n,): for each division what may be shown of it, and its
        totals in the whole and the groups.

        Divisions are decided in their order: what one shows depends on those before it, never on those after it.
        ``coaching``: the place of the coaching rate, of which few who said it are not counted.
        """
        of_areas = self.areas.totals(states)
        of_groups = [domains.totals(states) for domains in self.domains]
        for place, answers in enumerate(states):
            totals = [each[place] for each in of_groups]
            decided = self._decide(answers, of_areas[place], totals, coaching=place == coaching)
            yield tuple(zip(decided, totals, strict=True))

    def _decide(
        self, states: States, totals: RateTotals, groups_totals: Sequence[RateTotals], *, coaching: bool
    ) -> list[Decision]:
        cells = _cells(self.areas, totals)
        of_areas = suppress(cells)
        atoms = self._atoms(states)
        guarded = self._guarded_areas(cells, atoms)
        areas_alone = [each & (atoms.sizes[0] > 0) for each in guarded]
        printed = [
            of for index, of in enumerate(self._areas) if index not in of_areas.hidden and not cells[index].empty
        ]
        decided = []
        for domains, groups, found in zip(self.domains, self._groups, groups_totals, strict=True):
            parts = _cells(domains, found)
            shares = [[float(found.on[base].proportion[index]) for base in Base] for index in range(1, domains.count)]
            hidden = {index - 1 for index in suppress(parts).hidden if index}
            if 0 in of_areas.hidden:  # nothing is said of the whole, nor of its parts
                hidden = set(range(len(groups)))
            guarded += [group for group, cell in zip(groups, parts[1:], strict=True) if cell.small]
            shown = [index for index, cell in enumerate(parts[1:]) if index not in hidden and not cell.empty]
            more = hide_more(atoms, fixed=printed, candidates=[groups[index] for index in shown], guarded=guarded)
            hidden |= {shown[place] for place in more}
            printed += [groups[index] for index in shown if index not in hidden]
            holding = [any(not (area & ~group).any() for area in areas_alone) for group in groups]
            if coaching:
                ranges = _coached_ranges(parts, shares, hidden)
            else:
                ranges = group_ranges(parts[1:], shares, hidden, fraction=float(self.areas.fractions[0]))
            decided.append(Decision(hidden=frozenset(hidden), ranges=ranges, guarded=np.array(holding, dtype=bool)))
        return decided

    def _guarded_areas(self, cells: Sequence[Cell], atoms: Atoms) -> list[BoolArray]:
        small = [self._areas[index] for index, cell in enumerate(cells) if cell.small]
        for rest in self._rests:
            sizes = tuple(int(of_base[rest].sum()) for of_base in atoms.sizes)
            if Cell(sizes=sizes, count=0, parent=None).small:
                small.append(rest)
        return small

    def _within(self, domain: int, leaves: IntArray) -> BoolArray:
        """The cells that lie in an area."""
        if domain == 0:
            return np.ones(self._count, dtype=bool)
        tier = self.areas.tree.tiers[domain - 1]
        found: BoolArray = self.areas.tree.ancestors_at(tier)[leaves] == domain - 1
        return found

    def _rests_of_areas(self) -> list[BoolArray]:
        """Of each area with areas below it its respondents that are in none of these."""
        below: dict[int, list[BoolArray]] = {}
        for child, parent in enumerate(self.areas.parents):
            if parent is not None:
                below.setdefault(parent, []).append(self._areas[child])
        rests = (self._areas[parent] & ~np.any(children, axis=0) for parent, children in below.items())
        return [rest for rest in rests if rest.any()]

    def _atoms(self, states: States) -> Atoms:
        alive = self.areas.design.weights > 0
        sizes = [self._tally(alive & np.isin(states, members)) for members in MEMBERS.values()]
        return Atoms(sizes=np.array(sizes), counts=self._tally(alive & (states == AnswerState.COUNTED)))

    def _tally(self, units: BoolArray) -> IntArray:
        return np.bincount(self._cell_of_unit[units], minlength=self._count).astype(np.int64)


def _coached_ranges(parts: Sequence[Cell], shares: Sequence[Sequence[float]], hidden: set[int]) -> dict[int, Ranges]:
    """Those of the groups in the coaching rate; ``parts``: the whole and its groups, ``shares`` of the groups."""
    few = {group for group, cell in enumerate(parts[1:]) if cell.sizes[-1] < NAME_FROM_RESPONDENTS}
    found = area_ranges(parts, {group + 1 for group in hidden | few}, coached_counts(parts))
    return {
        index - 1: in_points(counts, parts[index].sizes, shares[index - 1]) for index, counts in found.items() if index
    }


def _cells(domains: Domains, totals: RateTotals) -> list[Cell]:
    return domains.cells([totals.on[base].n for base in Base], totals.on[Base.ASKED].count)
