"""What stands in its place in the inbox of a wave, read in one question: enough to say what came of each case."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import and_, select, type_coerce
from sqlalchemy.orm import Session

from survey.store.inbox import TABLE, PayloadKind, PayloadState
from survey.store.responses import TABLE as RESPONSES
from survey.store.tables import UuidText
from survey.waves import Mode


class PlacedPayload(NamedTuple):
    """``completeness`` and ``mode``: of an interview whose answers became a response, which says what they came to."""

    uuid: str
    kind: PayloadKind
    tag: str
    completeness: str | None
    mode: Mode | None
    body: bytes | None  # sealed with inbox.context(uuid)


def read_placed(session: Session, wave_id: int) -> Iterator[PlacedPayload]:
    """In no particular order."""
    columns = TABLE.c
    query = (
        select(
            type_coerce(columns.uuid, UuidText),
            columns.kind,
            columns.tag,
            RESPONSES.c.completeness,
            RESPONSES.c.mode,
            columns.body,
        )
        .outerjoin(
            RESPONSES,
            and_(
                RESPONSES.c.uuid == columns.uuid,
                RESPONSES.c.wave_id == columns.wave_id,
                columns.kind == PayloadKind.INTERVIEW,
            ),
        )
        .where(columns.wave_id == wave_id, columns.state == PayloadState.PLACED, columns.body.is_not(None))
    )
    return map(PlacedPayload._make, session.execute(query).all())  # row by row it takes a third longer
