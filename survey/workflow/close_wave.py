"""Close a wave: its answers stand from now on, and nothing leads from them to a home any more.

While the wave was open, what tied a case to its answers was sealed under the wave's key. In one transaction that
freezes what estimates and response rates need (under labels that chance gave; by canvassers' type and guidance, which
would lead back beside an answer, only what may be shown), gives the answers new numbers (the old
ones are known to devices and stay with the receipts), empties the inbox down to its receipts and deletes assignments,
teams, drafts and invitations; after its commit ``destroy_keys`` destroys the key, which every backup lacks. Runs made
before are of other numbers: the closed wave is estimated anew.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.case_log import CaseLog, read_case_logs
from survey.casework.field_tables import make_tables
from survey.casework.frozen_fieldwork import freeze_fieldwork
from survey.casework.group_rates import freeze_log_groups
from survey.casework.paper_keying import NO_PAPER_LEFT, PaperLeft, paper_left, release_as_keyed
from survey.casework.sample_answers import find_sample
from survey.casework.wave_log import of_case_logs
from survey.fieldwork.pseudonyms import Answered, name_canvassers, name_strata, number_psus
from survey.fieldwork.quarantine import Reason
from survey.keys import KeyRing
from survey.messages import N_, CheckFailed, Message, Problem
from survey.store import inbox, receipts, withdrawals
from survey.store.assignments import drop_assignments, standing
from survey.store.drafts import drop_drafts
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.invitations import drop_invitations
from survey.store.paper_forms import drop_forms
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import StoredResponse, read_responses, rename_responses, rewrite_in_key_order
from survey.store.team_draws import drop_team_documents
from survey.store.team_exceptions import drop_team_exception_accounts
from survey.store.wave_keys import find_sealer, mark_to_destroy, open_sealer
from survey.store.waves import change_state, get_wave
from survey.store.withdrawals import Unlocked, lock_withdrawals, unlock_withdrawals
from survey.waves import WaveState

_UNDECIDED = {
    PayloadKind.INTERVIEW: N_("{count} 份访问等待裁定"),
    PayloadKind.VISIT: N_("{count} 次入户记录等待裁定"),
}
_UNFINISHED = N_("{count} 份纸质问卷录过，没有抽取、复录或核对完")
_UNKEYED = N_("{count} 份纸质问卷收回了，没有录入")


@dataclass(frozen=True, kw_only=True)
class Closed:
    """``cases`` got their final codes counted, ``responses`` their factors frozen, ``discarded`` payloads are void.

    ``unfinished``: questionnaires that were begun and not handed in; they are deleted. ``paper``: forms that were
    taken as keyed, and forms left out because nobody had keyed them.
    """

    wave: int
    cases: int
    responses: int
    discarded: int
    unfinished: int
    paper: PaperLeft = NO_PAPER_LEFT


def close_wave(
    session: Session,
    keys: KeyRing,
    wave_id: int,
    *,
    at: datetime,
    by: str,
    discard_quarantine: bool = False,
    paper_as_it_is: bool = False,
) -> Closed:
    """Close the wave; the caller runs ``destroy_keys`` after the commit. A wave of imported answers needs no key.

    Raises ``NotThere`` for an unknown wave, ``Conflict`` for one that is closed already, ``CheckFailed`` while payloads
    wait for a supervisor (unless ``discard_quarantine`` makes them void) or paper forms are not finished (unless
    ``paper_as_it_is``), ``Failure`` when the key is not to be read.
    """
    change_state(session, wave_id, WaveState.CLOSED, at=at, by=by)
    wave = get_wave(session, wave_id)
    discarded = _settle(session, wave_id, discard=discard_quarantine)
    paper = _take_paper(session, keys, wave_id, as_it_is=paper_as_it_is)
    logs = read_case_logs(session, find_sealer(session, keys, wave_id), wave)
    responses = list(read_responses(session, wave_id)) if logs else []
    factors = _factors(session, wave_id, logs, responses)
    freeze_log_groups(session, wave, logs, responses)
    tables = make_tables(of_case_logs(logs, standing(session, wave_id)))
    codes = _unlock(session, keys, wave_id)
    fresh = rename_responses(session, wave_id)
    if codes:
        lock_withdrawals(session, open_sealer(session, keys, None, at=at), wave_id, codes, fresh)
    add_factors(session, [replace(one, uuid=fresh[one.uuid]) for one in factors])
    freeze_fieldwork(session, wave_id, tables)
    drop_assignments(session, wave_id)
    drop_team_documents(session, wave_id)
    drop_team_exception_accounts(session, wave_id)
    unfinished = drop_drafts(session, wave_id)
    drop_invitations(session, wave_id)
    drop_forms(session, wave_id)
    inbox.drop_bodies(session, wave_id)
    rewrite_in_key_order(session)
    receipts.rewrite_in_key_order(session)
    withdrawals.rewrite_in_key_order(session)
    mark_to_destroy(session, wave_id)
    return Closed(
        wave=wave_id,
        cases=len(logs),
        responses=len(factors),
        discarded=discarded,
        unfinished=unfinished,
        paper=paper,
    )


def _take_paper(session: Session, keys: KeyRing, wave_id: int, *, as_it_is: bool) -> PaperLeft:
    """Paper forms that came back are first keyed and finished; or else ``as_it_is``: what is keyed counts, so that
    nothing of it is lost, and the others are left out.
    """
    left = paper_left(session, wave_id)
    if left and not as_it_is:
        problems = [
            Problem(where="", column="", got="", expected=Message(words, {"count": count}))
            for words, count in ((_UNFINISHED, left.waiting), (_UNKEYED, left.unkeyed))
            if count
        ]
        message = N_(
            "轮次 {wave} 不能结束：收回的纸质问卷还没有录完；先在纸质问卷页录完、抽取、复录，或者照现在的样子结束"
        )
        raise CheckFailed(Message(message, {"wave": wave_id}), problems)
    if left.waiting:
        release_as_keyed(session, keys, wave_id)
    return left


def _unlock(session: Session, keys: KeyRing, wave_id: int) -> tuple[Unlocked, ...]:
    """The codes that take back answers go on doing so, under the site's key: the wave's is destroyed."""
    sealer = find_sealer(session, keys, wave_id) if withdrawals.has_withdrawals(session, wave_id) else None
    return unlock_withdrawals(session, sealer, wave_id) if sealer else ()


def _settle(session: Session, wave_id: int, *, discard: bool) -> int:
    """How many undecided payloads were made void."""
    waiting = dict.fromkeys(PayloadKind, 0)
    for (kind, state), count in inbox.count_states(session, wave_id).items():
        if state in (PayloadState.QUARANTINED, PayloadState.RECEIVED):
            waiting[kind] += count
    if not discard and any(waiting.values()):
        problems = [
            Problem(where="", column="", got="", expected=Message(_UNDECIDED[kind], {"count": count}))
            for kind, count in waiting.items()
            if count
        ]
        message = N_("轮次 {wave} 不能结束：还有 {count} 份收到的记录没有裁定；先由督导采用或作废，或者全部作废")
        raise CheckFailed(Message(message, {"wave": wave_id, "count": sum(waiting.values())}), problems)
    for state in (PayloadState.QUARANTINED, PayloadState.RECEIVED):
        for record in list(inbox.list_inbox(session, wave_id, state=state)):
            inbox.set_state(session, record.uuid, state=PayloadState.VOID, reason=Reason.DISCARDED)
    return sum(waiting.values())


def _factors(
    session: Session, wave_id: int, logs: Sequence[CaseLog], responses: Sequence[StoredResponse]
) -> list[Factors]:
    """What weighting needs of each answer of the sample, the same as while the wave was open."""
    sample = find_sample(logs, responses)
    canvassers = {one.uuid: one.payload.canvasser for log in logs for one in log.interviews}
    areas = {log.case.id: log.case.area for log in logs}
    assigned = Counter((areas[case], account) for case, account in standing(session, wave_id).items())
    answered = [
        Answered(uuid=uuid, area=one.area, canvasser=canvassers.get(uuid, 0), stratum=one.stratum, psu=one.psu)
        for uuid, one in sample.items()
    ]
    # The system's own chance: whoever knew a seed could undo the labels.
    chance = random.SystemRandom()
    psus, strata = number_psus(answered, chance), name_strata(answered, chance)
    names = name_canvassers(answered, assigned, chance)
    return [
        Factors(
            uuid=uuid,
            stratum=strata[uuid],
            psu=psus[uuid],
            canvasser=names[uuid],
            inclusion_n=one.inclusion_n,
            inclusion_total=one.inclusion_total,
            adults=one.adults,
        )
        for uuid, one in sample.items()
    ]
