"""Finish the first keying of what is there: a random tenth waits to be keyed by somebody else, the rest counts now."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.casework.paper_keying import choose, open_batch, release, unseal_form
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Message
from survey.store.paper_forms import FormRecord, FormState, change_form, list_forms


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Of ``keyed`` forms ``chosen`` wait for the second keying; of the others ``valid`` are responses now."""

    keyed: int
    chosen: int
    valid: int


def finish_keying(session: Session, keys: KeyRing, wave_id: int, batch_id: int) -> Finished:
    """Which ones are chosen follows from the seed of the batch and the serials, and nobody sees it before.

    It may be done again for forms that came later. Raises ``Conflict`` when no form waits for it.
    """
    opened = open_batch(session, keys, wave_id, batch_id)
    waiting = [
        (record, unseal_form(opened.sealer, record)) for record in list_forms(session, batch_id, [FormState.KEYED])
    ]
    if not waiting:
        raise Conflict(Message(N_("这一批没有录过一遍、还没有抽取复录的问卷")))
    chosen = choose(opened.batch.seed, [form.serial for _, form in waiting])
    for record, form in waiting:
        if form.serial in chosen:
            again = FormRecord(tag=record.tag, batch_id=batch_id, state=FormState.CHOSEN, body=record.body)
            change_form(session, again, was=FormState.KEYED)
    others = [(record, form) for record, form in waiting if form.serial not in chosen]
    return Finished(keyed=len(waiting), chosen=len(chosen), valid=release(session, opened, others))
