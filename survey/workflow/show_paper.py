"""The batches of paper forms of a wave: what was handed out, came back, counts and does not; and the second keying."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.fieldwork.keying_checks import Disagreement, FormSums, field_disagreement, item_disagreement
from questionnaires.definition import Text
from questionnaires.wording import fill_questionnaire
from survey.areas import Area, Level
from survey.casework.paper_keying import counted, unseal_form
from survey.keys import KeyRing
from survey.messages import N_, Message, NotThere
from survey.reports.introductions import placeholders
from survey.roles import Permission, Scope, may
from survey.store.accounts import list_accounts
from survey.store.areas import get_frame
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.paper_batches import (
    PaperBatch,
    VoidReason,
    get_batch,
    list_batches,
    read_checks,
    read_final_counts,
)
from survey.store.paper_forms import FormState, count_forms, list_forms
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord
from survey.waves import Mode, WaveState


@dataclass(frozen=True, kw_only=True)
class BatchCounts:
    """Of the forms that came back: ``keyed`` once, ``chosen`` for the second keying, ``differing``, responses, void."""

    batch: PaperBatch
    area: Area | None
    keyed: int
    chosen: int
    differing: int
    valid: int
    void: Mapping[VoidReason, int]

    @property
    def voided(self) -> int:
        return sum(self.void.values())

    @property
    def waiting(self) -> int:
        """Keyed, and no response yet."""
        return self.keyed + self.chosen + self.differing

    @property
    def open(self) -> int:
        """Came back, and nobody keyed them."""
        return self.batch.returned - self.valid - self.voided - self.waiting

    @property
    def outstanding(self) -> int:
        """Handed out, and not come back."""
        return self.batch.issued - self.batch.returned


@dataclass(frozen=True, kw_only=True)
class CheckedItemKeying:
    item: str
    text: Text | None
    found: Disagreement


@dataclass(frozen=True, kw_only=True)
class SecondKeying:
    """Over one batch or all of a wave. ``forms``: those with any difference among those keyed twice."""

    items: tuple[CheckedItemKeying, ...]
    fields: Disagreement
    forms: Disagreement


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """``closed``: why no batch can be made or keyed; ``None``: it can. ``lacks_mode``: paper is not among the modes."""

    wave: WaveRecord
    batches: tuple[BatchCounts, ...]
    communities: tuple[Area, ...]
    lacks_mode: bool
    closed: Message | None
    second: SecondKeying


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """``again``: serials to be keyed a second time, by number, and whether the reader keyed them first. ``others``:
    accounts beside the reader's that may key this batch.
    """

    wave: WaveRecord
    counts: BatchCounts
    closed: Message | None
    again: tuple[tuple[str, bool], ...]
    others: int
    second: SecondKeying


def show_paper(session: Session, wave: WaveRecord, *, scope: Scope) -> PaperView:
    """As far as ``scope`` reaches."""
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    parents = {area.code: area.parent for area in areas.values()}
    batches = [one for one in list_batches(session, wave.id) if scope.sees_area(one.area, parents)]
    return PaperView(
        wave=wave,
        batches=tuple(_counts(session, one, areas) for one in batches),
        communities=tuple(
            area
            for area in areas.values()
            if area.level in (Level.COMMUNITY, Level.VILLAGE) and scope.sees_area(area.code, parents)
        ),
        lacks_mode=_lacks_mode(session, wave),
        closed=_closed(session, wave),
        second=_second(session, wave, batches),
    )


def show_batch(
    session: Session, keys: KeyRing, wave: WaveRecord, batch_id: int, *, scope: Scope, keyer: int | None = None
) -> BatchView:
    """Raises :class:`NotThere` for a batch of another wave or out of reach."""
    batch = require_batch(session, wave, batch_id, scope=scope)
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    return BatchView(
        wave=wave,
        counts=_counts(session, batch, areas),
        closed=_closed(session, wave),
        again=_again(session, keys, batch, keyer),
        others=_others(session, batch, {code: area.parent for code, area in areas.items()}, keyer),
        second=_second(session, wave, [batch]),
    )


def require_batch(session: Session, wave: WaveRecord, batch_id: int, *, scope: Scope) -> PaperBatch:
    """Raises :class:`NotThere` for a batch of another wave or out of reach."""
    batch = get_batch(session, batch_id)
    parents = {area.code: area.parent for area in get_frame(session, wave.frame_id).areas} if scope.areas else {}
    if batch.wave_id != wave.id or not scope.sees_area(batch.area, parents):
        raise NotThere(Message(N_("没有编号为 {id} 的纸质问卷批次"), {"id": batch_id}))
    return batch


def _counts(session: Session, batch: PaperBatch, areas: Mapping[str, Area]) -> BatchCounts:
    live = count_forms(session, batch.id)
    final = read_final_counts(session, batch.id)
    return BatchCounts(
        batch=batch,
        area=areas.get(batch.area),
        keyed=counted(live, FormState.KEYED),
        chosen=counted(live, FormState.CHOSEN),
        differing=counted(live, FormState.DIFFERING),
        valid=counted(live, FormState.VALID) + final.get(None, 0),
        void={
            reason: number
            for reason in VoidReason
            if (number := live.get((FormState.VOID, reason), 0) + final.get(reason, 0))
        },
    )


def _lacks_mode(session: Session, wave: WaveRecord) -> bool:
    found = find_fielded_wave(session, wave.id)
    return found is not None and Mode.PAPER not in found.modes


def _closed(session: Session, wave: WaveRecord) -> Message | None:
    if _lacks_mode(session, wave):
        return Message(N_("本轮的调查方式里没有纸质问卷"))
    if wave.state in (WaveState.DRAFT, WaveState.DRAWN):
        return Message(N_("调查开始以后才能发放纸质问卷"))
    return None if wave.state is WaveState.FIELDING else Message(N_("调查已经结束，只留下各批的数"))


def _again(session: Session, keys: KeyRing, batch: PaperBatch, keyer: int | None) -> tuple[tuple[str, bool], ...]:
    records = list_forms(session, batch.id, [FormState.CHOSEN, FormState.DIFFERING])
    sealer = find_sealer(session, keys, batch.wave_id) if records else None
    if sealer is None:
        return ()
    forms = [unseal_form(sealer, record) for record in records]
    return tuple(sorted((form.serial, form.keyer == keyer) for form in forms))


def _others(session: Session, batch: PaperBatch, parents: Mapping[str, str | None], keyer: int | None) -> int:
    return sum(
        one.active
        and one.activated
        and one.id != keyer
        and may(one.role, Permission.KEY_PAPER)
        and one.scope.sees_area(batch.area, parents)
        for one in list_accounts(session)
    )


def _texts(wave: FieldedWave) -> dict[str, Text]:
    """Item id -> its words, as they stand on the forms."""
    filled = fill_questionnaire(wave.questionnaire, placeholders(wave.questionnaire, wave.details))
    return {item.id: item.text for item in filled.items}


def _second(session: Session, wave: WaveRecord, batches: Sequence[PaperBatch]) -> SecondKeying:
    checks = read_checks(session, [batch.id for batch in batches])
    found = find_fielded_wave(session, wave.id)
    order = {item.id: at for at, item in enumerate(found.questionnaire.items)} if found else {}
    texts = _texts(found) if found else {}
    forms = sum(batch.checked_forms for batch in batches)
    return SecondKeying(
        items=tuple(
            CheckedItemKeying(
                item=one.item,
                text=texts.get(one.item),
                found=item_disagreement(compared=one.compared, differing=one.differing),
            )
            for one in sorted(checks, key=lambda one: order.get(one.item, len(order)))
        ),
        fields=field_disagreement(
            [(one.compared, one.differing) for one in checks],
            FormSums(
                forms=forms,
                differing_squared=sum(batch.differences_squared for batch in batches),
                compared_differing=sum(batch.compared_differences for batch in batches),
                compared_squared=sum(batch.compared_squared for batch in batches),
            ),
        ),
        forms=item_disagreement(compared=forms, differing=sum(batch.differing_forms for batch in batches)),
    )
