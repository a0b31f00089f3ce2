"""The log of the site as it is really served: residents leave no code, no query and no address in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from survey.keys import KeyRing
from survey.store.database import open_database
from tests.benchmarks.residents import Resident, free_port, settings, wait_for
from tests.survey import answering


@pytest.mark.slow
def test_a_questionnaire_answered_leaves_nothing_of_anybody_in_the_log(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, **settings(port), "SURVEY_INSTANCE": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "survey", "init"], env=environment, check=True, capture_output=True)
    database = open_database(f"sqlite:///{tmp_path / 'survey.sqlite3'}")
    online = answering.start(database, KeyRing(folder=tmp_path / "keys"), codes=1)
    database.close()
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "survey", "serve", "--port", str(port), "--workers", "2"]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            wait_for(port)
            for way_in in (f"/a/{online.codes[0]}", f"/o/{online.link}"):
                resident = Resident(port, address="203.0.113.77").answer(way_in)
                assert resident.status(f"/a/{'0' * 16}?who=zhang") == 404
                assert resident.status("/questionnaire?at=A1&who=zhang") == 303
                assert resident.status("/nowhere/203.0.113.77/zhang") == 404
                assert resident.status("/o/" + "x" * 9000) in (400, 404, 414)
        finally:
            server.terminate()
            server.wait(30)
    written = log.read_text("utf-8")
    assert "POST /questionnaire 303" in written
    for private in (*online.codes, online.link, resident.receipt, "203.0.113", "zhang", "at=A1", "0" * 16, "xxxx"):
        assert private not in written
