"""Which answers are a wave's drawn sample, and what weighting them needs.

The sample is what came through the approved draw: interviews at the door and online answers by invitation. Answers
from the open link are no part of it; neither are answers from files. While the wave is open, what is known of a
dwelling is read with the wave's key; afterwards from what closing it kept of the same (see
:mod:`survey.store.response_factors`). So closing changes no estimate.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.weighting.base_weights import MOST_ADULTS
from survey.casework.case_designs import CaseDesign, told_designs
from survey.casework.case_log import CaseLog, read_case_logs
from survey.keys import KeyRing
from survey.store.response_factors import Factors, read_factors
from survey.store.responses import Answer, StoredResponse
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord
from survey.waves import SELF_CHOSEN, Mode, WaveState

#: The item that counts the eligible adults of the dwelling, where the instrument asks it.
ADULTS_ITEM = "N1"
_CLOSED = (WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class SampleAnswer(CaseDesign):
    """An answer, and how its dwelling was drawn as far as it may be told (:mod:`survey.casework.case_designs`).

    ``adults``: eligible ones in it, at most :data:`~analysis.weighting.base_weights.MOST_ADULTS`; ``None``: not known.
    """

    uuid: UUID
    adults: int | None


def is_open_link(response: StoredResponse) -> bool:
    """Whether somebody chose themselves to answer: by the open link, or on a form that was no file's."""
    return response.mode in SELF_CHOSEN and not response.imported


def read_sample(
    session: Session, keys: KeyRing, wave: WaveRecord, responses: Iterable[StoredResponse]
) -> dict[UUID, SampleAnswer]:
    """The sample among ``responses`` of the wave, in their order, by UUID; whatever else is among them is not there.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    if wave.state in _CLOSED:
        kept = read_factors(session, wave.id)
        answers = Counter(one.psu for one in kept.values())
        return {
            response.uuid: _as_kept(kept[response.uuid], response.area, alone=answers[kept[response.uuid].psu] == 1)
            for response in responses
            if response.uuid in kept
        }
    return find_sample(read_case_logs(session, find_sealer(session, keys, wave.id), wave), responses)


def find_sample(logs: Sequence[CaseLog], responses: Iterable[StoredResponse]) -> dict[UUID, SampleAnswer]:
    """The sample of an open wave: each response whose interview or online visit stands in the log of a case.

    ``logs``: of all cases. At the door the canvasser counts the adults; online the answer to :data:`ADULTS_ITEM` does.
    """
    sources: dict[UUID, tuple[UUID, int]] = {}
    for log in logs:
        sources |= {one.uuid: (log.case.id, one.payload.adults) for one in log.interviews}
        sources |= {one.uuid: (log.case.id, 0) for one in log.visits if one.payload.mode is Mode.WEB_TOKEN}
    designs = told_designs(log.case for log in logs)
    found = {}
    for response in responses:
        if response.uuid in sources and not response.imported:
            case, adults = sources[response.uuid]
            known = trimmed_adults(adults or response.answers.get(ADULTS_ITEM))
            found[response.uuid] = SampleAnswer(uuid=response.uuid, adults=known, **vars(designs[case]))
    return found


def trimmed_adults(counted: Answer) -> int | None:
    """As closing keeps it and weighting counts it; no whole number from 1 up: not known.

    >>> trimmed_adults(2), trimmed_adults(9), trimmed_adults(0), trimmed_adults(None)
    (2, 4, None, None)
    """
    return min(counted, MOST_ADULTS) if isinstance(counted, int) and counted >= 1 else None


def weights_digest(sample: Iterable[SampleAnswer]) -> str:
    """SHA-256 (hex) over the lines ``uuid stratum n N adults`` by uuid, and at their end the PSU where it is not the
    dwelling: what every weight and variance is made of.
    """
    lines = sorted(
        f"{one.uuid} {one.stratum} {one.inclusion_n} {one.inclusion_total} {one.adults or '-'}"
        f"{' ' + one.psu if one.psu else ''}\n"
        for one in sample
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _as_kept(factors: Factors, area: str, *, alone: bool) -> SampleAnswer:
    """``alone``: in its PSU. Whether others were drawn into it makes no difference then."""
    return SampleAnswer(
        uuid=factors.uuid,
        area=area,
        stratum=factors.stratum,
        psu="" if alone else str(factors.psu),
        inclusion_n=factors.inclusion_n,
        inclusion_total=factors.inclusion_total,
        adults=factors.adults,
    )
