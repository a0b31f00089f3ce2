"""``public-values.toml``: what was drawn in public, as it was published; one ``[[value]]`` each, in their order.

[[value]]
name = "福彩双色球第 2026135 期开奖号码"
value = "03 07 11 19 22 30 05"
published_at = 2026-11-24T21:15:00+08:00
source = "https://www.cwl.gov.cn/"
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from analysis.sampling.lottery import PublicValueError, normal_value
from survey.files.csv_files import refuse
from survey.messages import N_, BadInput, Message, Problem
from survey.sampling.public_values import PublicValue

KEYS = ("name", "value", "published_at", "source")


def read_public_values(text: str, file: str) -> tuple[PublicValue, ...]:
    """The values in their order; :class:`BadInput` lists every key that is missing, unknown or holds the wrong thing.

    >>> text = '[[value]]\\nname="彩票"\\nvalue=" 03  07"\\npublished_at=2026-11-24T21:15:00+08:00\\nsource="报纸"'
    >>> read_public_values(text, "public-values.toml")[0].value
    '03 07'
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(Message(N_("{file} 不是 TOML：{reason}"), {"file": file, "reason": error})) from error
    entries = document.get("value")
    if set(document) != {"value"} or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        message = N_(
            "{file} 里应当只有 [[value]]，每个公开数字一段，各写 {keys}"
            "（例子见 survey/demo/public-values.toml）；现有：{got}"
        )
        places = {"file": file, "keys": ", ".join(KEYS), "got": ", ".join(document) or "-"}
        raise BadInput(Message(message, places))
    problems: list[Problem] = []
    values = tuple(_value(number, one, problems) for number, one in enumerate(entries, start=1))
    refuse(problems, file)
    return tuple(value for value in values if value is not None)


def write_public_values(values: Iterable[PublicValue]) -> str:
    """What :func:`read_public_values` reads."""
    return "\n".join(
        "[[value]]\n"
        f"name = {_quoted(value.name)}\nvalue = {_quoted(value.value)}\n"
        f"published_at = {value.published_at.isoformat()}\nsource = {_quoted(value.source)}\n"
        for value in values
    )


def _value(number: int, entry: Mapping[str, Any], problems: list[Problem]) -> PublicValue | None:
    before = len(problems)

    def wrong(key: str, expected: Message) -> None:
        got = "" if key not in entry else str(entry[key])
        problems.append(Problem(where=f"value {number}", column=key, got=got, expected=expected))

    for key in sorted(entry.keys() - set(KEYS)):
        wrong(key, Message(N_("以下之一：{choices}"), {"choices": ", ".join(KEYS)}))
    for key in ("name", "value", "source"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            wrong(key, Message(N_("文字，写在引号里")))
    moment = entry.get("published_at")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        wrong("published_at", Message(N_("日期、时间和时区，如 {example}"), {"example": "2026-11-24T21:15:00+08:00"}))
    if len(problems) > before:
        return None
    try:
        value = normal_value(entry["value"])
    except PublicValueError as error:
        wrong("value", _usable(error))
        return None
    return PublicValue(
        name=" ".join(entry["name"].split()),
        value=value,
        published_at=entry["published_at"],
        source=entry["source"].strip(),
    )


def _usable(error: PublicValueError) -> Message:
    if error.unseen:
        return Message(N_("看得见的字符：里面有看不见的 {code}"), {"code": error.unseen})
    return Message(N_("按公布的原样，最多 500 个字"))


def _quoted(text: str) -> str:
    """A TOML basic string: what JSON escapes is escaped alike; TOML wants DEL escaped, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
