"""What of waves pooled over a period may be shown beside each wave by itself.

A community of 8 in spring is hidden, and shown with its 30 in autumn; both together less autumn are spring. So the
pooled areas are looked at beside all areas of all waves (:mod:`analysis.disclosure_audit`). The cells are the areas of
each wave.
"""

from collections.abc import Sequence

import numpy as np

from analysis.answers import ASKED, VALID, AnswerState
from analysis.areas import AreaTree
from analysis.design import BoolArray, DesignError, IntArray
from analysis.disclosure import Suppression, suppress
from analysis.disclosure_audit import Atoms, hide_more
from analysis.domains import Domains
from analysis.publication import Base
from analysis.wave_estimates import WaveAnswers


def suppress_pooled(waves: Sequence[WaveAnswers], pooled: WaveAnswers, code: str) -> Suppression:
    """Of the indicator ``code``: which of the domains of ``pooled`` stay unprinted because of what each of ``waves``
    prints, and which hold a small hidden area of a wave, so that their own variance may tell about it.

    ``pooled`` as :func:`analysis.wave_pooling.pool_answers` puts the same waves together. Raises :class:`DesignError`
    when it is of other waves.
    """
    sizes = [len(wave.unit_areas) for wave in waves]
    if sum(sizes) != len(pooled.unit_areas):
        raise DesignError(f"pooled: got {len(pooled.unit_areas)} respondents, expected the {sum(sizes)} of the waves")
    states = next(rate.states for rate in pooled.rates if rate.code == code)
    areas = len(pooled.tree.codes)
    of_wave = np.repeat(np.arange(len(waves)), sizes)
    cells = of_wave * areas + pooled.unit_areas
    used, of_unit = np.unique(cells, return_inverse=True)
    wave_of_cell, leaf_of_cell = used // areas, used % areas
    counts = [_tally(of_unit, np.isin(states, members), len(used)) for members in (ASKED, VALID)]
    atoms = Atoms(sizes=np.array(counts), counts=_tally(of_unit, states == AnswerState.COUNTED, len(used)))

    printed: list[BoolArray] = []
    guarded: list[BoolArray] = []
    for place, wave in enumerate(waves):
        own = wave_of_cell == place
        for within, shown, small in _told(wave, code, pooled.tree, leaf_of_cell):
            if shown:
                printed.append(own & within)
            if small:
                guarded.append(own & within)
    return _decide(pooled, code, atoms, leaf_of_cell, printed, guarded)


def _decide(
    pooled: WaveAnswers,
    code: str,
    atoms: Atoms,
    leaves: IntArray,
    printed: Sequence[BoolArray],
    guarded: list[BoolArray],
) -> Suppression:
    domains = list(_told(pooled, code, pooled.tree, leaves))
    guarded += [within for within, _, small in domains if small]
    wanted = [index for index, (_, shown, _) in enumerate(domains) if shown]
    more = hide_more(atoms, fixed=printed, candidates=[domains[index][0] for index in wanted], guarded=guarded)
    hidden = {wanted[place] for place in more}
    asked = atoms.sizes[0] > 0
    over = {
        index
        for index, (within, _, _) in enumerate(domains)
        if any(not (each & asked & ~within).any() for each in guarded) and index not in hidden
    }
    return Suppression(hidden=frozenset(hidden), over=frozenset(over))


def _told(wave: WaveAnswers, code: str, tree: AreaTree, leaves: IntArray) -> Sequence[tuple[BoolArray, bool, bool]]:
    """Of each domain of a wave (the whole first): the cells whose area lies in it, whether it is printed by itself, and
    whether it is small. ``leaves`` (C,): the area of each cell, an index into ``tree``.
    """
    domains = Domains(design=wave.design, tree=wave.tree, unit_areas=wave.unit_areas)
    states = next(rate.states for rate in wave.rates if rate.code == code)
    (totals,) = domains.totals([states])
    cells = domains.cells([totals.on[base].n for base in Base], totals.on[Base.ASKED].count)
    hidden = suppress(cells).hidden
    place = {area: index for index, area in enumerate(tree.codes)}
    found = []
    for index, cell in enumerate(cells):
        area = domains.code(index)
        if area is None:
            within = np.ones(len(leaves), dtype=bool)
        elif area in place:
            within = tree.ancestors_at(tree.tiers[place[area]])[leaves] == place[area]
        else:
            continue  # nobody of the pooled waves answered there
        found.append((within, index not in hidden and not cell.empty, cell.small))
    return found


def _tally(of_unit: IntArray, chosen: BoolArray, count: int) -> IntArray:
    return np.bincount(of_unit.reshape(-1)[chosen], minlength=count).astype(np.int64)
