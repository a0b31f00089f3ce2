"""Columns of a file for every kind of item: dates as people write them, words beside "other", nothing for a note."""

from pathlib import Path

import pytest

from survey.files.column_map import parse_column_map
from survey.files.csv_files import read_csv
from survey.files.response_rows import ResponseRows
from survey.messages import BadInput
from tests.questionnaires.tiny import behaviour

HEAD = '[file]\nid = "id"\narea = "area"\ndefault_mode = "web_open"\n'
EAST = "441800001001"


def rows_of(tmp_path: Path, columns: str, text: str, instrument: str) -> ResponseRows:
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    return ResponseRows(
        read_csv(tmp_path / "answers.csv"),
        parse_column_map(HEAD + columns, "map.toml"),
        questionnaire=behaviour(instrument),
        areas={EAST},
    )


OTHER = '[items.A2]\ncolumn = "a2"\nseparator = ";"\n[items."A2.10"]\ncolumn = "said"\n'


def test_words_beside_other_come_in_where_it_was_chosen(tmp_path: Path) -> None:
    text = f"id,area,a2,said\n1,{EAST},1;10,邻居\n2,{EAST},1,路过\n3,{EAST},10,\n"
    found = rows_of(tmp_path, OTHER, text, "other")
    answers = [dict(row.checked.answers) for row in found]
    assert answers == [{"A2": (1, 10), "A2.10": "邻居"}, {"A2": (1,)}, {"A2": (10,)}]
    report = found.report()
    (entry,) = report["not_used"]  # type: ignore[misc]
    assert (entry["item"], entry["problem"], entry["column"]) == ("A2.10", "not_chosen", "said")
    assert (entry["first_row"], entry["length"], entry["value"]) == (3, 2, None), "where it stands, not what was said"
    assert "路过" not in repr(report)
    assert report["not_understood"] == []


def test_dates_are_read_as_people_write_them(tmp_path: Path) -> None:
    columns = '[items.D1]\ncolumn = "d"\n'
    text = f"id,area,d\n1,{EAST},2026年3月1日\n2,{EAST},2026/3/2\n3,{EAST},去年\n"
    found = rows_of(tmp_path, columns, text, "dates")
    assert [row.checked.answers["D1"] for row in found] == ["2026-03-01", "2026-03-02", None]
    assert [one["problem"] for one in found.report()["not_understood"]] == ["not_a_date"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("columns", "instrument"),
    [
        (OTHER + "codes = { a = 1 }\n", "other"),
        (OTHER + 'separator = ";"\n', "other"),
        (OTHER.replace("A2.10", "A2.1"), "other"),
        ('[items.G1]\ncolumn = "said"\n', "notes"),
    ],
)
def test_what_holds_no_such_answer_is_refused(tmp_path: Path, columns: str, instrument: str) -> None:
    with pytest.raises(BadInput):
        rows_of(tmp_path, columns, f"id,area,a2,said\n1,{EAST},1,x\n", instrument)
