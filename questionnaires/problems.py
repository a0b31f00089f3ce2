"""What is wrong with an instrument file: every place at once, each with what was got and what was expected."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

#: ``got`` is shown no longer than this.
_SHOWN = 60


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name
    """Mark ``msgid`` for extraction; this package translates nothing."""
    return msgid


@dataclass(frozen=True, kw_only=True)
class InstrumentProblem:
    """One thing wrong: ``item`` is an item's id or the place in the file, ``got`` is empty where nothing stood.

    ``expected_msgid`` is Chinese with ``{named}`` places that ``params`` fills.
    """

    item: str
    field: str
    got: str
    expected_msgid: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict)

    def __str__(self) -> str:
        place = " ".join(part for part in (self.item, self.field) if part)
        got = f"得到 {self.got}，" if self.got else ""
        return f"{place}：{got}应为：{self.expected_msgid.format(**self.params)}"


class InstrumentError(Exception):
    """The file is no instrument; ``problems`` holds everything found wrong in it (never empty)."""

    def __init__(self, file: str, problems: Sequence[InstrumentProblem]) -> None:
        super().__init__("\n".join(f"{file} {problem}" for problem in problems))
        self.file = file
        self.problems = tuple(problems)


def shown(value: object) -> str:
    """``value`` as a reader of the file knows it, cut to a length fit for one line.

    >>> shown("满意"), shown([1, 2]), shown(True)
    ('"满意"', '[1, 2]', 'true')
    """
    if isinstance(value, str):
        value = value[: _SHOWN + 1]
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # circular, nested too deep, an integer of thousands of digits
        text = type(value).__name__
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
