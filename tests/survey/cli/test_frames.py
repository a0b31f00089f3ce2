"""survey frame import | list"""

from tests.survey.cli.conftest import Files, Refusals, Run
from tests.survey.conftest import Instance


def test_a_frame_is_imported_and_listed(empty_instance: Instance, files: Files, run: Run) -> None:
    imported = run("frame", "import", "--areas", files.areas, "--json")
    assert (imported.code, imported.err) == (0, "")
    assert imported.document.keys() == {"frame", "areas", "digest"}
    assert (imported.document["frame"], imported.document["areas"]) == (1, 5)
    (listed,) = run("frame", "list", "--json").document["frames"]
    assert listed.keys() == {"frame", "areas", "digest", "created_at"}
    assert listed["digest"] == imported.document["digest"]
    assert "5 areas" in run("frame", "list").out


def test_every_bad_row_is_listed_with_column_got_and_expected(
    empty_instance: Instance, files: Files, run: Run, refused: Refusals
) -> None:
    files.areas.write_text("code,name,level,parent,population\n11,甲,city,,\n440983000000,乙,town,,x\n", "utf-8")
    assert "3 处问题" in refused("frame", "import", "--areas", files.areas)
    problems = run("frame", "import", "--areas", files.areas, "--json").document["problems"]
    assert [(p["row"], p["column"], p["got"]) for p in problems] == [
        ("2", "code", "11"),
        ("3", "level", "town"),
        ("3", "population", "x"),
    ]
    assert problems[0]["expected"] == "12 digits"
