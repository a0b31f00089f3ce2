"""Sampling designs as they are written and kept: ``design.toml``, and one canonical text for one design.

```toml
respondent = "list"            # optional: list, kish or birthday

[[stage]]                      # communities, grids, dwellings in this order; the last is a must
unit = "grid"
method = "pps_systematic"      # simple, systematic, permanent; by size: pps_systematic, sampford, brewer
take = 4                       # of each community (of the whole frame where communities are drawn)
size = "units"                 # of the methods by size: units or residents

[[stage]]
unit = "dwelling"
method = "systematic"
take = 20                      # or without take, as the only stage, an [allocation]

[allocation]
rule = "neyman"                # equal, given, proportional, neyman, power, fixed_cost
total = 2000                   # per_community, given, budget: as the rule needs
minimum = 50
[allocation.rates]
"440983102001" = 0.9

[reserves]                     # optional: random replicates, released whole
replicates = 2
per_community = 20

[rest]                         # optional, by permanent random numbers
months = 12
overlap = 0.5

[lottery]                      # for a public draw: in the order of use
public_values = [ { name = "双色球 2026-11-24", not_before = 2026-11-24T21:15:00+08:00, digits_ascending = "12+2" } ]
                               # or digits_drawn, hex, decimals: the one spelling, see analysis.sampling.value_spelling

[teams]                        # optional: what teams and dates are drawn with, promised with the rest
size = 2                       # canvassers in a team
per_day = 20                   # cases a team goes to on one day
first = 2026-12-01             # both or neither; neither: no days are drawn
last = 2026-12-14
without = [ 2026-12-06 ]
```
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from analysis.sampling.sample_design import Allocation, AllocationRule, Method, SampleDesign, Stage, StageUnit
from analysis.sampling.sampling_error import SamplingError
from survey.messages import N_, BadInput, Message
from survey.sampling.design_reader import ALLOCATION_KEYS, ALWAYS, DesignReader
from survey.sampling.public_values import PublicValueName
from survey.sampling.team_rules import teams_document

__all__ = [
    "PublicValueName",
    "canonical",
    "design_document",
    "from_canonical",
    "of_equal",
    "read_design",
]

_MOST_PROBLEMS = 100
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def of_equal(per_community: int) -> SampleDesign:
    """The same number of dwellings in every community, systematically; small communities are taken whole.

    >>> of_equal(100).allocation.per_community
    100
    """
    return SampleDesign(
        stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
        allocation=Allocation(rule=AllocationRule.EQUAL, per_community=per_community, whole_if_small=True),
    )


def read_design(text: str, name: str = "design.toml") -> tuple[SampleDesign, tuple[PublicValueName, ...]]:
    """The design in ``text`` and the public values it names.

    Raises :class:`BadInput` with everything that is unknown, missing or holds the wrong thing.

    >>> design, values = read_design('''
    ... [[stage]]
    ... unit = "dwelling"
    ... method = "systematic"
    ... [allocation]
    ... rule = "equal"
    ... per_community = 100
    ... whole_if_small = true
    ... ''')
    >>> design == of_equal(100), values
    (True, ())
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(Message(N_("{file} 不是 TOML：{reason}"), {"file": name, "reason": error})) from error
    return _read(document, name, lottery=True)


def design_document(design: SampleDesign) -> dict[str, Any]:
    """The design under the keys of ``design.toml``; defaults are written out, what a rule does not use is left out."""
    document: dict[str, Any] = {
        "stage": [_table(stage, "unit", "method", "take", "size") for stage in design.stages],
        "respondent": design.respondent.value,
    }
    if design.allocation is not None:
        document["allocation"] = _table(design.allocation, *ALWAYS, *ALLOCATION_KEYS[design.allocation.rule])
    if design.reserves is not None:
        document["reserves"] = _table(design.reserves, "replicates", "per_community")
    if design.rest is not None:
        document["rest"] = _table(design.rest, "months", "overlap")
    if design.teams is not None:
        document["teams"] = teams_document(design.teams)
    return document


def _table(source: object, *keys: str) -> dict[str, Any]:
    values = {key: getattr(source, key) for key in keys}
    return {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items() if value is not None
    }


def canonical(design: SampleDesign) -> str:
    """JSON with sorted keys and no blanks: the text that is stored, committed to and digested.

    >>> canonical(of_equal(100))[:69]
    '{"allocation":{"minimum":0,"per_community":100,"rule":"equal","whole_'
    """
    return _encode(design_document(design))


def from_canonical(text: str) -> SampleDesign:
    """The design of :func:`canonical`. Raises :class:`BadInput` for any other text.

    >>> from_canonical(canonical(of_equal(100))) == of_equal(100)
    True
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(_unusable(error)) from error
    if not isinstance(document, dict):
        raise BadInput(_unusable(type(document).__name__))
    design, _ = _read(document, "design", lottery=False)
    if canonical(design) != text:
        raise BadInput(_unusable(N_("不是规范写法")))
    return design


def _read(document: Mapping[str, Any], name: str, *, lottery: bool) -> tuple[SampleDesign, tuple[PublicValueName, ...]]:
    reader = DesignReader(document, lottery=lottery)
    try:
        found = reader.read()
    except SamplingError as error:
        raise BadInput(_unusable(error)) from error
    if found is None:
        message = N_("{file} 有 {count} 处问题，什么也没有改变")
        count = len(reader.problems)
        raise BadInput(Message(message, {"file": name, "count": count}), reader.problems[:_MOST_PROBLEMS])
    return found


def _unusable(reason: object) -> Message:
    reason = Message(reason) if isinstance(reason, str) else reason
    return Message(N_("抽样设计不能用：{reason}"), {"reason": reason})
