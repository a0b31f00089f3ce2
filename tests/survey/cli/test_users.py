"""survey user add | import | list | deactivate | reactivate | reset | token | close-examples"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey.device_tokens import token_hash
from survey.one_time_codes import code_hash, read_code
from survey.roles import Role
from survey.store.account_tokens import find_token
from survey.store.accounts import add_account, find_activation
from tests.survey import small_wave
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import AT, Instance

PASSWORD = "correct horse battery"
CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


def waiting_for(instance: Instance, code: str) -> str | None:
    """The name of the account that waits for the code."""
    plain = read_code(code)
    assert plain is not None
    database = instance.open()
    with database.reading() as session:
        found = find_activation(session, code_hash(plain))
    database.close()
    return found[0].name if found else None


def listed(run: Run) -> dict[str, dict[str, object]]:
    return {user["name"]: user for user in run("user", "list", "--json").document["users"]}


def test_an_account_is_added_with_the_password_on_standard_input(empty_instance: Instance, run: Run) -> None:
    done = run("user", "add", "王芳", "--role", "statistician", "--password-stdin", "--json", stdin=PASSWORD + "\n")
    assert (done.code, done.err) == (0, "")
    assert done.document == {"user": 1, "name": "王芳", "role": "statistician"}
    assert listed(run)["王芳"]["state"] == "active"


def test_an_account_is_added_with_a_code_and_all_its_limits(opened_instance: Instance, run: Run) -> None:
    limits = ("--area", small_wave.EAST, "--wave", 1, "--tie", small_wave.WEST)
    person = ("--role", "canvasser", "--canvasser-type", "agency", "--full-name", "王芳")
    document = run("user", "add", "fang", *person, *limits, "--code", "--json").document
    assert document.keys() == {"user", "name", "role", "code", "expires"}
    assert waiting_for(opened_instance, document["code"]) == "fang"
    assert listed(run)["fang"] == {
        "user": document["user"],
        "name": "fang",
        "full_name": "王芳",
        "role": "canvasser",
        "canvasser_type": "agency",
        "areas": [small_wave.EAST],
        "waves": [1],
        "ties": [small_wave.WEST],
        "state": "waiting",
        "example": False,
    }


@pytest.mark.parametrize("option", [("--area", "9"), ("--wave", 9), ("--tie", "x"), ("--full-name", "x" * 65)])
def test_limits_that_cannot_be_add_nobody(
    opened_instance: Instance, refused: Refusals, option: tuple[object, ...]
) -> None:
    assert "不能用" in refused("user", "add", "fang", "--role", "canvasser", "--code", *option)


@pytest.mark.parametrize("password", ["", "short\n", "aaaaaaaaaaaa\n", "wang-fang-wang\n"])
def test_a_password_that_breaks_the_rules_adds_nobody(
    password: str, empty_instance: Instance, refused: Refusals
) -> None:
    said = refused("user", "add", "wang-fang-wang", "--role", "official", "--password-stdin", stdin=password)
    assert "密码" in said


def test_a_name_in_use_is_refused(empty_instance: Instance, run: Run, refused: Refusals) -> None:
    arguments = ("user", "add", "wang", "--role", "official", "--password-stdin")
    assert run(*arguments, stdin=PASSWORD).code == 0
    assert "wang" in refused(*arguments, stdin=PASSWORD)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    book = Workbook()
    for row in (("账号", "角色", "姓名"), ("fang", "访员", "王芳"), ("ming", "grid_worker", "李明")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "accounts.xlsx")
    return tmp_path / "accounts.xlsx"


def test_a_table_becomes_accounts_with_codes(empty_instance: Instance, run: Run, table: Path) -> None:
    document = run("user", "import", table, "--json").document
    assert document.keys() == {"accounts"}
    assert [(a["name"], a["role"]) for a in document["accounts"]] == [("fang", "canvasser"), ("ming", "grid_worker")]
    for account in document["accounts"]:
        assert account.keys() == {"name", "role", "code", "expires"}
        assert waiting_for(empty_instance, account["code"]) == account["name"]
        lasts = datetime.fromisoformat(account["expires"]) - datetime.now(UTC)
        assert timedelta(days=13) < lasts <= timedelta(days=14)


def test_the_cards_are_a_line_each(empty_instance: Instance, run: Run, table: Path) -> None:
    lines = run("user", "import", table).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["fang", "ming"]
    assert all(CODE.search(line) for line in lines)


def test_a_bad_row_adds_nobody(empty_instance: Instance, run: Run, refused: Refusals, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("账号,角色\nfang,访员\nming,国王\n", "utf-8")
    assert "1 行要改" in refused("user", "import", file)
    problems = run("user", "import", file, "--json").document["problems"]
    assert [(problem["row"], problem["column"], problem["got"]) for problem in problems] == [("3", "角色", "国王")]


def test_what_is_no_table_adds_nobody(empty_instance: Instance, refused: Refusals, tmp_path: Path) -> None:
    for name, data in (("empty.csv", b""), ("photo.xlsx", b"\xff\xd8\xff\xe0"), ("letter.csv", "你好\n".encode())):
        (tmp_path / name).write_bytes(data)
        refused("user", "import", tmp_path / name)
    refused("user", "import", tmp_path / "nowhere.xlsx")


def test_closing_and_opening_again(empty_instance: Instance, run: Run, refused: Refusals) -> None:
    run("user", "add", "wang", "--role", "official", "--password-stdin", stdin=PASSWORD)
    closed = run("user", "deactivate", "wang", "--json").document
    assert closed == {"user": 1, "name": "wang", "active": False}
    assert listed(run)["wang"]["state"] == "closed"
    assert "已停用" in refused("user", "reset", "wang")
    assert run("user", "deactivate", "wang").code == 0, "twice is once"
    assert run("user", "reactivate", "wang", "--json").document["active"] is True
    assert listed(run)["wang"]["state"] == "active"


def test_the_last_administrator_stays(empty_instance: Instance, run: Run, refused: Refusals) -> None:
    for name in ("admin", "second"):
        run("user", "add", name, "--role", "administrator", "--password-stdin", stdin=PASSWORD)
    assert run("user", "deactivate", "admin").code == 0
    assert "最后一个" in refused("user", "deactivate", "second")


def test_a_reset_ends_the_password(empty_instance: Instance, run: Run) -> None:
    run("user", "add", "wang", "--role", "official", "--password-stdin", stdin=PASSWORD)
    document = run("user", "reset", "wang", "--json").document
    assert document.keys() == {"user", "name", "role", "code", "expires"}
    assert waiting_for(empty_instance, document["code"]) == "wang"
    assert listed(run)["wang"]["state"] == "waiting"
    again = run("user", "reset", "wang", "--json").document
    assert waiting_for(empty_instance, document["code"]) is None
    assert waiting_for(empty_instance, again["code"]) == "wang"


def test_a_token_is_printed_once_and_only_for_canvassers(empty_instance: Instance, run: Run, refused: Refusals) -> None:
    run("user", "add", "fang", "--role", "canvasser", "--password-stdin", stdin=PASSWORD)
    run("user", "add", "wang", "--role", "official", "--password-stdin", stdin=PASSWORD)
    document = run("user", "token", "fang", "--json").document
    assert document.keys() == {"name", "token", "expires"}
    database = empty_instance.open()
    with database.reading() as session:
        found = find_token(session, token_hash(document["token"]))
    database.close()
    assert found is not None
    assert found[0].name == "fang"
    assert "访员" in refused("user", "token", "wang")


@pytest.mark.parametrize("verb", ["deactivate", "reactivate", "reset", "token"])
def test_nobody_of_that_name(empty_instance: Instance, refused: Refusals, verb: str) -> None:
    assert "nobody" in refused("user", verb, "nobody")


def test_one_verb_closes_every_example(empty_instance: Instance, run: Run) -> None:
    database = empty_instance.open()
    with database.writing() as session:
        for name, is_example in (("official", True), ("canvasser", True), ("wang", False)):
            add_account(session, name=name, password_hash="h", role=Role.CANVASSER, at=AT, example=is_example)
    database.close()
    closed = run("user", "close-examples", "--json").document["closed"]
    assert [account["name"] for account in closed] == ["canvasser", "official"]
    states = {name: (user["state"], user["example"]) for name, user in listed(run).items()}
    assert states == {"official": ("closed", True), "canvasser": ("closed", True), "wang": ("active", False)}
    assert run("user", "close-examples", "--json").document == {"closed": []}
