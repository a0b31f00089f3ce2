"""How the answers of a wave's sample came in, per area: two waves are compared only where they asked alike."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from survey.store.response_factors import ResponseFactorsRow
from survey.store.responses import ResponseRow
from survey.waves import SELF_CHOSEN, Mode


def count_sample_modes(session: Session, wave_id: int, *, drawn: bool) -> Mapping[str, Mapping[Mode, int]]:
    """Area of the answers -> mode -> how many of the sample of a closed wave. Answers of the open link and of
    paper forms are not in it.

    ``drawn``: the sample is a draw, whose answers have factors since the wave was closed.
    """
    area = ResponseRow.area
    query = select(area, ResponseRow.mode, func.count()).where(ResponseRow.wave_id == wave_id)
    if drawn:
        query = query.join(ResponseFactorsRow, ResponseFactorsRow.uuid == ResponseRow.uuid)
    else:
        query = query.where(or_(ResponseRow.mode.not_in(SELF_CHOSEN), ResponseRow.import_id.is_not(None)))
    found: defaultdict[str, dict[Mode, int]] = defaultdict(dict)
    for code, mode, number in session.execute(query.group_by(area, ResponseRow.mode)):
        found[code][mode] = number
    return dict(found)
