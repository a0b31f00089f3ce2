"""Files as offices save them, and everything else that comes under the name of CSV."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.files.csv_files import MOST_PROBLEMS, CsvFile, decode, need_columns, parse_csv, read_bytes, read_csv
from survey.messages import BadInput

PLAIN = "编号,社区\n1,东社区\n2,西社区\n"


def parse(text: str) -> CsvFile:
    return parse_csv(text.encode(), "a.csv")


def refused(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse_csv(data, "a.csv")
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_way_to_save_gives_the_same_table(encoding: str, ending: str, delimiter: str) -> None:
    data = PLAIN.replace(",", delimiter).replace("\n", ending).encode(encoding)
    file = parse_csv(data, "a.csv")
    assert file.header == ("编号", "社区")
    assert [list(row) for row in file.rows] == [["1", "东社区"], ["2", "西社区"]]
    assert file.digest == hashlib.sha256(data).hexdigest()


def test_a_byte_order_mark_of_gb18030_is_no_part_of_the_first_column() -> None:
    assert parse_csv(("\ufeff" + PLAIN).encode("gb18030"), "a.csv").header[0] == "编号"


def test_cells_may_hold_delimiters_quotes_and_lines() -> None:
    file = parse('a,b\n"1,5","他说""好""\n第二行"\n3,4\n')
    assert [list(row) for row in file.rows] == [["1,5", '他说"好"\n第二行'], ["3", "4"]]


def test_a_row_is_named_by_the_line_it_starts_on() -> None:
    assert list(parse('a,b\n\n"x\ny",1\n , \n3,4\n').line_numbers) == [3, 6]


def test_blank_rows_are_no_rows_and_headers_lose_their_spaces() -> None:
    file = parse("\n a , b \n1,2\n,\n\n")
    assert (file.header, len(file.rows)) == (("a", "b"), 1)


@given(st.lists(st.lists(st.text(alphabet='ab,;"\n\r 社', max_size=6), min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_a_writer_of_csv_quotes_comes_back(rows: list[list[str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    kept = [row for row in rows if any(cell.strip() for cell in row)]
    text = "".join(",".join(map(quoted, row)) + "\r\n" for row in [["x", "y"], *rows])
    if kept:
        assert [list(row) for row in parse(text).rows] == kept


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空文件"),
        (b" \r\n\t\n", "空文件"),
        (b"\xef\xbb\xbf", "空文件"),
        (b"a,b\n", "只有表头"),
        (b",,\n", "只有表头"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"\xd0\xcf\x11\xe0rest of an old workbook", "Excel"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        ("编号,社区\n".encode("utf-16"), "UTF-16"),
        ("id,place\n".encode("utf-16-le"), "空字节"),
        (b"a,b\n1,\x002\n", "空字节"),
        (b"a,a,b,b\n1,2,3,4\n", "重复的列：a, b"),
        (b'a,b\n1,2\n3,"never closed\n5,6\n', "第 3 行"),
        (b'a,b\n1,"closed" too early\n', "第 2 行"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "第 2 行"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    error = refused(data)
    assert said in str(error)
    assert "a.csv" in str(error)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("编号,社区\n1,东社区\n".encode() + b"2,\xff\xfe\n", 3),
        ("编号,社区\n1,东社区\n2,西".encode("gb18030") + b"\xff\n", 3),
        (b"a,b\n1,caf\xe9,\n", 2),
    ],
)
def test_broken_encodings_name_the_line(data: bytes, line: int) -> None:
    assert f"第 {line} 行" in str(refused(data))


def test_rows_of_another_length_are_listed_and_nothing_is_read() -> None:
    error = refused(b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n")
    assert [(problem.where, problem.got) for problem in error.problems] == [("3", "2"), ("4", "4")]


def test_a_thousand_problems_are_counted_and_some_are_listed() -> None:
    error = refused(b"a,b\n" + b"1\n" * 1000)
    assert len(error.problems) == MOST_PROBLEMS
    assert "1000" in str(error)


def test_missing_columns_are_named_beside_those_there_are() -> None:
    file = parse("a,b\n1,2\n")
    assert need_columns(file, ["b", "a"]) == {"b": 1, "a": 0}
    with pytest.raises(BadInput, match="缺少列：c, d；现有的列：a, b"):
        need_columns(file, ["a", "c", "d"])


def test_a_file_that_is_not_there_or_a_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="找不到文件"):
        read_csv(tmp_path / "nothing.csv")
    with pytest.raises(BadInput, match="是文件夹"):
        read_csv(tmp_path)
    (tmp_path / "file").write_text(PLAIN)
    with pytest.raises(BadInput, match="读不了文件"):
        read_csv(tmp_path / "file" / "below.csv")


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(BadInput, match="有 200 MB，最多 100 MB"):
        read_csv(large)


def test_a_device_without_an_end_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(BadInput, match="最多 1 MB"):
        read_bytes(Path("/dev/zero"), 1_000_000)


def test_exactly_the_limit_may_come_in(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 10)
    assert read_bytes(path, 10) == b"x" * 10
    with pytest.raises(BadInput):
        read_bytes(path, 9)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "a.csv")
    except BadInput:
        return
    assert text.strip()
