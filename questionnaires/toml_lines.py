"""On which line of a TOML text each key and table stands: for problems shown beside the line.

The text was read by :mod:`tomllib` before, so it is known to be TOML and only places are gathered here.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\[\[?")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_FIELD = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@lru_cache(maxsize=4)
def lines_of(text: str) -> Mapping[Path, int]:
    """The line (from 1) of every table, key and member of a list, each under its way from the top.

    >>> lines_of('[a]\\nb = 1\\n[[c]]\\nd = [\\n  { e = 2 },\\n]\\n')[("c", 0, "d", 0, "e")]
    5
    """
    return _Reader(text).read()


class Places:
    """The lines of an instrument file by the places that its problems and hints name."""

    def __init__(self, text: str, document: Mapping[str, Any]) -> None:
        self._lines, self._document = lines_of(text), document
        self._numbers: dict[str, dict[object, list[int]]] = {}  # of each list, by what its tables are called

    def line(self, place: str, field: str) -> int | None:
        """The line of ``field`` of ``place``, or the nearest around it that is there; ``None`` for the whole file."""
        base = self._base(place, field)
        way = (*base, *_way(field))
        while way:
            if way in self._lines:
                return self._lines[way]
            # Numbers in a problem count the tables of a list, so that one of them is always there or none is.
            way = way[:-1]
        return None

    def _base(self, place: str, field: str) -> Path:
        if not place:
            return ()
        name, _, rest = place.partition(" ")
        if numbered := re.fullmatch(r"([a-z_]+)\[(\d+)\]", place):
            return numbered[1], int(numbered[2]) - 1
        if not rest and place in ("instrument", "introductions", "placeholders"):
            return (place,)
        table, wanted = (name, rest) if rest else ("item", place)
        found = self._called(table).get(wanted)
        if not found:
            return ()
        # Of two with the same name the second is wrong.
        return table, found[-1 if field in ("id", "code") else 0]

    def _called(self, table: str) -> Mapping[object, list[int]]:
        found = self._numbers.get(table)
        if found is None:
            found = self._numbers[table] = {}
            for number, each in enumerate(_tables(self._document, table)):
                for name in {name for key in ("id", "code") if isinstance(name := each.get(key), str)}:
                    found.setdefault(name, []).append(number)
        return found


def _tables(document: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    tables = document.get(name)
    return [each if isinstance(each, dict) else {} for each in tables] if isinstance(tables, list) else []


def _way(field: str) -> Path:
    """
    >>> _way("options[2].text.en")
    ('options', 2, 'text', 'en')
    """
    return tuple(int(number) if number else name for name, number in _FIELD.findall(field))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._line, self._counted = 1, 0
        self._found: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def read(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            before = self._at
            if header := _HEADER.match(self._text, self._at):
                line = self._line_here()
                self._at = header.end()
                table = self._table(self._key(), listed=len(header[0]) == 2)
                for length in range(1, len(table) + 1):
                    self._found.setdefault(table[:length], line)
                self._at += len(header[0])  # the closing brackets
            else:
                self._pair(table)
            self._skip(_BLANK)
            if self._at == before:
                break
        return self._found

    def _table(self, names: Sequence[str], *, listed: bool) -> Path:
        """The way to the table: of a list of tables its last one, or a new one."""
        way: Path = ()
        for place, name in enumerate(names):
            way = (*way, name)
            last = place == len(names) - 1
            if last and listed:
                self._lengths[way] = self._lengths.get(way, 0) + 1
            if way in self._lengths:
                way = (*way, self._lengths[way] - 1)
        return way

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        way = table
        for name in self._key():
            way = (*way, name)
            self._found.setdefault(way, line)
        self._skip(_SPACE)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(way)

    def _value(self, way: Path) -> None:
        mark = self._text[self._at : self._at + 1]
        if mark in ("[", "{"):
            self._at += 1
            closing, number = {"[": "]", "{": "}"}[mark], 0
            self._skip(_BLANK)
            while self._at < len(self._text) and self._text[self._at] != closing:
                before = self._at
                if mark == "[":
                    self._found[(*way, number)] = self._line_here()
                    self._value((*way, number))
                    number += 1
                else:
                    self._pair(way)
                self._skip(_BLANK)
                if self._at == before:
                    break
            self._at += 1
            return
        found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
        self._at = found.end() if found else len(self._text)

    def _key(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            if found := _STRING.match(self._text, self._at):
                names.append(_ESCAPE.sub(_unescaped, found[0][1:-1]) if found[0][0] == '"' else found[0][1:-1])
            elif not (found := _BARE.match(self._text, self._at)):
                return names
            else:
                names.append(found[0])
            self._at = found.end()
            self._skip(_SPACE)
            if self._text[self._at : self._at + 1] != ".":
                return names
            self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unescaped(found: re.Match[str]) -> str:
    mark = found[1]
    return chr(int(mark[1:], 16)) if mark[0] in "uU" else {"n": "\n", "t": "\t"}.get(mark, mark)
