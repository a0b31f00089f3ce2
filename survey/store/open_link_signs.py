"""What is counted while answers by open link come in, so that a burst shows, and the signs that stay of each answer.

Counted is how many answers of one community came through one network (a /24, or a /48 of IPv6) lately. Memory of a
process would not do, as a site has several, and neither would a table of networks: it would be a register of who
answered from where and when. So a row is found by ``tag`` alone, an HMAC over wave, community, network and the
twenty minutes it counts, under a key of the day that lies in a file outside the database and is destroyed with the
day; the rows go at the same moment, every night before the backups are made. A row has no other column than its
number: no network, no address, no day, no wave, no answer. With a database of some noon and that day's key, somebody
could ask whether a network they think of sent many answers, and not which ones; whoever holds that machine at that
moment could as well watch the requests.

What stays are the signs, a few bits beside the answer (``responses.signs``): decided once, of answers by open link
alone, which have no case. They lead neither to a network nor to a device, and two answers of one device are not tied
to each other: that a browser handed in before is known from its own cookie, which holds the numbers of waves and
nothing of any answer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import CheckConstraint, delete, select, text, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from analysis.integrity.open_answers import OpenSign
from survey.store.responses import CHUNK, Answer
from survey.store.responses import TABLE as RESPONSES
from survey.store.tables import Base
from survey.waves import Mode


class OpenLinkCountRow(Base):
    __tablename__ = "open_link_counts"
    __table_args__ = (CheckConstraint("length(tag) = 64", name="tag"), {"sqlite_with_rowid": False})

    tag: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[int]


TABLE = OpenLinkCountRow.metadata.tables["open_link_counts"]


class OpenAnswer(NamedTuple):
    """``signs`` ``None``: it came in before anything was watched. ``day``: of Shanghai's calendar."""

    area: str
    day: date | None
    answers: Mapping[str, Answer]
    signs: OpenSign | None


def count_answer(session: Session, tags: Sequence[str]) -> int:
    """Count one answer under each of the ``tags`` (all different), in one statement; the largest count now."""
    rows = ", ".join(f"(:tag{place}, 1)" for place in range(len(tags)))
    statement = text(
        f"INSERT INTO open_link_counts (tag, answers) VALUES {rows} "  # noqa: S608 - names of our own parameters
        "ON CONFLICT (tag) DO UPDATE SET answers = open_link_counts.answers + 1 RETURNING answers"
    )
    counts: list[int] = list(session.scalars(statement, {f"tag{place}": tag for place, tag in enumerate(tags)}))
    return max(counts)


def drop_counts(session: Session) -> None:
    """Forget every count; on PostgreSQL with the old versions of the rows, which tell what wrote them."""
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("TRUNCATE open_link_counts")
    else:
        session.execute(delete(TABLE))


def read_open_answers(session: Session, wave_id: int) -> Iterator[OpenAnswer]:
    """The answers of the wave by open link, by UUID (which is not told), read in portions."""
    names = RESPONSES.c
    query = (
        select(names.area, names.day, names.answers, type_coerce(names.signs, NullType))
        .where(names.wave_id == wave_id, names.mode == Mode.WEB_OPEN, names.import_id.is_(None))
        .order_by(names.uuid)
    )
    result = session.execute(query.execution_options(stream_results=True, yield_per=CHUNK))
    for area, day, answers, signs in result:
        decided = None if signs is None else OpenSign(signs)
        yield OpenAnswer(area=area, day=day, answers=json.loads(answers), signs=decided)
