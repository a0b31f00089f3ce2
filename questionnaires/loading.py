"""TOML -> Questionnaire, or an error naming file, item, field, what was got and what was expected."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaires.definition import Questionnaire
from questionnaires.document import from_document, to_document
from questionnaires.parsing import parse
from questionnaires.problems import N_, InstrumentError, InstrumentProblem

__all__ = [
    "BUILT_IN",
    "LARGEST_FILE",
    "InstrumentError",
    "InstrumentProblem",
    "built_in",
    "built_in_files",
    "from_document",
    "load_file",
    "load_tables",
    "load_text",
    "to_document",
]

_FOLDER = Path(__file__).parent / "instruments"

#: The questionnaires that come with the program, by slug.
BUILT_IN = {
    slug: _FOLDER / f"{slug}.toml"
    for slug in (
        *("urban-community", "civilized-village", "service-callback"),
        *("urban-community-short", "service-callback-phone"),
    )
}

#: Their versions before the newest, which interviews and waves may still name.
_OLDER = {
    "urban-community": ("1.1", "1.0"),
    "civilized-village": ("1.1", "1.0"),
    "urban-community-short": ("1.0",),
}

#: Bytes; the longest real questionnaire has a tenth of it.
LARGEST_FILE = 1_000_000


def built_in(slug: str) -> tuple[Questionnaire, ...]:
    """Every version that comes with the program, the newest first; none of a slug that does not."""
    return tuple(_load_built_in(path) for path in built_in_files(slug))


def built_in_files(slug: str) -> tuple[Path, ...]:
    """The files of :func:`built_in`."""
    if slug not in BUILT_IN:
        return ()
    return BUILT_IN[slug], *(_FOLDER / f"{slug}-{version}.toml" for version in _OLDER.get(slug, ()))


@lru_cache(maxsize=16)
def _load_built_in(path: Path) -> Questionnaire:
    return load_file(path)


def load_file(path: str | Path) -> Questionnaire:
    """The questionnaire in a TOML file (UTF-8, with or without byte order mark).

    Raises:
        InstrumentError: also when the file cannot be read, is too large, or is no UTF-8.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _whole_file(path.name, N_("可以读取的文件（{reason}）"), reason=reason) from error
    if len(content) > LARGEST_FILE:
        raise _whole_file(path.name, N_("不超过 {most} 字节的文件"), most=LARGEST_FILE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _whole_file(path.name, N_("UTF-8 编码；第 {line} 行不是"), line=line) from error
    return load_text(text, path.name)


def load_text(text: str, name: str) -> Questionnaire:
    """The questionnaire in ``text``; ``name`` stands in the errors.

    Raises:
        InstrumentError: naming every problem.
    """
    return parse(load_tables(text, name), name)


def load_tables(text: str, name: str) -> Mapping[str, Any]:
    """The tables of ``text``, whatever they hold. Raises :class:`InstrumentError` for what is no TOML."""
    if len(text) > LARGEST_FILE:
        raise _whole_file(name, N_("不超过 {most} 字节的文件"), most=LARGEST_FILE)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _whole_file(name, N_("嵌套不太深的 TOML")) from error
    except ValueError as error:  # TOMLDecodeError, and integers of thousands of digits
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        if place is None:
            raise _whole_file(name, N_("完整的 TOML；文件末尾缺了什么")) from error
        raise _whole_file(
            name,
            N_("TOML；第 {line} 行第 {column} 个字符起读不懂"),
            line=int(place.group(1)),
            column=int(place.group(2)),
        ) from error


def _whole_file(name: str, expected: str, **params: object) -> InstrumentError:
    problem = InstrumentProblem(item="", field="", got="", expected_msgid=expected, params=params)
    return InstrumentError(name, [problem])
