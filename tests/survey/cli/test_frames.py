"""survey frame import | list | export"""

from tests.survey import small_wave
from tests.survey.cli.conftest import Files, Refusals, Run
from tests.survey.conftest import Instance


def test_a_frame_is_imported_and_listed(empty_instance: Instance, files: Files, run: Run) -> None:
    imported = run("frame", "import", "--areas", files.areas, "--json")
    assert (imported.code, imported.err) == (0, "")
    assert imported.document.keys() == {"frame", "areas", "digest", "existing"}
    assert (imported.document["frame"], imported.document["areas"]) == (1, 5)
    (listed,) = run("frame", "list", "--json").document["frames"]
    assert listed.keys() == {"frame", "areas", "kind", "units", "digest", "created_at"}
    assert (listed["kind"], listed["units"]) == (None, 0)
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


UNITS = """某街道住户表,,,,,
区划代码,网格编号,小区名称,楼层,房号,户主姓名,物管
十二位,必填,,如：1-5,,,
440983102001,1,东苑,1-2,01-03,张某,甲
合计,,,,6,,
"""


def test_units_come_with_a_report_are_listed_and_go_out_again(
    empty_instance: Instance, files: Files, run: Run, refused: Refusals
) -> None:
    units, out = files.folder / "units.csv", files.folder / "out.xlsx"
    units.write_bytes(UNITS.replace("440983102001", small_wave.EAST).encode("gb18030"))
    command = ("frame", "import", "--areas", files.areas, "--units", units)
    unknown = run(*command, "--json").document
    assert [problem["column"] for problem in unknown["problems"]] == ["物管"]

    imported = run(*command, "--map", "物管=", "--json").document
    assert (imported["kind"], imported["units"]) == ("dwelling", 6)
    assert imported["report"] == {
        "sheet": "",
        "rows": 1,
        "totals_skipped": 1,
        "notes_skipped": 1,
        "personal_columns_dropped": {"户主姓名": 1},
        "personal_numbers_removed": 0,
        "unused_columns": ["物管"],
    }
    said = run(*command).out  # what was told once is known from now on
    assert "6 units (dwelling)" in said
    assert "户主姓名 (1 cells)" in said
    assert "张某" not in said
    assert [frame["units"] for frame in run("frame", "list", "--json").document["frames"]] == [6]

    areas = files.folder / "areas_out.csv"
    assert run("frame", "export", 1, "--out", out, "--areas", areas).code == 0
    again = run("frame", "import", "--areas", areas, "--units", out, "--json").document
    assert again["digest"] == imported["digest"]
    assert "已经存在" in refused("frame", "export", 1, "--out", out)
    assert ".csv 或 .xlsx" in refused("frame", "export", 1, "--out", files.folder / "out.pdf")


def test_a_frame_of_areas_alone_goes_out_as_areas(empty_instance: Instance, files: Files, run: Run) -> None:
    first = run("frame", "import", "--areas", files.areas, "--json").document
    out = files.folder / "out.xlsx"
    assert run("frame", "export", 1, "--out", out).code == 0
    assert run("frame", "import", "--areas", out, "--json").document["digest"] == first["digest"]


def test_what_is_told_must_fit(empty_instance: Instance, files: Files, run: Run, refused: Refusals) -> None:
    units = files.folder / "units.csv"
    units.write_text(f"区划代码,房号\n{small_wave.EAST},101\n", "utf-8")
    command = ("frame", "import", "--areas", files.areas, "--units", units)
    assert "没有这样的字段" in refused(*command, "--map", "房号=rom")
    assert "物管" in run(*command, "--map", "物管=").err
    assert run(*command, "--map", "物管").code == 2
    assert run("frame", "import", "--areas", files.areas, "--map", "物管=").code == 2


def test_the_same_content_again_is_the_frame_that_is_there(empty_instance: Instance, files: Files, run: Run) -> None:
    first = run("frame", "import", "--areas", files.areas, "--json").document
    again = run("frame", "import", "--areas", files.areas, "--json").document
    assert (first["existing"], again["existing"]) == (False, True)
    assert {**again, "existing": False} == first
    assert "here already: frame 1" in run("frame", "import", "--areas", files.areas).out
    assert len(run("frame", "list", "--json").document["frames"]) == 1
