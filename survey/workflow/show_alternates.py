"""Show a statistician other readings of a wave's rates and its indexes, of the answers as they stand."""

from sqlalchemy.orm import Session

from survey.casework.alternate_rates import AlternateRates, read_alternate_rates
from survey.keys import KeyRing
from survey.store.waves import get_wave


def show_alternates(session: Session, keys: KeyRing, wave_id: int) -> AlternateRates:
    """Raises ``NotThere`` for an unknown wave, ``Failure`` when the key of an open drawn wave is not to be read."""
    return read_alternate_rates(session, keys, get_wave(session, wave_id))
