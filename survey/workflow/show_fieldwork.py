"""Show how the fieldwork goes: cases, visits, final codes and rates of the wave, its communities and its canvassers.

From the sealed log while the wave is open, from the frozen counts once it is closed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import CLASSES, Disposition, DispositionClass
from analysis.fieldwork.response_rates import ResponseRates, response_rates
from survey.casework.case_outcomes import CaseOutcome, read_outcomes
from survey.keys import KeyRing
from survey.store import inbox
from survey.store.accounts import get_account
from survey.store.disposition_counts import read_counts, read_visit_counts
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.wave_keys import find_sealer
from survey.store.waves import get_wave
from survey.waves import WaveState

K = TypeVar("K")
_OVER = (WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Of some cases. ``visits``: attempts at the door; online answers are none."""

    visits: int
    dispositions: Mapping[Disposition, int]
    rates: ResponseRates

    @property
    def cases(self) -> int:
        return sum(self.dispositions.values())

    @property
    def completes(self) -> int:
        return self.dispositions.get(Disposition.COMPLETE, 0)

    @property
    def partials(self) -> int:
        return self.dispositions.get(Disposition.PARTIAL, 0)

    @property
    def not_attempted(self) -> int:
        return self.dispositions.get(Disposition.NOT_ATTEMPTED, 0)


@dataclass(frozen=True, kw_only=True)
class Fieldwork:
    """``by_canvasser``: account -> the cases that are theirs now; empty once the wave is closed (then nobody knows).

    ``quarantined``: payloads of the wave that wait for a supervisor. ``unassigned``: cases that are nobody's.
    """

    wave: int
    state: WaveState
    total: Progress
    by_area: Mapping[str, Progress]
    by_canvasser: Mapping[int, Progress] = field(default_factory=dict)
    canvassers: Mapping[int, str] = field(default_factory=dict)  # account -> name
    quarantined: Mapping[PayloadKind, int] = field(default_factory=dict)
    unassigned: int = 0


def show_fieldwork(session: Session, keys: KeyRing, wave_id: int) -> Fieldwork:
    """Raises ``NotThere`` for an unknown wave, ``Failure`` when the key of an open one is not to be read."""
    wave = get_wave(session, wave_id)
    if wave.state in _OVER:
        return _frozen(session, wave_id, wave.state)
    cases = read_outcomes(session, find_sealer(session, keys, wave_id), wave)
    by_canvasser = _grouped((case.account, case) for case in cases if case.account is not None)
    names = {account: _name(session, account) for account in by_canvasser}
    states = inbox.count_states(session, wave_id)
    return Fieldwork(
        wave=wave_id,
        state=wave.state,
        total=_progress(cases),
        by_area=_grouped((case.area, case) for case in cases),
        by_canvasser={account: by_canvasser[account] for account in sorted(names, key=lambda one: names[one])},
        canvassers=names,
        quarantined={kind: states.get((kind, PayloadState.QUARANTINED), 0) for kind in PayloadKind},
        unassigned=sum(case.account is None for case in cases),
    )


def _grouped(pairs: Iterable[tuple[K, CaseOutcome]]) -> dict[K, Progress]:
    groups: defaultdict[K, list[CaseOutcome]] = defaultdict(list)
    for group, case in pairs:
        groups[group].append(case)
    return {group: _progress(cases) for group, cases in groups.items()}


def _progress(cases: Sequence[CaseOutcome]) -> Progress:
    return _of_counts(Counter(case.disposition for case in cases), sum(case.attempts_at_door for case in cases))


def _of_counts(dispositions: Mapping[Disposition, int], visits: int) -> Progress:
    classes: Counter[DispositionClass] = Counter()
    for disposition, cases in dispositions.items():
        classes[CLASSES[disposition]] += cases
    in_order = {code: dispositions[code] for code in Disposition if dispositions.get(code)}
    return Progress(visits=visits, dispositions=in_order, rates=response_rates(classes))


def _frozen(session: Session, wave_id: int, state: WaveState) -> Fieldwork:
    visits = read_visit_counts(session, wave_id)
    total: Counter[Disposition] = Counter()
    by_area: defaultdict[str, dict[Disposition, int]] = defaultdict(dict)
    for (area, disposition), cases in read_counts(session, wave_id).items():
        by_area[area][disposition] = cases
        total[disposition] += cases
    return Fieldwork(
        wave=wave_id,
        state=state,
        total=_of_counts(total, sum(visits.values())),
        by_area={area: _of_counts(counts, visits.get(area, 0)) for area, counts in by_area.items()},
    )


def _name(session: Session, account_id: int) -> str:
    account = get_account(session, account_id)
    return account.name if account else str(account_id)
