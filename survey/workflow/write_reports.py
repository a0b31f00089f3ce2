"""Write reports into a folder: which ones, under which names, each whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from survey.areas import RANK, Level
from survey.messages import N_, Failure, Message
from survey.store.areas import get_frame
from survey.store.estimates import load_estimates, standing_run
from survey.store.waves import get_wave


@dataclass(frozen=True, kw_only=True)
class ReportToWrite:
    """One report of the newest run: the whole (``area`` ``None``) or one community."""

    run_id: int
    area: str | None
    file_name: str


def list_reports_to_write(session: Session, wave_id: int, language: str) -> tuple[ReportToWrite, ...]:
    """The whole first, then every community of the newest run (of the finest level above grids there is)."""
    run = standing_run(session, wave_id)
    if run is None:
        return ()
    frame = get_frame(session, get_wave(session, wave_id).frame_id)
    ranks = {area.code: RANK[area.level] for area in frame.areas if area.level is not Level.GRID}
    codes = {estimate.area for estimate in load_estimates(session, run.id) if estimate.area in ranks}
    finest = max((ranks[code] for code in codes if code), default=None)
    chosen = sorted(code for code in codes if code and ranks[code] == finest)
    return tuple(
        ReportToWrite(run_id=run.id, area=area, file_name=f"wave-{wave_id}-{area or 'whole'}-{language}.pdf")
        for area in (None, *chosen)
    )


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` and see that it can be written; :class:`Failure` before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".survey-can-write"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def all_or_none(folder: Path) -> Iterator[Path]:
    """A folder to write into; its files appear in ``folder`` at the end, or none when an exception leaves the block."""
    with TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
        yield Path(name)
        for path in sorted(Path(name).iterdir()):
            path.replace(folder / path.name)


def write_pdf(folder: Path, file_name: str, pdf: bytes) -> Path:
    """The file's path; half a PDF never has the PDF's name."""
    path, unfinished = folder / file_name, folder / f".{file_name}.part"
    try:
        unfinished.write_bytes(pdf)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
    return path


def _unwritable(path: Path, error: OSError) -> Failure:
    reason = error.strerror or type(error).__name__
    return Failure(Message(N_("写不了 {path}：{reason}"), {"path": path, "reason": reason}))
