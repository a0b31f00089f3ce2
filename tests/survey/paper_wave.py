"""A wave in the field that goes by paper and open link: two communities, a questionnaire with everything paper has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.casework.paper_keying import open_batch
from survey.fieldwork.paper_serials import Serial
from survey.keys import KeyRing
from survey.roles import Scope
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.paper_batches import PaperBatch, VoidReason
from survey.store.paper_forms import FormRecord, find_form, tag_of
from survey.store.responses import StoredResponse, read_responses
from survey.store.waves import get_wave
from survey.waves import Approval, Mode, WaveDetails
from survey.workflow.add_instrument import add_instrument
from survey.workflow.count_paper import count_paper
from survey.workflow.finish_keying import Finished, finish_keying
from survey.workflow.issue_paper import issue_paper
from survey.workflow.key_paper import Saved, key_form, open_form, void_form
from survey.workflow.open_wave import open_wave
from survey.workflow.show_paper import BatchView, show_batch
from survey.workflow.start_wave import start_wave
from tests.prepared import prepared

AT = datetime(2026, 5, 4, 3, tzinfo=UTC)
DAY = date(2026, 5, 4)
CITY, EAST, WEST = "441800000000", "441800001001", "441800001002"
FRAME = (
    Area(code=CITY, name="云城市", level=Level.CITY, parent=None, population=None),
    Area(code=EAST, name="东风社区", level=Level.COMMUNITY, parent=CITY, population=2400),
    Area(code=WEST, name="西湖社区", level=Level.COMMUNITY, parent=CITY, population=1800),
)
DETAILS = WaveDetails(
    modes=(Mode.WEB_OPEN, Mode.PAPER),
    sponsor="云城市委宣传部",
    fieldwork="云城调查队",
    telephone="0763-1234567",
    form_no="云调 1 号表",
    authority="云城市统计局",
    approval=Approval.APPROVED,
    approval_no="云统制〔2026〕1 号",
    valid_until=date(2027, 6, 30),
)

#: S1 may end it; A2 and A3 for those who know; M1 or M2 by module; a check between D1 and N1's date.
INSTRUMENT = """
[instrument]
slug = "paper"
version = "1"
modes = ["web_open", "paper_entry"]
title = { zh_Hans = "纸上小问卷", en = "Small paper form" }
population = { zh_Hans = "成年居民", en = "Adult residents" }
closing = { zh_Hans = "谢谢您填写。", en = "Thank you." }

[introductions.web_open]
zh_Hans = "您好"
en = "Hello"

[introductions.paper_entry]
zh_Hans = "您好！{fieldwork}受{sponsor}委托。咨询电话：{telephone}。{approval}"
en = "Hello. {fieldwork} asks on behalf of {sponsor}: {telephone}. {approval}"

[placeholders]
sponsor = { zh_Hans = "（委托单位）", en = "(sponsor)" }
fieldwork = { zh_Hans = "（实施单位）", en = "(fieldwork body)" }
telephone = { zh_Hans = "（咨询电话）", en = "(telephone)" }
approval = { zh_Hans = "（批准）", en = "(approval)" }

[[section]]
id = "main"
zh_Hans = "您的看法"
en = "Your views"

[[scale]]
id = "satisfied"
options = [
  { code = 1, zh_Hans = "满意", en = "Satisfied", polarity = "pos", score = 100 },
  { code = 2, zh_Hans = "一般", en = "Neutral", polarity = "neutral", score = 50 },
  { code = 3, zh_Hans = "不满意", en = "Dissatisfied", polarity = "neg", score = 0 },
  { code = 98, zh_Hans = "说不清", en = "Don't know", kind = "dk", read_aloud = false },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref", read_aloud = false },
]

[[item]]
id = "S1"
section = "main"
type = "single"
zh_Hans = "您年满18周岁了吗"
en = "Are you 18 or over"
interviewer_note = { zh_Hans = "看样子不像就问", en = "Ask if unsure" }
options = [
  { code = 1, zh_Hans = "是", en = "Yes" },
  { code = 2, zh_Hans = "否", en = "No", terminate = true },
]

[[item]]
id = "A1"
section = "main"
type = "single"
zh_Hans = "您知道创建的事吗"
en = "Do you know of it"
options = [
  { code = 1, zh_Hans = "知道", en = "Yes" },
  { code = 2, zh_Hans = "听说过", en = "Heard of it" },
  { code = 3, zh_Hans = "不知道", en = "No" },
]

[[item]]
id = "A2"
section = "main"
type = "multi"
ask_if = [{ item = "A1", codes = [1, 2] }]
max_choices = 2
zh_Hans = "从哪里知道的"
en = "From where"
options = [
  { code = 1, zh_Hans = "电视", en = "Television", decoy = true },
  { code = 2, zh_Hans = "海报", en = "Poster" },
  { code = 10, zh_Hans = "其他", en = "Other", open = true },
  { code = 90, zh_Hans = "都不是", en = "None", exclusive = true },
]

