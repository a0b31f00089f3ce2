"""survey response import | count"""

from tests.survey.cli.conftest import Files, Refusals, Run
from tests.survey.small_wave import EAST, WEST

REPORT = {
    "wave",
    "import",
    "imported",
    "rows",
    "screened",
    "completeness",
    "blank",
    "not_understood",
    "not_understood_rows",
    "kept",
    "shortened",
    "not_used",
    "unknown_modes",
    "unknown_days",
    "ignored_columns",
}


def test_answers_are_imported_and_counted(opened: Files, run: Run) -> None:
    done = run("response", "import", "--wave", 1, "--columns", opened.columns, opened.answers, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.document.keys() == REPORT
    assert (done.document["imported"], done.document["rows"]) == (70, 70)
    assert done.document["blank"] == {"A1": 2}
    counted = run("response", "count", "--wave", 1, "--json").document
    assert counted == {
        "wave": 1,
        "count": 70,
        "responses": 70,
        "sample": 70,
        "open_link": 0,
        "by_area": {EAST: 40, WEST: 30},
        "sample_by_area": {EAST: 40, WEST: 30},
        "open_link_by_area": {EAST: 0, WEST: 0},
    }
    assert run("response", "count", "--wave", 1).out.splitlines()[:2] == [
        "70 responses of the sample",
        "0 of the open link and of paper forms, no part of the sample",
    ]
    (wave,) = run("wave", "list", "--json").document["waves"]
    assert (wave["responses"], wave["sample"], wave["open_link"]) == (70, 70, 0)


def test_unknown_codes_are_told_and_the_exit_code_is_0(opened: Files, run: Run) -> None:
    text = opened.answers.read_text("utf-8").replace(",Y,1,", ",?,7,", 3).replace(",net,", ",post,", 1)
    opened.answers.write_text("\ufeff" + text.replace("\n", "\r\n"), "utf-8")
    done = run("response", "import", "--wave", 1, "--columns", opened.columns, opened.answers)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "wave 1: 70 responses imported"
    assert "not understood: A1 '?' (unknown_code) in 3 rows" in lines
    assert "not understood: B1 '7' (unknown_code) in 3 rows" in lines
    assert "unknown modes: 'post' in 1 rows" in lines


def test_a_file_in_gb18030_with_more_columns_comes_in(opened: Files, run: Run) -> None:
    head, *lines = opened.answers.read_text("utf-8").splitlines()
    text = "\r\n".join([f"{head},备注", *(f'{line},"无，逗号,"' for line in lines)])
    opened.answers.write_bytes(text.encode("gb18030"))
    document = run("response", "import", "--wave", 1, "--columns", opened.columns, opened.answers, "--json").document
    assert (document["imported"], document["ignored_columns"]) == (70, ["备注"])


def test_the_same_file_again_is_refused(opened: Files, run: Run, refused: Refusals) -> None:
    arguments = ("response", "import", "--wave", 1, "--columns", opened.columns, opened.answers)
    run(*arguments)
    assert "70 份" in refused(*arguments)


def test_counting_an_unknown_wave_is_refused(opened: Files, refused: Refusals) -> None:
    refused("response", "count", "--wave", 9)


def test_a_wave_without_answers_counts_none(opened: Files, run: Run) -> None:
    assert run("response", "count", "--wave", 1, "--json").document["count"] == 0
