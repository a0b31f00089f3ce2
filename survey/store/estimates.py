"""Estimate runs and their estimates: append-only, triggers in the database refuse to change or delete a row."""

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Row, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.publication import Band, Method, PublishedEstimate, Reason, Reliability, Subset
from analysis.publication import Base as Denominator
from survey.areas import Level
from survey.messages import N_, Message, NotThere
from survey.runs import EstimateRun, SampleFacts
from survey.store.bulk import insert_rows
from survey.store.tables import Base, Choice, Json, one_of
from survey.store.waves import WaveEventRow
from survey.waves import Mode, SeedSource, WaveState

#: What an unpublished estimate does not carry.
NUMBERS = (
    "n",
    "n_effective",
    "proportion",
    "se",
    "low",
    "high",
    "df",
    "design_effect",
    "range_low",
    "range_high",
    "dont_know_share",
    "refusal_share",
    "no_answer_share",
)


class EstimateRunRow(Base):
    __tablename__ = "estimate_runs"
    __table_args__ = (
        one_of("by_level", Level),
        CheckConstraint("(draw_id IS NULL) = (draw_digest IS NULL)", name="draw"),
        CheckConstraint("(draw_id IS NULL) = (sample IS NULL)", name="sample"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    by_level: Mapped[Level] = mapped_column(Choice(Level))
    instrument_fingerprint: Mapped[str]
    frame_digest: Mapped[str]
    answers_digest: Mapped[str]
    responses: Mapped[int]
    mode_counts: Mapped[dict[str, int]] = mapped_column(Json)
    design: Mapped[str | None]
    level: Mapped[float]
    seed: Mapped[str]
    code_version: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("estimated_by")
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draws.id"), index=True)
    draw_digest: Mapped[str | None]
    sample: Mapped[dict[str, Any] | None] = mapped_column(Json)
    open_responses: Mapped[int] = mapped_column(server_default="0")


class EstimateRow(Base):
    __tablename__ = "estimates"
    __table_args__ = (
        one_of("base", Denominator),
        one_of("subset", Subset),
        one_of("method", Method),
        one_of("reliability", Reliability),
        one_of("band", Band),
        one_of("reason", Reason),
        CheckConstraint(
            "published OR (" + " AND ".join(f"{name} IS NULL" for name in NUMBERS) + ")", name="unpublished"
        ),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("estimate_runs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    area: Mapped[str | None]
    base: Mapped[Denominator] = mapped_column(Choice(Denominator))
    subset: Mapped[Subset] = mapped_column(Choice(Subset))
    published: Mapped[bool]
    n: Mapped[int | None]
    n_effective: Mapped[float | None]
    proportion: Mapped[float | None]
    se: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    level: Mapped[float]
    method: Mapped[Method | None] = mapped_column(Choice(Method))
    df: Mapped[float | None]
    pooled: Mapped[bool | None]
    design_effect: Mapped[float | None]
    reliability: Mapped[Reliability | None] = mapped_column(Choice(Reliability))
    band: Mapped[Band | None] = mapped_column(Choice(Band))
    target: Mapped[float | None]
    range_low: Mapped[float | None]
    range_high: Mapped[float | None]
    dont_know_share: Mapped[float | None]
    refusal_share: Mapped[float | None]
    no_answer_share: Mapped[float | None]
    reason: Mapped[Reason | None] = mapped_column(Choice(Reason))


#: The fields a row and an estimate share by name; ``shown_range`` is two columns.
SHARED = tuple(field.name for field in fields(PublishedEstimate) if field.name != "shown_range")
COLUMNS = ("run_id", "position", *SHARED, "range_low", "range_high")
_shared = attrgetter(*SHARED)
TABLE = EstimateRow.metadata.tables["estimates"]
#: A page reads thousands of them: columns instead of rows to be kept track of.
_OF_RUN = (
    select(*(TABLE.c[name] for name in (*SHARED, "range_low", "range_high", "position")))
    .where(TABLE.c.run_id == bindparam("run"))
    .order_by(TABLE.c.position)
)
_OF_AREA = _OF_RUN.where(TABLE.c.area == bindparam("of"))
_OF_SAMPLE_ASKED = (TABLE.c.base == Denominator.ASKED, TABLE.c.subset == Subset.ALL)


def add_run(session: Session, run: EstimateRun, estimates: Sequence[PublishedEstimate]) -> int:
    """The id of the recorded run; that of ``run`` is not looked at. Raises ``ValueError`` for a number not finite."""
    values = {field.name: getattr(run, field.name) for field in fields(EstimateRun) if field.name != "id"}
    values["mode_counts"] = dict(run.mode_counts)
    values |= _sample_columns(run.sample)
    row = EstimateRunRow(**values)
    session.add(row)
    session.flush()
    rows = [_row(row.id, position, estimate) for position, estimate in enumerate(estimates)]
    if rows:
        insert_rows(session, TABLE, COLUMNS, rows)
    return row.id


def latest_run(session: Session, wave_id: int) -> EstimateRun | None:
    query = select(EstimateRunRow).where(EstimateRunRow.wave_id == wave_id)
    row = session.scalars(query.order_by(EstimateRunRow.id.desc()).limit(1)).one_or_none()
    return _run(row) if row else None


def standing_run(session: Session, wave_id: int) -> EstimateRun | None:
    """The run readers see: the newest, or once the wave is published the one it was published with.

    A later run of a published wave is on record, but changes nothing that was handed out.
    """
    query = select(WaveEventRow.run_id).where(
        WaveEventRow.wave_id == wave_id, WaveEventRow.to_state == WaveState.PUBLISHED
    )
    published = session.scalars(query).first()
    return latest_run(session, wave_id) if published is None else get_run(session, published)


def get_run(session: Session, run_id: int) -> EstimateRun:
    """Raises :class:`NotThere`."""
    row = session.get(EstimateRunRow, run_id)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的估计"), {"id": run_id}))
    return _run(row)


def list_runs(session: Session, wave_id: int) -> tuple[EstimateRun, ...]:
    """The newest first."""
    query = select(EstimateRunRow).where(EstimateRunRow.wave_id == wave_id).order_by(EstimateRunRow.id.desc())
    return tuple(_run(row) for row in session.scalars(query))


def load_estimates(session: Session, run_id: int) -> tuple[PublishedEstimate, ...]:
    """The estimates of a run in the order they were given."""
    return tuple(map(_estimate, session.execute(_OF_RUN, {"run": run_id})))


def load_shown_estimates(session: Session, run_id: int) -> tuple[PublishedEstimate, ...]:
    """As :func:`load_estimates`, but what came through open links of the whole alone: of its parts nobody shows it."""
    rows = session.execute(
        _OF_RUN.where((TABLE.c.subset != Subset.OPEN_LINK) | TABLE.c.area.is_(None)), {"run": run_id}
    )
    return tuple(map(_estimate, rows))


def load_area_estimates(session: Session, run_id: int, area: str) -> tuple[PublishedEstimate, ...]:
    """As :func:`load_estimates`, of one area only."""
    return tuple(map(_estimate, session.execute(_OF_AREA, {"run": run_id, "of": area})))


def load_compared_estimates(session: Session, run_id: int, area: str | None) -> tuple[PublishedEstimate, ...]:
    """What another wave is compared with: of everyone in the sample, on the asked base; ``None``: of every area."""
    query = _OF_RUN if area is None else _OF_AREA
    rows = session.execute(query.where(*_OF_SAMPLE_ASKED), {"run": run_id, "of": area})
    return tuple(map(_estimate, rows))


def load_estimates_at(session: Session, run_id: int, positions: Collection[int]) -> dict[int, PublishedEstimate]:
    """Position -> estimate, of those the run has."""
    rows = session.execute(_OF_RUN.where(TABLE.c.position.in_(positions)), {"run": run_id})
    return {row.position: _estimate(row) for row in rows}


def list_estimated_areas(session: Session, run_id: int) -> tuple[str, ...]:
    """The codes of the areas the run has estimates for, in order; the whole is not among them."""
    query = select(EstimateRow.area).where(EstimateRow.run_id == run_id).distinct()
    return tuple(sorted(code for code in session.scalars(query) if code is not None))


def _row(run_id: int, position: int, estimate: PublishedEstimate) -> list[Any]:
    """In the order of :data:`COLUMNS`."""
    row = [run_id, position, *_shared(estimate), *(estimate.shown_range or (None, None))]
    for place, value in enumerate(row):
        if isinstance(value, StrEnum):
            row[place] = value.value
        elif isinstance(value, float) and not math.isfinite(value):
            got = f"{COLUMNS[place]} = {value}"
            raise ValueError(f"{estimate.indicator} of {estimate.area}: got {got}, expected a number")
    return row


def _estimate(row: Row[Any]) -> PublishedEstimate:
    """Of the columns of ``_OF_RUN``, in their order."""
    low, high = row.range_low, row.range_high
    return PublishedEstimate(
        **dict(zip(SHARED, row, strict=False)),
        shown_range=(low, high) if low is not None and high is not None else None,
    )


def _run(row: EstimateRunRow) -> EstimateRun:
    values = {field.name: getattr(row, field.name) for field in fields(EstimateRun)}
    values["mode_counts"] = {Mode(mode): count for mode, count in row.mode_counts.items()}
    if row.sample is not None:
        values["sample"] = _sample_facts(row.sample, row.draw_id, row.draw_digest)
    return EstimateRun(**values)


def _sample_facts(document: dict[str, Any], draw_id: int | None, draw_digest: str | None) -> SampleFacts:
    known = {
        **document,
        "unanswered_areas": tuple(document.get("unanswered_areas", ())),
        "seed_source": SeedSource(document.get("seed_source", SeedSource.GIVEN)),
    }
    return SampleFacts(**{**known, "draw_id": draw_id, "draw_digest": draw_digest})


def _sample_columns(sample: SampleFacts | None) -> dict[str, Any]:
    """What a query asks for in columns of its own, the rest in one document."""
    if sample is None:
        return {"draw_id": None, "draw_digest": None, "sample": None}
    document = asdict(sample)
    return {"draw_id": document.pop("draw_id"), "draw_digest": document.pop("draw_digest"), "sample": document}
