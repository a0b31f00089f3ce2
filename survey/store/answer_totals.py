"""Stored answers counted by the database: how many responses are alike in area, weight and the answers to some items.

The groups are all that totals need (:mod:`analysis.estimation.mergeable`); no response leaves the database. What an
answer means is not for the database to say: groups hold the answers as they were given, and are coded as single
responses are. So the fewer the items, the fewer the groups: those of one rate and its routing are some dozens per
area, those of a whole questionnaire nearly as many as responses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, cast, func, literal, not_, null, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from survey.store.response_factors import TABLE as FACTORS
from survey.store.responses import CHUNK, Answer
from survey.store.responses import TABLE as RESPONSES
from survey.waves import SELF_CHOSEN


class AnswerGroup(NamedTuple):
    """So many ``responses`` of one ``area`` with the same ``answers``.

    Of a drawn sample they are of one weight: the inclusion probability is ``inclusion_n / inclusion_total``, ``adults``
    are the eligible ones in the dwelling; else all three are ``None``.
    """

    area: str
    inclusion_n: int | None
    inclusion_total: int | None
    adults: int | None
    answers: Mapping[str, Answer]
    responses: int


def group_answers(session: Session, wave_id: int, items: Sequence[str], *, drawn: bool) -> Iterator[AnswerGroup]:
    """The groups of the wave's sample by the answers to ``items`` (an item that a response does not hold is not in its
    group's answers), in one statement.

    ``drawn``: those whose design was kept when the wave was closed; an open wave's is sealed, and no statement can see
    it. Else all that did not come through the open link.
    """
    query = _grouped(session, wave_id, items, drawn=drawn)
    result = session.execute(query.execution_options(stream_results=True, yield_per=CHUNK))
    known: dict[str, Mapping[str, Answer]] = {}
    for rows in result.partitions():
        new = list({row[4]: None for row in rows if row[4] not in known})
        documents = json.loads("[" + ",".join(["{" + written[1:] + "}" for written in new]) + "]")
        known.update(zip(new, documents, strict=True))
        for area, inclusion_n, inclusion_total, adults, written, count in rows:
            yield AnswerGroup(area, inclusion_n, inclusion_total, adults, known[written], count)


def _grouped(session: Session, wave_id: int, items: Sequence[str], *, drawn: bool) -> Select[Any]:
    names, wanted = RESPONSES.columns, [RESPONSES.columns.wave_id == wave_id]
    factors = [FACTORS.columns.inclusion_n, FACTORS.columns.inclusion_total, FACTORS.columns.adults]
    source = RESPONSES.join(FACTORS, FACTORS.columns.uuid == names.uuid) if drawn else RESPONSES
    if not drawn:
        wanted.append(not_(and_(names.mode.in_(SELF_CHOSEN), names.import_id.is_(None))))
    document = _document(session, names.answers)
    # A limit nobody reaches keeps PostgreSQL from reading the document once for each item.
    parsed = (
        select(
            names.area.label("area"),
            *([column.label(column.name) for column in factors] if drawn else []),
            document.label("document"),
        )
        .select_from(source)
        .where(*wanted)
        .offset(0)
        .subquery()
    )
    written = select(
        *[column for column in parsed.columns if column.name != "document"],
        reduce(add, [_held(parsed.columns.document, item) for item in items]).label("written"),
    ).subquery()
    keys = list(written.columns)
    shown: Sequence[ColumnElement[Any]] = keys if drawn else [keys[0], null(), null(), null(), keys[-1]]
    return select(*shown, func.count()).group_by(*keys)


def _document(session: Session, answers: ColumnElement[str]) -> ColumnElement[Any]:
    return cast(answers, JSONB) if session.get_bind().dialect.name == "postgresql" else answers


def _held(document: ColumnElement[Any], item: str) -> ColumnElement[str]:
    """``,"item":answer`` as JSON, or nothing where the response does not hold the item."""
    answer = cast(document.op("->")(literal(item)), Text)
    return func.coalesce(literal(f",{json.dumps(item)}:") + answer, "")
