"""Print invitations: a new one-time code for each drawn dwelling of a community, shown once.

Every print is of all drawn dwellings, also of those that have answered: a sheet that leaves them out tells by the one
before it who answered in between, and a database whose answers came in between tells what. The code of who has answered
is spent from the beginning, so nobody answers twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from questionnaires.definition import Text
from questionnaires.loading import from_document
from survey.areas import Area
from survey.keys import KeyRing, Sealer
from survey.messages import N_, CheckFailed, Conflict, Message, NotThere, Problem
from survey.one_time_codes import code_hash, new_code
from survey.reports.introductions import introduction, missing_for_residents
from survey.store import invitations
from survey.store.areas import get_frame
from survey.store.cases import Case, list_cases
from survey.store.draws import standing_draw
from survey.store.instruments import get_instrument
from survey.store.invitations import Invitation, InvitationState
from survey.store.units import get_units
from survey.store.wave_keys import open_sealer
from survey.store.waves import WaveRecord, get_wave
from survey.units import Unit, UnitKind
from survey.waves import Mode, WaveState

#: Only where somebody lives is there somebody to write to.
LIVED_IN = frozenset({UnitKind.DWELLING, UnitKind.VILLAGE_HOUSEHOLD})


@dataclass(frozen=True, kw_only=True)
class Letter:
    """``code``: the only place where it stands in the clear; it is neither stored nor logged."""

    unit: Unit
    code: str


@dataclass(frozen=True, kw_only=True)
class Letters:
    """``revoked``: codes printed earlier that are void now, whether they had been used or not."""

    wave: WaveRecord
    introduction: Text
    community: Area
    letters: tuple[Letter, ...]  # in walking order
    revoked: int


def issue_invitations(
    session: Session, keys: KeyRing, wave_id: int, *, community: str, reprint: bool, at: datetime
) -> Letters:
    """New codes for all drawn dwellings of ``community`` (its 12-digit code). Those of dwellings that have answered,
    online or at the door, are spent: they say so to whoever types them, and to nobody else.

    Raises :class:`Conflict` when the draw does not stand, when the wave is over, and, unless ``reprint``, when codes
    were printed before: a second print makes them void.
    """
    wave, cases = _cases(session, wave_id, community)
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    if Mode.WEB_TOKEN not in (wave.details.modes or questionnaire.modes):
        raise Conflict(Message(N_("本轮的调查方式里没有受邀网上填答，不打印邀请信")))
    frame = get_frame(session, wave.frame_id)
    area = next(area for area in frame.areas if area.code == community)
    if frame.kind not in LIVED_IN:
        raise Conflict(Message(N_("本轮抽取的不是住户，没有可以寄信的人")))
    _refuse_unasked(session, wave_id, area, reprint=reprint)
    sealer = open_sealer(session, keys, wave_id, at=at)
    answered = _answered(session, sealer, wave_id, cases)
    revoked = invitations.revoke_all(session, wave_id, community)
    units = get_units(session, wave.frame_id, [case.unit_serial for case in cases])
    letters = tuple(Letter(unit=units[case.unit_serial], code=new_code()) for case in cases)
    invitations.add_invitations(
        session,
        [
            _invitation(sealer, case, letter.code, answered=case.id in answered)
            for case, letter in zip(cases, letters, strict=True)
        ],
    )
    return Letters(
        wave=wave,
        introduction=introduction(questionnaire, Mode.WEB_TOKEN, wave.details),
        community=area,
        letters=letters,
        revoked=revoked,
    )


def _refuse_unasked(session: Session, wave_id: int, area: Area, *, reprint: bool) -> None:
    codes = invitations.count_invitations(session, wave_id).get(area.code, {})
    printed = sum(count for state, count in codes.items() if state is not InvitationState.REVOKED)
    if printed and not reprint:
        message = N_("{community}已经打印过邀请信：再打印一次会使原来的 {count} 个填答码作废。请先确认。")
        raise Conflict(Message(message, {"community": area.name, "count": printed}))


def _answered(session: Session, sealer: Sealer, wave_id: int, cases: Sequence[Case]) -> frozenset[UUID]:
    """Cases whose code was used, whatever became of the answers, and those that have a response by another way."""
    spent = invitations.list_spent(session, wave_id, cases[0].area)
    used = {UUID(sealer.unseal(one.body, context=invitations.context(one.code_hash)).decode()) for one in spent}
    tags = invitations.list_answered(session, wave_id)
    return frozenset(used | {case.id for case in cases if sealer.tag(f"case:{case.id}") in tags})


def _cases(session: Session, wave_id: int, community: str) -> tuple[WaveRecord, tuple[Case, ...]]:
    wave = get_wave(session, wave_id)
    draw = standing_draw(session, wave_id)
    if draw is None or wave.state not in (WaveState.DRAWN, WaveState.FIELDING):
        raise Conflict(Message(N_("只有在抽样获得批准之后、轮次结束之前才能打印邀请信")))
    missing = missing_for_residents(wave.details)
    if missing:
        raise CheckFailed(
            Message(N_("邀请信还缺 {count} 项；请先补全轮次的说明"), {"count": len(missing)}),
            [Problem(where="", column="", got="", expected=message) for message in missing],
        )
    cases = tuple(case for case in list_cases(session, draw.id) if case.area == community)
    if not cases:
        raise NotThere(Message(N_("代码为“{got}”的社区没有抽到的住户"), {"got": community[:20]}))
    return wave, cases


def _invitation(sealer: Sealer, case: Case, code: str, *, answered: bool) -> Invitation:
    hashed = invitations.hash_of(sealer, code_hash(code))
    return Invitation(
        code_hash=hashed,
        wave_id=case.wave_id,
        area=case.area,
        state=InvitationState.SPENT if answered else InvitationState.OPEN,
        tag=invitations.tag_of(sealer, hashed),
        body=sealer.seal(str(case.id).encode(), context=invitations.context(hashed)),
    )
