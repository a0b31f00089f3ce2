"""Show a statistician what goes beyond the table: drivers, areas against the whole, modelled areas, pooled waves."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.drivers import Driver
from analysis.estimation.small_area.borrow_strength import BorrowedStrength
from analysis.estimation.undefined import Undefined
from analysis.modelled_estimates import ModelArea, model_areas
from analysis.publication import PublishedEstimate
from analysis.wave_contrasts import Contrast
from survey.areas import RANK, Area, Level
from survey.casework.modelling import read_contrasts, read_drivers
from survey.casework.pooled_rates import PooledRates, read_pooled_rates
from survey.keys import KeyRing
from survey.store.waves import WaveRecord


def show_drivers(
    session: Session, keys: KeyRing, wave: WaveRecord, *, overall: str, services: Sequence[str]
) -> tuple[Driver, ...]:
    """Of the answers as they stand. Raises ``Failure`` when the key of an open wave is not to be read."""
    return read_drivers(session, keys, wave, overall, services)


def show_contrasts(
    session: Session, keys: KeyRing, wave: WaveRecord, rows: Sequence[PublishedEstimate]
) -> tuple[Contrast, ...]:
    """Of the ``rows`` of a run of the answers as they stand. Raises ``Failure`` as :func:`show_drivers`."""
    return read_contrasts(session, keys, wave, rows)


def show_pooled(session: Session, keys: KeyRing, wave: WaveRecord, *, indicator: str, days: int) -> PooledRates:
    """Raises ``Failure`` as :func:`show_drivers`."""
    return read_pooled_rates(session, keys, wave, indicator, days=days)


def communities_of(frame: Sequence[Area]) -> tuple[Area, ...]:
    """The areas that a model may speak of, by code."""
    found = (area for area in frame if RANK[area.level] == RANK[Level.COMMUNITY])
    return tuple(sorted(found, key=lambda area: area.code))


def show_modelled(rows: Sequence[PublishedEstimate], areas: Sequence[Area]) -> BorrowedStrength | Undefined:
    """Of the ``rows`` of one rate; a modelled rate for each of ``areas``, in their order."""
    return model_areas(rows, [ModelArea(code=area.code, population=area.population) for area in areas])
