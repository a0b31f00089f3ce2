"""survey instrument import | export, and check and add of workbooks"""

from pathlib import Path

from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import BUILT_IN, load_file
from survey.files.text_workbooks import text_sheets
from tests.questionnaires.xlsform.forms import SURVEY, sheets
from tests.survey.cli.conftest import Files, Refusals, Run
from tests.survey.conftest import Instance


def test_a_built_in_instrument_goes_out_and_comes_in_without_a_database(run: Run, tmp_path: Path) -> None:
    book, text = tmp_path / "form.xlsx", tmp_path / "form.toml"
    fingerprint = questionnaire_fingerprint(load_file(BUILT_IN["civilized-village"]))
    out = run("instrument", "export", "civilized-village", book, "--json").document
    assert out.keys() == {"slug", "version", "fingerprint", "items", "file"}
    assert (out["slug"], out["fingerprint"]) == ("civilized-village", fingerprint)
    assert run("instrument", "check", book, "--json").document["fingerprint"] == fingerprint
    found = run("instrument", "import", book, "--out", text, "--json").document
    assert found.keys() == {"slug", "version", "fingerprint", "items", "left_out", "file"}
    assert (found["fingerprint"], found["left_out"], found["file"]) == (fingerprint, [], str(text))
    assert run("instrument", "check", text, "--json").document["fingerprint"] == fingerprint


def test_nothing_is_overwritten(run: Run, tmp_path: Path, refused: Refusals) -> None:
    book = tmp_path / "form.xlsx"
    run("instrument", "export", "civilized-village", book)
    before = book.read_bytes()
    refused("instrument", "export", "urban-community", book)
    refused("instrument", "import", book, "--out", book)
    assert book.read_bytes() == before


def test_a_stored_instrument_goes_out_by_its_version(
    empty_instance: Instance, files: Files, run: Run, tmp_path: Path, refused: Refusals
) -> None:
    first = run("instrument", "add", files.instrument, "--json").document
    book = tmp_path / "form.xlsx"
    assert run("instrument", "export", "small", book, "--json").document["fingerprint"] == first["fingerprint"]
    assert run("instrument", "import", book, "--json").document["fingerprint"] == first["fingerprint"]
    assert len(run("instrument", "list", "--json").document["instruments"]) == 1
    refused("instrument", "export", "small", tmp_path / "other.xlsx", "--version", "77")
    refused("instrument", "export", "nothing", tmp_path / "other.xlsx")
    assert not (tmp_path / "other.xlsx").exists()


def test_a_workbook_may_be_added_like_any_instrument(
    empty_instance: Instance, files: Files, run: Run, tmp_path: Path
) -> None:
    book = tmp_path / "form.xlsx"
    run("instrument", "export", "service-callback", book)
    assert run("instrument", "add", book, "--json").document["slug"] == "service-callback"


def test_a_plain_form_says_what_was_left_out(empty_instance: Instance, run: Run, tmp_path: Path) -> None:
    book = tmp_path / "form.xlsx"
    book.write_bytes(text_sheets(sheets()))
    found = run("instrument", "import", book, "--json").document
    assert {note["column"] for note in found["left_out"]} == {"population", "closing", "civ_modes", ""}
    assert [entry["slug"] for entry in run("instrument", "list", "--json").document["instruments"]] == ["small"]


def test_a_broken_workbook_names_sheet_row_and_column(empty_instance: Instance, run: Run, tmp_path: Path) -> None:
    book = tmp_path / "form.xlsx"
    book.write_bytes(text_sheets(sheets(survey=SURVEY.replace("integer", "geopoint"))))
    for verb in ("import", "check", "add"):
        outcome = run("instrument", verb, book, "--json")
        (problem,) = outcome.document["problems"]
        assert (outcome.code, problem["row"], problem["column"], problem["got"]) == (
            2,
            "survey:5",
            "type",
            '"geopoint"',
        )
    assert run("instrument", "list", "--json").document["instruments"] == []
