"""Typed reading of one table of a file: what is wrong, missing or unknown becomes a problem, and reading goes on."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeGuard, TypeVar

from questionnaires.definition import LANGUAGES, Text
from questionnaires.problems import N_, InstrumentProblem, shown

Choice = TypeVar("Choice", bound=StrEnum)

ABSENT = object()
#: Names under which someone might keep the "right" answer. They are unknown fields like any other; the message
#: says why there will never be one.
_ANSWER_KEYS = {"answer", "best", "best_answer", "correct", "model_answer", "preferred", "recommended", "suggested"}
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_LONGEST_WORDING = 4000
#: Control characters but the end of a line, and halves of a character.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
#: What a language's tag looks like (BCP 47: language, script, region), and what Chinese and English are never called.
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_SOURCES = {"zh", "zh-Hans", "en"}
_MOST_LANGUAGES = 8


@dataclass(kw_only=True)
class Context:
    """What one reading gathers: the problems, and every wording met (its placeholders are checked at the end)."""

    #: A stored document carries its scales and labels itself, as they were when it was stored.
    self_contained: bool = False
    #: Tags of the further languages that a wording may have.
    languages: tuple[str, ...] = ()
    problems: list[InstrumentProblem] = field(default_factory=list)
    wordings: list[tuple[str, str, Text]] = field(default_factory=list)

    def problem(self, place: str, key: str, got: object, expected: str, **params: object) -> None:
        text = "" if got is ABSENT else shown(got)
        self.problems.append(InstrumentProblem(item=place, field=key, got=text, expected_msgid=expected, params=params))


class Table:
    """One table: ``place`` is its item's id (or its name in the file), ``prefix`` the way down from there."""

    def __init__(self, raw: Mapping[str, object], context: Context, place: str, prefix: str = "") -> None:
        self.raw = raw
        self.context = context
        self.place = place
        self.prefix = prefix
        self._known: set[str] = set()

    def get(self, key: str) -> object:
        self._known.add(key)
        return self.raw.get(key, ABSENT)

    def problem(self, key: str, got: object, expected: str, **params: object) -> None:
        self.context.problem(self.place, (self.prefix + key[:60]).rstrip("."), got, expected, **params)

    def string(self, key: str, *, required: bool = True) -> str:
        """A name or number of one line; empty when it is missing or wrong."""
        value = self.get(key)
        if value is ABSENT and not required:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > 200 or not value.isprintable():
            self.problem(key, value, N_("一行文字"))
            return ""
        return value

    def identifier(self, key: str, *, required: bool = True) -> str:
        value = self.string(key, required=required)
        if value and not is_identifier(value):
            self.problem(key, value, N_("字母开头，只含字母、数字、_ 和 - 的编号，不超过 40 个字符"))
            return ""
        return value

    def integer(self, key: str, low: int, high: int, *, required: bool = False) -> int | None:
        value = self.get(key)
        if value is ABSENT and not required:
            return None
        if not is_integer(value) or not low <= value <= high:
            self.problem(key, value, N_("{low} 到 {high} 之间的整数"), low=low, high=high)
            return None
        return value

    def number(self, key: str) -> float | None:
        value = self.get(key)
        if value is ABSENT:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e6:
            self.problem(key, value, N_("数"))
            return None
        return float(value)

    def day(self, key: str) -> str | None:
        """A date, as text or as TOML's own, in the form of answers: ``2026-03-01``."""
        value = self.get(key)
        if value is ABSENT:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if not is_day(value):
            self.problem(key, value, N_("日期，例如 2026-03-01"))
            return None
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.get(key)
        if value is ABSENT:
            return default
        if not isinstance(value, bool):
            self.problem(key, value, N_("true 或 false"))
            return default
        return value

    def choice(self, key: str, choices: type[Choice], *, required: bool = False) -> Choice | None:
        value = self.get(key)
        if value is ABSENT and not required:
            return None
        found = next((choice for choice in choices if choice == value), None)
        if found is None:
            self.problem(key, value, N_("{choices} 之一"), choices=joined(choices))
        return found

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.get(key)
        if value is ABSENT:
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.problem(key, value, N_("文字的列表"))
            return ()
        for part in sorted({part for part in value if value.count(part) > 1}):
            self.problem(key, part, N_("每个只写一次"))
        return tuple(value)

    def members(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """A list of which every part is one of ``known``."""
        known = tuple(known)
        values = self.strings(key)
        for value in values:
            if value not in known:
                self.problem(key, value, N_("{choices} 之一"), choices=joined(known))
        return tuple(value for value in values if value in known)

    def unknown_name(self, key: str, name: str, known: Iterable[str]) -> None:
        """Note that ``name`` is none of ``known``, with the one that was perhaps meant."""
        known = tuple(known)
        if near := nearest(name, known):
            self.problem(key, name, N_("已定义的名称，也许是 {near}"), near=near)
        else:
            self.problem(key, name, N_("已定义的名称：{known}"), known=joined(known) or "—")

    def integers(self, key: str) -> tuple[int, ...] | None:
        """A list of whole numbers that is not empty, or ``None`` after a problem."""
        value = self.get(key)
        if not isinstance(value, list) or not value or not all(is_integer(part) for part in value):
            self.problem(key, value, N_("整数的列表，至少一个"))
            return None
        return tuple(value)

    def table(self, key: str, *, required: bool = True) -> "Table":
        value = self.get(key)
        if value is ABSENT and not required:
            value = {}
        if not isinstance(value, dict):
            self.problem(key, value, N_("一张表"))
            value = {}
        return Table(value, self.context, self.place, f"{self.prefix}{key}.")

    def tables(self, key: str) -> list[Mapping[str, object]]:
        """The tables of a list; what is none is a problem and is left out."""
        value = self.get(key)
        if value is ABSENT:
            return []
        if not isinstance(value, list):
            self.problem(key, value, N_("表的列表"))
            return []
        for position, part in enumerate(value):
            if not isinstance(part, dict):
                self.problem(f"{key}[{position}]", part, N_("一张表"))
        return [part for part in value if isinstance(part, dict)]

    def wording(self, key: str, *, required: bool = True) -> Text | None:
        """``key = {zh_Hans = …, en = …}``."""
        value = self.get(key)
        if value is ABSENT and not required:
            return None
        if not isinstance(value, dict):
            self.problem(key, value, N_("带 zh_Hans 和 en 的一张表"))
            return None
        table = Table(value, self.context, self.place, f"{self.prefix}{key}.")
        text = table.own_wording()
        table.finish()
        return text

    def own_wording(self, key: str | None = None) -> Text | None:
        """The wording of this very table: its ``zh_Hans`` and ``en``, or the same two under ``key``."""
        if key is not None and key in self.raw:
            for language in (*LANGUAGES, *self.context.languages):
                if language in self.raw and language not in self._known:
                    self.problem(language, self.raw[language], N_("只写一处：{name} 里已经有了"), name=key)
                self._known.add(language)
            return self.wording(key)
        parts = {language: self._language(language) for language in LANGUAGES}
        # Where a tag is also the name of a field (Indonesian "id"), only `text = {…}` can hold its wording.
        tags = [tag for tag in self.context.languages if tag not in self._known and tag in self.raw]
        others = tuple((tag, wording) for tag in sorted(tags) if (wording := self._language(tag)))
        self._known.update(self.context.languages)
        text = Text(zh_Hans=parts["zh_Hans"], en=parts["en"], others=others)
        self.context.wordings.append((self.place, self.prefix, text))
        return text if all(parts.values()) else None

    def _language(self, language: str) -> str:
        value = self.get(language)
        if value is ABSENT or not isinstance(value, str) or not value.strip():
            self.problem(language, value, N_("{language} 的文字，不能为空"), language=language)
            return ""
        if len(value) > _LONGEST_WORDING:
            self.problem(language, value, N_("不超过 {most} 个字符的文字"), most=_LONGEST_WORDING)
            return ""
        if _CONTROL.search(value):
            self.problem(language, value, N_("不含控制字符的文字"))
            return ""
        return value

    def finish(self) -> None:
        """Refuse every key nobody asked for."""
        for key in [key for key in self.raw if key not in self._known]:
            if key.lower() in _ANSWER_KEYS:
                self.problem(key, self.raw[key], N_("没有这个字段：问卷里任何地方都不存放“推荐答案”"))
            elif self._known.issuperset(LANGUAGES) and _TAG.fullmatch(key):
                self.problem(key, self.raw[key], N_("在 [instrument] 的 languages 中声明的语言"))
            elif near := nearest(key, self._known):
                self.problem(key, self.raw[key], N_("已有的字段，也许是 {near}"), near=near)
            else:
                self.problem(key, self.raw[key], N_("已有的字段：{known}"), known=joined(sorted(self._known)))


def read_languages(head: Table) -> tuple[str, ...]:
    """The further languages that ``head`` declares."""
    tags = head.strings("languages")
    for tag in tags:
        if not _TAG.fullmatch(tag) or tag in _SOURCES:
            head.problem("languages", tag, N_("中文和英文以外的语言标记，例如 bo 或 mn-Mong"))
    if len(tags) > _MOST_LANGUAGES:
        head.problem("languages", len(tags), N_("不超过 {most} 种语言"), most=_MOST_LANGUAGES)
    return tuple(sorted({tag for tag in tags if _TAG.fullmatch(tag) and tag not in _SOURCES}))


def is_day(value: object) -> TypeGuard[str]:
    """Whether ``value`` is a date as answers hold it.

    >>> is_day("2026-03-01"), is_day("2026-3-1"), is_day("2026-02-30"), is_day(None)
    (True, False, False, False)
    """
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_identifier(text: str) -> bool:
    """Whether ``text`` can name an item, a section, a scale.

    >>> is_identifier("sat5"), is_identifier("5sat"), is_identifier("")
    (True, False, False)
    """
    return _IDENTIFIER.fullmatch(text) is not None


def is_integer(value: object) -> TypeGuard[int]:
    """A whole number; ``true`` is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, if any is like it.

    >>> nearest("secton", ["section", "scale"])
    'section'
    """
    if len(word) > 60:  # the comparison is quadratic
        return None
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.7)), None)


def joined(words: Iterable[str]) -> str:
    return "、".join(words)
