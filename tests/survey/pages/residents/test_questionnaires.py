"""From the letter or the poster to thanks, on a phone without scripts."""

from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.visits import read_visits
from survey.store.wave_keys import open_sealer
from survey.waves import WaveDetails
from tests.survey import answering
from tests.survey.answering import AT, DETAILS, Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin


def answers_in(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def outcomes(database: Database, online: Online) -> list[str]:
    with database.reading() as session:
        sealer = open_sealer(session, online.keys, online.wave, at=AT)
        return [visit.payload.outcome.value for visit in read_visits(session, sealer, online.wave)]


def test_an_invited_resident_answers(database: Database, online: Online, phone: Phone) -> None:
    phone.go(f"/a/{online.codes[0].lower()}")
    assert phone.address == "/questionnaire?at=welcome", "the code is not in the address"
    for told in (DETAILS.sponsor, DETAILS.fieldwork, DETAILS.telephone, DETAILS.approval_no, DETAILS.form_no):
        assert told in phone.words
    answer_all(begin(phone, "/questionnaire"), BY_CODE)
    assert (phone.state, phone.status, phone.address) == ("complete", 200, "/questionnaire/end")
    assert "谢谢" in phone.heading
    assert "12345" in phone.words
    (answers,) = answers_in(database, online)
    assert answers == {
        "S1": 1, "N1": 2, "A1": 1, "B1": 2, "C1": [1, 2], "D1": 1, "D2": 2, "D3": 3, "T1": None,
    }  # fmt: skip
    assert outcomes(database, online) == ["complete"]


def test_a_resident_answers_by_open_link_and_is_not_asked_for_the_adults(
    database: Database, online: Online, phone: Phone
) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    assert phone.state == "complete"
    (answers,) = answers_in(database, online)
    assert "N1" not in answers


def test_on_one_page_sections_are_headings_and_one_turn_hands_everything_in(
    database: Database, config: Config, new_phone: NewPhone
) -> None:
    free = answering.INSTRUMENT.replace(", terminate = true", "").replace('ask_if = [{ item = "A1", codes = [1] }]', "")
    one_page = free.replace('version = "1"', 'version = "1"\none_page = true')
    online = answering.start(database, KeyRing(folder=config.keys), instrument=one_page)
    phone = begin(new_phone(), f"/o/{online.link}")
    assert phone.items == ["S1", "A1", "B1", "C1", "D1", "D2", "D3", "T1"]
    assert (phone.heading, [part.text for part in phone.last.all("h2")]) == ("基本情况", ["您的看法"])
    assert ("已完成" in phone.words, "自动保存" in phone.words) == (False, False), "it has one turn only"
    assert "点“交卷”以前，填的还没有保存" in phone.words
    given = {"S1": "1", "A1": "1", "B1": "2", "D1": "1", "D2": "2", "D3": "3"}
    phone.press(answers=given)
    assert "还有没答的题" in phone.words, "what was left is pointed out once"
    assert phone.chosen == {item: [code] for item, code in given.items()}
    phone.press()
    assert phone.state == "complete"
    (answers,) = answers_in(database, online)
    assert answers == {item: int(code) for item, code in given.items()} | {"C1": [99], "T1": None}


def test_the_code_can_be_typed(online: Online, phone: Phone) -> None:
    phone.go("/a")
    code = online.codes[0]
    response = phone.post("/a", data={"code": f"{code[:4]} {code[4:8].lower()}-{code[8:]}", "csrf_token": "any"})
    assert (response.status_code, response.location) == (303, "/questionnaire?at=welcome")


def test_a_get_stores_and_spends_nothing(database: Database, online: Online, phone: Phone) -> None:
    def rows() -> list[list[str]]:
        from sqlalchemy import text

        with database.reading() as session:
            tables = ("responses", "drafts", "inbox", "invitations", "sign_in_attempts")
            return [sorted(str(tuple(row)) for row in session.execute(text(f"SELECT * FROM {t}"))) for t in tables]  # noqa: S608

    before = rows()
    addresses = [f"/a/{online.codes[0]}", "/questionnaire", "/questionnaire?at=S1", "/questionnaire?at=end"]
    for address in (*addresses, "/questionnaire/end", "/a/0000000000000000", f"/o/{online.link}", "/o/nothing"):
        phone.go(address)
    assert rows() == before


def test_the_page_knows_no_staff(online: Online, phone: Phone) -> None:
    response = phone.get(f"/o/{online.link}")
    assert "survey_session" not in str(response.headers)
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {
        part.strip() for part in response.headers["Set-Cookie"].split(";")
    }
    phone.go("/questionnaire")
    assert not [link for link in phone.last.all("a") if link.get("href").startswith(("/waves", "/sign-in"))]
    shown = phone.get("/questionnaire")
    assert shown.headers["Cache-Control"] == "no-store"
    assert not phone.last.all("script")
    assert "Set-Cookie" not in shown.headers


def test_skipping_is_asked_about_once_then_it_is_a_refusal(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    assert "不想回答" not in phone.words
    phone.press()
    assert phone.items == ["S1"]
    assert "不想回答" in phone.words
    assert "再点一次" in phone.words
    phone.press(answers={"S1": "1"})
    phone.press().press()  # N1 has no refusal of its own
    assert phone.items == ["A1"]
    phone.press()
    assert "说不清" in phone.words
    phone.press()
    assert phone.items == ["C1"], "a refusal does not lead on to those who know"
    phone.press().press(answers={"C1": "2"})
    phone.press(answers={"D1": "1", "D2": "1"})
    assert phone.items == ["D1", "D2", "D3"]
    assert phone.chosen == {"D1": ["1"], "D2": ["1"]}
    phone.press().press()
    assert phone.state == "complete"
    (answers,) = answers_in(database, online)
    assert (answers["N1"], answers["A1"], answers["D3"], answers["C1"]) == (None, 99, 99, [2])
    assert outcomes(database, online) == ["partial"], "a headline item was refused"


def test_whoever_does_not_belong_is_asked_again_before_it_ends(
    database: Database, online: Online, phone: Phone
) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    phone.press(answers={"S1": "2"})
    assert (phone.state, phone.address) == ("", "/questionnaire?at=end")
    phone.press("back")
    assert phone.items == ["S1"]
    phone.press(answers={"S1": "2"}).press("finish")
    assert phone.state == "screened"
    assert "填答码仍然有效" in phone.words
    assert answers_in(database, online) == []
    assert outcomes(database, online) == [], "somebody else there may be eligible"
    answer_all(phone.go(f"/a/{online.codes[0]}").take_other().press("start"), BY_CODE)
    assert phone.state == "complete"
    assert outcomes(database, online) == ["complete"]


def test_too_few_answers_are_thanked_for_and_no_response(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    phone.press(answers={"S1": "1"})
    for _ in range(9):
        phone.press()
    assert phone.state == "complete"
    assert answers_in(database, online) == []
    assert outcomes(database, online) == ["break_off"]


def test_declining_stores_no_answer_and_leaves_the_code(database: Database, online: Online, phone: Phone) -> None:
    phone.go(f"/a/{online.codes[0]}")
    phone.press("decline")
    assert phone.state == "declined"
    assert outcomes(database, online) == ["refused_person"]
    phone.go(f"/a/{online.codes[0]}")
    answer_all(begin(phone, "/questionnaire"), BY_CODE)
    assert phone.state == "complete"
    assert len(answers_in(database, online)) == 1


def test_a_wrong_entry_is_explained_and_kept(online: Online, phone: Phone) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    phone.press(answers={"S1": "1"}).press(answers={"N1": "99"})
    assert phone.status == 422
    assert "1到20" in phone.words
    assert phone.chosen == {"N1": ["99"]}
    phone.press(answers={"N1": "2"}).press(answers={"A1": "2"}).press(answers={"C1": ["1", "90"]})
    assert phone.status == 422
    assert "都没有" in phone.words


def test_on_another_phone_the_code_shows_no_answers(database: Database, online: Online, new_phone: NewPhone) -> None:
    """Whoever finds the letter must not read what somebody of the household answered."""
    first, second = new_phone(), new_phone()
    begin(first, f"/a/{online.codes[0]}").press(answers={"S1": "1"})
    begin(second, f"/a/{online.codes[0]}")
    assert (second.items, second.chosen) == (["S1"], {})
    answer_all(second, BY_CODE)
    assert second.state == "complete"
    assert len(answers_in(database, online)) == 1


def test_an_open_link_says_whose_community_it_is(online: Online, phone: Phone) -> None:
    phone.go(f"/o/{online.link}")
    assert "的问卷。住在别处的" in phone.words


def test_a_wave_with_nothing_said_has_no_empty_lines(database: Database, online: Online, phone: Phone) -> None:
    bare = answering.start(database, online.keys, details=WaveDetails())
    phone.go(f"/o/{bare.link}")
    assert phone.status == 200
    assert "（委托单位）" in phone.words, "the questionnaire's own wording"
    assert not phone.last.all("dd")


def test_a_page_rendered_for_everybody_carries_each_ones_own_token(online: Online, new_phone: NewPhone) -> None:
    tokens = set()
    for _ in range(3):
        phone = new_phone()
        begin(phone, f"/o/{online.link}")
        tokens.add(phone.form()["csrf_token"])
        assert phone.press(answers={"S1": "1"}).items == ["A1"]
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {32}
