"""A question heard in a dialect; and whose hand filled in the questionnaire."""

from survey.config import Config
from survey.roles import Scope
from survey.store.database import Database
from survey.store.filled_by import count_filled_by
from survey.store.recordings import list_recordings
from survey.store.waves import get_wave
from survey.waves import FilledBy
from survey.workflow.add_recording import add_recording, remove_recording
from survey.workflow.show_state import show_state
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

SOUND = b"ID3" + bytes(range(200))


def record(database: Database, online: Online, item: str, dialect: str) -> None:
    with database.writing() as session:
        add_recording(session, get_wave(session, online.wave), item=item, dialect=dialect, body=SOUND)


def heard(phone: Phone) -> list[str]:
    return [one.get("aria-label") for one in phone.last.all("audio")]


def test_it_stands_at_its_question_and_is_fetched_when_played(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    assert heard(phone) == []
    record(database, online, "S1", "客家话")
    record(database, online, "S1", "粤语")
    record(database, online, "C1", "粤语")
    phone.go("/questionnaire?at=S1")
    assert heard(phone) == ["听：客家话", "听：粤语"]
    audio = phone.last.all("audio")[0]
    assert audio.get("preload") == "none"
    assert "controls" in audio.attributes
    sound = phone.get(audio.get("src"))
    assert (sound.status_code, sound.mimetype, sound.data) == (200, "audio/mpeg", SOUND)
    assert "immutable" in sound.headers["Cache-Control"]
    phone.press()
    assert heard(phone) == ["听：客家话", "听：粤语"]  # asked again, heard again
    phone.press(answers={"S1": "1"})
    assert heard(phone) == []
    with database.writing() as session:
        wave = get_wave(session, online.wave)
        for one in list_recordings(session, wave.id):
            remove_recording(session, wave, item=one.item, dialect=one.dialect)
    assert heard(phone.go("/questionnaire?at=S1")) == []
    assert phone.get(audio.get("src")).status_code == 400


def test_no_other_address_plays(phone: Phone) -> None:
    for name in ("0" * 64, "x" * 64, "1", "..%2f..%2fetc"):
        assert phone.get(f"/recordings/{name}").status_code in (400, 404)


def test_whose_hand_it_was_is_counted_and_is_no_answer(
    database: Database, online: Online, config: Config, new_phone: NewPhone
) -> None:
    helped, alone, late = new_phone(), new_phone(), new_phone()
    helped.go(f"/o/{online.link}")
    helped.press("start", filled_by="family")
    answer_all(helped, BY_LINK)
    answer_all(begin(alone, f"/a/{online.codes[0]}"), BY_CODE)
    late.go(f"/a/{online.codes[1]}")
    late.press("start", filled_by="anybody")  # what no form offers
    answer_all(late, BY_CODE)
    with database.reading() as session:
        assert count_filled_by(session, online.wave) == {FilledBy.FAMILY: 1, FilledBy.SELF: 2}
        view = show_state(session, get_wave(session, online.wave), scope=Scope())
        assert (view.by_self, view.by_family) == (2, 1)
        assert all("filled_by" not in answers for answers in answering.stored(session, online.wave).values())


def test_the_first_page_remembers_who_helps(online: Online, phone: Phone) -> None:
    phone.go(f"/o/{online.link}")
    phone.press("start", filled_by="family").press(answers={"S1": "1"})
    phone.go("/questionnaire?at=welcome")
    (box,) = [one for one in phone.last.all("input") if one.get("name") == "filled_by"]
    assert "checked" in box.attributes
    phone.press("start")
    assert phone.items == ["A1"]


def test_the_first_named_button_goes_on_and_the_second_declines(online: Online, phone: Phone) -> None:
    phone.go(f"/o/{online.link}")
    (form,) = [one for one in phone.last.all("form") if one.get("id") == "questionnaire"]
    assert form.get("method") == "post"
    assert [one.get("value") for one in form.all("button") if one.get("name")] == ["start", "decline"]
    phone.press("decline")
    assert phone.state == "declined"
