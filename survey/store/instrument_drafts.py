"""Drafts of questionnaires: the texts that were saved of each, one after another, so that nobody's work is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Row, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere, Problem
from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base, Json

#: Texts kept of one draft; the oldest go first.
MOST_TEXTS = 100
#: Of what a workbook lost.
MOST_LEFT_OUT, LONGEST_GOT = 500, 200


class InstrumentDraftRow(Base):
    __tablename__ = "instrument_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    begun_slug: Mapped[str | None]
    begun_version: Mapped[str | None]
    #: What the workbook held that is not in the text, and which revision was read from it.
    left_out: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    left_out_of: Mapped[int | None]


class InstrumentDraftTextRow(Base):
    __tablename__ = "instrument_draft_texts"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("instrument_drafts.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


_TEXTS = InstrumentDraftTextRow.metadata.tables["instrument_draft_texts"]
_INSERT = insert_if_new(_TEXTS)


@dataclass(frozen=True, kw_only=True)
class InstrumentDraft:
    """One saved text (TOML, whether right or wrong) of the draft ``id``; ``revision``: 1, 2, …"""

    id: int
    revision: int
    text: str
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, kw_only=True)
class DraftOrigin:
    """``slug`` and ``version``: what the draft was begun from, empty: from nothing. ``left_out``: what the workbook
    that became revision ``left_out_of`` held and the text does not.
    """

    slug: str = ""
    version: str = ""
    left_out: tuple[Problem, ...] = ()
    left_out_of: int | None = None


def start_draft(
    session: Session, *, text: str, at: datetime, by: str, slug: str = "", version: str = ""
) -> InstrumentDraft:
    """``slug`` and ``version``: what it begins with, if it is one."""
    row = InstrumentDraftRow(started_at=at, started_by=by, begun_slug=slug or None, begun_version=version or None)
    session.add(row)
    session.flush()
    return save_draft(session, row.id, text=text, after=0, at=at, by=by)


def save_draft(session: Session, draft_id: int, *, text: str, after: int, at: datetime, by: str) -> InstrumentDraft:
    """Keep ``text`` as what follows the revision ``after``.

    Raises :class:`Conflict` when somebody saved another one since, :class:`NotThere` when the draft is gone.
    """
    newest = get_draft(session, draft_id).revision if after else 0
    values = {"draft_id": draft_id, "revision": after + 1, "text": text, "saved_at": at, "saved_by": by}
    if newest != after or not rows_changed(session, _INSERT, values):
        saved = get_draft(session, draft_id)
        raise Conflict(
            Message(
                N_("{name}在您打开以后保存过这份草稿；您写的没有丢，请先看两边有什么不同"), {"name": saved.saved_by}
            )
        )
    old = delete(InstrumentDraftTextRow).where(
        InstrumentDraftTextRow.draft_id == draft_id, InstrumentDraftTextRow.revision <= after + 1 - MOST_TEXTS
    )
    session.execute(old)
    return InstrumentDraft(id=draft_id, revision=after + 1, text=text, saved_at=at, saved_by=by)


def keep_left_out(session: Session, draft: InstrumentDraft, left_out: Sequence[Problem]) -> None:
    """What the file that ``draft`` was read from held beside it; nothing: forget that of the file before."""
    kept = [
        {
            "where": one.where,
            "column": one.column,
            "got": one.got[:LONGEST_GOT],
            "msgid": one.expected.msgid,
            "params": {name: _plain(value) for name, value in one.expected.params.items()},
        }
        for one in left_out[:MOST_LEFT_OUT]
    ]
    values = {"left_out": kept or None, "left_out_of": draft.revision if kept else None}
    session.execute(update(InstrumentDraftRow).where(InstrumentDraftRow.id == draft.id).values(values))


def _plain(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


def get_origin(session: Session, draft_id: int) -> DraftOrigin:
    row = session.get(InstrumentDraftRow, draft_id)
    if row is None:
        return DraftOrigin()
    return DraftOrigin(
        slug=row.begun_slug or "",
        version=row.begun_version or "",
        left_out=tuple(
            Problem(
                where=one["where"],
                column=one["column"],
                got=one["got"],
                expected=Message(one["msgid"], one["params"]),
            )
            for one in row.left_out or ()
        ),
        left_out_of=row.left_out_of,
    )


def get_draft(session: Session, draft_id: int, revision: int | None = None) -> InstrumentDraft:
    """The text saved last, or that revision. Raises :class:`NotThere`."""
    query = select(_TEXTS).where(_TEXTS.c.draft_id == draft_id).order_by(_TEXTS.c.revision.desc()).limit(1)
    if revision is not None:
        query = query.where(_TEXTS.c.revision == revision)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotThere(Message(N_("没有这份草稿；可能已经添加成版本，或者被删除了")))
    return _draft(row)


def list_drafts(session: Session) -> tuple[InstrumentDraft, ...]:
    """Each draft as it was saved last, the latest first."""
    newest = select(_TEXTS.c.draft_id, func.max(_TEXTS.c.revision).label("revision")).group_by(_TEXTS.c.draft_id)
    last = newest.subquery()
    query = (
        select(_TEXTS)
        .join(last, (_TEXTS.c.draft_id == last.c.draft_id) & (_TEXTS.c.revision == last.c.revision))
        .order_by(_TEXTS.c.saved_at.desc(), _TEXTS.c.draft_id.desc())
    )
    return tuple(map(_draft, session.execute(query)))


def list_texts(session: Session, draft_id: int) -> tuple[InstrumentDraft, ...]:
    """Every text kept of the draft, the latest first."""
    query = select(_TEXTS).where(_TEXTS.c.draft_id == draft_id).order_by(_TEXTS.c.revision.desc())
    return tuple(map(_draft, session.execute(query)))


def drop_draft(session: Session, draft_id: int) -> bool:
    """Delete the draft with all its texts; whether it was there."""
    session.execute(delete(InstrumentDraftTextRow).where(InstrumentDraftTextRow.draft_id == draft_id))
    return bool(rows_changed(session, delete(InstrumentDraftRow).where(InstrumentDraftRow.id == draft_id)))


def _draft(row: Row[Any]) -> InstrumentDraft:
    return InstrumentDraft(
        id=row.draft_id, revision=row.revision, text=row.text, saved_at=row.saved_at, saved_by=row.saved_by
    )
