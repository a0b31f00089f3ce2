"""Forms of a batch between paper and response: opened under the wave's key, sealed again, released.

Released answers get fresh random numbers, all of them the day on which the batch came back: which response was which
form is written nowhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from questionnaires.checking import Completeness
from questionnaires.definition import Questionnaire
from questionnaires.wording import fill_questionnaire
from survey.casework.paper_answers import Typed, read_typed
from survey.fieldwork.paper_serials import Serial, read_serial
from survey.fieldwork.resident_codes import SEED_BYTES, codes_of, receipt_hash
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Conflict, Message, NotThere
from survey.reports.introductions import placeholders
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.paper_batches import PaperBatch, VoidReason, get_batch, list_batches, set_as_keyed
from survey.store.paper_forms import (
    WAITING,
    FormRecord,
    FormState,
    change_form,
    context,
    count_forms,
    count_waiting,
    list_forms,
)
from survey.store.receipts import add_receipt
from survey.store.responses import NewResponse, add_response, answers_document
from survey.store.wave_keys import find_sealer
from survey.waves import Mode, WaveState

#: One in so many forms is keyed twice.
TENTH = 10
#: Void by what people answered: that is no slip of whoever keyed.
BY_ANSWERS = (VoidReason.NOT_ELIGIBLE, VoidReason.TOO_FEW)


@dataclass(frozen=True, kw_only=True)
class OpenBatch:
    """A batch whose wave is in the field. ``questionnaire``: its wordings filled."""

    batch: PaperBatch
    wave: FieldedWave
    questionnaire: Questionnaire
    sealer: Sealer


@dataclass(frozen=True, kw_only=True)
class KeyedForm:
    """What a seal holds. ``keyer``: account that keyed it first; ``second``: what the other one typed. ``restored``: it
    was void when the tenth was drawn, or since, so that it is no part of a random tenth.
    """

    serial: str
    keyer: int
    first: Typed
    second: Typed | None = None
    restored: bool = False

    @property
    def last(self) -> Typed:
        return self.first if self.second is None else self.second


@dataclass(frozen=True, kw_only=True)
class PaperLeft:
    """Forms that came back and are no answers yet: ``waiting``: keyed, not finished; ``unkeyed``."""

    waiting: int
    unkeyed: int

    def __bool__(self) -> bool:
        return bool(self.waiting or self.unkeyed)


NO_PAPER_LEFT = PaperLeft(waiting=0, unkeyed=0)


def open_batch(session: Session, keys: KeyRing, wave_id: int, batch_id: int) -> OpenBatch:
    """Raises :class:`NotThere` for a batch of another wave, :class:`Conflict` when the wave is not in the field."""
    batch = get_batch(session, batch_id)
    wave = find_fielded_wave(session, wave_id)
    if wave is None or batch.wave_id != wave_id:
        raise NotThere(Message(N_("没有编号为 {id} 的纸质问卷批次"), {"id": batch_id}))
    sealer = find_sealer(session, keys, wave_id)
    if wave.state is not WaveState.FIELDING or sealer is None:
        raise Conflict(Message(N_("本轮不在调查中：不能再发放或录入纸质问卷")))
    return _opened(batch, wave, sealer)


def _opened(batch: PaperBatch, wave: FieldedWave, sealer: Sealer) -> OpenBatch:
    filled = fill_questionnaire(wave.questionnaire, placeholders(wave.questionnaire, wave.details))
    return OpenBatch(batch=batch, wave=wave, questionnaire=filled, sealer=sealer)


def seal_form(sealer: Sealer, tag: str, form: KeyedForm) -> bytes:
    body: dict[str, object] = {"serial": form.serial, "keyer": form.keyer, "first": dict(form.first)}
    if form.restored:
        body["restored"] = True
    if form.second is not None:
        body["second"] = dict(form.second)
    return sealer.seal(json.dumps(body, ensure_ascii=False).encode(), context=context(tag))


def unseal_form(sealer: Sealer, form: FormRecord) -> KeyedForm:
    """Of a form that waits."""
    if form.body is None:
        raise ValueError(f"the form {form.tag} does not wait")
    return KeyedForm(**json.loads(sealer.unseal(form.body, context=context(form.tag))))


def choose(seed: str, serials: Iterable[str]) -> frozenset[str]:
    """Which of the keyed forms are keyed a second time: a tenth, rounded up, by SHA-256 of seed and serial.

    >>> len(choose("00" * 32, [f"0001-{number:04}-0" for number in range(11)]))
    2
    """
    ranked = sorted(serials, key=lambda serial: hashlib.sha256(f"{seed} {serial}".encode()).digest())
    return frozenset(ranked[: -(-len(ranked) // TENTH)])


def is_drawn(session: Session, batch_id: int) -> bool:
    """Whether a tenth of the open wave's batch was drawn before, of whichever forms there were."""
    after = {FormState.CHOSEN, FormState.DIFFERING, FormState.VALID}
    return any(state in after or reason in BY_ANSWERS for state, reason in count_forms(session, batch_id))


