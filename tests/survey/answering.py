"""A wave in the field that residents answer online: two communities, a link each, and codes for drawn dwellings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.keys import KeyRing, Sealer
from survey.one_time_codes import code_hash, new_code
from survey.store import areas, invitations, open_links, responses, waves
from survey.store.database import Database
from survey.store.invitations import Invitation, InvitationState
from survey.store.sheets import Entrance
from survey.store.wave_keys import mark_to_destroy, open_sealer
from survey.waves import Approval, Mode, WaveDetails, WaveState
from survey.workflow.add_instrument import add_instrument
from tests.prepared import prepared

AT = datetime(2026, 5, 4, 17, 30, tzinfo=UTC)  # the fifth in Shanghai
CITY, EAST, WEST = "441800000000", "441800001001", "441800001002"
FRAME = (
    Area(code=CITY, name="云城市", level=Level.CITY, parent=None, population=None),
    Area(code=EAST, name="东风社区", level=Level.COMMUNITY, parent=CITY, population=2400),
    Area(code=WEST, name="西湖社区", level=Level.COMMUNITY, parent=CITY, population=1800),
)
DETAILS = WaveDetails(
    modes=(Mode.WEB_TOKEN, Mode.WEB_OPEN),
    sponsor="云城市委宣传部",
    fieldwork="云城调查队",
    telephone="0763-1234567",
    form_no="云调 1 号表",
    authority="云城市统计局",
    approval=Approval.APPROVED,
    approval_no="云统制〔2026〕1 号",
)

#: Screens: S1 (may end it), [N1 by code] , A1, B1 (only those who know), C1, D1-D3, T1.
INSTRUMENT = """
[instrument]
slug = "online"
version = "1"
modes = ["web_token", "web_open"]
title = { zh_Hans = "居民小问卷", en = "Small survey of residents" }
population = { zh_Hans = "成年居民", en = "Adult residents" }
closing = { zh_Hans = "谢谢您的回答。", en = "Thank you for answering." }

[introductions.web_token]
zh_Hans = "您好！{fieldwork}受{sponsor}委托。本次调查：{approval}；咨询电话：{telephone}。"
en = "Hello. {fieldwork} asks on behalf of {sponsor}. This survey: {approval}; enquiries: {telephone}."

[introductions.web_open]
zh_Hans = "您好！这是公开链接。{fieldwork}受{sponsor}委托。本次调查：{approval}；咨询电话：{telephone}。"
en = "Hello. This is an open link. {fieldwork} asks on behalf of {sponsor}: {approval}; enquiries: {telephone}."

[placeholders]
sponsor = { zh_Hans = "（委托单位）", en = "(sponsor)" }
fieldwork = { zh_Hans = "（实施单位）", en = "(fieldwork body)" }
telephone = { zh_Hans = "（咨询电话）", en = "(telephone)" }
approval = { zh_Hans = "（批准）", en = "(approval)" }
campaign = { zh_Hans = "创建", en = "become" }

[[section]]
id = "screen"
zh_Hans = "基本情况"
en = "About you"

[[section]]
id = "main"
zh_Hans = "您的看法"
en = "Your views"

[[item]]
id = "S1"
section = "screen"
type = "single"
zh_Hans = "您年满18周岁了吗"
en = "Are you 18 or over"
options = [
  { code = 1, zh_Hans = "是", en = "Yes" },
  { code = 2, zh_Hans = "不到18周岁", en = "Under 18", terminate = true },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref", read_aloud = false },
]

[[item]]
id = "N1"
section = "screen"
type = "number"
modes = ["web_token"]
minimum = 1
maximum = 20
zh_Hans = "您家有几个成年人"
en = "How many adults live in your home"

[[item]]
id = "A1"
section = "main"
type = "single"
zh_Hans = "您知道我们市正在{campaign}文明城市吗"
en = "Do you know that our city is working to {campaign} a civilized city"
options = [
  { code = 1, zh_Hans = "知道", en = "Yes" },
  { code = 2, zh_Hans = "不知道", en = "No" },
  { code = 98, zh_Hans = "说不清", en = "Don't know", kind = "dk", read_aloud = false },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref", read_aloud = false },
]

[[item]]
id = "B1"
section = "main"
type = "single"
scale = "sat5"
ask_if = [{ item = "A1", codes = [1] }]
zh_Hans = "您对它满意吗"
en = "Are you satisfied with it"

