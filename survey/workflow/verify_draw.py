"""Verify a draw: repeat it from what is stored or from exported files, and name what does not fit."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.casework.draw_checks import MOST_NAMED, check_draw
from survey.casework.draw_records import read_record
from survey.casework.record_checks import to_compare
from survey.files.draw_folder import read_draw, read_frame_units
from survey.messages import N_, Conflict, Message
from survey.store.draws import Draw, get_draw
from survey.store.unit_columns import read_columns

__all__ = ["MOST_NAMED", "Verified", "VerifiedFiles", "verify_draw", "verify_files"]


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A draw that came out again exactly. ``cases``: reserves too."""

    draw: Draw
    cases: int
    units: int


@dataclass(frozen=True, kw_only=True)
class VerifiedFiles:
    """The same of a folder. ``digest`` and ``frame_digest``: to be compared with those on the certificate.

    ``compare``: what no digest covers, name and value, see :func:`survey.casework.record_checks.to_compare`.
    ``promised``: the method that the commitment names; ``None``: no commitment, or it names none.
    """

    draw: int
    public: bool
    promised: str | None
    digest: str
    frame_digest: str
    cases: int
    units: int
    compare: tuple[tuple[str, str], ...]


def verify_draw(session: Session, draw_id: int) -> Verified:
    """Repeat the draw from frame, design and seed, and compare it with cases, digest and commitment on record.

    Raises ``NotThere``, and ``CheckFailed`` naming the first differences: the frame, then the design and the
    commitment, then the digest and the cases.
    """
    record = read_record(session, draw_id)
    frame_id = get_draw(session, draw_id).frame_id
    units = check_draw(record, lambda keys: read_columns(session, frame_id, keys=keys))
    return Verified(draw=get_draw(session, draw_id), cases=record.count, units=units)


def verify_files(folder: Path) -> VerifiedFiles:
    """The same from the files of ``survey draw export`` alone.

    Raises ``CheckFailed`` as :func:`verify_draw`; ``BadInput`` for files that are missing or cannot be read;
    :class:`Conflict` where all that is there fits, but seed and cases are kept back until the wave is closed.
    """
    record = read_draw(folder)
    units = check_draw(record, lambda keys: read_frame_units(folder, keys=keys))
    if record.kept_back:
        message = N_(
            "名单、设计和承诺都对得上（第 {draw} 号抽样，{units} 个单元）；样本还不能核对：调查结束以前，"
            "密数、种子、盐和样本不导出。结束后请重新导出再核对。不在摘要里的，请与公证单逐项比对：{compare}"
        )
        compare = "; ".join(f"{name} {value}" for name, value in to_compare(record))
        raise Conflict(Message(message, {"draw": record.draw, "units": units, "compare": compare}))
    return VerifiedFiles(
        draw=record.draw,
        public=record.public,
        promised=record.commitment.method if record.commitment else None,
        digest=record.digest,
        frame_digest=record.frame_digest,
        cases=record.count,
        units=units,
        compare=to_compare(record),
    )
