"""What the walk of a drawn wave needs beside the browser: an office's files, and interviews that devices send."""

import csv
import io
import json
import random
import secrets
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np

from analysis.sampling.household import select_adult
from questionnaires.fingerprint import questionnaire_fingerprint
from survey.demo.answers import Answerer
from survey.demo.city import Place
from survey.demo.truth import make_truth
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, to_json
from survey.store.accounts import find_account
from survey.store.assignments import cases_of
from survey.store.cases import cases_by_ids
from survey.store.database import open_database
from survey.waves import Mode
from tests.journeys.answering import QUESTIONNAIRE
from tests.journeys.conftest import RunningSite

#: Of the draw, in hex digits.
SEED = "5a" * 16
CITY, EAST, WEST = "990202000000", "990202001001", "990202001002"
AREAS = f"""code,name,level,parent,population
{CITY},云山市,city,,
990202001000,江口街道,street,{CITY},
{EAST},东堤社区,community,990202001000,76
{WEST},西堤社区,community,990202001000,82
"""
DETAILS = """
modes = ["capi", "web_token", "web_open"]
start = 2026-05-04
end = 2026-05-24
sponsor = "云山市文明办"
fieldwork = "云山调查队"
funder = "云山市财政"
telephone = "0000-7654321"
form_no = "云调3表"
authority = "云山市统计局"
approval = "approved"
approval_no = "云统制〔2026〕3号"
valid_until = 2027-05-31
population = "两个社区住户中年满18周岁、住满6个月的居民"
recruitment = "住户名册由街道提供"
quality = "提交时逐项核对"
limitations = "集体宿舍不在内"
fictitious = true
"""


def units_file() -> bytes:
    """As a street keeps it: a title, a column of names (which must not come in), a row of sums, in GB18030."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["江口街道房屋底册（2026年）", *[""] * 7])
    writer.writerow(["社区", "小区名称", "楼栋号", "单元号", "房号", "房屋状态", "常住人口数", "户主姓名"])
    for community, estate in (("东堤社区", "东堤花园"), ("西堤社区", "西堤里")):
        for number in range(40):
            building, floor, door = 1 + number // 20, 1 + number % 20 // 4, 1 + number % 4
            room = f"{floor}0{door}"
            writer.writerow([community, estate, f"{building}栋", "1", room, "自住", number % 4 + 1, f"张某{number}"])
    writer.writerow(["合计", "", "", "", "", "", 200, ""])
    return text.getvalue().encode("gb18030")


def cases_of_name(site: RunningSite, name: str, wave: int, area: str) -> Sequence[UUID]:
    """The cases of an account in one community of a wave, in walking order."""
    database = open_database(f"sqlite:///{site.instance / 'survey.sqlite3'}")
    with database.reading() as session:
        found = find_account(session, name)
        assert found is not None
        cases = cases_by_ids(session, cases_of(session, found[0].id)).values()
    database.close()
    mine = [case for case in cases if (case.wave_id, case.area) == (wave, area)]
    return [case.id for case in sorted(mine, key=lambda case: case.unit_serial)]


def send_interview(site: RunningSite, token: str, case: UUID, chance: random.Random) -> tuple[int, str]:
    """A device hands in an interview: status and state of the reply."""
    body = to_json(_interview(case, chance))
    request = urllib.request.Request(
        f"{site.url}/api/interviews/{uuid4()}",
        data=body,
        method="PUT",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.status, json.load(reply)["state"]


def _interview(case: UUID, chance: random.Random) -> InterviewPayload:
    place = Place(code=EAST, name="东堤社区", dwellings=40)
    truth = make_truth(QUESTIONNAIRE, [place], {EAST: 76}, seed=1).communities[EAST]
    rng = np.random.default_rng(chance.getrandbits(32))
    answers = Answerer(QUESTIONNAIRE).answers(truth, rng, mode=Mode.CAPI, adults=2)
    finished = datetime.now(UTC) + timedelta(minutes=chance.randint(15, 35))  # the wave was opened just now
    return InterviewPayload(
        case=case,
        salt=secrets.token_hex(16),
        started=finished - timedelta(minutes=chance.randint(8, 14)),
        finished=finished,
        instrument=questionnaire_fingerprint(QUESTIONNAIRE),
        adults=2,
        selected=select_adult(bytes.fromhex(SEED), str(case), 2),
        present=(Presence.ALONE,),
        led_by=LedBy.NOBODY,
        answers=answers,
        elapsed={},
        ended=Ended.COMPLETE,
        canvasser=0,
    )
