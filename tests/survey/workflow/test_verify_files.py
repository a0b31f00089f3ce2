"""An exported draw comes out again from its files alone; whatever is changed in them is found out, with the reason."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from survey.messages import BadInput, CheckFailed, Conflict
from survey.sampling.samples import METHOD, METHOD_BY_ARCS, select
from survey.store.database import Database
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow import draw_sample
from survey.workflow.export_draw import ExportedDraw, export_draw
from survey.workflow.verify_draw import verify_files
from tests.survey.drawn_wave import AT, SEED, approve, draw, open_wave_with_units
from tests.survey.public_draw import PERMANENT, committed_wave, draw_grids, draw_next, drawn_again, publicly_drawn


def export(database: Database, draw_id: int, folder: Path) -> ExportedDraw:
    folder.mkdir()
    with database.reading() as session:
        return export_draw(session, draw_id, folder)


def close(database: Database) -> None:
    """As if nothing had been asked."""
    with database.writing() as session:
        change_state(session, 1, WaveState.CLOSED, at=AT, by="tongji")


@pytest.fixture
def exported(sqlite_database: Database, tmp_path: Path) -> Path:
    """The second public draw of a closed wave, with reserves; the first one was rejected."""
    number = drawn_again(sqlite_database)
    close(sqlite_database)
    export(sqlite_database, number, tmp_path / "draw")
    return tmp_path / "draw"


def places(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(CheckFailed) as caught:
        verify_files(folder)
    assert caught.value.exit_code == 1
    return [(problem.where, str(problem.expected)) for problem in caught.value.problems]


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def edit_json(path: Path, key: str, value: object) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    place = document
    *above, last = key.split("/")
    for name in above:
        place = place[int(name)] if isinstance(place, list) else place[name]
    assert place[last] != value
    place[last] = value
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def test_what_is_exported_comes_out_again(database: Database, tmp_path: Path) -> None:
    number = drawn_again(database)
    close(database)
    exported = export(database, number, tmp_path / "draw")
    assert exported.files == (
        "README.txt", "cases.csv", "commitment.json", "design.json", "draw.json", "frame-areas.csv",
        "frame-units.csv", "public-values.toml",
    )  # fmt: skip
    found = verify_files(tmp_path / "draw")
    assert (found.draw, found.public, found.cases, found.units, found.digest) == (2, True, 32, 85, exported.digest)


def test_a_draw_with_a_seed_given_by_hand(database: Database, tmp_path: Path) -> None:
    drawn = draw(database, open_wave_with_units(database))
    exported = export(database, drawn.draw, tmp_path / "draw")
    assert not exported.kept_back
    assert not verify_files(tmp_path / "draw").public


def test_no_database_and_no_order_of_areas_is_needed(exported: Path) -> None:
    lines = (exported / "frame-areas.csv").read_text(encoding="utf-8").splitlines()
    (exported / "frame-areas.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    assert verify_files(exported).cases == 32


def test_before_the_wave_is_closed_nothing_tells_who_was_drawn(database: Database, tmp_path: Path) -> None:
    number = publicly_drawn(database)
    early = export(database, number, tmp_path / "early")
    assert early.kept_back
    assert "cases.csv" not in early.files
    with pytest.raises(Conflict, match="调查结束以前"):
        verify_files(tmp_path / "early")
    close(database)
    export(database, number, tmp_path / "late")
    late = json.loads((tmp_path / "late" / "draw.json").read_text(encoding="utf-8"))
    secret = json.loads((tmp_path / "late" / "commitment.json").read_text(encoding="utf-8"))["secret"]
    assert verify_files(tmp_path / "late").digest == early.digest
    told = b"".join(path.read_bytes() for path in (tmp_path / "early").iterdir()).decode()
    for hidden in (late["seed"], late["salt"], secret):
        assert len(hidden) >= 32
        assert hidden not in told


def test_before_the_wave_is_closed_a_changed_list_is_found_all_the_same(
    sqlite_database: Database, tmp_path: Path
) -> None:
    export(sqlite_database, publicly_drawn(sqlite_database), tmp_path / "draw")
    edit(tmp_path / "draw" / "frame-units.csv", lambda text: text.replace("owned", "rented", 1))
    assert places(tmp_path / "draw")[0][0] == "frame.units"


@pytest.mark.parametrize(
    ("file", "before", "after", "where", "told"),
    [
        ("frame-units.csv", "花园小区", "花园小区二期", "frame.units", "有一行被改动"),
        ("frame-units.csv", ",owned,", ",demolished,", "frame.units", "有一行被改动"),
        ("frame-areas.csv", "1200", "1201", "frame.areas", "有一行被改动"),
        ("frame-areas.csv", "东风社区", "东方社区", "frame.areas", "有一行被改动"),
        ("cases.csv", ",16,54,", ",17,54,", "serial ", "16/54"),
        ("cases.csv", ",0,4", ",1,4", "serial ", "440983102001"),
        ("cases.csv", "16/54", "16/55", "serial ", "16/54"),
        ("design.json", "systematic", "simple", "commitment.design", "承诺以后设计被改动"),
        ("design.json", "systematic", "simple", "draw.digest", "由抽样框、设计、种子"),
        ("design.json", '"replicates":2', '"replicates":1', "draw.replicates", "1"),
        ("public-values.toml", "01020304050607", "01020304050608", "draw.seed", "由密数和公开数字"),
        ("public-values.toml", "双色球 2 期", "双色球 3 期", "draw.public_value_name", "按承诺里的次序"),
        ("public-values.toml", "2026-03-24", "2026-03-23", "public_value.published_at", "不早于承诺"),
        ("public-values.toml", "2026-03-24", "2026-03-20", "public_value.published_at", "还没有承诺"),
    ],
)
def test_a_changed_text(exported: Path, file: str, before: str, after: str, where: str, told: str) -> None:
    edit(exported / file, lambda text: text.replace(before, after, 1))
    found = places(exported)
    assert [name for name, expected in found if name.startswith(where) and told in expected], found


@pytest.mark.parametrize(
    ("file", "key", "value", "where", "told"),
    [
        ("draw.json", "seed", SEED, "draw.seed", "由密数和公开数字"),
        ("draw.json", "salt", SEED, "draw.digest", "其中之一或摘要本身"),
        ("draw.json", "digest", "0" * 64, "draw.digest", "其中之一或摘要本身"),
        ("draw.json", "frame_digest", "0" * 64, "frame.digest", "抽样之后"),
        ("draw.json", "frame/units_digest", "0" * 64, "frame.units", "有一行被改动"),
        ("draw.json", "frame/units", 86, "frame.unit_count", "86 个"),
        ("draw.json", "cases", 31, "draw.cases", "31 户"),
        ("draw.json", "method", "by hand", "draw.method", "stages/2"),
        ("draw.json", "drawn_at", "2026-03-23T00:00:00+00:00", "draw.drawn_at", "不早于公开数字"),
        ("draw.json", "public", False, "draw.public", "true"),
        ("commitment.json", "secret", "00" * 32, "commitment.secret", "不是当时的那一个"),
        ("commitment.json", "secret", "00", "commitment.secret", "不是当时的那一个"),
        ("commitment.json", "secret_digest", "00" * 32, "commitment.secret", "事先公布的"),
        ("commitment.json", "frame_digest", "00" * 32, "commitment.frame_digest", "抽样框被换过"),
        ("commitment.json", "committed_at", "2026-03-24T02:05:00+00:00", "public_value.published_at", "还没有承诺"),
        ("commitment.json", "committed_at", "2026-03-24T02:00:00+00:00", "commitment.not_before", "可能已经公布"),
        ("commitment.json", "public_values/1/not_before", "2026-03-29T00:00:00+00:00", "public_value.published_at",
         "不早于承诺"),
        ("commitment.json", "public_values/0/name", "别的", "draw.public_value_name", "按承诺里的次序"),
        ("commitment.json", "method", METHOD_BY_ARCS, "commitment.method", "承诺的不是它"),
        ("draw.json", "method", METHOD_BY_ARCS, "commitment.method", "承诺的不是它"),
        ("draw.json", "commitment", 7, "commitment", "另一次抽样的"),
        ("commitment.json", "commitment", 7, "commitment", "另一次抽样的"),
        ("draw.json", "wave", 7, "commitment.wave", "另一轮的承诺"),
        ("commitment.json", "wave", 7, "commitment.wave", "另一轮的承诺"),
        ("draw.json", "seed", None, "draw.kept_back", "要么都在"),
        ("draw.json", "salt", None, "draw.kept_back", "要么都在"),
        ("commitment.json", "secret", None, "draw.kept_back", "要么都在"),
    ],
)  # fmt: skip
def test_a_changed_member(exported: Path, file: str, key: str, value: object, where: str, told: str) -> None:
    edit_json(exported / file, key, value)
    found = places(exported)
    assert [name for name, expected in found if name == where and told in expected], found


def test_a_case_less_a_case_more_and_one_twice(exported: Path) -> None:
    path = exported / "cases.csv"
    whole = path.read_text(encoding="utf-8")
    header, first, *rest = whole.splitlines()
    serial = int(first.split(",")[0])
    for lines, told in (
        ([header, *rest], "按种子抽中了它"),
        ([header, first.replace(str(serial), str(serial + 1), 1), *rest], "不在样本里"),
        ([header, first, first, *rest], "每个单元最多一行"),
    ):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert any(told in expected for _, expected in places(exported))
    path.write_text(whole, encoding="utf-8")
    assert verify_files(exported).cases == 32


def test_a_line_of_the_frame_less(exported: Path) -> None:
    lines = (exported / "frame-units.csv").read_text(encoding="utf-8").splitlines()
    (exported / "frame-units.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert [where for where, _ in places(exported)][:2] == ["frame.unit_count", "frame.units"]


def test_no_unit_left_that_could_be_drawn(exported: Path) -> None:
    edit(exported / "frame-units.csv", lambda text: text.replace(",owned,", ",demolished,"))
    ((where, _),) = places(exported)
    assert where == "frame.units"


def test_a_public_draw_without_its_commitment(exported: Path) -> None:
    edit_json(exported / "draw.json", "commitment", None)
    assert any(where == "commitment" for where, _ in places(exported))


def test_the_commitment_of_another_draw_on_the_same_list_and_values(sqlite_database: Database, tmp_path: Path) -> None:
    """Before the waves are closed no secret tells the two apart, and all that is promised reads alike."""
    waves = [committed_wave(sqlite_database)[0] for _ in range(2)]
    folders = [tmp_path / f"draw{wave}" for wave in waves]
    for wave, folder in zip(waves, folders, strict=True):
        export(sqlite_database, draw_next(sqlite_database, wave).draw, folder)
    shutil.copy(folders[1] / "commitment.json", folders[0])
    assert [where for where, _ in places(folders[0])] == ["commitment", "commitment.wave"]


def test_the_commitment_of_another_draw_beside_one_without(sqlite_database: Database, tmp_path: Path) -> None:
    number = publicly_drawn(sqlite_database)
    export(sqlite_database, draw(sqlite_database, open_wave_with_units(sqlite_database)).draw, tmp_path / "by-hand")
    export(sqlite_database, number, tmp_path / "public")
    verify_files(tmp_path / "by-hand")
    shutil.copy(tmp_path / "public" / "commitment.json", tmp_path / "by-hand")
    assert "draw.public" in [where for where, _ in places(tmp_path / "by-hand")]


def test_the_sample_of_another_draw_beside_what_is_kept_back(sqlite_database: Database, tmp_path: Path) -> None:
    number = publicly_drawn(sqlite_database)
    export(sqlite_database, number, tmp_path / "early")
    close(sqlite_database)
    export(sqlite_database, number, tmp_path / "late")
    shutil.copy(tmp_path / "late" / "cases.csv", tmp_path / "early")
    assert [where for where, _ in places(tmp_path / "early")] == ["draw.kept_back"]


def test_a_value_used_before_was_promised_and_not_known(exported: Path) -> None:
    """The value of the draw that was rejected, too: a public value file of another promise is noticed."""
    edit(exported / "public-values.toml", lambda text: text.replace("2026-03-22", "2026-03-20", 1))
    assert [where for where, told in places(exported) if "还没有承诺" in told] == ["public_value.published_at"]


def test_a_folder_of_before_the_wave_stood_with_its_commitment(exported: Path) -> None:
    document = json.loads((exported / "commitment.json").read_text(encoding="utf-8"))
    assert document.pop("wave") == 1
    (exported / "commitment.json").write_text(json.dumps(document), encoding="utf-8")
    assert verify_files(exported).draw == 2


def test_a_commitment_of_before_the_method_was_named(exported: Path) -> None:
    document = json.loads((exported / "commitment.json").read_text(encoding="utf-8"))
    assert (document.pop("method"), verify_files(exported).promised) == (METHOD, METHOD)
    (exported / "commitment.json").write_text(json.dumps(document), encoding="utf-8")
    assert verify_files(exported).promised is None


@pytest.mark.parametrize("file", ["draw.json", "design.json", "commitment.json", "frame-areas.csv", "cases.csv"])
def test_a_file_that_is_not_there(exported: Path, file: str) -> None:
    (exported / file).unlink()
    with pytest.raises(BadInput, match=file):
        verify_files(exported)


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("draw.json", lambda text: text[:0] + "[]", "不是 JSON"),
        ("draw.json", lambda text: text.replace("survey-draw/1", "survey-draw/9"), "survey-draw/9"),
        ("draw.json", lambda text: text.replace('"replicates": 2', '"replicates": "2"'), "replicates"),
        ("draw.json", lambda text: text.replace("+00:00", ""), "drawn_at"),
        ("cases.csv", lambda text: text.replace("serial,", "number,"), "表头"),
        ("cases.csv", lambda text: text.replace(",16,", ",x,"), "读不懂"),
        ("cases.csv", lambda text: text + "1,2\n", "读不懂"),
        ("frame-units.csv", lambda text: text + '"open', "frame-units.csv"),
        ("public-values.toml", lambda text: text + "?", "不是 TOML"),
    ],
)
def test_a_file_that_cannot_be_read(exported: Path, file: str, change: Callable[[str], str], told: str) -> None:
    edit(exported / file, change)
    with pytest.raises(BadInput) as caught:
        verify_files(exported)
    assert told in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="draw export"):
        verify_files(tmp_path / "nothing")


def test_joint_probabilities_of_grids(sqlite_database: Database, tmp_path: Path) -> None:
    export(sqlite_database, draw_grids(sqlite_database), tmp_path / "draw")
    pairs = (tmp_path / "draw" / "joint-inclusion.csv").read_text(encoding="utf-8").splitlines()
    assert pairs[0] == "stratum,first,second,probability"
    assert len(pairs) == 1 + 2 * 3
    verify_files(tmp_path / "draw")
    shutil.copytree(tmp_path / "draw", tmp_path / "other")
    edit(tmp_path / "other" / "joint-inclusion.csv", lambda text: text.replace(",0.", ",0.9", 1))
    ((where, told),) = places(tmp_path / "other")
    assert where.startswith("joint 44098310200")
    assert "同时抽中的概率" in told
    (tmp_path / "draw" / "joint-inclusion.csv").unlink()
    assert len(places(tmp_path / "draw")) == 6


def test_a_draw_of_before_windows_of_their_own_is_still_drawn_again(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(draw_sample, "METHOD", METHOD_BY_ARCS)
        before.setattr(draw_sample, "select", partial(select, method=METHOD_BY_ARCS))
        approve(sqlite_database, draw_grids(sqlite_database, PERMANENT))
        second = draw_grids(sqlite_database, PERMANENT)
    export(sqlite_database, second, tmp_path / "draw")
    assert json.loads((tmp_path / "draw" / "draw.json").read_text())["method"] == METHOD_BY_ARCS
    assert verify_files(tmp_path / "draw").cases == 20
    edit(tmp_path / "draw" / "draw.json", lambda text: text.replace(METHOD_BY_ARCS, METHOD))
    assert "draw.digest" in [where for where, _ in places(tmp_path / "draw")]


def test_permanent_numbers_and_the_draw_before(sqlite_database: Database, tmp_path: Path) -> None:
    approve(sqlite_database, draw_grids(sqlite_database, PERMANENT))
    second = draw_grids(sqlite_database, PERMANENT)
    export(sqlite_database, second, tmp_path / "draw")
    assert verify_files(tmp_path / "draw").cases == 20
    edit(tmp_path / "draw" / "earlier-draws.json", lambda text: text.replace('"taken":10', '"taken":9', 1))
    assert "draw.digest" in [where for where, _ in places(tmp_path / "draw")]
