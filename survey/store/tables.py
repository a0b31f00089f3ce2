"""The base of every table and the column types they share. Each table lives in its noun's file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapper
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused: nobody could say later what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"got the naive time {value}, expected one with a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """JSON as text, key order kept: read back byte for byte on either database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy calls it so
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy calls it so
        return None if value is None else json.loads(value)


class Choice(TypeDecorator[StrEnum]):
    """One of a :class:`StrEnum`, kept as its text; the table checks it with :func:`one_of`."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices
        self._by_value: dict[str | None, StrEnum | None] = {None: None, **{one.value: one for one in choices}}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy calls it so
        return None if value is None else self.choices(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], StrEnum | None]:  # noqa: ARG002 - SQLAlchemy calls it so
        """Without the steps of SQLAlchemy's own: a page reads tens of thousands."""
        return self._by_value.__getitem__


class UuidText(TypeDecorator[str]):
    """A stored UUID as text with dashes, for reading thousands: to make each a :class:`~uuid.UUID` takes ten times as
    long.
    """

    impl = Text
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy calls it so
        """SQLite keeps the 32 hex digits; the driver of PostgreSQL makes a UUID of its own accord."""
        if value is None:
            return None
        text = str(value)
        return text if len(text) == 36 else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


@event.listens_for(Mapper, "before_configured", once=True)
def _gather_tables() -> None:
    """Rows refer to tables of modules that whoever uses a single one need not have imported."""
    from survey.store import schema  # noqa: F401 - imported for all tables


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """The database itself refuses any other value in ``column``."""
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def to_json(value: Any) -> str:
    """Compact JSON in the given key order; NaN and infinities are refused.

    >>> to_json({"b": "满意", "a": [1, None]})
    '{"b":"满意","a":[1,null]}'
    """
    return _in_order.encode(value)


def canonical_json(value: Any) -> str:
    """As :func:`to_json` with sorted keys, so equal values have equal bytes.

    >>> canonical_json({"b": 1, "a": 2})
    '{"a":2,"b":1}'
    """
    return _sorted.encode(value)


# Made once: json.dumps would make an encoder for each of 100,000 responses.
_in_order = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