[[item]]
id = "B1"
section = "main"
type = "single"
scale = "satisfied"
battery = "views"
zh_Hans = "卫生"
en = "Cleanliness"

[[item]]
id = "B2"
section = "main"
type = "single"
scale = "satisfied"
battery = "views"
zh_Hans = "秩序"
en = "Order"

[[item]]
id = "M1"
section = "main"
type = "single"
scale = "satisfied"
module = "one"
zh_Hans = "照明"
en = "Lighting"

[[item]]
id = "M2"
section = "main"
type = "single"
scale = "satisfied"
module = "two"
zh_Hans = "停车"
en = "Parking"

[[item]]
id = "N1"
section = "main"
type = "number"
minimum = 1
maximum = 20
zh_Hans = "家里几口人"
en = "How many at home"

[[item]]
id = "D1"
section = "main"
type = "date"
optional = true
earliest = "2020-01-01"
zh_Hans = "哪天搬来的"
en = "When did you move here"

[[item]]
id = "T1"
section = "main"
type = "text"
optional = true
zh_Hans = "想说什么"
en = "What would you like to say"

[[indicator]]
code = "IND_OVERALL"
label = { zh_Hans = "卫生满意率", en = "Satisfied with cleanliness" }
item = "B1"
set = "headline"
counted = { polarity = ["pos"] }
"""

FILLED: Mapping[str, str] = {"S1": "1", "A1": "1", "A2": "1 2", "B1": "1", "B2": "2", "M1": "1", "M2": "1", "N1": "3"}


@dataclass(frozen=True, kw_only=True)
class PaperWave:
    wave: int
    batch: PaperBatch
    keys: KeyRing

    def serial(self, number: int) -> str:
        return str(Serial(batch=self.batch.id, number=number))

    def key(self, database: Database, number: int, typed: Mapping[str, str] = FILLED, *, keyer: int = 1) -> Saved:
        with database.writing() as session:
            form = open_form(session, self.keys, self.wave, self.batch.id, serial=self.serial(number), keyer=keyer)
            return key_form(session, form, typed, keyer=keyer)

    def record(self, database: Database, number: int) -> FormRecord | None:
        with database.reading() as session:
            opened = open_batch(session, self.keys, self.wave, self.batch.id)
            return find_form(session, tag_of(opened.sealer, Serial(batch=self.batch.id, number=number)))


@prepared
def open_paper(
    database: Database, keys: KeyRing, *, count: int = 30, returned: int = 25, campaign: bool = False
) -> PaperWave:
    """A batch for the east, of which some came back. ``campaign``: A1 has a place to fill."""
    text = INSTRUMENT
    if campaign:
        text = text.replace("创建的事吗", "创建的事吗，{sponsor}的").replace("know of it", "know of it, by {sponsor}")
    with database.writing() as session:
        frame = add_frame(session, areas=FRAME, digest="f" * 64, at=AT)
        add_instrument(session, load_text(text, "paper.toml"), at=AT)
        wave = open_wave(session, instrument="paper", frame=frame, name="第一轮", details=DETAILS, at=AT, by="tongji")
        start_wave(session, keys, wave, at=AT, by="tongji")
        batch = issue_paper(session, keys, wave, area=EAST, count=count, at=AT, by="dudao")
        batch = count_paper(
            session, keys, wave, batch.id, issued=count, returned=returned, returned_on=DAY, at=AT, by="dudao"
        )
    return PaperWave(wave=wave, batch=batch, keys=keys)


def responses(database: Database, paper: PaperWave) -> list[StoredResponse]:
    with database.reading() as session:
        return list(read_responses(session, paper.wave))


def view(database: Database, paper: PaperWave, keyer: int = 2) -> BatchView:
    with database.reading() as session:
        wave = get_wave(session, paper.wave)
        return show_batch(session, paper.keys, wave, paper.batch.id, scope=Scope(), keyer=keyer)


def finish(database: Database, paper: PaperWave) -> Finished:
    with database.writing() as session:
        return finish_keying(session, paper.keys, paper.wave, paper.batch.id)


def again(database: Database, paper: PaperWave) -> list[int]:
    """Numbers of the forms that wait for the second keying."""
    return [int(serial.split("-")[1]) for serial, _ in view(database, paper).again]


def void(database: Database, paper: PaperWave, number: int, reason: VoidReason = VoidReason.BLANK) -> None:
    with database.writing() as session:
        serial = paper.serial(number)
        form = open_form(session, paper.keys, paper.wave, paper.batch.id, serial=serial, keyer=1)
        void_form(session, form, reason)
