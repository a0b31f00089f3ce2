"""The statistician's page of dialect recordings: a file is added, replaced, refused, taken away."""

from io import BytesIO

from werkzeug.test import TestResponse

from survey.roles import Role
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import PageClient

MP3 = b"ID3" + bytes(40)


def send(
    client: PageClient, wave: int, *, item: str = "Q1", dialect: str = "客家话", body: bytes = MP3
) -> TestResponse:
    address = f"/waves/{wave}/recordings"
    fields = client.page(address).all("input")
    token = next(one.get("value") for one in fields if one.get("name") == "csrf_token")
    data = {"csrf_token": token, "item": item, "dialect": dialect, "file": (BytesIO(body), "a.mp3")}
    return client.post(address, data=data, content_type="multipart/form-data")


def test_a_recording_is_added_heard_and_taken_away(world: World, signed_in: SignIn) -> None:
    client = signed_in(Role.STATISTICIAN)
    address = f"/waves/{world.draft}/recordings"
    assert "还没有录音" in client.page(address).text
    assert send(client, world.draft).status_code == 303
    page = client.page(address)
    (audio,) = page.all("audio")
    assert client.get(audio.get("src")).data == MP3
    assert "客家话" in page.text
    assert client.submit(f"{address}/remove", {"recording": "Q1 客家话"}, page=address).status_code == 303
    assert client.submit(f"{address}/remove", {"recording": "Q1 客家话"}, page=address).status_code == 409
    assert client.page(address).all("audio") == []


def test_what_is_no_recording_is_refused_and_the_words_stay(world: World, signed_in: SignIn) -> None:
    client = signed_in(Role.STATISTICIAN)
    answer = send(client, world.draft, dialect="粤语", body=b"<html>")
    assert answer.status_code == 422
    assert "不是录音" in answer.text
    assert 'value="粤语"' in answer.text
    assert 'id="file-error"' in answer.text
    assert 'id="dialect-error"' in send(client, world.draft, dialect=" ").text
    assert 'id="dialect-error"' in send(client, world.draft, dialect="客\x07家话", body=b"<html>").text
    unknown = send(client, world.draft, item="Q999").text
    assert 'id="item-error"' in unknown
    assert 'id="file-error"' not in unknown
    too_large = send(client, world.draft, body=MP3 + bytes(505_000))
    assert too_large.status_code == 422
    assert "505 kB" in too_large.text


def test_a_published_wave_keeps_its_recordings(world: World, signed_in: SignIn) -> None:
    client = signed_in(Role.STATISTICIAN)
    assert not [
        one for one in client.page(f"/waves/{world.published}/recordings").all("input") if one.get("type") == "file"
    ]
