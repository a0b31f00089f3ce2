"""``wave.toml``: the facts about a wave that every report prints. Its keys are the fields of ``WaveDetails``."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from questionnaires.definition import Questionnaire, Text
from questionnaires.question_words import told_answer
from survey.files.csv_files import refuse
from survey.messages import N_, BadInput, Message, Problem
from survey.waves import Approval, Mode, WaveDetails

_DATES = ("start", "end", "valid_until")
#: Facts in letters, on posters and forms, and in the introduction that is read out.
_READ_BY_RESIDENTS = ("sponsor", "fieldwork", "telephone", "authority", "approval_no", "approval_ground", "population")


def parse_wave_file(text: str, name: str) -> WaveDetails:
    """The details in ``text``; :class:`BadInput` lists every key that is unknown or holds the wrong thing.

    >>> parse_wave_file('sponsor = "市文明办"', "wave.toml").sponsor
    '市文明办'
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(Message(N_("{file} 不是 TOML：{reason}"), {"file": name, "reason": error})) from error
    return read_facts(document, name)


def read_facts(given: Mapping[str, Any], name: str) -> WaveDetails:
    """The details in the keys and values of a wave's file; :class:`BadInput` as :func:`parse_wave_file`.

    >>> read_facts({"start": "2026-03-01", "modes": ["capi"]}, "form").start
    datetime.date(2026, 3, 1)
    """
    reader = _Reader()
    values = {key: reader.value(key, value) for key, value in given.items()}
    if not reader.problems:
        details = WaveDetails(**values)
        if details.start and details.end and details.end < details.start:
            reader.problem("end", details.end, Message(N_("不早于开始日期 {start}"), {"start": details.start}))
    refuse(reader.problems, name)
    return details


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.known = [field.name for field in fields(WaveDetails)]

    def problem(self, key: str, got: object, expected: Message) -> None:
        self.problems.append(Problem(where=key, column="", got=str(got), expected=expected))

    def value(self, key: str, value: Any) -> Any:
        if key not in self.known:
            self.problem(key, key, Message(N_("以下之一：{choices}"), {"choices": ", ".join(self.known)}))
            return None
        if key in _DATES:
            return self._date(key, value)
        if key == "modes":
            return self._modes(value)
        if key == "approval":
            return self._approval(value)
        if key == "targets":
            return self._targets(value)
        if key == "placeholders":
            return self._placeholders(value)
        expected: type = bool if key == "fictitious" else str
        if isinstance(value, expected):
            return value
        wanted = N_("true 或 false") if expected is bool else N_("文字，写在引号里")
        self.problem(key, value, Message(wanted))
        return None

    def _date(self, key: str, value: Any) -> date | None:
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            pass  # named below, with every other wrong type
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.problem(key, value, Message(N_("日期，如 2026-11-22")))
        return None

    def _modes(self, value: Any) -> tuple[Mode, ...]:
        known = [str(mode) for mode in Mode]
        if isinstance(value, list) and value and all(mode in known for mode in value):
            return tuple(Mode(mode) for mode in value)
        self.problem("modes", value, Message(N_("一列调查方式，取自：{choices}"), {"choices": ", ".join(Mode)}))
        return ()

    def _approval(self, value: Any) -> Approval | None:
        if value in [str(approval) for approval in Approval]:
            return Approval(value)
        self.problem("approval", value, Message(N_("以下之一：{choices}"), {"choices": ", ".join(Approval)}))
        return None

    def _targets(self, value: Any) -> Mapping[str, float]:
        if isinstance(value, dict) and all(
            isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate < 1 for rate in value.values()
        ):
            return {code: float(rate) for code, rate in value.items()}
        self.problem("targets", value, Message(N_("指标代码到 0 与 1 之间的比例，如 IND_AWARE = 0.9")))
        return {}

    def _placeholders(self, value: Any) -> Mapping[str, str]:
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
        self.problem("placeholders", value, Message(N_('名称到文字的对应，如 campaign = "创建"')))
        return {}


def check_details(questionnaire: Questionnaire, details: WaveDetails) -> None:
    """Raise :class:`BadInput` for modes, targets and placeholders the questionnaire does not know, and where a fact
    that residents and interviewers read tells them what to answer.
    """
    indicators = [indicator.code for indicator in questionnaire.indicators]
    problems = _unknown("targets", details.targets, indicators)
    problems += _unknown("placeholders", details.placeholders, list(questionnaire.placeholders))
    problems += _unknown("modes", _asked(details.modes), list(questionnaire.modes))
    problems += _told_answers(details)
    refuse(problems, "wave.toml")


def _asked(modes: Iterable[Mode]) -> list[str]:
    """Answers from a file can be imported whatever the questionnaire says."""
    return [str(mode) for mode in modes if mode is not Mode.IMPORTED]


def _told_answers(details: WaveDetails) -> list[Problem]:
    facts = {name: getattr(details, name) for name in _READ_BY_RESIDENTS}
    told = [(name, "", text) for name, text in facts.items()]
    told += [("placeholders", name, text) for name, text in details.placeholders.items()]
    expected = Message(N_("只写事实，不写该怎么回答"))
    return [
        Problem(where=where, column=column, got=found, expected=expected)
        for where, column, text in told
        if (found := told_answer(Text(zh_Hans=text, en=text)))
    ]


def _unknown(table: str, given: Iterable[str], known: list[str]) -> list[Problem]:
    expected = Message(N_("问卷里有的：{choices}"), {"choices": ", ".join(known)})
    if not known:
        expected = Message(N_("什么都不填：问卷里没有这一类"))
    return [Problem(where=table, column=key, got=key, expected=expected) for key in given if key not in known]
