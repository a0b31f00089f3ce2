"""A draw in a folder of plain files, from which anybody can repeat it without a database; see its ``README.txt``."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.sampling.value_spelling import read_rule
from survey.files import draw_tables
from survey.files.draw_documents import (
    Document,
    flag,
    moment,
    optional_moment,
    optional_text,
    optional_whole,
    source,
    text_of,
    whole,
)
from survey.files.draw_readme import readme
from survey.files.draw_record import CommitmentRecord, DrawRecord, FrameRecord, RejectedDraw
from survey.files.public_value_file import read_public_values, write_public_values
from survey.messages import N_, BadInput, Message
from survey.sampling.drawable_units import UnitRow
from survey.sampling.public_values import PublicValueName

FORMAT = "survey-draw/1"
README, DRAW, DESIGN, COMMITMENT = "README.txt", "draw.json", "design.json", "commitment.json"
VALUES, AREAS, UNITS, CASES = "public-values.toml", "frame-areas.csv", "frame-units.csv", "cases.csv"
EARLIER, PAIRS = "earlier-draws.json", "joint-inclusion.csv"
_PLAIN = (
    *("draw", "wave", "wave_name", "state", "public", "method", "per_community", "frame_digest"),
    *("seed", "salt", "digest", "replicates", "windows", "drawn_by", "decided_by", "reason"),
)


def write_draw(folder: Path, record: DrawRecord, units: Iterable[UnitRow], *, program: str) -> tuple[str, ...]:
    """The names of the files written. ``program``: version of it, for whoever repeats the draw years later."""
    (folder / README).write_text(readme(record), encoding="utf-8")
    (folder / DRAW).write_text(_json(_draw_document(record, program)), encoding="utf-8")
    # No line end: the SHA-256 of the file is that of the design.
    (folder / DESIGN).write_text(record.design, encoding="utf-8")
    draw_tables.write_areas(folder / AREAS, record.frame.areas)
    draw_tables.write_units(folder / UNITS, units)
    if record.cases is not None:
        draw_tables.write_cases(folder / CASES, record.cases)
    if record.pairs:
        draw_tables.write_pairs(folder / PAIRS, record.pairs)
    if record.commitment is not None:
        (folder / COMMITMENT).write_text(_json(_commitment_document(record.commitment)), encoding="utf-8")
    if record.earlier:
        (folder / EARLIER).write_text(record.earlier, encoding="utf-8")
    if record.values:
        (folder / VALUES).write_text(write_public_values(record.values), encoding="utf-8")
    return tuple(sorted(path.name for path in folder.iterdir()))


def read_draw(folder: Path) -> DrawRecord:
    """The record in ``folder``. Raises :class:`BadInput` for a file that is missing or cannot be read."""
    if not folder.is_dir():
        raise BadInput(Message(N_("找不到文件夹 {folder}：应为 survey draw export 写出的文件夹"), {"folder": folder}))
    document = Document(folder / DRAW)
    if document.text("format") != FORMAT:
        message = N_("{file} 的格式是 {got}，这个版本的程序只读 {expected}")
        raise BadInput(Message(message, {"file": DRAW, "got": document.text("format")[:40], "expected": FORMAT}))
    frame = document.part("frame")
    kept_back = document.get("seed", optional_text) is None
    commitment = document.get("commitment", optional_whole)
    document.get("program", optional_text)
    record = DrawRecord(
        draw=document.get("draw", whole),
        wave=document.get("wave", whole),
        wave_name=document.text("wave_name"),
        state=document.text("state"),
        public=document.get("public", flag),
        seed_source=document.get("seed_source", source),
        method=document.text("method"),
        design=text_of(folder / DESIGN),
        per_community=document.get("per_community", optional_whole),
        frame=FrameRecord(
            areas=draw_tables.read_areas(folder / AREAS),
            unit_count=frame.get("units", whole),
            areas_digest=frame.text("areas_digest"),
            units_digest=frame.text("units_digest"),
        ),
        frame_digest=document.text("frame_digest"),
        seed=document.get("seed", optional_text),
        salt=document.get("salt", optional_text),
        digest=document.text("digest"),
        count=document.get("cases", whole),
        cases=None if kept_back and not (folder / CASES).exists() else draw_tables.read_cases(folder / CASES),
        pairs=draw_tables.read_pairs(folder / PAIRS) if (folder / PAIRS).exists() else None if kept_back else (),
        replicates=document.get("replicates", whole),
        windows=document.get("windows", optional_text),
        earlier=text_of(folder / EARLIER) if (folder / EARLIER).exists() else "",
        commitment_id=commitment,
        commitment=_read_commitment(folder) if commitment is not None or (folder / COMMITMENT).exists() else None,
        values=read_public_values(text_of(folder / VALUES), VALUES) if (folder / VALUES).exists() else (),
        drawn_by=document.text("drawn_by"),
        drawn_at=document.get("drawn_at", moment),
        decided_by=document.get("decided_by", optional_text),
        decided_at=document.get("decided_at", optional_moment),
        reason=document.text("reason"),
        rejected=tuple(map(_rejected, document.parts("rejected"))),
    )
    for part in (frame, document):
        part.done()
    return record


def read_frame_units(folder: Path, *, keys: bool) -> draw_tables.FileUnits:
    """The units of the frame in ``folder``. Raises as :func:`survey.files.draw_tables.read_units`."""
    return draw_tables.read_units(folder / UNITS, keys=keys)


def _draw_document(record: DrawRecord, program: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": program,
        **{name: getattr(record, name) for name in _PLAIN},
        "seed_source": record.seed_source.value,
        "cases": record.count,
        "commitment": record.commitment_id,
        "drawn_at": record.drawn_at.isoformat(),
        "decided_at": record.decided_at and record.decided_at.isoformat(),
        "frame": {
            "units": record.frame.unit_count,
            "areas_digest": record.frame.areas_digest,
            "units_digest": record.frame.units_digest,
        },
        "rejected": [
            {
                "draw": one.draw,
                "digest": one.digest,
                "public_value_name": one.public_value_name,
                "drawn_at": one.drawn_at.isoformat(),
                "drawn_by": one.drawn_by,
                "decided_at": one.decided_at and one.decided_at.isoformat(),
                "decided_by": one.decided_by,
                "reason": one.reason,
            }
            for one in record.rejected
        ],
    }


def _commitment_document(commitment: CommitmentRecord) -> dict[str, Any]:
    return {
        "commitment": commitment.id,
        "wave": commitment.wave,
        "frame_digest": commitment.frame_digest,
        "design": commitment.design,
        "method": commitment.method,
        "earlier_digest": commitment.earlier_digest,
        "secret": commitment.secret,
        "secret_digest": commitment.secret_digest,
        "public_values": [
            {
                "name": value.name,
                "not_before": value.not_before.isoformat(),
                **({"spelling": value.spelling.text} if value.spelling else {}),
            }
            for value in commitment.public_values
        ],
        "committed_at": commitment.committed_at.isoformat(),
        "committed_by": commitment.committed_by,
    }


def _read_commitment(folder: Path) -> CommitmentRecord:
    document = Document(folder / COMMITMENT)
    record = CommitmentRecord(
        id=document.get("commitment", whole),
        frame_digest=document.text("frame_digest"),
        design=document.text("design"),
        earlier_digest=document.text("earlier_digest"),
        secret=document.get("secret", optional_text),
        secret_digest=document.text("secret_digest"),
        public_values=tuple(map(_named, document.parts("public_values"))),
        committed_at=document.get("committed_at", moment),
        committed_by=document.text("committed_by"),
        # Folders of before name neither.
        method=document.get("method", optional_text) if document.says("method") else None,
        wave=document.get("wave", optional_whole) if document.says("wave") else None,
    )
    document.done()
    return record


def _named(document: Document) -> PublicValueName:
    named = PublicValueName(
        name=document.text("name"),
        not_before=document.get("not_before", moment),
        spelling=document.get("spelling", read_rule) if document.says("spelling") else None,
    )
    document.done()
    return named


def _rejected(document: Document) -> RejectedDraw:
    rejected = RejectedDraw(
        draw=document.get("draw", whole),
        digest=document.text("digest"),
        public_value_name=document.get("public_value_name", optional_text),
        drawn_at=document.get("drawn_at", moment),
        drawn_by=document.text("drawn_by"),
        decided_at=document.get("decided_at", optional_moment),
        decided_by=document.get("decided_by", optional_text),
        reason=document.text("reason"),
    )
    document.done()
    return rejected


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
