"""What a device gets back: 201 kept now, 200 kept before, 409 other bytes kept, otherwise not kept; always JSON."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.config import Config
from survey.device_tokens import new_token, token_hash
from survey.fieldwork.payloads import to_json
from survey.fieldwork.resident_codes import codes_of
from survey.keys import KeyRing
from survey.one_time_codes import grouped
from survey.roles import Role
from survey.store import accounts, inbox
from survey.store.account_tokens import add_token
from survey.store.database import Database
from survey.store.responses import count_responses
from survey.store.waves import change_state
from survey.waves import WaveState
from tests.survey.field import NOW, Field
from tests.survey.pages.shared_site import serve

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def site(database: Database, keys: KeyRing, tmp_path: Path) -> Flask:
    config = Config(
        database_url=database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=keys.folder,
    )
    return serve(config, database, lambda _: None)


def token_of(database: Database, account_id: int) -> str:
    token, now = new_token(), datetime.now(UTC)
    with database.writing() as session:
        accounts.set_password(session, account_id, "hash")
        add_token(session, account_id, token_hash=token_hash(token), at=now, expires_at=now + timedelta(days=1))
    return token


@pytest.fixture
def token(database: Database, field: Field) -> str:
    return token_of(database, field.li.id)


def put(
    site: Flask,
    token: str | None,
    path: str,
    body: bytes,
    *,
    content_type: str | None = "application/json",
    headers: dict[str, str] | None = None,
) -> TestResponse:
    sent = dict(headers or {})
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return site.test_client().put(path, data=body, content_type=content_type, headers=sent)


def interview(uuid: UUID) -> str:
    return f"/api/interviews/{uuid}"


def stored(database: Database, uuid: UUID) -> inbox.InboxRecord | None:
    with database.reading() as session:
        return inbox.find(session, uuid)


def test_new_again_and_other(site: Flask, database: Database, field: Field, token: str) -> None:
    uuid, body = uuid4(), to_json(field.interview(field.east[0]))
    kept = {"id": str(uuid), "sha256": hashlib.sha256(body).hexdigest(), "state": "placed", "reason": None}
    kept["receipt"] = grouped(codes_of(json.loads(body)["salt"]).receipt)
    first = put(site, token, interview(uuid), body)
    assert (first.status_code, first.mimetype, first.json) == (201, "application/json", kept)
    again = put(site, token, interview(uuid), body)
    assert (again.status_code, again.json) == (200, kept)
    other = put(site, token, interview(uuid), to_json(field.interview(field.east[0])))
    assert other.status_code == 409
    assert other.json is not None
    assert {**other.json, "reason": None} == {**kept, "receipt": None}
    assert kept["sha256"] in other.json["reason"]
    visit = put(site, token, f"/api/visits/{uuid}", body)
    assert (visit.status_code, visit.json and visit.json["state"]) == (409, "placed")
    with database.reading() as session:
        assert count_responses(session, field.wave) == 1


def test_a_visit(site: Flask, database: Database, field: Field, token: str) -> None:
    uuid = uuid4()
    reply = put(site, token, f"/api/visits/{uuid}", to_json(field.visit(field.east[0])))
    assert (reply.status_code, reply.json and reply.json["state"]) == (201, "placed")
    assert stored(database, uuid) is not None


def test_a_reassigned_case_is_kept_and_the_reason_is_in_the_readers_language(
    site: Flask, field: Field, token: str
) -> None:
    uuid, body = uuid4(), to_json(field.interview(field.east[1]))
    chinese = put(site, token, interview(uuid), body)
    english = put(site, token, interview(uuid), body, headers=ENGLISH)
    assert (chinese.status_code, english.status_code) == (201, 200)
    assert chinese.json is not None
    assert english.json is not None
    assert (chinese.json["state"], chinese.json["reason"]) == ("quarantined", "交来的人现在不负责这个样本户")
    assert english.json["state"] == "quarantined"
    assert english.json["reason"]


def test_after_the_end_it_is_kept_and_says_so_and_what_came_before_has_its_receipt(
    site: Flask, database: Database, field: Field, token: str
) -> None:
    early, late, body = uuid4(), uuid4(), to_json(field.interview(field.east[0]))
    put(site, token, interview(early), body)
    with database.writing() as session:
        change_state(session, field.wave, WaveState.CLOSED, at=NOW, by="tests")
    again = put(site, token, interview(early), body)
    assert (again.status_code, again.json and again.json["state"]) == (200, "placed")
    reply = put(site, token, interview(late), to_json(field.interview(field.east[2])))
    assert (reply.status_code, reply.json and reply.json["state"]) == (201, "quarantined")


@pytest.mark.parametrize("body", [b"{}", b'{"case": "x", "at": [], "zzz": {"a": null}}'])
def test_nonsense_that_is_json_is_kept(site: Flask, database: Database, field: Field, token: str, body: bytes) -> None:
    for kind in ("visits", "interviews"):
        uuid = uuid4()
        reply = put(site, token, f"/api/{kind}/{uuid}", body)
        assert (reply.status_code, reply.json and reply.json["state"]) == (201, "quarantined")
        assert stored(database, uuid) is not None


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (400, "application/json", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        (400, "application/json", b"[1, 2]"),
        (400, "application/json", b""),
        (400, None, '{"case": "“"'.encode("gb18030")),
        (413, "application/json", b'{"x": "' + b"a" * 300_000 + b'"}'),
        (415, "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        (415, "multipart/form-data; boundary=x", b"--x--"),
        (415, "application/x-www-form-urlencoded", b"case=1"),
    ],
)
def test_what_is_not_kept_says_why(
    site: Flask, database: Database, token: str, status: int, content_type: str | None, body: bytes
) -> None:
    uuid = uuid4()
    for headers in ({}, ENGLISH):
        reply = put(site, token, interview(uuid), body, content_type=content_type, headers=headers)
        assert (reply.status_code, reply.mimetype) == (status, "application/json")
        assert reply.json is not None
        assert reply.json.keys() == {"id", "sha256", "state", "reason", "receipt"}
        assert (reply.json["sha256"], reply.json["state"]) == (None, "refused")
        assert reply.json is not None
        assert (reply.json["id"], reply.json["sha256"], reply.json["state"]) == (str(uuid), None, "refused")
        assert reply.json["reason"]
    assert stored(database, uuid) is None


def test_a_body_just_within_the_limit_is_kept(site: Flask, field: Field, token: str) -> None:
    answers = {"T1": "长" * 80_000}
    body = to_json(field.interview(field.east[0], {**field.interview(field.east[0]).answers, **answers}))
    assert 240_000 < len(body) < 256 * 1024
    assert put(site, token, interview(uuid4()), body).status_code == 201


def test_who_is_not_let_in_gets_json(site: Flask, database: Database, field: Field) -> None:
    body = to_json(field.interview(field.east[0]))
    for wrong in (None, "", "made-up", "x" * 5000):
        reply = put(site, wrong, interview(uuid4()), body)
        assert (reply.status_code, reply.mimetype) == (401, "application/json")
    with database.writing() as session:
        official = accounts.add_account(session, name="gan", password_hash="x", role=Role.OFFICIAL, at=NOW)
    reply = put(site, token_of(database, official.id), interview(uuid4()), body)
    assert (reply.status_code, reply.mimetype, reply.json and reply.json["state"]) == (
        403,
        "application/json",
        "refused",
    )


def test_other_methods_and_addresses_answer_in_json(site: Flask, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    client = site.test_client()
    for reply, status in (
        (client.get(interview(uuid4()), headers=headers), 405),
        (client.put("/api/interviews/17", headers=headers), 404),
        (client.put("/api/other/" + str(uuid4()), headers=headers), 404),
    ):
        assert (reply.status_code, reply.mimetype) == (status, "application/json")


def test_when_the_machine_fails_the_device_is_told_to_keep_it(
    site: Flask, database: Database, field: Field, token: str
) -> None:
    field.keys.folder.rename(field.keys.folder.with_name("lost"))
    uuid, body = uuid4(), to_json(field.interview(field.east[0]))
    reply = put(site, token, interview(uuid), body)
    assert (reply.status_code, reply.json and reply.json["state"]) == (500, "refused")
    assert "keys" not in json.dumps(reply.json)
    assert stored(database, uuid) is None
    field.keys.folder.with_name("lost").rename(field.keys.folder)
    assert put(site, token, interview(uuid), body).status_code == 201


def at_once(site: Flask, token: str, path: str, bodies: list[bytes]) -> list[int]:
    with ThreadPoolExecutor(len(bodies)) as threads:
        return sorted(threads.map(lambda body: put(site, token, path, body).status_code, bodies))


def test_sixteen_at_once(site: Flask, database: Database, field: Field, token: str) -> None:
    same = to_json(field.interview(field.east[0]))
    assert at_once(site, token, interview(uuid4()), [same] * 16) == [200] * 15 + [201]
    different = [to_json(field.interview(field.east[2])) for _ in range(16)]
    assert at_once(site, token, interview(uuid4()), different) == [201] + [409] * 15
    with database.reading() as session:
        assert count_responses(session, field.wave) == 2
