"""Key a form of a batch, for the first time or the second, or make it void.

A form is known by its serial only while it is keyed: the row that says so cannot be read without the wave's key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.casework.paper_answers import Typed, compare_typed
from survey.casework.paper_keying import (
    BY_ANSWERS,
    KeyedForm,
    OpenBatch,
    is_drawn,
    keep_receipt,
    open_batch,
    release,
    seal_form,
    unseal_form,
    used_forms,
)
from survey.fieldwork.paper_serials import Serial, read_serial
from survey.keys import KeyRing
from survey.messages import N_, BadInput, Conflict, Message
from survey.store.paper_batches import VoidReason, add_check
from survey.store.paper_forms import FormRecord, FormState, add_form, change_form, find_form, tag_of


class Round(StrEnum):
    FIRST = "first"
    MENDING = "mending"  # keyed once, and opened again by whoever keyed it, before it is known what is keyed twice
    RESTORING = "restoring"  # void, perhaps by mistake
    SECOND = "second"
    SETTLING = "settling"  # keyed twice, not alike


class Saved(StrEnum):
    KEYED = "keyed"  # once
    MENDED = "mended"  # keyed once, in the place of what was there
    RESTORED = "restored"  # keyed once, after the tenth was drawn: somebody else keys it again
    ALIKE = "alike"  # twice, the same
    DIFFERS = "differs"  # twice; to be settled now
    SETTLED = "settled"


@dataclass(frozen=True, kw_only=True)
class FormToKey:
    """``typed``: what stands in the fields; ``first``: of the first keying, where it is to be settled which is right.

    ``differing``: the keys of what differs.
    """

    opened: OpenBatch
    serial: Serial
    tag: str
    round: Round
    record: FormRecord | None
    typed: Typed
    first: Typed
    differing: tuple[str, ...] = ()


def open_form(session: Session, keys: KeyRing, wave_id: int, batch_id: int, *, serial: str, keyer: int) -> FormToKey:
    """What the keyer ``keyer`` (account) may do with the form. Raises :class:`BadInput` for a serial that is none or
    of no form of this batch, :class:`Conflict` for a form whose answers count or that was void by them, for one that
    somebody else must key or mend, and when no more forms came back than are keyed already.
    """
    opened = open_batch(session, keys, wave_id, batch_id)
    read = read_serial(serial)
    if read.batch != batch_id:
        message = N_("{serial} 是第 {batch} 批的，不是这一批的")
        raise BadInput(Message(message, {"serial": read, "batch": read.batch}))
    if not 1 <= read.number <= opened.batch.printed:
        message = N_("这一批没有 {serial}：只印了 {printed} 份")
        raise BadInput(Message(message, {"serial": read, "printed": opened.batch.printed}))
    tag = tag_of(opened.sealer, read)
    record = find_form(session, tag)
    if record is None:
        returned, used = opened.batch.returned, used_forms(session, batch_id)
        if used >= returned:
            message = N_("这一批回收 {returned} 份，已经录入和作废 {used} 份：请先更正回收数")
            raise Conflict(Message(message, {"returned": returned, "used": used}))
        return FormToKey(opened=opened, serial=read, tag=tag, round=Round.FIRST, record=None, typed={}, first={})
    return _again(opened, read, record, keyer)


def _again(opened: OpenBatch, serial: Serial, record: FormRecord, keyer: int) -> FormToKey:
    found = FormToKey(
        opened=opened, serial=serial, tag=record.tag, round=Round.SECOND, record=record, typed={}, first={}
    )
    if record.state is FormState.VOID:
        if record.reason in BY_ANSWERS:
            raise Conflict(Message(N_("{serial} 已经作废"), {"serial": serial}))
        return replace(found, round=Round.RESTORING)
    if record.state is FormState.VALID:
        raise Conflict(Message(N_("{serial} 已经录过，而且计入了：不能再改"), {"serial": serial}))
    form = unseal_form(opened.sealer, record)
    if record.state is FormState.KEYED:
        if form.keyer != keyer:
            raise Conflict(Message(N_("{serial} 已经录过：抽取复录以前，只有录它的人能改"), {"serial": serial}))
        return replace(found, round=Round.MENDING, typed=form.first)
    if form.keyer == keyer:
        raise Conflict(Message(N_("{serial} 第一遍是您录的：第二遍要由另一个人录"), {"serial": serial}))
    if record.state is FormState.CHOSEN:
        return found
    differing = compare_typed(opened.questionnaire, serial, form.first, form.last).keys
    return replace(found, round=Round.SETTLING, typed=form.last, first=form.first, differing=differing)


def key_form(session: Session, form: FormToKey, typed: Mapping[str, str], *, keyer: int) -> Saved:
    """Keep what was typed; of a form keyed twice alike, or settled, the answers become a response now.

    Raises :class:`BadInput` for a form with nothing on it: that is a void one.
    """
    typed = {key: value.strip() for key, value in typed.items() if value.strip()}
    if not typed:
        raise BadInput(Message(N_("一道题也没有录：空白的问卷请作废，原因选“空白”")))
    opened, record = form.opened, form.record
    if record is None or form.round in (Round.MENDING, Round.RESTORING):
        return _keep_first(session, form, typed, keyer)
    before = unseal_form(opened.sealer, record)
    final = replace(before, second=typed)
    if form.round is Round.SETTLING:
        release(session, opened, [(record, final)])
        return Saved.SETTLED
    found = compare_typed(opened.questionnaire, form.serial, before.first, typed)
    if not before.restored:  # the rate is of a random tenth, each form of it once
        add_check(session, record.batch_id, found.items)
    if not found.keys:
        release(session, opened, [(record, final)])
        return Saved.ALIKE
    body = seal_form(opened.sealer, form.tag, final)
    differing = FormRecord(tag=form.tag, batch_id=record.batch_id, state=FormState.DIFFERING, body=body)
    change_form(session, differing, was=record.state)
    return Saved.DIFFERS


def _keep_first(session: Session, form: FormToKey, typed: Typed, keyer: int) -> Saved:
    """What was keyed once, in the place of what was there; which forms are keyed twice is drawn later.

    What was void when they were drawn is keyed twice in any case: else a form that was chosen, or keyed twice and not
    alike, would come in as it was keyed first by being void in between.
    """
    batch = form.opened.batch.id
    late = form.round is Round.RESTORING and is_drawn(session, batch)
    held = KeyedForm(serial=str(form.serial), keyer=keyer, first=typed, restored=late)
    state = FormState.CHOSEN if late else FormState.KEYED
    body = seal_form(form.opened.sealer, form.tag, held)
    keyed = FormRecord(tag=form.tag, batch_id=batch, state=state, body=body)
    if form.record is None:
        add_form(session, keyed)
        keep_receipt(session, form.opened, str(form.serial))
        return Saved.KEYED
    change_form(session, keyed, was=form.record.state)
    return Saved.RESTORED if late else Saved.MENDED


def void_form(session: Session, form: FormToKey, reason: VoidReason) -> None:
    """A form that came back and does not count; one that is keyed already may turn out to be none, too."""
    void = FormRecord(tag=form.tag, batch_id=form.opened.batch.id, state=FormState.VOID, reason=reason)
    if form.record is None:
        add_form(session, void)
        keep_receipt(session, form.opened, str(form.serial))
    else:
        change_form(session, void, was=form.record.state)
