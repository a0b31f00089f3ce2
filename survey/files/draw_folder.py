"""A draw in a folder of plain files, from which anybody can repeat it without a database; see its ``README.txt``."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from analysis.sampling.value_spelling import read_rule
from survey.files import draw_tables
from survey.files.draw_readme import readme
from survey.files.draw_record import CommitmentRecord, DrawRecord, FrameRecord, RejectedDraw
from survey.files.public_value_file import read_public_values, write_public_values
from survey.messages import N_, BadInput, Message
from survey.sampling.drawable_units import UnitRow
from survey.sampling.public_values import PublicValueName
from survey.waves import SeedSource

FORMAT = "survey-draw/1"
README, DRAW, DESIGN, COMMITMENT = "README.txt", "draw.json", "design.json", "commitment.json"
VALUES, AREAS, UNITS, CASES = "public-values.toml", "frame-areas.csv", "frame-units.csv", "cases.csv"
EARLIER, PAIRS = "earlier-draws.json", "joint-inclusion.csv"
_PLAIN = (
    *("draw", "wave", "wave_name", "state", "public", "method", "per_community", "frame_digest"),
    *("seed", "salt", "digest", "replicates", "windows", "drawn_by", "decided_by", "reason"),
)
T = TypeVar("T")


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
    document = _Document(folder / DRAW)
    if document.text("format") != FORMAT:
        message = N_("{file} 的格式是 {got}，这个版本的程序只读 {expected}")
        raise BadInput(Message(message, {"file": DRAW, "got": document.text("format")[:40], "expected": FORMAT}))
    frame = document.part("frame")
    kept_back = document.get("seed", _optional_text) is None
    return DrawRecord(
        draw=document.get("draw", _whole),
        wave=document.get("wave", _whole),
        wave_name=document.text("wave_name"),
        state=document.text("state"),
        public=document.get("public", _flag),
        seed_source=document.get("seed_source", _source),
        method=document.text("method"),
        design=_text_of(folder / DESIGN),
        per_community=document.get("per_community", _optional_whole),
        frame=FrameRecord(
            areas=draw_tables.read_areas(folder / AREAS),
            unit_count=frame.get("units", _whole),
            areas_digest=frame.text("areas_digest"),
            units_digest=frame.text("units_digest"),
        ),
        frame_digest=document.text("frame_digest"),
        seed=document.get("seed", _optional_text),
        salt=document.get("salt", _optional_text),
        digest=document.text("digest"),
        count=document.get("cases", _whole),
        cases=None if kept_back and not (folder / CASES).exists() else draw_tables.read_cases(folder / CASES),
        pairs=None if kept_back else draw_tables.read_pairs(folder / PAIRS) if (folder / PAIRS).exists() else (),
        replicates=document.get("replicates", _whole),
        windows=document.get("windows", _optional_text),
        earlier=_text_of(folder / EARLIER) if (folder / EARLIER).exists() else "",
        commitment=_read_commitment(folder) if document.get("commitment", _optional_whole) is not None else None,
        values=read_public_values(_text_of(folder / VALUES), VALUES) if (folder / VALUES).exists() else (),
        drawn_by=document.text("drawn_by"),
        drawn_at=document.get("drawn_at", _moment),
        decided_by=document.get("decided_by", _optional_text),
        decided_at=document.get("decided_at", _optional_moment),
        reason=document.text("reason"),
        rejected=tuple(map(_rejected, document.parts("rejected"))),
    )


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
        "commitment": record.commitment and record.commitment.id,
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
        "frame_digest": commitment.frame_digest,
        "design": commitment.design,
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
    document = _Document(folder / COMMITMENT)
    return CommitmentRecord(
        id=document.get("commitment", _whole),
        frame_digest=document.text("frame_digest"),
        design=document.text("design"),
        earlier_digest=document.text("earlier_digest"),
        secret=document.get("secret", _optional_text),
        secret_digest=document.text("secret_digest"),
        public_values=tuple(
            PublicValueName(
                name=one.text("name"),
                not_before=one.get("not_before", _moment),
                spelling=one.get("spelling", read_rule) if one.says("spelling") else None,
            )
            for one in document.parts("public_values")
        ),
        committed_at=document.get("committed_at", _moment),
        committed_by=document.text("committed_by"),
    )


def _rejected(document: "_Document") -> RejectedDraw:
    return RejectedDraw(
        draw=document.get("draw", _whole),
        digest=document.text("digest"),
        public_value_name=document.get("public_value_name", _optional_text),
        drawn_at=document.get("drawn_at", _moment),
        drawn_by=document.text("drawn_by"),
        decided_at=document.get("decided_at", _optional_moment),
        decided_by=document.get("decided_by", _optional_text),
        reason=document.text("reason"),
    )


class _Document:
    """A JSON object of a file, read key by key: :class:`BadInput` names file and key."""

    def __init__(self, path: Path, values: Mapping[str, Any] | None = None) -> None:
        self._path = path
        if values is None:
            try:
                values = json.loads(_text_of(path))
            except (ValueError, RecursionError) as error:
                reason = {"file": path.name, "reason": error}
                raise BadInput(Message(N_("{file} 不是 JSON：{reason}"), reason)) from error
        if not isinstance(values, dict):
            raise BadInput(Message(N_("{file} 不是 JSON：{reason}"), {"file": path.name, "reason": "no object"}))
        self._values = values

    def get(self, key: str, convert: Callable[[Any], T]) -> T:
        try:
            return convert(self._values[key])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            got = json.dumps(self._values.get(key), ensure_ascii=False)[:80]
            message = N_("{file} 的 {key} 是 {got}，读不懂：应与导出时一样")
            raise BadInput(Message(message, {"file": self._path.name, "key": key, "got": got})) from error

    def says(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        return self.get(key, _text)

    def part(self, key: str) -> "_Document":
        return self.get(key, lambda value: _Document(self._path, value))

    def parts(self, key: str) -> list["_Document"]:
        return [_Document(self._path, value) for value in self.get(key, _list)]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _optional_whole(value: Any) -> int | None:
    return None if value is None else _whole(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _source(value: Any) -> SeedSource:
    return SeedSource(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _optional_moment(value: Any) -> datetime | None:
    return None if value is None else _moment(value)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInput(Message(N_("找不到文件 {file}"), {"file": path})) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": error})) from error


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
