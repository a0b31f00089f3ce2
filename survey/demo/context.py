"""What every part of the example is made with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from survey.demo.city import City, Place, Scale
from survey.demo.homes import FrameTables
from survey.keys import KeyRing
from survey.store.accounts import Account
from survey.store.database import Session
from survey.units import Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class StoredFrame:
    """A frame that was imported. ``units``: by serial."""

    id: int
    places: Sequence[Place]
    tables: FrameTables
    units: Mapping[int, Unit]


@dataclass(frozen=True, kw_only=True)
class Making:
    """``today``: midnight in Shanghai. ``say``: tells how far it has come. ``accounts``: by name."""

    session: Session
    keys: KeyRing
    city: City
    scale: Scale
    seed: int
    now: datetime
    accounts: Mapping[str, Account]
    say: Callable[[str], None]

    @property
    def today(self) -> datetime:
        return self.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)

    def day(self, ago: int) -> datetime:
        """Midnight so many days ago."""
        return self.today - timedelta(days=ago)
