"""survey draw run | approve | reject | verify | list"""

import os
import pwd
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.sampling.lottery import lottery_seed
from survey.cli.main import survey
from survey.roles import Role
from survey.store.database import Database
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import EAST, SEED, VILLAGE, WEST, add_canvasser, open_wave_with_units

RUN = ("draw", "run", "--wave", 1, "--per-community", 10, "--seed", SEED)


@pytest.fixture
def ready(empty_instance: Instance) -> Instance:
    """Wave 1 in draft, its frame with units; two statisticians."""
    database = empty_instance.open()
    open_wave_with_units(database)
    for name in ("tongji", "shenhe"):
        add_canvasser(database, name, role=Role.STATISTICIAN)
    database.close()
    return empty_instance


def as_(name: str, run: Run, *arguments: object) -> dict[str, object]:
    said = run("--as", name, *arguments, "--json")
    assert (said.code, said.err) == (0, "")
    return said.document


def test_a_draw_is_run_approved_and_verified(ready: Instance, run: Run, refused: Refusals) -> None:
    drawn = as_("tongji", run, *RUN)
    assert drawn["communities"] == [
        {"area": EAST, "name": "东风社区", "units": 54, "cases": 10, "replicates": [10]},
        {"area": WEST, "name": "西湖社区", "units": 22, "cases": 10, "replicates": [10]},
        {"area": VILLAGE, "name": "无房村", "units": 0, "cases": 0, "replicates": [0]},
    ]
    assert drawn["design"]["allocation"]["per_community"] == 10  # type: ignore[index]
    assert (drawn["commitment"], drawn["public_value"], drawn["replicates"]) == (None, None, [20])
    assert (drawn["draw"], drawn["cases"], drawn["public"], len(str(drawn["digest"]))) == (1, 20, False, 64)
    assert len(drawn["warnings"]) == 1  # type: ignore[arg-type]
    assert as_("shenhe", run, "draw", "verify", 1) == {
        "draw": 1,
        "digest": drawn["digest"],
        "cases": 20,
        "units": 85,
        "ok": True,
    }
    assert "还没有审核过" in refused("--as", "shenhe", "draw", "approve", 1)
    approved = as_("shenhe", run, "draw", "approve", 1, "--without-review", "框已在别处核过")
    assert approved == {"draw": 1, "state": "approved", "wave": 1}
    (listed,) = as_("shenhe", run, "draw", "list", "--wave", 1)["draws"]  # type: ignore[misc]
    assert (listed["state"], listed["drawn_by"], listed["decided_by"], listed["seed"]) == (
        "approved",
        "tongji",
        "shenhe",
        SEED,
    )
    wave = run("wave", "list", "--json").document["waves"][0]
    assert (wave["state"], wave["draw"]["digest"], wave["open_links"]) == ("drawn", drawn["digest"], {})
    links = run("wave", "start", 1, "--json").document["open_links"]
    assert set(links) == {EAST, WEST, VILLAGE}
    assert all(path.startswith("/o/") and len(path) == 13 for path in links.values())
    assert run("wave", "list", "--json").document["waves"][0]["open_links"] == links


def test_nobody_approves_their_own(ready: Instance, run: Run, refused: Refusals) -> None:
    run(*RUN)
    assert "须由另一人来做" in refused("draw", "approve", 1)
    assert "须由另一人来做" in refused("draw", "reject", 1, "--reason", "漏了一栋")


def test_a_rejected_draw_stays_on_record(ready: Instance, run: Run, refused: Refusals) -> None:
    run(*RUN)
    refused(*RUN)
    decided = as_("shenhe", run, "draw", "reject", 1, "--reason", "漏了一栋")
    assert decided == {"draw": 1, "state": "rejected", "wave": 1, "reason": "漏了一栋"}
    assert run(*RUN).code == 2, "with another seed alone"
    assert run(*RUN[:-1], "f" * 32, "--json").document["draw"] == 2
    listed = run("draw", "list", "--wave", 1, "--json").document["draws"]
    assert [(one["draw"], one["state"]) for one in listed] == [(2, "proposed"), (1, "rejected")]


