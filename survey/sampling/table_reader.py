"""Tables of a TOML or JSON document, read key by key: what is wrong is collected, and the default stands for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from survey.messages import N_, Message, Problem

_LONGEST_SHOWN = 60
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class NumberKind:
    """Numbers for which ``accepts`` holds; ``expected``: which they are, in words."""

    expected: str
    accepts: Callable[[float], bool]


RATE = NumberKind(expected=N_("大于 0、小于 1 的比例，如 0.9（不写 90）"), accepts=lambda given: 0 < given < 1)
SHARE = NumberKind(expected=N_("0 到 1 之间的数"), accepts=lambda given: 0 <= given <= 1)
AMOUNT = NumberKind(expected=N_("大于 0 的数"), accepts=lambda given: 0 < given <= 1e15)


class Table:
    """One table; what is wrong in it goes to ``problems``, and the default stands for it."""

    def __init__(self, values: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
        self.values = values
        self._where = where
        self._problems = problems

    def problem(self, key: str, got: object, expected: Message) -> None:
        where, column = (self._where, key) if self._where else (key, "")
        self._problems.append(problem_at(where, column, got, expected))

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                self.problem(key, key, Message(N_("以下之一：{choices}"), {"choices": ", ".join(dict.fromkeys(known))}))

    def table(self, key: str, *known: str) -> "Table | None":
        if key not in self.values:
            return None
        if not isinstance(self.values[key], dict):
            self.problem(key, self.values[key], Message(N_("一个表：[{key}]"), {"key": key}))
            return None
        part = Table(self.values[key], key, self._problems)
        if known:
            part.only(*known)
        return part

    def inner(self, values: Mapping[str, Any], where: str) -> "Table":
        """One of :meth:`tables`, under the name ``where``."""
        return Table(values, where, self._problems)

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """The tables of a list; none where the key is not there."""
        if key not in self.values:
            return []
        given = self.values[key]
        if isinstance(given, list) and given and all(isinstance(table, dict) for table in given):
            return given
        self.problem(key, given, Message(N_("一列表，至少一个")))
        return []

    def choice(self, key: str, choices: type[Choice], default: Choice | None) -> Any:
        given = self.values.get(key, default)
        if given in [choice.value for choice in choices]:
            return choices(given)
        self.problem(key, "" if given is None else given, one_of(choices))
        return default

    def whole(self, key: str, least: int, most: int, default: Any, *, needed: bool = False) -> Any:
        if key not in self.values and not needed:
            return default
        given = self.values.get(key, "")
        if _is_whole(given, least, most):
            return given
        self.problem(key, given, Message(N_("{least} 到 {most} 的整数"), {"least": least, "most": most}))
        return default

    def number(self, key: str, kind: NumberKind, default: Any) -> Any:
        if key not in self.values:
            return default
        if _is_number(self.values[key], kind):
            return float(self.values[key])
        self.problem(key, self.values[key], Message(kind.expected))
        return default

    def flag(self, key: str) -> bool:
        given = self.values.get(key, False)
        if not isinstance(given, bool):
            self.problem(key, given, Message(N_("true 或 false")))
        return given is True

    def numbers(self, key: str, kind: NumberKind) -> Mapping[str, float]:
        """Code -> number."""
        found = self._codes(key)
        for code, given in found.items():
            if not _is_number(given, kind):
                self.problem(f"{key}.{code}", given, Message(kind.expected))
        return {code: float(given) for code, given in found.items() if _is_number(given, kind)}

    def whole_numbers(self, key: str, least: int, most: int) -> Mapping[str, int]:
        found = self._codes(key)
        for code, given in found.items():
            if not _is_whole(given, least, most):
                expected = Message(N_("{least} 到 {most} 的整数"), {"least": least, "most": most})
                self.problem(f"{key}.{code}", given, expected)
        return {code: given for code, given in found.items() if _is_whole(given, least, most)}

    def _codes(self, key: str) -> Mapping[str, Any]:
        given = self.values.get(key, {})
        if isinstance(given, dict):
            return given
        self.problem(key, given, Message(N_('社区代码到数的对应，如 "440983102001" = 0.9')))
        return {}


def problem_at(where: str, column: str, got: object, expected: Message) -> Problem:
    return Problem(where=where, column=column, got=str(got)[:_LONGEST_SHOWN], expected=expected)


def one_of(choices: type[StrEnum]) -> Message:
    return Message(N_("以下之一：{choices}"), {"choices": ", ".join(choices)})


def _is_whole(given: object, least: int, most: int) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and least <= given <= most


def _is_number(given: object, kind: NumberKind) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and kind.accepts(given)
