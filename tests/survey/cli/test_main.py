"""What holds for every verb: exit codes, one line on stderr, one JSON document, and no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from sqlalchemy import text

from survey import __version__
from survey.cli.main import survey
from tests.survey.cli.conftest import Outcome, Run
from tests.survey.conftest import Instance


def verbs(group: click.Group, before: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= verbs(command, f"{before}{name} ")
        else:
            found[before + name] = command
    return found


VERBS = verbs(survey)


def test_the_verbs_others_rely_on_are_there() -> None:
    assert VERBS.keys() >= {
        "init",
        "user add",
        "user import",
        "user list",
        "user deactivate",
        "user reactivate",
        "user reset",
        "user token",
        "frame import",
        "frame list",
        "instrument check",
        "instrument add",
        "instrument list",
        "wave open",
        "wave details",
        "wave start",
        "wave close",
        "wave publish",
        "wave list",
        "draw run",
        "draw approve",
        "draw reject",
        "draw verify",
        "draw list",
        "case assign",
        "case list",
        "response import",
        "response count",
        "estimate",
        "report",
        "demo",
        "serve",
        "worker",
        "backup",
        "restore",
        "upgrade",
    }


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_json_and_explains_itself(verb: str, run: Run) -> None:
    command = VERBS[verb]
    assert "--json" in [option for parameter in command.params for option in parameter.opts]
    shown = run(*verb.split(), "--help")
    assert (shown.code, shown.err) == (0, "")
    assert command.help
    assert command.help.split()[0] in shown.out


def test_the_version(run: Run) -> None:
    assert __version__ in run("--version").out


@pytest.mark.parametrize("arguments", [(), ("wave",)])
def test_no_verb_shows_those_there_are(arguments: tuple[str, ...], run: Run) -> None:
    shown = run(*arguments)
    assert shown.code == 2
    assert "Commands:" in shown.out
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("estimates",),
        ("estimate",),
        ("estimate", "--wave", "one"),
        ("estimate", "--wave", "1", "--by", "planet"),
        ("estimate", "--wave", "1", "--quick"),
        ("report", "--wave", "1", "--out", "x", "--language", "fr"),
        ("wave", "close"),
        ("wave", "close", "1", "--wave", "1"),
        ("user", "add", "wang", "--role", "king"),
        ("user", "add", "wang", "--role", "official"),
        ("serve", "--port", "70000"),
    ],
)
def test_a_wrong_command_is_one_line_and_one_document(
    arguments: tuple[str, ...], run: Run, empty_instance: Instance
) -> None:
    plain, as_json = run(*arguments), run(*arguments, "--json")
    assert (plain.code, plain.out) == (2, "")
    assert as_json.code == 2
    (line,) = plain.err.splitlines()
    assert as_json.err == plain.err
    assert as_json.document == {"error": line.removeprefix("survey: "), "problems": []}


def test_what_nobody_foresaw_is_one_line_too(
    run: Run, opened_instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened_instance.open()
    with database.writing() as session:
        session.execute(text("UPDATE instruments SET document = '{}'"))
    database.close()
    done = run("instrument", "list", "--json")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert done.document["error"] == line.removeprefix("survey: ")
    monkeypatch.setenv("SURVEY_TRACEBACK", "1")
    with pytest.raises(Exception, match=r"."):
        run("instrument", "list")


@pytest.mark.slow
def test_a_locale_without_chinese_loses_nothing(opened_instance: Instance, process: Callable[..., Outcome]) -> None:
    latin = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    as_json = process("wave", "list", "--json", environment=latin)
    assert json.loads(as_json.out)["waves"][0]["name"] == "测试轮次"
    plain = process("wave", "list", environment=latin)
    assert (plain.code, plain.err) == (0, "")
    assert "\\u6d4b" in plain.out


def test_a_reader_that_goes_away_is_no_traceback(opened_instance: Instance) -> None:
    environment = {**os.environ, "SURVEY_INSTANCE": str(opened_instance.folder)}
    command = f"{sys.executable} -m survey estimate --help | true"
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
