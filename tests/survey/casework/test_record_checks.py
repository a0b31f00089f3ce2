"""No digest covers who drew and when: what cannot be is refused, the rest is listed beside the certificate."""

import json
from pathlib import Path
from typing import Any

import pytest

from survey.messages import BadInput, CheckFailed, Conflict
from survey.store.database import Database
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.export_draw import export_draw
from survey.workflow.verify_draw import verify_files
from tests.survey.drawn_wave import AT, approve, draw, open_wave_with_units
from tests.survey.public_draw import draw_grids, drawn_again, publicly_drawn


def export(database: Database, number: int, folder: Path, *, over: bool = True) -> Path:
    if over:
        with database.writing() as session:
            change_state(session, 1, WaveState.CLOSED, at=AT, by="tongji")
    folder.mkdir()
    with database.reading() as session:
        export_draw(session, number, folder)
    return folder


@pytest.fixture
def exported(sqlite_database: Database, tmp_path: Path) -> Path:
    """The second public draw of a closed wave, approved; the first one was rejected."""
    number = drawn_again(sqlite_database)
    approve(sqlite_database, number)
    return export(sqlite_database, number, tmp_path / "draw")


def change(path: Path, **members: object) -> None:
    """``rejected__0__reason``: that member of the first of ``rejected``."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for key, value in members.items():
        place: Any = document
        *above, last = key.split("__")
        for name in above:
            place = place[int(name)] if isinstance(place, list) else place[name]
        place[last] = value
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"state": "xx"}, "draw.state"),
        ({"state": "proposed"}, "draw.decided_by"),
        ({"decided_by": None}, "draw.decided_by"),
        ({"decided_by": None, "decided_at": None}, "draw.decided_by"),
        ({"decided_by": "TONGJI"}, "draw.decided_by"),
        ({"decided_at": "2026-03-24T00:00:00+00:00"}, "draw.decided_at"),
        ({"drawn_at": "2026-12-24T00:00:00+00:00"}, "draw.decided_at"),
        ({"drawn_at": "2020-03-24T00:00:00+00:00"}, "draw.drawn_at"),
        ({"state": "rejected", "reason": " "}, "draw.reason"),
        ({"seed_source": "machine"}, "draw.seed_source"),
        ({"rejected__0__decided_by": "tongji"}, "draw.rejected 1.decided_by"),
        ({"rejected__0__decided_by": None}, "draw.rejected 1"),
        ({"rejected__0__reason": " "}, "draw.rejected 1"),
        ({"rejected__0__draw": 7}, "draw.rejected 7"),
        ({"rejected__0__decided_at": "2026-03-25T00:00:00+00:00"}, "draw.rejected 1"),
        ({"rejected__0__decided_at": "2026-03-20T00:00:00+00:00"}, "draw.rejected 1.decided_at"),
        ({"rejected__0__public_value_name": "双色球 9 期"}, "draw.rejected"),
        ({"rejected": []}, "draw.rejected"),
    ],
)
def test_what_cannot_be(exported: Path, members: dict[str, object], where: str) -> None:
    verify_files(exported)
    change(exported / "draw.json", **members)
    with pytest.raises(CheckFailed) as caught:
        verify_files(exported)
    assert where in [problem.where for problem in caught.value.problems]


def test_a_seed_given_by_hand_is_no_public_value(sqlite_database: Database, tmp_path: Path) -> None:
    folder = export(sqlite_database, draw(sqlite_database, open_wave_with_units(sqlite_database)).draw, tmp_path / "d")
    change(folder / "draw.json", seed_source="public_value")
    with pytest.raises(CheckFailed) as caught:
        verify_files(folder)
    assert [problem.where for problem in caught.value.problems] == ["draw.seed_source"]


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("draw.json", "approved_by"),
        ("draw.json", "frame__note"),
        ("draw.json", "rejected__0__note"),
        ("commitment.json", "witness"),
        ("commitment.json", "public_values__1__value"),
    ],
)
def test_what_no_export_has(exported: Path, file: str, key: str) -> None:
    change(exported / file, **{key: "shenhe"})
    with pytest.raises(BadInput) as caught:
        verify_files(exported)
    assert f"{file} 里有导出时没有的 {key.split('__')[-1]}" in str(caught.value)


def test_what_has_to_be_compared_is_listed(exported: Path) -> None:
    assert verify_files(exported).compare == (
        ("wave", "1 第一轮"),
        ("state", "approved"),
        ("seed_source", "public_value"),
        ("drawn", "2026-03-24T11:05:00+08:00 tongji"),
        ("decided", "2026-03-24T11:05:00+08:00 shenhe"),
        ("reason", "已在别处看过"),
        ("commitment", "1 2026-03-21T10:00:00+08:00 tongji"),
        ("promised", "双色球 1 期 2026-03-22T10:00:00+08:00 digits_ascending 12+2"),
        ("promised", "双色球 2 期 2026-03-24T10:00:00+08:00 digits_ascending 12+2"),
        ("used", "双色球 2 期 2026-03-24T10:05:00+08:00 报纸"),
        (
            "rejected",
            "1 (双色球 1 期): 2026-03-22T11:05:00+08:00 tongji; 2026-03-22T12:05:00+08:00 shenhe; 漏了 3 栋; "
            + json.loads((exported / "draw.json").read_text(encoding="utf-8"))["rejected"][0]["digest"],
        ),
    )
    change(exported / "draw.json", decided_by="别人")
    assert ("decided", "2026-03-24T11:05:00+08:00 别人") in verify_files(exported).compare
    readme = (exported / "README.txt").read_text(encoding="utf-8")
    assert "不在任何摘要里" in readme
    assert "No digest covers" in readme


def test_it_is_listed_while_the_sample_is_kept_back(sqlite_database: Database, tmp_path: Path) -> None:
    folder = export(sqlite_database, publicly_drawn(sqlite_database), tmp_path / "draw", over=False)
    with pytest.raises(Conflict, match="state proposed; seed_source public_value") as caught:
        verify_files(folder)
    document = json.loads((folder / "commitment.json").read_text(encoding="utf-8"))
    assert f"cases 32; secret_digest {document['secret_digest']}; earlier_digest -; digest " in str(caught.value)


def test_a_table_that_a_spreadsheet_saved(exported: Path) -> None:
    for name in ("frame-areas.csv", "frame-units.csv", "draw.json"):
        path = exported / name
        path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
        with pytest.raises(BadInput, match=f"{name} 不是 UTF-8 编码：像是用 Excel"):
            verify_files(exported)
        path.write_bytes(path.read_bytes().decode("gbk").encode())
    verify_files(exported)


def test_a_pair_of_grids_that_stands_there_twice(sqlite_database: Database, tmp_path: Path) -> None:
    folder = export(sqlite_database, draw_grids(sqlite_database), tmp_path / "draw")
    path = folder / "joint-inclusion.csv"
    path.write_text(path.read_text(encoding="utf-8") + path.read_text(encoding="utf-8").splitlines()[-1] + "\n")
    with pytest.raises(CheckFailed) as caught:
        verify_files(folder)
    ((where, got),) = [(problem.where, problem.got) for problem in caught.value.problems]
    assert (where, got) == ("joint", "7")
