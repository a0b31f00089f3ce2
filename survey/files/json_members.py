"""Reading a JSON object that somebody else wrote: member by member, collecting what is wrong instead of raising it."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from survey.messages import N_, BadInput, Message, Problem

_LONGEST_NUMBER = 18
_LONGEST_SHOWN = 60
#: Where a whole number may be too long; each is looked at by itself only then, which takes longer.
_ALL_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_MANY_DIGITS = b"0" * _LONGEST_NUMBER
_REQUIRED: Any = object()
T = TypeVar("T")


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``. Raises :class:`BadInput` when it is none (not UTF-8, not JSON, not an object).

    Numbers that no computer holds stay text: they are wrong answers, not wrong JSON.
    """
    try:
        found = _decoder(body).decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        message = N_("收到的内容不是 JSON 对象；应为 UTF-8 编码的 JSON 对象，例如 {example}")
        raise BadInput(Message(message, {"example": '{"case": "…"}'})) from error
    if not isinstance(found, dict):
        message = N_("收到的 JSON 是 {got}，不是对象；应为 UTF-8 编码的 JSON 对象，例如 {example}")
        raise BadInput(Message(message, {"got": type(found).__name__, "example": '{"case": "…"}'}))
    return found


def read_object_at(body: bytes, place: int) -> dict[str, Any]:
    """The object that begins at the byte ``place`` of a body that :func:`read_object` has read before; the rest of the
    body is not read again.

    >>> read_object_at(b'{"a":{"b":1},"c":2}', 5)
    {'b': 1}
    """
    found: dict[str, Any] = _decoder(body).raw_decode(body[place:].decode("utf-8"))[0]
    return found


def _decoder(body: bytes) -> json.JSONDecoder:
    return _careful if _MANY_DIGITS in body.translate(_ALL_ZEROS) else _plain


class MemberReader:
    """Reads members of one JSON object; ``problems`` holds what was wrong with them."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def member(self, name: str, convert: Callable[[object], T], expected: Message, absent: Any = _REQUIRED) -> Any:
        """The member as ``convert`` (raises ``ValueError``) reads it; ``absent`` when it is not there or null."""
        value = self._document.get(name)
        if value is None and absent is not _REQUIRED:
            return absent
        try:
            return convert(value)
        except (ValueError, OverflowError):
            got = "" if value is None else _shown(value)
            self.problems.append(Problem(where="", column=name, got=got, expected=expected))
            return None


def a_uuid(value: object) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError
    return UUID(value)


def hex_digits(length: int) -> Callable[[object], str]:
    shape = re.compile(rf"[0-9a-f]{{{length}}}")

    def convert(value: object) -> str:
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise ValueError
        return value

    return convert


def a_time(value: object) -> datetime:
    """An aware time, in UTC."""
    if not isinstance(value, str):
        raise ValueError
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError
    return time.astimezone(UTC)


def yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def whole_between(least: int, most: int) -> Callable[[object], int]:
    def convert(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError
        return value

    return convert


def choice_of(choices: type[StrEnum]) -> Callable[[object], StrEnum]:
    by_value = {choice.value: choice for choice in choices}

    def convert(value: object) -> StrEnum:
        found = by_value.get(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError
        return found

    return convert


def tuple_of(convert: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    def convert_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ValueError
        return tuple(convert(part) for part in value)

    return convert_all


def an_object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def seconds_by_name(value: object) -> dict[str, float]:
    """The members that are numbers from 0 on; others are left out."""
    return {
        name: float(seconds)
        for name, seconds in an_object(value).items()
        if type(seconds) in (int, float) and seconds >= 0
    }


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _whole(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _real(text: str) -> object:
    number = float(text)
    return number if -math.inf < number < math.inf else text


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


_plain = json.JSONDecoder(parse_float=_real, parse_constant=_no_number)
_careful = json.JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_no_number)
