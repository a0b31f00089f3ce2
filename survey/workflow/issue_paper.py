"""Make a batch of paper forms for a community: their serials, and which of them are keyed twice, are fixed now."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.i18n import LANGUAGES
from survey.keys import KeyRing
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.store.areas import get_frame
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.paper_batches import MOST, NewBatch, PaperBatch, add_batch, get_batch
from survey.store.wave_keys import open_sealer
from survey.store.waves import get_wave
from survey.waves import Mode, WaveState


def issue_paper(
    session: Session,
    keys: KeyRing,
    wave_id: int,
    *,
    area: str | None,
    count: int,
    language: str = "zh_Hans",
    large: bool = False,
    at: datetime,
    by: str,
) -> PaperBatch:
    """``area``: 12-digit code of a community; ``None``: the only one there is. ``count``: how many forms.

    Raises :class:`NotThere` for an unknown wave or community, :class:`BadInput` for a number or language that cannot
    be, :class:`Conflict` for a wave that is not in the field or does not go by paper.
    """
    wave = find_fielded_wave(session, wave_id)
    if wave is None:
        raise NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))
    if not 1 <= count <= MOST:
        raise BadInput(Message(N_("一批印 {count} 份不行：请填 1 到 {most}"), {"count": count, "most": MOST}))
    if language not in LANGUAGES:
        raise BadInput(Message(N_("不能用“{got}”印：请用 zh_Hans 或 en"), {"got": language[:20]}))
    _refuse(wave)
    community = _community(session, wave_id, area)
    open_sealer(session, keys, wave_id, at=at)
    batch = NewBatch(
        wave_id=wave_id,
        area=community.code,
        language=language,
        large=large,
        seed=secrets.token_hex(32),
        printed=count,
    )
    return get_batch(session, add_batch(session, batch, at=at, by=by))


def _refuse(wave: FieldedWave) -> None:
    if Mode.PAPER not in wave.modes:
        message = N_(
            "本轮的调查方式里没有纸质问卷：先在这一轮的事实里勾选，"
            "或者用 survey wave details --file，在 modes 里加上 paper_entry"
        )
        raise Conflict(Message(message))
    if wave.state is not WaveState.FIELDING:
        raise Conflict(Message(N_("本轮不在调查中：不能再发放或录入纸质问卷")))


def _community(session: Session, wave_id: int, code: str | None) -> Area:
    frame = get_frame(session, get_wave(session, wave_id).frame_id)
    communities = [area for area in frame.areas if area.level in (Level.COMMUNITY, Level.VILLAGE)]
    if code is None and len(communities) == 1:
        return communities[0]
    if code is None:
        message = N_("本轮有 {count} 个社区：请说明这批问卷发给哪一个（代码）")
        raise BadInput(Message(message, {"count": len(communities)}))
    for area in communities:
        if area.code == code:
            return area
    raise NotThere(Message(N_("没有代码为“{got}”的社区"), {"got": code[:20]}))
