"""Which role may use which verb: compared with ``verbs.txt``; and what ``--as`` lets through.

A changed line is a decision. When it is meant, put what the test prints into the file.
"""

from pathlib import Path

import click
import pytest

from survey.account_rules import Person
from survey.cli.main import survey
from survey.cli.output import needed_permission
from survey.roles import PERMISSIONS, Permission, Role, Scope
from survey.store.accounts import add_account, find_account, set_active
from survey.store.waves import list_events
from survey.workflow.change_account import change_account
from tests.survey import small_wave
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.cli.test_main import VERBS
from tests.survey.conftest import AT, Instance

FILE = Path(__file__).with_name("verbs.txt")


def add(instance: Instance, role: Role, scope: Scope = Scope()) -> str:  # noqa: B008 - frozen
    name = str(role)
    database = instance.open()
    with database.writing() as session:
        add_account(session, name=name, password_hash="hash", role=role, scope=scope, at=AT)
    database.close()
    return name


def test_every_verb_is_listed_with_the_roles_that_may_use_it() -> None:
    lines = []
    for name, command in sorted(VERBS.items()):
        needed = needed_permission(command)
        assert needed is not None, f"{name}: @verb(needs=Permission.…)"
        roles = " ".join(role for role in Role if needed in PERMISSIONS[role])
        lines.append(f"{name:20} {needed:18} {roles}")
    walked = "\n".join(lines) + "\n"
    assert walked == FILE.read_text("utf-8"), f"\n{walked}"


def test_a_verb_outside_the_table_has_no_right() -> None:
    assert needed_permission(click.Command("new", callback=lambda: None)) is None


def test_the_operator_may_do_everything(opened_instance: Instance, run: Run) -> None:
    assert run("wave", "list", "--json").code == 0
    assert run("user", "list", "--json").code == 0


@pytest.mark.parametrize("role", Role)
def test_an_account_may_do_what_its_role_may(
    opened_instance: Instance, run: Run, refused: Refusals, role: Role
) -> None:
    name = add(opened_instance, role)
    for verb, needed in (
        (("user", "list"), Permission.MANAGE_ACCOUNTS),
        (("wave", "list"), Permission.SEE_FIELDWORK),
        (("instrument", "list"), Permission.MANAGE_WAVES),
    ):
        if needed in PERMISSIONS[role]:
            assert run("--as", name, *verb, "--json").code == 0
        else:
            assert needed in refused("--as", name, *verb)


def test_the_account_stands_in_the_records(
    opened_instance: Instance, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(opened_instance, Role.STATISTICIAN)
    details = opened_instance.folder / "wave.toml"
    details.write_text(small_wave.WAVE, "utf-8")
    assert run("--as", "statistician", "wave", "details", 1, "--file", details).code == 0
    monkeypatch.setenv("SURVEY_ACCOUNT", "statistician")
    assert run("wave", "close", 1).code == 0
    database = opened_instance.open()
    with database.reading() as session:
        by = [event.by for event in list_events(session, 1)]
    database.close()
    assert by[-2:] == ["statistician", "statistician"]


@pytest.mark.parametrize("name", ["nobody", "", "a b", "\u200b"])
def test_a_name_that_is_no_account_is_told(opened_instance: Instance, run: Run, refused: Refusals, name: str) -> None:
    if name:
        assert "没有名为" in refused("--as", name, "wave", "list")
    else:
        assert run("--as", name, "wave", "list").code == 0, "an empty variable is none"


def test_a_closed_account_may_do_nothing(opened_instance: Instance, refused: Refusals) -> None:
    name = add(opened_instance, Role.STATISTICIAN)
    database = opened_instance.open()
    with database.writing() as session:
        found = find_account(session, name)
        assert found is not None
        set_active(session, found[0].id, False)
    database.close()
    assert "没有名为" in refused("--as", name, "wave", "list")


def test_a_wave_out_of_reach_is_not_there(opened_instance: Instance, refused: Refusals) -> None:
    name = add(opened_instance, Role.STATISTICIAN, Scope(waves=frozenset({2})))
    assert "没有编号为 1 的轮次" in refused("--as", name, "response", "count", "--wave", 1)


def test_an_account_limited_to_areas_has_the_pages(opened_instance: Instance, refused: Refusals) -> None:
    name = add(opened_instance, Role.STATISTICIAN, Scope(areas=frozenset({small_wave.EAST})))
    assert "网页" in refused("--as", name, "response", "count", "--wave", 1)


def test_who_closes_an_account_counts(opened_instance: Instance, run: Run, refused: Refusals) -> None:
    name = add(opened_instance, Role.ADMINISTRATOR)
    assert "自己" in refused("--as", name, "user", "deactivate", name)
    database = opened_instance.open()
    with database.writing() as session:
        found = find_account(session, name)
        assert found is not None
        with pytest.raises(Exception, match="最后一个"):
            change_account(session, found[0].id, person=Person(role=Role.LEADER), by=None)
    database.close()


def test_the_group_takes_the_account() -> None:
    (option,) = [p for p in survey.params if isinstance(p, click.Option) and "--as" in p.opts]
    assert option.envvar == "SURVEY_ACCOUNT"


@pytest.mark.parametrize("scope", [Scope(waves=frozenset({1})), Scope(areas=frozenset({small_wave.EAST}))])
def test_frames_are_not_for_an_account_with_limits(opened_instance: Instance, refused: Refusals, scope: Scope) -> None:
    name, out = add(opened_instance, Role.STATISTICIAN, scope), opened_instance.folder / "out.csv"
    for verb in (("list",), ("export", 1, "--out", out), ("import", "--areas", opened_instance.folder / "areas.csv")):
        assert "只负责部分" in refused("--as", name, "frame", *verb)
    assert not out.exists()
