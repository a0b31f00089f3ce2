"""Open a wave: bind an instrument, a frame and the facts that its reports print."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from questionnaires.loading import from_document
from survey.files.wave_file import check_details
from survey.messages import N_, BadInput, Message
from survey.store.areas import get_frame
from survey.store.instruments import find_instrument
from survey.store.waves import add_wave
from survey.waves import WaveDetails

LONGEST_NAME = 100


def open_wave(
    session: Session,
    *,
    instrument: str,
    frame: int,
    name: str,
    details: WaveDetails,
    at: datetime,
    by: str,
    version: str | None = None,
) -> int:
    """The id of a new wave in draft. ``version``: of the instrument; ``None``: the one added last.

    Raises ``NotThere`` for an unknown instrument, version or frame, :class:`BadInput` for a name that is empty, too
    long or not printable, for targets or placeholders the instrument does not know, and for facts that tell people
    what to answer.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(
            Message(N_("轮次名称有 {got} 个字，应为 1 到 {most} 个"), {"got": len(name), "most": LONGEST_NAME})
        )
    if not name.isprintable():
        hidden = " ".join(f"U+{ord(character):04X}" for character in name if not character.isprintable())
        raise BadInput(Message(N_("轮次名称里有看不见的字符：{got}；请去掉它们"), {"got": hidden}))
    record = find_instrument(session, instrument, version)
    check_details(from_document(record.document), details)
    return add_wave(
        session,
        name=name,
        instrument_id=record.id,
        frame_id=get_frame(session, frame).id,
        details=details,
        at=at,
        by=by,
    )


def warn_of_past(details: WaveDetails, *, today: date) -> tuple[Message, ...]:
    """What to do about dates that are over before anything was asked: an example's, or those of the wave before.

    ``today``: in Beijing.
    """
    if details.end is None or details.end >= today:
        return ()
    message = N_(
        "调查期到 {end} 为止，已经过去（今天 {today}）：信和报告会印这个日期，队伍也没有日子可抽；"
        "请改好 wave.toml 里的 start 和 end，再更新轮次的事实（survey wave details）"
    )
    return (Message(message, {"end": details.end, "today": today}),)
