"""The canvasser's list, a door, and what came of a visit."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from analysis.fieldwork.dispositions import Outcome
from analysis.sampling.teams import DrawnTeams, Team
from survey.casework.team_records import TeamRecord, to_document
from survey.fieldwork.payloads import LedBy
from survey.roles import Scope
from survey.store import accounts, assignments, waves
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.team_draws import add_team_draw
from survey.store.visits import VisitRecord, read_visits
from survey.store.wave_keys import open_sealer
from survey.waves import WaveState
from tests.survey.field import EAST, NOW, Field
from tests.survey.pages.field_site import Browser
from tests.survey.pages.page_client import Element, PageClient
from tests.survey.pages.told_fields import told_fields


def visits_of(database: Database, field: Field, case: UUID) -> tuple[VisitRecord, ...]:
    with database.reading() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        return read_visits(session, sealer, field.wave, sealer.tag(f"case:{case}"))


def hidden(page: Element, name: str) -> str:
    return next(one.get("value") for one in page.all("input") if one.get("name") == name)


def record(client: PageClient, case: UUID, **sent: str) -> int:
    page = client.page(f"/cases/{case}")
    data = {"visit": hidden(page, "visit"), "outcome": "no_answer", "occupied": "unknown", "led_by": "nobody", **sent}
    return client.submit(f"/cases/{case}/visits", data, page=f"/cases/{case}").status_code


def test_the_list_has_my_cases_in_walking_order_and_nobody_elses(li: PageClient, field: Field) -> None:
    items = [one for one in li.page("/cases").all("li") if "cases__item" in one.get("class")]
    links = [one.all("a")[0].get("href") for one in items]
    assert links == [f"/cases/{case}" for case in field.cases if field.owner(case) == field.li]
    assert all("还没有去" in item.text for item in items)


def test_the_list_says_where_my_team_goes(li: PageClient, database: Database, field: Field) -> None:
    assert "您的队" not in li.page("/cases").text
    team = Team(members=(field.li.id,), visits={EAST: (date(2026, 5, 6), date(2026, 5, 8))})
    record = TeamRecord(
        draw=field.draw,
        number=1,
        seed="ab" * 32,
        salt="cd" * 16,
        size=2,
        per_day=5,
        days=(),
        cases={EAST: 10},
        barred={field.li.id: {}},
        drawn=DrawnTeams(teams=(team,), spare=()),
    )
    with database.writing() as session:
        add_team_draw(
            session,
            field.draw,
            number=1,
            counts=record.counts,
            document=to_document(record),
            digest="d" * 64,
            reason="",
            at=NOW,
            by="dudao",
        )
    page = li.page("/cases").text
    assert "您的队哪天去哪里：" in page
    assert "2026年5月6日、2026年5月8日" in page.replace(" ", "")


def test_an_invented_wave_is_marked_in_the_list(li: PageClient, database: Database, field: Field) -> None:
    assert "虚构数据" not in li.page("/cases").text
    with database.writing() as session:
        details = replace(waves.get_wave(session, field.wave).details, fictitious=True)
        waves.set_details(session, field.wave, details, at=NOW, by="tests")
    assert "虚构数据：" in li.page("/cases").text


def test_a_visit_is_recorded_with_who_led_the_way(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    assert record(li, case, outcome="no_entry", occupied="yes", led_by="grid_worker") == 303
    (visit,) = visits_of(database, field, case)
    assert visit.payload.outcome is Outcome.NO_ENTRY
    assert visit.payload.occupied is True
    assert visit.payload.led_by is LedBy.GRID_WORKER
    assert visit.payload.canvasser == field.li.id
    assert visit.state is PayloadState.PLACED
    assert "门禁进不去" in li.page(f"/cases/{case}").text
    assert "去过 1 次" in li.page("/cases").text


def test_a_home_that_answered_online_is_not_asked_at_the_door(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    record(li, case, outcome="no_answer")
    field.answer_online(database, case)
    listed = next(one for one in li.page("/cases").all("li") if str(case) in one.all("a")[0].get("href"))
    assert "访问已交" in listed.text
    assert "去过 1 次" in listed.text
    page = li.page(f"/cases/{case}")
    assert "不用再去" in page.text
    assert "选出受访者" not in page.text
    data = {"interview": str(uuid4()), "adults": "2", "led_by": "nobody"}
    assert li.submit(f"/cases/{case}/interview", data, page=f"/cases/{case}").status_code == 409


def test_evidence_of_occupancy_belongs_to_closed_doors_only(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    record(li, case, outcome="refused_person", occupied="no")
    assert visits_of(database, field, case)[0].payload.occupied is None


def test_an_appointment_needs_its_time_and_shows_it(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    page = f"/cases/{case}"
    data = {"visit": str(uuid4()), "outcome": "appointment", "led_by": "nobody"}
    refused = li.submit(f"{page}/visits", data, page=page)
    assert refused.status_code == 422
    assert "请填约定的时间" in refused.text
    assert "checked" in refused.text.partition('value="appointment"')[2].partition(">")[0], "what was chosen stays"
    assert visits_of(database, field, case) == ()
    past = li.submit(f"{page}/visits", {**data, "appointment": "2026-05-03T19:30"}, page=page)
    assert (past.status_code, "已经过了" in past.text) == (422, True)
    assert visits_of(database, field, case) == ()
    assert record(li, case, outcome="appointment", appointment="2096-05-09T19:30") == 303
    assert "2096年5月9日 19:30" in li.page("/cases").text


@pytest.mark.parametrize(
    "sent",
    [
        {"outcome": ""},
        {"outcome": "complete"},
        {"outcome": "nonsense"},
        {"led_by": ""},
        {"occupied": ""},
        {"visit": "x"},
        {"appointment": "soon", "outcome": "appointment"},
    ],
)
def test_what_cannot_be_read_is_said_and_not_stored(
    li: PageClient, database: Database, field: Field, case: UUID, sent: dict[str, str]
) -> None:
    assert record(li, case, **sent) == 422
    assert visits_of(database, field, case) == ()


def test_all_that_is_wrong_is_told_at_once_and_beside_its_field(li: PageClient, case: UUID) -> None:
    page = f"/cases/{case}"
    empty = li.submit(f"{page}/visits", {"visit": str(uuid4())}, page=page)
    assert told_fields(empty.text) == {
        "outcome-no_answer": "请选择：这次入户的结果。",
        "led_by-nobody": "请选择：谁带的路。",
    }
    unseen = li.submit(f"{page}/visits", {"visit": str(uuid4()), "outcome": "no_entry"}, page=page)
    assert told_fields(unseen.text).keys() == {"occupied-yes", "led_by-nobody"}
    late = {"visit": str(uuid4()), "outcome": "appointment", "appointment": "2026-05-03T19:30", "led_by": "nobody"}
    assert told_fields(li.submit(f"{page}/visits", late, page=page).text).keys() == {"appointment"}


def test_a_double_click_is_one_visit(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    page = f"/cases/{case}"
    data = {"visit": str(uuid4()), "outcome": "no_answer", "occupied": "no", "led_by": "nobody"}
    assert [li.submit(f"{page}/visits", data, page=page).status_code for _ in range(2)] == [303, 303]
    assert len(visits_of(database, field, case)) == 1


def test_another_ones_case_is_not_there(browser: Browser, field: Field, case: UUID) -> None:
    zhou = browser(field.zhou)
    assert zhou.get(f"/cases/{case}").status_code == 404
    assert zhou.get(f"/cases/{uuid4()}").status_code == 404


def test_a_case_reassigned_while_the_page_was_open_keeps_the_visit_for_a_supervisor(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    li.page(f"/cases/{case}")
    with database.writing() as session:
        assignments.assign(session, [(case, field.zhou.id)], at=NOW, by="dudao")
    data = {"visit": str(uuid4()), "outcome": "refused_person", "led_by": "nobody"}
    after = li.submit(f"/cases/{case}/visits", data, page="/cases")
    assert after.status_code == 303
    (visit,) = visits_of(database, field, case)
    assert visit.state is PayloadState.QUARANTINED
    gone = li.get(f"/cases/{case}")
    assert gone.status_code == 404
    assert "不在您的名单里" in gone.text


def test_after_the_end_of_the_wave_the_list_is_empty_and_says_so(
    li: PageClient, database: Database, field: Field
) -> None:
    with database.writing() as session:
        waves.change_state(session, field.wave, WaveState.CLOSED, at=NOW, by="tongji")
    assert "现在没有派给您的样本户" in li.page("/cases").text


def test_a_wave_outside_the_reach_of_an_agency_is_not_there(
    browser: Browser, database: Database, field: Field, case: UUID
) -> None:
    with database.writing() as session:
        accounts.change_account(
            session,
            field.li.id,
            full_name="",
            role=field.li.role,
            canvasser_type=field.li.canvasser_type,
            scope=Scope(waves=frozenset({field.wave + 1})),
            ties=frozenset(),
        )
    agency = browser(field.li)
    assert "现在没有派给您的样本户" in agency.page("/cases").text
    assert agency.get(f"/cases/{case}").status_code == 404


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    page = li.page(f"/cases/{case}")
    data = {"visit": hidden(page, "visit"), "outcome": "no_answer", "led_by": "nobody"}
    with database.writing() as session:
        accounts.raise_session_version(session, field.li.id)
    token = hidden(page, "csrf_token")
    headers = {"Referer": f"http://localhost/cases/{case}", "Accept-Language": "zh-CN"}
    sent = li.post(f"/cases/{case}/visits", data={**data, "csrf_token": token}, headers=headers)
    assert sent.status_code == 303
    assert sent.location == f"/sign-in?next=/cases/{case}&ended=1"
    assert "没有保存" in li.page(sent.location).text
    assert visits_of(database, field, case) == ()


def test_nothing_is_chosen_beforehand(li: PageClient, case: UUID) -> None:
    page = li.page(f"/cases/{case}")
    assert not [one for one in page.all("input") if "checked" in one.attributes]


def test_the_same_again_a_moment_later_is_asked_about_once(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    assert record(li, case) == 303
    page = f"/cases/{case}"
    data = {"visit": str(uuid4()), "outcome": "no_answer", "occupied": "no", "led_by": "nobody"}
    asked = li.submit(f"{page}/visits", data, page=page)
    assert asked.status_code == 422
    assert "刚刚已经记录过同样的结果" in asked.text
    assert len(visits_of(database, field, case)) == 1
    assert li.submit(f"{page}/visits", {**data, "again": "1"}, page=page).status_code == 303
    assert len(visits_of(database, field, case)) == 2


def test_a_mistake_can_be_withdrawn_at_once_and_stays_on_record(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    record(li, case, outcome="refused_person")
    (visit,) = visits_of(database, field, case)
    address = f"/cases/{case}/visits/{visit.uuid}/withdrawal"
    assert [li.submit(address, {}, page=f"/cases/{case}").status_code for _ in range(2)] == [303, 303]
    (after,) = visits_of(database, field, case)
    assert after.state is PayloadState.VOID
    assert "选中的人拒访" not in [tag.text for tag in li.page("/cases").all("strong")]
    assert li.submit(f"/cases/{case}/visits/{uuid4()}/withdrawal", {}, page=f"/cases/{case}").status_code == 404


def test_an_old_visit_cannot_be_withdrawn(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    uuid = uuid4()
    field.send(database, field.visit(case, Outcome.REFUSED_PERSON), uuid=uuid)
    assert "记错了" not in li.page(f"/cases/{case}").text
    assert li.submit(f"/cases/{case}/visits/{uuid}/withdrawal", {}, page=f"/cases/{case}").status_code == 409


def test_the_list_takes_a_handful_of_statements_however_long_it_is(
    li: PageClient, database: Database, field: Field
) -> None:
    for case in field.cases:
        field.send(database, field.visit(case))
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(database.engine, "before_cursor_execute", counted)
    assert li.get("/cases").status_code == 200
    event.remove(database.engine, "before_cursor_execute", counted)
    assert count <= 16, f"{count} statements"