def test_verification_says_no_with_exit_code_1(ready: Instance, run: Run, refused: Refusals) -> None:
    run(*RUN)
    with closing(sqlite3.connect(ready.file)) as connection, connection:
        connection.execute("UPDATE units SET status = 'rented' WHERE serial = 3")
    assert "对不上" in refused("draw", "verify", 1, code=1)
    problems = run("draw", "verify", 1, "--json").document["problems"]
    assert [problem["row"] for problem in problems] == ["frame.units", "frame.digest"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--wave", 9, "--seed", SEED),
        ("run", "--wave", 1, "--seed", "hand"),
        ("run", "--wave", 1, "--seed", SEED, "--per-community", 0),
        ("approve", 1),
        ("reject", 1, "--reason", "x"),
        ("verify", 1),
        ("list", "--wave", 9),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: tuple[object, ...], ready: Instance, refused: Refusals) -> None:
    refused("draw", *arguments)


def test_starting_says_what_is_missing(ready: Instance, run: Run, refused: Refusals) -> None:
    assert "还缺 1 项" in refused("wave", "start", 1, code=1)


def test_an_account_of_other_waves_finds_no_draw(ready: Instance, run: Run) -> None:
    from survey.roles import Scope

    run(*RUN)
    database: Database = ready.open()
    add_canvasser(database, "bieren", role=Role.STATISTICIAN, scope=Scope(waves=frozenset({2})))
    database.close()
    for verb in ("approve", "verify"):
        assert run("--as", "bieren", "draw", verb, 1).code == 2
    assert run("--as", "bieren", "draw", "list", "--wave", 1).code == 2
    assert run("--as", "bieren", "wave", "list", "--json").document == {"waves": []}


def test_the_groups_are_there() -> None:
    assert {"draw", "case"} <= set(survey.commands)


def test_without_a_seed_the_machine_makes_one(ready: Instance, run: Run) -> None:
    assert as_("tongji", run, *RUN[:-2])["seed_source"] == "machine"
    (listed,) = as_("shenhe", run, "draw", "list", "--wave", 1)["draws"]  # type: ignore[misc]
    assert (listed["seed_source"], listed["public"], len(listed["seed"])) == ("machine", False, 64)


def test_who_is_at_the_keyboard_is_not_what_the_environment_says(
    ready: Instance, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "zhang")
    assert run(*RUN).code == 0
    (listed,) = run("draw", "list", "--wave", 1, "--json").document["draws"]
    assert listed["drawn_by"] == f"cli:{pwd.getpwuid(os.getuid()).pw_name}"


DESIGN = """
[[stage]]
unit = "dwelling"
method = "systematic"
[allocation]
rule = "equal"
per_community = 8
[reserves]
replicates = 2
per_community = 3
[lottery]
public_values = [
  {name = "彩票第 1 期", not_before = NOT_BEFORE, digits_drawn = 6},
  {name = "彩票第 2 期", not_before = NOT_BEFORE, digits_drawn = 6},
]
"""
VALUES = """
[[value]]
name = "彩票第 1 期"
value = "03 07 11"
published_at = PUBLISHED
source = "彩票中心"
"""


