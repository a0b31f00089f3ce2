"""Review the interviews that came in: who held them, how long, signs and facts; never an opinion.

Beside an address stand only the answers to sections that the questionnaire calls factual. What waits for a decision
is listed with its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.integrity.interview_signs import InterviewTimes, Sign, find_signs
from questionnaires.definition import Item, Questionnaire
from questionnaires.routing import NeededItems
from survey.areas import Area
from survey.casework.acceptance import find_refusal
from survey.casework.factual_answers import Fact, given_codes, read_facts
from survey.casework.version_checks import checker_of
from survey.casework.waiting_visits import WaitingVisit, list_waiting_visits
from survey.fieldwork.glances import ReviewGlance
from survey.fieldwork.interview_checks import CheckedInterview, InterviewChecker
from survey.fieldwork.payloads import NOBODY, InterviewPayload
from survey.fieldwork.quarantine import Reason, read_reason
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Message, NotThere
from survey.roles import SEES_FULL_NAMES, Role, Scope
from survey.store.accounts import Account, list_accounts
from survey.store.areas import get_frame
from survey.store.cases import Case, cases_by_ids
from survey.store.inbox import PayloadState, list_inbox
from survey.store.interviews import GlancedInterview, InterviewRecord, glance_at_interviews
from survey.store.units import get_units
from survey.store.wave_keys import find_sealer
from survey.store.waves import WaveRecord
from survey.units import Unit
from survey.waves import Mode

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Settled interviews on a page; what waits is shown whole.
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class OtherVersion:
    """``left_out``: items that were answered by it and do not count, as the wave asks them otherwise or not at all."""

    version: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewedInterview:
    """``unit`` and ``area`` are ``None`` for a case nobody knows. ``reason``: why it waits, or what was decided.

    ``online``: filled in by the household itself with its code; nobody checks its facts, so none are shown.
    ``screened``: the selected adult was not eligible; accepted, it says that nobody in the home is.
    ``refusal``: why nobody may accept it.
    ``other_version``: of the wave's questionnaire, if another one was asked that is known here.
    """

    record: InterviewRecord
    case: Case | None
    unit: Unit | None
    area: Area | None
    canvasser: str
    online: bool
    screened: bool
    minutes: float
    signs: tuple[Sign, ...]
    facts: tuple[Fact, ...]
    reason: Message | str | None
    refusal: Reason | None = None
    other_version: OtherVersion | None = None

    @property
    def state(self) -> PayloadState:
        return self.record.state

    @property
    def payload(self) -> InterviewPayload:
        return self.record.payload


@dataclass(frozen=True, kw_only=True)
class Review:
    """``visits``: those that wait. ``unreadable``: payloads that came in and cannot be read, by uuid, with why.

    ``settled_count``: of all ``pages`` of those that are settled; ``interviews`` are what waits and this ``page``.
    """

    wave: WaveRecord
    interviews: tuple[ReviewedInterview, ...]
    unreadable: Mapping[UUID, Message | str | None]
    destroyed: bool  # the wave is closed: nothing of this is left
    visits: tuple[WaitingVisit, ...] = ()
    settled_count: int = 0
    page: int = 1
    pages: int = 1

    @property
    def waiting(self) -> tuple[ReviewedInterview, ...]:
        return tuple(one for one in self.interviews if one.state is PayloadState.QUARANTINED)

    @property
    def settled(self) -> tuple[ReviewedInterview, ...]:
        return tuple(one for one in self.interviews if one.state is not PayloadState.QUARANTINED)


def review_interviews(
    session: Session,
    keys: KeyRing,
    wave: WaveRecord,
    *,
    role: Role,
    scope: Scope,
    at: datetime,
    page: int | None = None,
) -> Review:
    """The newest first, those with signs before those without; only communities within ``scope``.

    Of those that are settled only the ``page`` that is asked for, ``None``: all. Raises :class:`NotThere` for a page
    that is not there.
    """
    sealer = find_sealer(session, keys, wave.id)
    if sealer is None:
        return Review(wave=wave, interviews=(), unreadable={}, destroyed=True)
    checker = checker_of(session, wave)
    everything = glance_at_interviews(session, sealer, wave.id)
    areas = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    parents = {code: area.parent for code, area in areas.items()}
    names = {account.id: _name(account, role) for account in list_accounts(session)}
    signs_of = _signs_of(checker.questionnaire, everything)
    within = _within(session, everything, scope, parents)
    within.sort(key=lambda one: (not signs_of.get(one.uuid), -one.seen.times.started.timestamp()))
    on_page, settled, pages = _on_page(within, page)
    shown = [record for one in on_page if (record := one.read()) is not None]
    cases = cases_by_ids(session, {record.payload.case for record in shown})
    there = [case for record in shown if (case := cases.get(record.payload.case))]
    units = get_units(session, wave.frame_id, [c.unit_serial for c in there if c.frame_id == wave.frame_id])
    interviews = tuple(
        _reviewed(
            record,
            case=cases.get(record.payload.case),
            refusal=_refusal(session, sealer, wave, record, cases.get(record.payload.case), checker, at=at),
            units=units,
            areas=areas,
            canvasser=names.get(record.payload.canvasser, ""),
            signs=signs_of.get(record.uuid, frozenset()),
            checker=checker,
            sealer=sealer,
        )
        for record in shown
    )
    visits = list_waiting_visits(session, sealer, wave, areas=areas, names=names, scope=scope, at=at)
    read = {one.uuid for one in everything} | {visit.uuid for visit in visits}
    unreadable = _unreadable(session, sealer, wave.id, read) if not scope.areas else {}
    return Review(
        wave=wave,
        interviews=interviews,
        unreadable=unreadable,
        destroyed=False,
        visits=visits,
        settled_count=settled,
        page=page or 1,
        pages=pages,
    )


def _on_page(records: list[GlancedInterview], page: int | None) -> tuple[list[GlancedInterview], int, int]:
    """What is shown, how many are settled, and the number of their pages."""
    waiting = [record for record in records if record.state is PayloadState.QUARANTINED]
    settled = [record for record in records if record.state is not PayloadState.QUARANTINED]
    if page is None:
        return records, len(settled), 1
    pages = max(1, -(-len(settled) // PAGE))
    if not 1 <= page <= pages:
        raise NotThere(Message(N_("已收的访问没有第 {page} 页"), {"page": page}))
    return [*waiting, *settled[(page - 1) * PAGE : page * PAGE]], len(settled), pages


def _within(
    session: Session, interviews: Sequence[GlancedInterview], scope: Scope, parents: Mapping[str, str | None]
) -> list[GlancedInterview]:
    if not scope.areas:
        return list(interviews)
    cases = cases_by_ids(session, {one.seen.case for one in interviews})
    area_of = {case.id: case.area for case in cases.values()}
    return [one for one in interviews if scope.sees_area(area_of.get(one.seen.case), parents)]


def _refusal(
    session: Session,
    sealer: Sealer,
    wave: WaveRecord,
    record: InterviewRecord,
    case: Case | None,
    checker: InterviewChecker,
    *,
    at: datetime,
) -> Reason | None:
    """Of what waits: why nobody may accept it."""
    if record.state is not PayloadState.QUARANTINED:
        return None
    payload, stored = record.payload, record.reason
    return find_refusal(session, sealer, payload, case, wave_id=wave.id, stored=stored, at=at, checker=checker)


def _reviewed(
    record: InterviewRecord,
    *,
    case: Case | None,
    refusal: Reason | None,
    units: Mapping[int, Unit],
    areas: Mapping[str, Area],
    canvasser: str,
    signs: frozenset[Sign],
    checker: InterviewChecker,
    sealer: Sealer,
) -> ReviewedInterview:
    payload, online = record.payload, _is_online(record.payload)
    waits = record.state is PayloadState.QUARANTINED
    asked = checker.asked(payload)
    # What is settled needs no word about what it came to, unless another version was asked.
    checked = checker.check(payload) if waits or asked is not checker.questionnaire else None
    return ReviewedInterview(
        record=record,
        case=case,
        unit=units.get(case.unit_serial) if case else None,
        area=areas.get(case.area) if case else None,
        canvasser=canvasser,
        minutes=(payload.finished - payload.started).total_seconds() / 60,
        signs=tuple(sorted(signs)),
        online=online,
        screened=checked is not None and waits and not online and checked.screened,
        facts=() if online else read_facts(asked, payload),
        reason=read_reason(sealer, record.uuid, record.reason),
        refusal=refusal,
        other_version=None if checked is None else _other_version(checked),
    )


def _other_version(checked: CheckedInterview) -> OtherVersion | None:
    if checked.version is None:
        return None
    return OtherVersion(version=checked.version.version, left_out=checked.left_out)


def _name(account: Account, role: Role) -> str:
    return account.full_name or account.name if role in SEES_FULL_NAMES else account.name


def _is_online(payload: InterviewPayload) -> bool:
    return payload.canvasser == NOBODY


def _signs_of(questionnaire: Questionnaire, interviews: Iterable[GlancedInterview]) -> Mapping[UUID, frozenset[Sign]]:
    """Of those that somebody held."""
    held = [one for one in interviews if one.seen.times.canvasser != NOBODY]
    items = NeededItems(questionnaire, mode=Mode.CAPI)
    signs = find_signs([_times(one.seen, items.of(one.seen.answers)) for one in held], SHANGHAI)
    return {one.uuid: found for one, found in zip(held, signs, strict=True)}


def _times(seen: ReviewGlance, needed: Sequence[Item]) -> InterviewTimes:
    answers = seen.answers
    skipped = sum(
        # Nearly all are one code, and the page asks this of every answer that came in.
        answer in item.refused_codes if type(answer := answers.get(item.id)) is int else _is_skipped(item, answer)
        for item in needed
    )
    return InterviewTimes(
        canvasser=seen.times.canvasser,
        started=seen.times.started,
        finished=seen.times.finished,
        skipped=skipped / len(needed) if needed else 0.0,
    )


def _is_skipped(item: Item, answer: object) -> bool:
    return answer is None or not item.refused_codes.isdisjoint(given_codes(answer))


def _unreadable(session: Session, sealer: Sealer, wave_id: int, read: set[UUID]) -> dict[UUID, Message | str | None]:
    return {
        row.uuid: read_reason(sealer, row.uuid, row.reason)
        for row in list_inbox(session, wave_id, state=PayloadState.QUARANTINED)
        if row.uuid not in read
    }
