"""Sampling designs as they are kept: one canonical text for one design, which commitments and digests cover."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    Respondent,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


@dataclass(frozen=True, kw_only=True)
class PublicValueName:
    """A public value named beforehand. ``not_before``: aware; it cannot be known earlier."""

    name: str
    not_before: datetime


def of_equal(per_community: int) -> SampleDesign:
    """The same number of dwellings in every community, systematically; small communities are taken whole.

    >>> of_equal(100).allocation.per_community
    100
    """
    return SampleDesign(
        stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
        allocation=Allocation(rule=AllocationRule.EQUAL, per_community=per_community, whole_if_small=True),
    )


def design_document(design: SampleDesign) -> dict[str, Any]:
    """The design under the keys of ``design.toml``; what has a default is written out, what is not there left out."""
    document: dict[str, Any] = {
        "stage": [_table(stage, "unit", "method", "take", "size") for stage in design.stages],
        "respondent": design.respondent.value,
    }
    if design.allocation is not None:
        document["allocation"] = _table(design.allocation, *_ALLOCATION_KEYS)
    if design.reserves is not None:
        document["reserves"] = _table(design.reserves, "replicates", "per_community")
    if design.rest is not None:
        document["rest"] = _table(design.rest, "months", "overlap")
    return document


_ALLOCATION_KEYS = (
    "rule", "per_community", "total", "budget", "given", "minimum", "exponent", "rate", "rates", "cost", "costs",
    "whole_if_small",
)  # fmt: skip


def _table(source: object, *keys: str) -> dict[str, Any]:
    values = {key: getattr(source, key) for key in keys}
    return {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items() if value is not None
    }


def canonical(design: SampleDesign) -> str:
    """JSON with sorted keys and no blanks: the text that is stored and digested.

    >>> canonical(of_equal(100))[:80]
    '{"allocation":{"cost":1.0,"costs":{},"exponent":0.5,"given":{},"minimum":0,"per_'
    """
    return _encode(design_document(design))


def from_canonical(text: str) -> SampleDesign:
    """The design of :func:`canonical`.

    >>> from_canonical(canonical(of_equal(100))) == of_equal(100)
    True
    """
    document = json.loads(text)
    allocation, reserves, rest = (document.get(key) for key in ("allocation", "reserves", "rest"))
    return SampleDesign(
        stages=tuple(_stage(table) for table in document["stage"]),
        allocation=allocation and Allocation(**(allocation | {"rule": AllocationRule(allocation["rule"])})),
        reserves=reserves and Reserves(**reserves),
        rest=rest and Rest(**rest),
        respondent=Respondent(document["respondent"]),
    )


def _stage(table: Mapping[str, Any]) -> Stage:
    return Stage(
        unit=StageUnit(table["unit"]),
        method=Method(table["method"]),
        take=table.get("take"),
        size=Size(table["size"]) if "size" in table else None,
    )
