"""The action types the project ships (``outreach_types.toml``): every price in them is an assumption."""

import tomllib
from functools import lru_cache
from pathlib import Path

from questionnaires.definition import Text
from survey.outreach import ActionKind, ActionType, Per

FILE = Path(__file__).with_suffix(".toml")


@lru_cache(maxsize=1)
def starting_types() -> tuple[ActionType, ...]:
    """In the order of the file; the assumed price is the middle of its range.

    >>> visit = starting_types()[0]
    >>> visit.name.zh_Hans, visit.unit_cost_cny, visit.assumed, sorted(map(str, visit.kinds))
    ('入户宣传', 5.0, True, ['tell'])
    """
    with FILE.open("rb") as file:
        entries = tomllib.load(file)["type"]
    return tuple(
        ActionType(
            code=entry["code"],
            name=Text(zh_Hans=entry["name"]["zh_Hans"], en=entry["name"]["en"]),
            unit=Text(zh_Hans=entry["unit"]["zh_Hans"], en=entry["unit"]["en"]),
            kinds=frozenset(map(ActionKind, entry["kinds"])),
            unit_cost_cny=round(sum(entry["cost_cny"]) / 2, 2),
            cost_low=float(entry["cost_cny"][0]),
            cost_high=float(entry["cost_cny"][1]),
            assumed=True,
            evidence=tuple(entry["evidence"]),
            per=Per(entry["per"]),
            amount=float(entry["amount"]),
        )
        for entry in entries
    )
