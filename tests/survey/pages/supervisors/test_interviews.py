"""What a supervisor sees of the interviews: signs and facts, never an opinion; and their word on what waits."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from analysis.fieldwork.dispositions import Outcome
from questionnaires.loading import from_document, load_text
from survey.fieldwork.payloads import to_json
from survey.roles import Role, Scope
from survey.store import accounts, inbox, responses
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.instruments import InstrumentRow, get_instrument
from survey.store.wave_keys import open_sealer
from survey.store.waves import get_wave
from survey.workflow import review_interviews
from survey.workflow.add_instrument import add_instrument
from tests.survey.field import INSTRUMENT, NOW, SCREENED, Field
from tests.survey.pages.field_site import Browser
from tests.survey.pages.page_client import Element, read_html


def opinions() -> set[str]:
    """The wordings of every item and option outside the factual sections."""
    small = load_text(INSTRUMENT, "small.toml")
    factual = {section.id for section in small.sections if section.factual}
    return {item.text.zh_Hans for item in small.items if item.section not in factual}


def test_signs_and_course_without_a_word_of_opinion(browser: Browser, database: Database, field: Field) -> None:
    for number, case in enumerate(field.cases[:6]):
        started = NOW + timedelta(hours=number)
        field.send(database, field.interview(case, started=started, finished=started + timedelta(minutes=9)))
    quick = NOW + timedelta(hours=7)
    field.send(
        database, field.interview(field.cases[6], started=quick, finished=quick + timedelta(minutes=1)), at=quick
    )
    page = browser(Role.SUPERVISOR).page(f"/waves/{field.wave}/interviews")
    assert "已收（7）" in page.text
    assert page.text.count("比一般短得多") == 1
    assert "1栋" in page.text
    assert not [wording for wording in opinions() if wording in page.text]
    assert "满意" not in page.all("main")[0].text


def test_a_second_interview_waits_and_can_only_be_voided(browser: Browser, database: Database, field: Field) -> None:
    case = field.east[0]
    field.send(database, field.interview(case))
    second = uuid4()
    assert field.send(database, field.interview(case), uuid=second).state is PayloadState.QUARANTINED
    supervisor = browser(Role.SUPERVISOR)
    address = f"/waves/{field.wave}/interviews"
    page = supervisor.page(address)
    assert "等待裁定（1）" in page.text
    assert "因此现在不能采用；可以作废。" in page.text
    assert decisions(page) == ["作废"], "no button that must be refused"
    accepted = supervisor.submit(f"{address}/{second}", {"decision": "accept", "note": "看过"}, page=address)
    assert accepted.status_code == 409
    assert "等待裁定（1）" in accepted.text, "the page itself, with what is wrong"
    assert 'value="看过"' in accepted.text, "the reason need not be written twice"
    back = read_html(accepted.text)[0]
    assert [one.get("aria-invalid") for one in back.all("input") if one.get("id") == f"note-{second}"] == ["true"]
    assert [one.get("href") for one in back.all("a") if one.get("href") == f"#note-{second}"]
    unsaid = supervisor.submit(f"{address}/{second}", {"decision": "void", "note": " "}, page=address)
    assert unsaid.status_code == 422
    undecided = supervisor.submit(f"{address}/{second}", {"note": "看过"}, page=address)
    assert undecided.status_code == 422
    assert (
        supervisor.submit(f"{address}/{second}", {"decision": "void", "note": "重复"}, page=address).location
        == f"{address}?settled=void"
    )
    after = supervisor.page(address).text
    assert "等待裁定（0）" in after
    assert "重复" in after
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 1


def decisions(page: Element) -> list[str]:
    """The buttons beside what waits."""
    return [button.text for article in page.all("article") for button in article.all("button")]


def test_an_unknown_questionnaire_can_be_accepted_once_it_is_known(
    browser: Browser, database: Database, field: Field
) -> None:
    with database.reading() as session:
        wave = get_wave(session, field.wave)
        asked = from_document(get_instrument(session, wave.instrument_id).document)
    other = replace(asked, version="1-次版", closing=replace(asked.closing, zh_Hans="多谢"))
    with database.writing() as session:
        known = add_instrument(session, other, at=NOW)
        session.execute(delete(InstrumentRow).where(InstrumentRow.id == known.id))
    field.send(database, field.interview(field.cases[0], instrument=known.fingerprint))
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    page = supervisor.page(address)
    assert "先请统计人员添加那个版本" in page.text
    assert decisions(page) == ["作废"]
    with database.writing() as session:
        add_instrument(session, other, at=NOW)
    assert decisions(supervisor.page(address)) == ["采用", "作废"]


def test_a_visit_whose_clock_was_wrong_can_only_be_voided(browser: Browser, database: Database, field: Field) -> None:
    early = field.visit(field.east[0], Outcome.VACANT, at=NOW - timedelta(days=400))
    field.send(database, early)
    page = browser(Role.SUPERVISOR).page(f"/waves/{field.wave}/interviews")
    assert "设备时间不对" in page.text
    assert decisions(page) == ["作废"]


def test_an_interview_of_somebody_who_no_longer_has_the_case_can_be_accepted(
    browser: Browser, database: Database, field: Field
) -> None:
    uuid, case = uuid4(), field.east[0]
    other = field.zhou if field.owner(case) == field.li else field.li
    assert field.send(database, field.interview(case), uuid=uuid, account=other).state is PayloadState.QUARANTINED
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    assert decisions(supervisor.page(address)) == ["采用", "作废"]
    done = supervisor.submit(f"{address}/{uuid}", {"decision": "accept", "note": "离线时改派"}, page=address)
    assert done.status_code == 303
    with database.reading() as session:
        found = inbox.find(session, uuid)
        assert found is not None
        assert found.state is PayloadState.PLACED
        assert responses.count_responses(session, field.wave) == 1


def test_what_cannot_be_read_can_be_voided(browser: Browser, database: Database, field: Field) -> None:
    uuid = uuid4()
    body = b'{"case": "%s", "answers": 3}' % str(field.east[0]).encode()
    field.send(database, body, uuid=uuid, kind=PayloadKind.INTERVIEW, account=field.owner(field.east[0]))
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    assert str(uuid) in supervisor.page(address).all("article")[0].get("aria-label")
    assert supervisor.submit(f"{address}/{uuid}", {"decision": "void", "note": "空"}, page=address).status_code == 303
    assert "等待裁定（0）" in supervisor.page(address).text


def test_one_who_is_not_eligible_comes_with_what_either_decision_means(
    browser: Browser, database: Database, field: Field
) -> None:
    uuid, case = uuid4(), field.east[0]
    field.send(database, field.interview(case, SCREENED), uuid=uuid)
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    page = supervisor.page(address).text
    assert "抽中的那一位却不合格" in page
    assert "采用：这一户记为无合格成员（4.70）" in page
    done = supervisor.submit(f"{address}/{uuid}", {"decision": "accept", "note": "都是暂住"}, page=address)
    assert done.status_code == 303
    assert "等待裁定（0）" in supervisor.page(address).text


def test_visits_that_wait_are_decided_here_too(browser: Browser, database: Database, field: Field) -> None:
    uuid, case = uuid4(), field.east[0]
    other = field.zhou if field.owner(case) == field.li else field.li
    field.send(database, field.visit(case, Outcome.VACANT), uuid=uuid, account=other)
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    (waiting,) = supervisor.page(address).all("article")
    assert "现在不负责这个样本户" in waiting.text
    assert "空置" in waiting.text
    assert other.name in waiting.text
    done = supervisor.submit(f"{address}/{uuid}", {"decision": "accept", "note": "换人时还在路上"}, page=address)
    assert done.status_code == 303
    assert "没有要裁定的" in supervisor.page(address).text


def test_nothing_yet_says_so(browser: Browser, field: Field) -> None:
    assert "还没有交来的访问" in browser(Role.SUPERVISOR).page(f"/waves/{field.wave}/interviews").text


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICIAL, 403), (Role.STATISTICIAN, 200)])
def test_who_may_look(browser: Browser, field: Field, role: Role, status: int) -> None:
    assert browser(role).get(f"/waves/{field.wave}/interviews").status_code == status


def test_a_supervisor_limited_to_an_area_sees_that_area(browser: Browser, database: Database, field: Field) -> None:

    for case in (field.east[0], field.west[0]):
        field.send(database, field.interview(case))
    with database.writing() as session:
        found = accounts.find_account(session, "dudao")
        assert found is not None
        accounts.change_account(
            session,
            found[0].id,
            full_name="",
            role=Role.SUPERVISOR,
            canvasser_type=None,
            scope=Scope(areas=frozenset({"110101001000"})),
            ties=frozenset(),
        )
    supervisor = browser(Role.SUPERVISOR)
    progress = supervisor.page(f"/waves/{field.wave}/fieldwork").text
    assert "东社区" in progress
    assert "西社区" not in progress
    assert "已收（1）" in supervisor.page(f"/waves/{field.wave}/interviews").text


def test_an_online_answer_that_waits_shows_no_facts_and_no_signs(
    browser: Browser, database: Database, field: Field
) -> None:
    uuid, case = uuid4(), field.east[0]
    with database.writing() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        body = to_json(field.interview(case, started=NOW, finished=NOW, canvasser=0))
        inbox.add(
            session,
            InboxRecord(
                uuid=uuid,
                kind=PayloadKind.INTERVIEW,
                wave_id=field.wave,
                tag=sealer.tag(f"case:{case}"),
                sha256="0" * 64,
                state=PayloadState.QUARANTINED,
                reason="second_interview",
                body=sealer.seal(body, context=inbox.context(uuid)),
            ),
        )
    page = browser(Role.SUPERVISOR).page(f"/waves/{field.wave}/interviews").text
    assert "凭填答码在网上填写" in page
    assert "0.0 分钟" not in page
    assert "比一般短得多" not in page


def test_full_names_are_for_supervisors_not_for_statisticians(
    browser: Browser, database: Database, field: Field
) -> None:
    case = field.east[0]
    field.send(database, field.interview(case))
    owner = field.owner(case)
    with database.writing() as session:
        accounts.change_account(
            session,
            owner.id,
            full_name="李小明",
            role=owner.role,
            canvasser_type=owner.canvasser_type,
            scope=owner.scope,
            ties=owner.ties,
        )
    address = f"/waves/{field.wave}/interviews"
    assert "李小明" in browser(Role.SUPERVISOR).page(address).text
    assert "李小明" not in browser(Role.STATISTICIAN).page(address).text


def test_settled_interviews_come_page_by_page_and_what_waits_on_each(
    browser: Browser, database: Database, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_interviews, "PAGE", 2)
    for number, case in enumerate(field.cases[:5]):
        started = NOW + timedelta(hours=number)
        field.send(database, field.interview(case, started=started, finished=started + timedelta(minutes=9)))
    field.send(database, field.interview(field.cases[0]))
    supervisor, address = browser(Role.SUPERVISOR), f"/waves/{field.wave}/interviews"
    seen: list[str] = []
    for number in (1, 2, 3):
        page = supervisor.page(f"{address}?page={number}")
        assert "已收（5）" in page.text
        assert "等待裁定（1）" in page.text
        assert f"第 {number} 页，共 3 页" in page.text
        seen += [part.text for part in page.all("summary")]
    assert len(set(seen)) == 5
    assert supervisor.page(address).text == supervisor.page(f"{address}?page=nonsense").text
    for nowhere in ("0", "-1", "4", "99999999999999999999"):
        supervisor.page(f"{address}?page={nowhere}", status=404)


@pytest.mark.parametrize(
    ("changed", "line", "english"),
    [
        ("closing", "答案按这个版本核对，全部计入", "all of them count"),
        ("B1", "答案按这个版本核对；与本轮不同、不计入的题目：B1", "B1"),
    ],
)
def test_an_interview_of_another_version_says_which_and_what_counts(
    browser: Browser, database: Database, field: Field, changed: str, line: str, english: str
) -> None:
    with database.writing() as session:
        wave = get_wave(session, field.wave)
        asked = from_document(get_instrument(session, wave.instrument_id).document)
        items = tuple(
            replace(item, text=replace(item.text, zh_Hans="换了说法")) if item.id == changed else item
            for item in asked.items
        )
        closing = replace(asked.closing, zh_Hans="多谢") if changed == "closing" else asked.closing
        other = add_instrument(session, replace(asked, version="1-次版", items=items, closing=closing), at=NOW)
    field.send(database, field.interview(field.cases[0], instrument=other.fingerprint))
    field.send(database, field.interview(field.cases[1]))
    supervisor = browser(Role.SUPERVISOR)
    page = supervisor.page(f"/waves/{field.wave}/interviews")
    assert page.text.count("问卷版本") == 1, "of the other version alone"
    assert f"1-次版：{line}" in page.text
    supervisor.submit("/language", {"language": "en", "next": "/waves"}, page=f"/waves/{field.wave}/interviews")
    told = supervisor.page(f"/waves/{field.wave}/interviews").text
    assert "1-次版" in told
    assert english in told
