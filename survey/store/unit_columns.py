"""The units of a frame as a draw reads them: by columns, with their digest, in one pass."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.sampling.drawable_units import DrawableUnits, UnitColumns, by_column, gather_units
from survey.sampling.frame_digest import UnitsDigest

#: Rows at once: each portion is a journey to the server.
CHUNK = 10_000
_ROWS = "SELECT serial, area, grid, status, residents, address FROM units WHERE frame_id = %s ORDER BY serial"
#: From a file a portion is one row of long texts: to hand out a million rows of six values takes twice as long.
SQLITE_CHUNK = 1_000
_PORTION = """
SELECT count(*), min(serial), max(serial), group_concat(area), group_concat(grid), group_concat(status),
       group_concat(coalesce(residents, '')), CAST(group_concat(address, char(10)) AS BLOB)
FROM ({rows})
"""
_AFTER = """
SELECT serial, area, grid, status, residents, address FROM units
WHERE frame_id = ? AND serial > ? ORDER BY serial LIMIT ?
"""
_BEFORE_ALL = -(2**63)
#: So many live in no unit: stands for residents that are no whole number, and so gives another digest.
_NO_NUMBER = 2**53


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
        driver: Any = connection.connection.driver_connection
        read = self._of_file if connection.dialect.name == "sqlite" else self._of_server
        for columns in read(driver):
            self.digest.add(columns)
            yield columns

    def _of_server(self, driver: Any) -> Iterator[UnitColumns]:
        # A named cursor keeps the rows on the server.
        with closing(driver.cursor("unit_columns")) as cursor:
            cursor.execute(_ROWS, (self.frame_id,))
            while rows := cursor.fetchmany(CHUNK):
                yield by_column(rows)

    def _of_file(self, driver: Any) -> Iterator[UnitColumns]:
        people, last = _People(), _BEFORE_ALL
        while True:
            asked = (self.frame_id, last, SQLITE_CHUNK)
            count, first, last, *texts = driver.execute(_PORTION.format(rows=_AFTER), asked).fetchone()
            if not count:
                return
            areas, grids, statuses, residents = (text.split(",") for text in texts[:-1])
            numbers = list(map(people.__getitem__, residents))
            columns = (range(first, last + 1), areas, grids, statuses, numbers, texts[-1].split(b"\n"))
            if any(len(column) != count for column in columns):
                # Serials with gaps, or a value with a comma or a line feed in it, which no import stores.
                yield by_column(driver.execute(_AFTER, asked))
            else:
                yield columns


class _People(dict[str, int | None]):
    """Written numbers of residents, read once each."""

    def __missing__(self, text: str) -> int | None:
        number = int(text) if text.isascii() and text.isdecimal() else _NO_NUMBER
        self[text] = found = number if text else None
        return found