[[item]]
id = "C1"
section = "main"
type = "multi"
zh_Hans = "您参加过什么"
en = "What did you take part in"
options = [
  { code = 1, zh_Hans = "志愿服务", en = "Volunteering" },
  { code = 2, zh_Hans = "议事会", en = "A meeting" },
  { code = 90, zh_Hans = "都没有", en = "None", exclusive = true },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref", exclusive = true, read_aloud = false },
]

[[item]]
id = "D1"
section = "main"
type = "single"
scale = "sat5"
battery = "D"
reverse_order = true
zh_Hans = "环境卫生"
en = "Cleanliness"

[[item]]
id = "D2"
section = "main"
type = "single"
scale = "sat5"
battery = "D"
reverse_order = true
zh_Hans = "社会治安"
en = "Safety"

[[item]]
id = "D3"
section = "main"
type = "single"
scale = "sat5"
battery = "D"
reverse_order = true
zh_Hans = "道路"
en = "Roads"

[[item]]
id = "T1"
section = "main"
type = "text"
max_chars = 20
optional = true
zh_Hans = "还有什么想说的"
en = "Anything else"

[[indicator]]
code = "IND_ONLINE_KNOWS"
label = { zh_Hans = "知道率", en = "Know" }
item = "A1"
set = "headline"
counted = { codes = [1] }
"""

#: The whole questionnaire answered by invitation.
ANSWERS: Mapping[str, object] = {
    "S1": 1, "N1": 2, "A1": 1, "B1": 2, "C1": (1, 2), "D1": 1, "D2": 2, "D3": 3, "T1": None,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Online:
    """``codes``, ``hashes`` (under which they are stored) and ``cases`` belong together; all are in the east."""

    wave: int
    link: str
    codes: tuple[str, ...]
    hashes: tuple[str, ...]
    cases: tuple[UUID, ...]
    keys: KeyRing

    def by_code(self, number: int = 0) -> Entrance:
        return Entrance(wave_id=self.wave, area=EAST, uuid=uuid4(), code_hash=self.hashes[number])

    def by_link(self) -> Entrance:
        return Entrance(wave_id=self.wave, area=EAST, uuid=uuid4(), code_hash=None)


@prepared
def start(
    database: Database,
    keys: KeyRing,
    *,
    codes: int = 2,
    details: WaveDetails = DETAILS,
    state: WaveState = WaveState.FIELDING,
    instrument: str = INSTRUMENT,
) -> Online:
    """A wave in ``state`` with its key, its links and ``codes`` open invitations."""
    with database.writing() as session:
        frame = areas.add_frame(session, areas=FRAME, digest="0" * 64, at=AT)
        added = add_instrument(session, load_text(instrument, "online.toml"), at=AT)
        wave = waves.add_wave(
            session, name="网上", instrument_id=added.id, frame_id=frame, details=details, at=AT, by="tests"
        )
        for step in list(WaveState)[1 : list(WaveState).index(state) + 1]:
            waves.change_state(session, wave, step, at=AT, by="tests")
        sealer = open_sealer(session, keys, wave, at=AT)
        links = open_links.add_open_links(session, wave, [EAST, WEST])
        made = [(new_code(), uuid4()) for _ in range(codes)]
        invitations.add_invitations(session, [_invitation(sealer, wave, code, case) for code, case in made])
    return Online(
        wave=wave,
        link=links[EAST],
        codes=tuple(code for code, _ in made),
        hashes=tuple(invitations.hash_of(sealer, code_hash(code)) for code, _ in made),
        cases=tuple(case for _, case in made),
        keys=keys,
    )


def close(database: Database, online: Online) -> None:
    """What closing does as far as residents meet it."""
    with database.writing() as session:
        waves.change_state(session, online.wave, WaveState.CLOSED, at=AT, by="tests")
        mark_to_destroy(session, online.wave)
        invitations.drop_invitations(session, online.wave)


def stored(session: Session, wave: int) -> dict[UUID, dict[str, object]]:
    """The answers of the wave by uuid."""
    return {one.uuid: dict(one.answers) for one in responses.read_responses(session, wave)}


def _invitation(sealer: Sealer, wave: int, code: str, case: UUID) -> Invitation:
    hashed = invitations.hash_of(sealer, code_hash(code))
    return Invitation(
        code_hash=hashed,
        wave_id=wave,
        area=EAST,
        state=InvitationState.OPEN,
        tag=invitations.tag_of(sealer, hashed),
        body=sealer.seal(str(case).encode(), context=invitations.context(hashed)),
    )
