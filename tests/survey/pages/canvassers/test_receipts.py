"""At the door everybody gets a receipt too, and nothing there takes answers back."""

import re
from uuid import UUID, uuid4

from survey.fieldwork.resident_codes import read_receipt, receipt_hash
from survey.store import receipts
from survey.store.database import Database
from survey.store.withdrawals import has_withdrawals
from survey.workflow.close_wave import close_wave
from tests.survey.field import NOW, Field
from tests.survey.pages.canvassers.test_interviews import answer, begin, finish, walk
from tests.survey.pages.page_client import PageClient

LONGER_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def shown(client: PageClient, case: UUID) -> str:
    page = client.page(f"/cases/{case}/interview/end")
    assert not LONGER_CODE.search(page.text)
    (receipt,) = [one.get("data-receipt") for one in page.all("p") if "data-receipt" in one.attributes]
    assert receipt in page.text
    return str(receipt)


def stored(database: Database, field: Field) -> tuple[str, ...]:
    with database.reading() as session:
        assert not has_withdrawals(session, field.wave)
        return receipts.list_receipts(session, field.wave)


def test_the_last_screen_shows_one_receipt_however_often(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case)
    walk(li, case)
    receipt = shown(li, case)
    assert shown(li, case) == receipt, "opened again, it is the one the person has noted"
    assert stored(database, field) == ()
    assert finish(li, case, "alone") == 303
    assert stored(database, field) == (receipt_hash(read_receipt(receipt) or ""),)


def test_whoever_stops_gets_one_as_well_and_it_is_listed(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    receipt = shown(li, case)
    assert finish(li, case, "alone", ended="break_off") == 303
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests", discard_quarantine=True)
    reply = li.post(f"/receipts/{field.wave}", data={"receipt": receipt})
    assert "在名单里。" in reply.text


def refuse(client: PageClient, case: UUID, outcome: str) -> list[str]:
    visit = {"visit": str(uuid4()), "outcome": outcome, "occupied": "unknown", "led_by": "nobody"}
    assert client.submit(f"/cases/{case}/visits", visit, page=f"/cases/{case}").status_code == 303
    return at_door(client, case)


def at_door(client: PageClient, case: UUID) -> list[str]:
    """What the page of the door shows."""
    page = client.page(f"/cases/{case}")
    assert not LONGER_CODE.search(page.text)
    return [str(one.get("data-receipt")) for one in page.all("p") if "data-receipt" in one.attributes]


def test_whoever_refuses_may_have_one(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    assert refuse(li, case, "no_answer") == []
    assert stored(database, field) == ()
    (receipt,) = refuse(li, case, "refused_person")
    assert stored(database, field) == (receipt_hash(read_receipt(receipt) or ""),)


def test_everybody_who_is_spoken_to_has_their_own_and_one_is_shown_at_a_time(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    """A son says no, the mother begins, and stops. Each has been told another one, and whose it is."""
    (son,) = refuse(li, case, "refused_household")
    assert "的这一位（家里其他人拒访）" in li.page(f"/cases/{case}").text
    begin(li, case)
    assert at_door(li, case) == [], "the son's is not for her"
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    mother = shown(li, case)
    assert "只给这一位" in li.page(f"/cases/{case}/interview/end").text
    assert finish(li, case, "family", ended="break_off") == 303
    assert at_door(li, case) == [mother], "who was too slow to write it down finds it again"
    assert son != mother
    assert set(stored(database, field)) == {receipt_hash(read_receipt(one) or "") for one in (son, mother)}


def test_later_no_receipt_is_lying_about(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    field.send(database, field.interview(case), account=field.li)
    assert at_door(li, case) == []
