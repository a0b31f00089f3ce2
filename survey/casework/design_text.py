"""A sampling design as the file ``design.toml``, for ``survey draw run --design``."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.sampling.sample_design import SampleDesign
from survey.sampling.sample_designs import design_document

#: What a plan does not say, as it is when nothing is said.
_UNSAID = {"minimum": 0, "exponent": 0.5, "rate": 0.5, "cost": 1.0}


def design_text(design: SampleDesign, remarks: Sequence[str] = ()) -> str:
    """TOML; ``remarks`` become comments above it.

    >>> from survey.sampling.sample_designs import of_equal
    >>> print(design_text(of_equal(100), ["试"]), end="")
    # 试
    respondent = "list"
    <BLANKLINE>
    [[stage]]
    unit = "dwelling"
    method = "systematic"
    <BLANKLINE>
    [allocation]
    rule = "equal"
    whole_if_small = true
    per_community = 100
    """
    document = design_document(design)
    stages, allocation = document.pop("stage"), document.pop("allocation", None)
    lines = [f"# {line}" for remark in remarks for line in remark.splitlines()]
    lines += _pairs({name: value for name, value in document.items() if not isinstance(value, Mapping)})
    for stage in stages:
        lines += ["", "[[stage]]", *_pairs(stage)]
    tables = {name: value for name, value in document.items() if isinstance(value, Mapping)}
    if allocation is not None:
        said = {name: value for name, value in allocation.items() if value not in (_UNSAID.get(name), {})}
        tables["allocation"] = {name: value for name, value in said.items() if not isinstance(value, Mapping)}
        tables |= {f"allocation.{name}": value for name, value in said.items() if isinstance(value, Mapping)}
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in table.items()]


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").isalnum()
    return name if plain and not name.isdecimal() else json.dumps(name, ensure_ascii=False)


def _value(value: str | float | bool) -> str:
    """JSON writes numbers, texts and truths as TOML does."""
    return json.dumps(value, ensure_ascii=False)
