"""A body that breaks off or lies about its length."""

import io

import pytest
from flask import Flask

from survey.pages.bodies import Bodies, init_app


class Broken(io.RawIOBase):
    """As servers do: an error of their own kind in the middle of a body."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise RuntimeError("invalid chunk size")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    init_app(app)

    @app.post("/")
    def show() -> str:
        from flask import request

        return request.form.get("a", "-")

    return app


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_broken_body_is_a_bad_request_and_no_error(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    chunked = {"wsgi.input_terminated": True, "wsgi.input": Broken()}
    reply = app.test_client().post("/", headers=FORM, environ_overrides=chunked)
    assert reply.status_code == 400
    assert "Traceback" not in caplog.text
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_whole_body_is_read(app: Flask) -> None:
    assert app.test_client().post("/", data={"a": "1"}).text == "1"
    assert app.test_client().post("/", data={"a": "1" * 2000}).status_code == 413


def test_the_server_keeps_its_own_stream() -> None:
    environ = {"wsgi.input": io.BytesIO(b"left")}
    Bodies(lambda given, _: [given["wsgi.input"].read()])(environ, lambda *_: None)  # type: ignore[arg-type]
    assert isinstance(environ["wsgi.input"], io.BytesIO)
