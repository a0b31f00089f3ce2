"""Export a draw into plain files, from which anybody can repeat it without a database."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from analysis.sampling.earlier_draws import windows_of
from analysis.sampling.psu_pairs import PsuPair, psu_pairs
from analysis.sampling.sampling_error import SamplingError
from survey.casework.draw_records import is_over, read_record, without_sample
from survey.code_version import code_version
from survey.files.draw_folder import write_draw
from survey.files.draw_record import DrawRecord
from survey.messages import N_, BadInput, Failure, Message
from survey.sampling.sample_designs import from_canonical
from survey.store.areas import get_frame
from survey.store.draws import DrawState, get_draw, list_draws_of_kind
from survey.store.tables import canonical_json
from survey.store.unit_columns import read_columns
from survey.store.units import read_units
from survey.store.waves import get_wave


@dataclass(frozen=True, kw_only=True)
class ExportedDraw:
    """``kept_back``: secret, seed, salt, cases and earlier draws are not in the files, as the wave of a public draw is
    not closed: of this one, or of one before it whose homes were to rest.
    """

    draw: int
    digest: str
    files: tuple[str, ...]
    kept_back: bool


def export_draw(session: Session, draw_id: int, folder: Path) -> ExportedDraw:
    """Write the files into ``folder``, which is there and empty.

    Of a public draw whose wave is not closed only what is published already is written: the frame's owner could work
    out the drawn homes from the seed, and read them from the cases. So could they from the earlier draws that a later
    one was given: of that one, too, nothing more is written until all those waves are closed. Raises ``NotThere``,
    ``Failure``.
    """
    record = read_record(session, draw_id)
    kept_back = (record.public and not is_over(get_wave(session, record.wave))) or _tells_of_others(session, record)
    record = without_sample(record) if kept_back else replace(record, pairs=_pairs(session, record))
    units = (
        (unit.serial, unit.area, unit.grid, unit.status.value, unit.residents, canonical_json(unit.address))
        for unit in read_units(session, get_draw(session, draw_id).frame_id)
    )
    try:
        files = write_draw(folder, record, units, program=code_version())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure(Message(N_("写不了 {path}：{reason}"), {"path": folder, "reason": reason})) from error
    return ExportedDraw(draw=draw_id, digest=record.digest, files=files, kept_back=kept_back)


def _tells_of_others(session: Session, record: DrawRecord) -> bool:
    """Whether the earlier draws that it was given tell who was drawn in public for a wave that is not closed."""
    kind = get_frame(session, get_draw(session, record.draw).frame_id).kind
    if not record.earlier or kind is None:
        return False
    return any(
        one.public and one.state is DrawState.APPROVED and not is_over(get_wave(session, one.wave_id))
        for one in list_draws_of_kind(session, kind)
        if one.id < record.draw and windows_of(one.windows or "{}")
    )


def _pairs(session: Session, record: DrawRecord) -> tuple[PsuPair, ...]:
    """Of the grids or communities drawn; none where the frame or the design was changed, which verifying will tell."""
    psus = {(case.stratum, case.psu) for case in record.cases or () if case.psu}
    if not psus:
        return ()
    try:
        units = read_columns(session, get_draw(session, record.draw).frame_id, keys=False).units
        return psu_pairs(units.frame, from_canonical(record.design), psus)
    except (SamplingError, BadInput, KeyError):
        return ()
