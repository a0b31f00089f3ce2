"""Show the receipts of closed waves to everybody: sorted hashes, all modes together; no community, no day, no count of
any part. Before the closing nothing is shown, or whoever looks twice would see when a receipt came.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.fieldwork.resident_codes import read_receipt, receipt_hash
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.store.receipts import count_receipts, holds_receipt, list_receipts
from survey.store.waves import WaveRecord, get_wave, list_waves
from survey.waves import WaveState

_OVER = (WaveState.CLOSED, WaveState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class ReceiptList:
    """``count``: of all receipts, those of blank and declined forms among them."""

    wave: int
    name: str
    count: int


def list_receipt_lists(session: Session) -> tuple[ReceiptList, ...]:
    """Of every closed wave that has receipts, the newest first."""
    lists = [_list_of(session, wave) for wave in list_waves(session) if wave.state in _OVER]
    return tuple(sorted((one for one in lists if one.count), key=lambda one: one.wave, reverse=True))


def find_receipt_list(session: Session, wave_id: int) -> ReceiptList:
    """Raises :class:`NotThere` for an unknown wave and :class:`Conflict` for one that is not closed yet."""
    return _list_of(session, _closed(session, wave_id))


def show_receipts(session: Session, wave_id: int) -> tuple[str, ...]:
    """All hashes, sorted. Raises as :func:`find_receipt_list`."""
    return list_receipts(session, _closed(session, wave_id).id)


def check_receipt(session: Session, wave_id: int, typed: str) -> bool:
    """Whether the receipt somebody typed is in the list. Raises as :func:`find_receipt_list`, and :class:`BadInput`
    for what cannot be a receipt."""
    wave, receipt = _closed(session, wave_id), read_receipt(typed)
    if receipt is None:
        raise BadInput(Message(N_("回执号应为12位数字和字母，例如 {example}"), {"example": "7K2M-9XQ4-DT0V"}))
    return holds_receipt(session, wave.id, receipt_hash(receipt))


def _closed(session: Session, wave_id: int) -> WaveRecord:
    wave = get_wave(session, wave_id)
    if wave.state in (WaveState.DRAFT, WaveState.DRAWN):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))
    if wave.state not in _OVER:
        raise Conflict(Message(N_("轮次 {wave} 还没有结束：回执在结束以后一起公布"), {"wave": wave_id}))
    return wave


def _list_of(session: Session, wave: WaveRecord) -> ReceiptList:
    return ReceiptList(wave=wave.id, name=wave.name, count=count_receipts(session, wave.id))
