"""CSV as offices save it: UTF-8 with or without a mark, or GB18030; comma, semicolon or tab; never half read."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.messages import N_, BadInput, Message, Problem

LARGEST_BYTES = 100_000_000
#: Beyond this many, further problems are counted but not listed.
MOST_PROBLEMS = 100

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_PDF = b"%PDF-"
_MARK = "\ufeff"
_DELIMITERS = ",;\t"


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A header and rows of equal length; ``digest`` is the SHA-256 of the file as it came."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    line_numbers: Sequence[int]
    digest: str


def read_bytes(path: Path, largest: int = LARGEST_BYTES) -> bytes:
    """The file's bytes, or :class:`BadInput` when it is missing, a folder, unreadable or larger than ``largest``."""
    try:
        if path.is_dir():
            raise BadInput(Message(N_("{file} 是文件夹，这里需要一个文件"), {"file": path}))
        with path.open("rb") as file:
            # A pipe or a device does not tell its size beforehand, so never more than one byte too many is read.
            data = b"" if path.stat().st_size > largest else file.read(largest + 1)
        size = len(data) or path.stat().st_size
        if size > largest:
            raise BadInput(
                Message(
                    N_("{file} 有 {size} MB，最多 {largest} MB：请拆成几个文件"),
                    {"file": path, "size": -(-size // 1_000_000), "largest": largest // 1_000_000},
                )
            )
        return data
    except FileNotFoundError as error:
        raise BadInput(Message(N_("找不到文件 {file}"), {"file": path})) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": reason})) from error


def read_csv(path: Path) -> CsvFile:
    """The table in ``path``; :class:`BadInput` lists every row whose number of cells differs from the header's."""
    return parse_csv(read_bytes(path), path.name)


def parse_csv(data: bytes, name: str) -> CsvFile:
    """As :func:`read_csv`, from the bytes of a file called ``name``."""
    header, rows, line_numbers = _table(decode(data, name), name)
    return CsvFile(
        name=name,
        header=header,
        rows=rows,
        line_numbers=line_numbers,
        digest=hashlib.sha256(data).hexdigest(),
    )


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 (with or without mark) or GB18030 bytes.

    >>> decode("社区".encode("gb18030"), "a.csv"), decode("\\ufeff社区".encode(), "a.csv")
    ('社区', '社区')
    """
    if data.startswith((_WORKBOOK, _OLD_WORKBOOK)):
        raise BadInput(Message(N_("{file} 是 Excel 工作簿：请在 Excel 里另存为 CSV UTF-8 再导入"), {"file": name}))
    if data.startswith(_PDF):
        raise BadInput(Message(N_("{file} 是 PDF：这里需要文本文件，请向提供者要原表"), {"file": name}))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(Message(N_("{file} 是 UTF-16 编码：请另存为 CSV UTF-8"), {"file": name}))
    if b"\x00" in data:
        raise BadInput(Message(N_("{file} 不是文本文件（含有空字节）"), {"file": name}))
    text = _text(data, name)
    if not text.strip():
        raise BadInput(Message(N_("{file} 是空文件"), {"file": name}))
    return text


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as utf8_error:
        try:
            return data.decode("gb18030").removeprefix(_MARK)
        except UnicodeDecodeError as gb18030_error:
            # The encoding that got further is the one the file was meant to be in.
            line = data[: max(utf8_error.start, gb18030_error.start)].count(b"\n") + 1
            raise BadInput(
                Message(N_("{file} 第 {line} 行的编码既不是 UTF-8 也不是 GB18030"), {"file": name, "line": line})
            ) from utf8_error


def _table(text: str, name: str) -> tuple[tuple[str, ...], list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    header: tuple[str, ...] = ()
    for line, cells in read_records(text, name):
        if not header:
            header = tuple(cell.strip() for cell in cells)
        elif len(cells) == len(header):
            rows.append(cells)
            lines.append(line)
        else:
            expected = Message(N_("{count} 格，和表头一样多"), {"count": len(header)})
            problems.append(Problem(where=str(line), column="", got=str(len(cells)), expected=expected))
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise BadInput(
            Message(N_("{file} 的表头有重复的列：{columns}"), {"file": name, "columns": ", ".join(repeated)})
        )
    refuse(problems, name)
    if not rows:
        raise BadInput(Message(N_("{file} 只有表头，没有数据行"), {"file": name}))
    return header, rows, lines


def read_records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line it starts on; titles may stand above the header.

    A quotation mark that is never closed would make one cell of the rest of the file: strict reading refuses it.
    """
    # A title has no delimiter, so the header, the first line that has any, decides.
    first = next((line for line in text.splitlines() if any(mark in line for mark in _DELIMITERS)), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            Message(N_("{file} 第 {line} 行不是 CSV：{reason}"), {"file": name, "line": line, "reason": error})
        ) from error


def refuse(problems: Sequence[Problem], name: str) -> None:
    """Raise :class:`BadInput` if there is any problem, the first :data:`MOST_PROBLEMS` of them listed."""
    if problems:
        message = Message(N_("{file} 有 {count} 处问题，什么也没有改变"), {"file": name, "count": len(problems)})
        raise BadInput(message, problems[:MOST_PROBLEMS])


def need_columns(file: CsvFile, wanted: Sequence[str]) -> dict[str, int]:
    """The position of each wanted column, or :class:`BadInput` naming what is missing and what there is."""
    missing = [column for column in wanted if column not in file.header]
    if missing:
        raise BadInput(
            Message(
                N_("{file} 缺少列：{missing}；现有的列：{found}"),
                {"file": file.name, "missing": ", ".join(missing), "found": ", ".join(file.header)},
            )
        )
    return {column: file.header.index(column) for column in wanted}


def damaged_by_spreadsheet(value: str) -> bool:
    """Whether a code was turned into scientific notation, its last digits lost.

    >>> damaged_by_spreadsheet("4.40983E+11"), damaged_by_spreadsheet("440983102001")
    (True, False)
    """
    return re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", value) is not None