def used_forms(session: Session, batch_id: int) -> int:
    """Forms of an open wave that are keyed or void."""
    return sum(count_forms(session, batch_id).values())


def receipt_of(sealer: Sealer, serial: str) -> str:
    """The 12 characters printed on the form to tear off; only the wave's key leads from a serial to them."""
    return codes_of(sealer.tag(f"paper receipt:{serial}")[: 2 * SEED_BYTES]).receipt


def keep_receipt(session: Session, opened: OpenBatch, serial: str) -> None:
    """A form came back, whatever is on it."""
    add_receipt(session, opened.wave.id, receipt_hash(receipt_of(opened.sealer, serial)))


def release(session: Session, opened: OpenBatch, forms: Sequence[tuple[FormRecord, KeyedForm]]) -> int:
    """The answers become responses; how many. Whoever is not of the population or answered less than half leaves
    none: the form is void, for that reason. ``forms``: each with what is final in it as ``last``.
    """
    responses = []
    for record, keyed in forms:
        read = read_typed(opened.questionnaire, read_serial(keyed.serial), keyed.last)
        reason = _why_not(read.screened, read.completeness)
        state = FormState.VOID if reason else FormState.VALID
        done = FormRecord(tag=record.tag, batch_id=record.batch_id, state=state, reason=reason)
        change_form(session, done, was=record.state)
        if reason is None:
            responses.append(
                NewResponse(
                    uuid=uuid4(),
                    area=opened.batch.area,
                    mode=Mode.PAPER,
                    day=opened.batch.returned_on,
                    answers=answers_document(read.answers),
                    completeness=read.completeness,
                )
            )
    for response in sorted(responses, key=lambda one: one.uuid.int):  # in no order that tells anything
        add_response(session, opened.wave.id, response)
    return len(responses)


def paper_left(session: Session, wave_id: int) -> PaperLeft:
    """Of a wave that is not closed: its forms are counted, not looked at."""
    unkeyed = sum(batch.returned - used_forms(session, batch.id) for batch in list_batches(session, wave_id))
    return PaperLeft(waiting=count_waiting(session, wave_id), unkeyed=unkeyed)


def release_as_keyed(session: Session, keys: KeyRing, wave_id: int) -> None:
    """Every form of a wave that still waits when it is closed is taken as it was keyed last; the batch says so."""
    wave, sealer = find_fielded_wave(session, wave_id), find_sealer(session, keys, wave_id)
    if wave is None or sealer is None:
        return
    for batch in list_batches(session, wave_id):
        waiting = [(record, unseal_form(sealer, record)) for record in list_forms(session, batch.id, WAITING)]
        release(session, _opened(batch, wave, sealer), waiting)
        set_as_keyed(session, batch.id, len(waiting))


def _why_not(screened: bool, completeness: Completeness) -> VoidReason | None:
    if screened:
        return VoidReason.NOT_ELIGIBLE
    return VoidReason.TOO_FEW if completeness is Completeness.BREAK_OFF else None


def serials_of(batch: PaperBatch) -> tuple[Serial, ...]:
    return tuple(Serial(batch=batch.id, number=number) for number in range(1, batch.printed + 1))


def counted(counts: Mapping[tuple[FormState, VoidReason | None], int], *states: FormState) -> int:
    return sum(number for (state, _), number in counts.items() if state in states)
