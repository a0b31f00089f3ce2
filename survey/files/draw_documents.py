"""The JSON files of an exported draw, read key by key; nothing in them is passed over."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from survey.messages import N_, BadInput, Message
from survey.waves import SeedSource

T = TypeVar("T")


def not_utf8(file: str) -> BadInput:
    """Of a file that was saved in another encoding, as a spreadsheet does."""
    message = N_(
        "{file} 不是 UTF-8 编码：像是用 Excel 打开保存过（GBK）。Excel 会改掉长数字，请用导出时的原文件；"
        "确知只换了编码的，另存为 UTF-8 再核对"
    )
    return BadInput(Message(message, {"file": file}))


class Document:
    """A JSON object of a file, read key by key: :class:`BadInput` names file and key."""

    def __init__(self, path: Path, values: Mapping[str, Any] | None = None) -> None:
        self._path = path
        if values is None:
            try:
                values = json.loads(text_of(path))
            except (ValueError, RecursionError) as error:
                reason = {"file": path.name, "reason": error}
                raise BadInput(Message(N_("{file} 不是 JSON：{reason}"), reason)) from error
        if not isinstance(values, dict):
            raise BadInput(Message(N_("{file} 不是 JSON：{reason}"), {"file": path.name, "reason": "no object"}))
        self._values = values
        self._seen: set[str] = set()

    def get(self, key: str, convert: Callable[[Any], T]) -> T:
        self._seen.add(key)
        try:
            return convert(self._values[key])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            got = json.dumps(self._values.get(key), ensure_ascii=False)[:80]
            message = N_("{file} 的 {key} 是 {got}，读不懂：应与导出时一样")
            raise BadInput(Message(message, {"file": self._path.name, "key": key, "got": got})) from error

    def done(self) -> None:
        """Raises :class:`BadInput` for what nobody asked for: it would look as if it had been verified, too."""
        if strange := sorted(set(self._values) - self._seen):
            message = N_("{file} 里有导出时没有的 {keys}：程序不核对它们，请用导出时的原文件")
            raise BadInput(Message(message, {"file": self._path.name, "keys": ", ".join(strange)[:200]}))

    def says(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        return self.get(key, text)

    def part(self, key: str) -> "Document":
        return self.get(key, lambda value: Document(self._path, value))

    def parts(self, key: str) -> list["Document"]:
        return [Document(self._path, value) for value in self.get(key, listed)]


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def optional_text(value: Any) -> str | None:
    return None if value is None else text(value)


def whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def optional_whole(value: Any) -> int | None:
    return None if value is None else whole(value)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def source(value: Any) -> SeedSource:
    return SeedSource(value)


def moment(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError
    return at


def optional_moment(value: Any) -> datetime | None:
    return None if value is None else moment(value)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInput(Message(N_("找不到文件 {file}"), {"file": path})) from error
    except UnicodeDecodeError as error:
        raise not_utf8(path.name) from error
    except OSError as error:
        raise BadInput(Message(N_("读不了文件 {file}：{reason}"), {"file": path, "reason": error})) from error