@pytest.fixture
def promised(ready: Instance, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the design and the values; the wave has its commitment, and it is two hours later now."""
    from survey.cli import draws

    start = datetime.now(UTC)
    design, values = tmp_path / "design.toml", tmp_path / "values.toml"
    design.write_text(DESIGN.replace("NOT_BEFORE", (start + timedelta(hours=1)).isoformat()), "utf-8")
    values.write_text(VALUES.replace("PUBLISHED", (start + timedelta(hours=1)).isoformat()), "utf-8")
    said = as_("tongji", run, "draw", "run", "--wave", 1, "--design", design, "--commit")
    commitment = said["commitment"]
    assert (said["draw"], said["public"], commitment["id"], commitment["secret"]) == (None, True, 1, None)  # type: ignore[index]
    names = [value["name"] for value in commitment["public_values"]]  # type: ignore[index]
    assert names == ["彩票第 1 期", "彩票第 2 期"]
    assert {len(commitment[f"{what}_digest"]) for what in ("frame", "design", "secret")} == {64}  # type: ignore[index]
    monkeypatch.setattr(draws, "now", lambda: start + timedelta(hours=2))
    return tmp_path


def test_a_value_is_looked_at_before_it_is_spent(promised: Path, run: Run, refused: Refusals) -> None:
    in_public = ("draw", "run", "--wave", 1, "--public-values", promised / "values.toml", "--dry-run")
    checked = as_("tongji", run, *in_public)
    assert (checked["draw"], checked["commitment"]) == (None, 1)
    assert checked["public_value"]["value"] == "030711"  # type: ignore[index]
    assert as_("tongji", run, "draw", "list", "--wave", 1)["draws"] == []
    (promised / "values.toml").write_text((promised / "values.toml").read_text("utf-8").replace("11", "1"), "utf-8")
    assert run(*in_public).code == 2
    assert run("draw", "run", "--wave", 1, "--dry-run").code == 2


def test_a_public_draw_from_its_promise_to_its_reserves(promised: Path, run: Run, refused: Refusals) -> None:
    in_public = ("draw", "run", "--wave", 1, "--public-values", promised / "values.toml")
    drawn = as_("tongji", run, *in_public, "--design", promised / "design.toml")
    assert (drawn["public"], drawn["seed_source"], drawn["replicates"]) == (True, "public_value", [16, 6, 6])
    assert drawn["public_value"]["value"] == "030711"  # type: ignore[index]
    assert drawn["communities"][0]["replicates"] == [8, 3, 3]  # type: ignore[index]
    as_("shenhe", run, "draw", "approve", 1, "--without-review", "框已在别处核过")
    released = as_("tongji", run, "draw", "release", "--wave", 1, "--area", EAST, "--reason", "完成数不够")
    assert (released["replicate"], released["cases"], released["left"]) == (1, 3, 1)
    said = as_("shenhe", run, "draw", "list", "--wave", 1)
    (listed,), (commitment,) = said["draws"], said["commitments"]  # type: ignore[misc]
    assert (listed["public"], listed["seed"], listed["salt"], commitment["secret"]) == (True, None, None, None)
    assert [one["area"] for one in listed["releases"]] == [EAST]
    assert len(run("case", "list", "--wave", 1, "--json").document["cases"]) == 19
    refused("draw", "release", "--wave", 1, "--area", VILLAGE, "--reason", "x")
    run("wave", "close", 1)
    said = as_("shenhe", run, "draw", "list", "--wave", 1)
    (listed,), (commitment,) = said["draws"], said["commitments"]  # type: ignore[misc]
    seed = lottery_seed(bytes.fromhex(commitment["secret"]), "030711").hex()
    assert (listed["seed"], len(listed["salt"])) == (seed, 32)


def test_a_promise_is_withdrawn_before_anything_else_is_drawn(promised: Path, run: Run, refused: Refusals) -> None:
    private = ("draw", "run", "--wave", 1, "--per-community", 10, "--seed", SEED)
    assert "--public-values" in refused(*private)
    refused("draw", "withdraw", 1, "--reason", " ")
    refused("draw", "withdraw", 9, "--reason", "停售")
    said = as_("shenhe", run, "draw", "withdraw", 1, "--reason", "彩票停售")
    assert said["commitment"]["withdrawn"]["reason"] == "彩票停售"  # type: ignore[index]
    refused("draw", "run", "--wave", 1, "--public-values", promised / "values.toml")
    (listed,) = as_("tongji", run, "draw", "list", "--wave", 1)["commitments"]  # type: ignore[misc]
    assert listed["withdrawn"]["by"] == "shenhe"
    assert as_("tongji", run, *private)["public"] is False


@pytest.mark.parametrize(
    "options",
    [
        ("--per-community", 10, "--design", "design.toml"),
        ("--seed", SEED, "--commit"),
        ("--seed", SEED, "--public-values", "values.toml"),
        ("--commit",),
        ("--commit", "--per-community", 10),
        ("--design", "missing.toml"),
        ("--public-values", "design.toml"),
        ("--public-values", "values.toml", "--per-community", 10),
    ],
)
def test_options_that_do_not_fit(
    promised: Path, run: Run, refused: Refusals, options: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(promised)
    refused("draw", "run", "--wave", 1, *options)
    assert run("draw", "list", "--wave", 1, "--json").document["draws"] == []
