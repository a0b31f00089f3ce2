"""survey wave open | close | publish | list"""

import pytest

from tests.survey.cli.conftest import Files, Refusals, Run
from tests.survey.conftest import Instance


def test_a_wave_is_opened_with_its_facts(opened: Files, run: Run) -> None:
    arguments = ("--instrument", "small", "--frame", 1, "--name", "第二轮", "--details", opened.wave)
    made = run("wave", "open", *arguments, "--json", language="zh_Hans")
    assert (made.code, made.err) == (0, "")
    document = dict(made.document)
    (past,) = document.pop("warnings")
    assert "调查期到 2026-03-20 为止，已经过去" in past
    instrument = {"instrument": "small", "version": "1"}
    assert document == {"wave": 2, "name": "第二轮", "state": "draft"} | instrument
    listed = run("wave", "list", "--json").document["waves"]
    assert [wave["wave"] for wave in listed] == [2, 1]
    assert listed[0].keys() == {
        *("wave", "name", "state", "instrument", "frame", "draw", "responses", "open_links", "opened_at"),
        *("sample", "open_link"),
    }


def test_a_wave_needs_no_facts_to_be_opened(opened: Files, run: Run) -> None:
    assert run("wave", "open", "--instrument", "small", "--frame", 1, "--name", "x", "--json").document["wave"] == 2


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "99999999999999999999"])
@pytest.mark.parametrize(
    "verb",
    [
        ("wave", "close", "--"),
        ("wave", "publish", "--wave"),
        ("wave", "details", "--file", "wave.toml", "--wave"),
        ("wave", "open", "--instrument", "small", "--name", "x", "--frame"),
        ("response", "count", "--wave"),
        ("response", "import", "answers.csv", "--columns", "columns.toml", "--wave"),
        ("estimate", "--wave"),
        ("report", "--out", "pdfs", "--wave"),
    ],
)
def test_a_number_no_wave_or_frame_can_have_is_refused(verb: tuple[str, ...], number: str, run: Run) -> None:
    said = run(*verb, number)
    assert (said.code, said.out) == (2, "")
    assert "2147483647" in said.err


@pytest.mark.parametrize("named", [("1",), ("--wave", "1")])
def test_a_wave_is_closed_once_however_it_is_named(
    named: tuple[str, ...], answered_instance: Instance, run: Run, refused: Refusals
) -> None:
    closed = run("wave", "close", *named, "--json").document
    assert (closed["wave"], closed["state"], closed["keys_destroyed"]) == (1, "closed", 0)
    assert run("wave", "list", "--json").document["waves"][0]["state"] == "closed"
    refused("wave", "close", *named)


def test_publishing_says_no_with_exit_code_1_until_nothing_is_missing(
    answered_instance: Instance, run: Run, refused: Refusals
) -> None:
    assert "还缺 2 项" in refused("wave", "publish", 1, code=1)
    expected = [p["expected"] for p in run("wave", "publish", 1, "--json").document["problems"]]
    assert [text.partition("survey ")[2] for text in expected] == ["wave close 1", "estimate --wave 1"]
    run("wave", "close", 1)
    run("estimate", "--wave", 1)
    assert run("wave", "publish", 1, "--json").document == {"wave": 1, "state": "published", "warnings": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ("open", "--instrument", "nothing", "--frame", 1, "--name", "x"),
        ("open", "--instrument", "small", "--frame", 9, "--name", "x"),
        ("open", "--instrument", "small", "--frame", 1, "--name", " "),
        ("open", "--instrument", "small", "--frame", 1, "--name", "x", "--details", "/nothing/wave.toml"),
        ("open", "--instrument", "small", "--frame", 1, "--name", "x", "--details", "/"),
        ("close", 9),
        ("publish", 9),
    ],
)
def test_what_is_not_there_is_refused(arguments: tuple[object, ...], opened: Files, refused: Refusals) -> None:
    refused("wave", *arguments)


def test_every_unusable_fact_is_listed(opened: Files, run: Run, refused: Refusals) -> None:
    opened.wave.write_text("sponsor = 1\n[targets]\nIND_X = 90\n", "utf-8")
    arguments = ("open", "--instrument", "small", "--frame", 1, "--name", "x", "--details", opened.wave)
    refused("wave", *arguments)
    problems = run("wave", *arguments, "--json").document["problems"]
    assert [problem["row"] for problem in problems] == ["sponsor", "targets"]
