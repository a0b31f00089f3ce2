"""Print invitations: a new one-time code for each drawn dwelling of a community, shown once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    """``revoked``: codes printed earlier that are void now. ``answered``: dwellings that get no letter because they
    have answered, online or at the door; which of both, and which dwellings, is not told.
    """

    wave: WaveRecord
    introduction: Text
    community: Area
    letters: tuple[Letter, ...]  # in walking order
    revoked: int
    answered: int


def issue_invitations(
    session: Session, keys: KeyRing, wave_id: int, *, community: str, reprint: bool, at: datetime
) -> Letters:
    """New codes for the drawn dwellings of ``community`` (its 12-digit code), except those that answered already,
    online or at the door. Codes that those still hold are spent: they say that the home has answered.

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
    sealer = open_sealer(session, keys, wave_id, at=at)
    tags = {invitations.tag_of(sealer, case.id): case for case in cases}
    spent = invitations.list_tags(session, wave_id, InvitationState.SPENT) & tags.keys()
    otherwise = _answered_otherwise(session, sealer, wave_id, tags) - spent
    printed = invitations.list_tags(session, wave_id, InvitationState.OPEN) & tags.keys()
    if printed and not reprint:
        message = N_("{community}已经打印过邀请信：再打印一次会使原来的 {count} 个填答码作废。请先确认。")
        raise Conflict(Message(message, {"community": area.name, "count": len(printed)}))
    revoked = invitations.revoke_by_tags(session, wave_id, printed - otherwise)
    revoked += invitations.spend_by_tags(session, wave_id, printed & otherwise)
    units = get_units(session, wave.frame_id, [case.unit_serial for case in cases])
    made = [
        (tag, case, Letter(unit=units[case.unit_serial], code=new_code()))
        for tag, case in tags.items()
        if tag not in spent and tag not in otherwise
    ]
    invitations.add_invitations(session, [_invitation(sealer, tag, case, letter.code) for tag, case, letter in made])
    return Letters(
        wave=wave,
        introduction=introduction(questionnaire, Mode.WEB_TOKEN, wave.details),
        community=area,
        letters=tuple(letter for _, _, letter in made),
        revoked=revoked,
        answered=len(spent | otherwise),
    )


def _answered_otherwise(session: Session, sealer: Sealer, wave_id: int, tags: Mapping[str, Case]) -> frozenset[str]:
    """Which of the ``tags`` of invitations are of cases that have a response, whatever became of their codes."""
    answered = invitations.list_answered(session, wave_id)
    return frozenset(tag for tag, case in tags.items() if sealer.tag(f"case:{case.id}") in answered)


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


def _invitation(sealer: Sealer, tag: str, case: Case, code: str) -> Invitation:
    hashed = invitations.hash_of(sealer, code_hash(code))
    return Invitation(
        code_hash=hashed,
        wave_id=case.wave_id,
        area=case.area,
        state=InvitationState.OPEN,
        tag=tag,
        body=sealer.seal(str(case.id).encode(), context=invitations.context(hashed)),
    )
