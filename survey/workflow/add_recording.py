"""Add a recording of a question in a dialect, or take one away: a short file that phones play by themselves."""

import hashlib

from sqlalchemy.orm import Session

from questionnaires.loading import from_document
from survey.messages import N_, BadInput, Conflict, Message, NotThere, Problem
from survey.store.instruments import get_instrument
from survey.store.recordings import (
    LONGEST_DIALECT,
    MOST_BYTES,
    Recording,
    Sound,
    drop_recording,
    list_recordings,
    put_recording,
)
from survey.store.waves import WaveRecord
from survey.waves import WaveState

#: Of one question; a screen with more would be a list of buttons.
MOST_DIALECTS = 5
_OVER = (WaveState.CLOSED, WaveState.PUBLISHED)


def add_recording(session: Session, wave: WaveRecord, *, item: str, dialect: str, body: bytes) -> Recording:
    """What residents of the wave hear at the question from now on; the same dialect again replaces the earlier one.

    Raises :class:`BadInput` for a question that is not in the questionnaire, a name of a dialect that is none, a file
    that is too long or is no MP3, M4A or Ogg; :class:`Conflict` once the wave is over or a question has enough.
    """
    if wave.state in _OVER:
        raise Conflict(Message(N_("这一轮调查已经结束，录音不再变化。")))
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    if item not in questionnaire.items_by_id:
        raise _of("item", Message(N_("问卷里没有这道题，请从列表里选。")))
    dialect = " ".join(dialect.split())
    if not 1 <= len(dialect) <= LONGEST_DIALECT or not dialect.isprintable():
        raise _of(
            "dialect", Message(N_("请写明是哪里的话，1 到 {most} 个字，例如“客家话”。"), {"most": LONGEST_DIALECT})
        )
    if not 1 <= len(body) <= MOST_BYTES:
        raise _of(
            "file",
            Message(
                N_("得到 {size} kB 的文件，应为不超过 {most} kB：每道题一分钟以内，单声道，48 kbit/s 就够了。"),
                {"size": f"{len(body) / 1000:,.0f}", "most": MOST_BYTES // 1000},
            ),
        )
    kind = sound_type(body)
    if kind is None:
        raise _of("file", Message(N_("这个文件不是录音：应为 MP3、M4A 或 Ogg，手机才放得出。")))
    others = {one.dialect for one in list_recordings(session, wave.id) if one.item == item}
    if len(others | {dialect}) > MOST_DIALECTS:
        raise Conflict(Message(N_("这道题已有 {most} 种话的录音，请先删去一种。"), {"most": MOST_DIALECTS}))
    recording = Recording(item=item, dialect=dialect, sha256=hashlib.sha256(body).hexdigest())
    put_recording(session, wave.id, recording, Sound(type=kind, body=body))
    return recording


def _of(field: str, message: Message) -> BadInput:
    return BadInput(message, [Problem(where="", column=field, got="", expected=message)])


def remove_recording(session: Session, wave: WaveRecord, *, item: str, dialect: str) -> None:
    """Raises :class:`NotThere`, and :class:`Conflict` once the wave is over."""
    if wave.state in _OVER:
        raise Conflict(Message(N_("这一轮调查已经结束，录音不再变化。")))
    if not drop_recording(session, wave.id, item=item, dialect=dialect):
        raise NotThere(Message(N_("没有这个录音，可能已经删去。")))


def sound_type(body: bytes) -> str | None:
    """The type of a file by how it begins, whatever it is called; ``None``: none that phones play.

    >>> sound_type(b"ID3" + bytes(9)), sound_type(b"OggS" + bytes(9)), sound_type(b"<script>alert()")
    ('audio/mpeg', 'audio/ogg', None)
    """
    if body[:3] == b"ID3" or (len(body) > 1 and body[0] == 0xFF and body[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    if body[4:8] == b"ftyp":
        return "audio/mp4"
    return "audio/ogg" if body[:4] == b"OggS" else None
