"""The units of a frame as a draw reads them: by columns, with their digest, in one pass."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.sampling.drawable_units import DrawableUnits, UnitColumns, by_column, gather_units
from survey.sampling.frame_digest import UnitsDigest

#: Rows at once. From a server each portion is a journey; from a file it is none, and with few rows alive together the
#: collector of rubbish has little to look through.
CHUNK = 10_000
SQLITE_CHUNK = 500
_ROWS = "SELECT serial, area, grid, status, residents, address FROM units WHERE frame_id = {place} ORDER BY serial"


@dataclass(frozen=True, kw_only=True)
class ReadUnits:
    """``digest`` and ``count``: of all units as they are now, the ones that are not drawn too."""

    units: DrawableUnits
    digest: str
    count: int


def read_columns(session: Session, frame_id: int, *, keys: bool) -> ReadUnits:
    """``keys``: with those of permanent random numbers.

    Raises :class:`analysis.sampling.stage_errors.NothingToDrawError`.
    """
    reading = _Reading(session, frame_id)
    units = gather_units(reading.portions(), keys=keys)
    return ReadUnits(units=units, digest=reading.digest.hexdigest(), count=reading.digest.count)


class _Reading:
    def __init__(self, session: Session, frame_id: int) -> None:
        self.session, self.frame_id = session, frame_id
        self.digest = UnitsDigest()

    def portions(self) -> Iterator[UnitColumns]:
        """By the driver itself: SQLAlchemy's rows take as long again as all of the rest."""
        connection = self.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        # On PostgreSQL a named cursor, which keeps the rows on the server.
        with closing(driver.cursor() if sqlite else driver.cursor("unit_columns")) as cursor:
            cursor.execute(_ROWS.format(place="?" if sqlite else "%s"), (self.frame_id,))
            while portion := cursor.fetchmany(SQLITE_CHUNK if sqlite else CHUNK):
                columns = by_column(portion)
                self.digest.add(columns)
                yield columns
