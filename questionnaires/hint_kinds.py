"""What a hint is, and the kinds there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum


class HintKind(StrEnum):
    DOUBLE_BARRELLED = "double_barrelled"
    TWO_DEPARTMENTS = "two_departments"
    LEADING = "leading"
    ANSWER_TOLD = "answer_told"
    NO_DONT_KNOW = "no_dont_know"
    UNMARKED_DONT_KNOW = "unmarked_dont_know"
    NO_REFUSAL = "no_refusal"
    UNBALANCED_SCALE = "unbalanced_scale"
    MANY_READ_OUT = "many_read_out"
    LONG_WORDING = "long_wording"
    REQUIRED = "required"
    NO_DECOY = "no_decoy"
    NO_POLARITY = "no_polarity"
    NONE_NOT_EXCLUSIVE = "none_not_exclusive"
    INTRODUCTION = "introduction"
    MISSING_WORDING = "missing_wording"


@dataclass(frozen=True, kw_only=True)
class Hint:
    """One place to look at: ``item`` and ``field`` as in a problem of the file; the words as there, too."""

    item: str
    kind: HintKind
    msgid: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict)
    field: str = ""

    def __str__(self) -> str:
        return f"{self.item}：{self.msgid.format(**self.params)}"
