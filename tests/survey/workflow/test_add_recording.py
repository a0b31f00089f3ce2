"""Recordings of questions in dialects: added, replaced, refused with what was expected, taken away."""

import pytest

from survey.keys import KeyRing
from survey.messages import BadInput, Conflict, NotThere
from survey.store.database import Database
from survey.store.recordings import MOST_BYTES, find_sound, list_recordings
from survey.store.waves import get_wave
from survey.workflow.add_recording import MOST_DIALECTS, add_recording, remove_recording
from tests.survey import answering
from tests.survey.answering import Online

MP3, M4A, OGG = b"ID3" + bytes(40), bytes(4) + b"ftypM4A " + bytes(40), b"OggS" + bytes(40)


@pytest.fixture
def online(database: Database, tmp_path) -> Online:
    return answering.start(database, KeyRing(folder=tmp_path / "keys"))


def add(database: Database, online: Online, *, item: str = "A1", dialect: str = "客家话", body: bytes = MP3) -> None:
    with database.writing() as session:
        add_recording(session, get_wave(session, online.wave), item=item, dialect=dialect, body=body)


def recorded(database: Database, online: Online) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        found = list_recordings(session, online.wave)
        sounds = [find_sound(session, one.sha256) for one in found]
        return [(one.item, one.dialect, sound.type) for one, sound in zip(found, sounds, strict=True) if sound]


def test_each_dialect_of_each_question_has_one(database: Database, online: Online) -> None:
    add(database, online)
    add(database, online, dialect=" 粤语 ", body=OGG)
    add(database, online, item="C1", body=M4A)
    assert recorded(database, online) == [
        ("A1", "客家话", "audio/mpeg"),
        ("A1", "粤语", "audio/ogg"),
        ("C1", "客家话", "audio/mp4"),
    ]
    add(database, online, body=M4A)
    assert recorded(database, online)[0] == ("A1", "客家话", "audio/mp4")
    with database.writing() as session:
        wave = get_wave(session, online.wave)
        remove_recording(session, wave, item="A1", dialect="客家话")
        with pytest.raises(NotThere):
            remove_recording(session, wave, item="A1", dialect="客家话")
    assert len(recorded(database, online)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"item": "Z9"}, "没有这道题"),
        ({"dialect": " "}, "哪里的话"),
        ({"dialect": "话" * 21}, "哪里的话"),
        ({"dialect": "客\u202e家"}, "哪里的话"),
        ({"body": b""}, "不超过"),
        ({"body": MP3 + bytes(MOST_BYTES)}, "不超过"),
        ({"body": b"<html><script>alert(1)</script>"}, "不是录音"),
        ({"body": b"RIFF" + bytes(4) + b"WAVE"}, "不是录音"),
    ],
)
def test_what_phones_do_not_play_is_refused(
    database: Database, online: Online, changes: dict[str, str | bytes], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        add(database, online, **changes)  # type: ignore[arg-type]
    assert said in refused.value.message.msgid
    assert recorded(database, online) == []


def test_a_question_has_no_more_than_a_few(database: Database, online: Online) -> None:
    for number in range(MOST_DIALECTS):
        add(database, online, dialect=f"{number}话")
    with pytest.raises(Conflict):
        add(database, online, dialect="又一种话")
    add(database, online, dialect="1话", body=OGG)  # in the place of one


def test_after_the_wave_nothing_changes(database: Database, online: Online) -> None:
    add(database, online)
    answering.close(database, online)
    with pytest.raises(Conflict):
        add(database, online, dialect="粤语")
    with database.writing() as session, pytest.raises(Conflict):
        remove_recording(session, get_wave(session, online.wave), item="A1", dialect="客家话")
