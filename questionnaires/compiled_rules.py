"""The rules of a questionnaire as plain data, for an engine in another language: ``survey/static/routing.js``.

What an item asks of its answer, who comes to it, what is compared with what. There is nothing to evaluate in it but
codes, bounds and comparisons, and both engines are held to one set of cases (``routing_cases.json`` of the tests).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from questionnaires.answer_values import LONGEST_WORDS
from questionnaires.definition import Check, Condition, Item, Questionnaire

#: Raised when the data change their meaning.
FORM = 1


def compile_rules(questionnaire: Questionnaire, *, mode: str, modules: Collection[str] = ()) -> dict[str, Any]:
    """The rules for everyone who answers in ``mode`` and gets ``modules``; JSON-able.

    ``items``: in the order in which they come, each with ``id``, ``type`` and what of the following is not empty:
    ``conditions`` (all must hold), ``codes``, ``terminating``, ``exclusive``, ``open``, ``refused`` (lists of codes),
    ``max_choices``, ``max_chars``, ``minimum``, ``maximum``, ``earliest``, ``latest``, ``optional``, ``required``.
    A condition is ``item`` and either ``codes`` or ``at_least`` and/or ``at_most``. ``checks``: ``id``, ``item``,
    ``compare``, ``value`` or ``other``, ``conditions``, ``hard``.
    """
    wanted = frozenset(modules)
    items = [
        item
        for item in questionnaire.items
        if (not item.modes or mode in item.modes) and (item.module is None or item.module in wanted)
    ]
    fielded = {item.id for item in items}
    return {
        "form": FORM,
        "mode": mode,
        "modules": sorted(wanted),
        "longest_words": LONGEST_WORDS,
        "items": [_item(item) for item in items],
        "checks": [_check(check) for check in questionnaire.checks if check.item in fielded],
    }


def _item(item: Item) -> dict[str, Any]:
    return _there(
        {
            "id": item.id,
            "type": item.type.value,
            "conditions": _conditions(item.ask_if),
            "codes": [option.code for option in item.options],
            "terminating": sorted(item.terminating_codes),
            "exclusive": sorted(item.exclusive_codes),
            "open": sorted(item.open_codes),
            "refused": sorted(item.refused_codes),
            "max_choices": item.max_choices,
            "max_chars": item.max_chars,
            "minimum": item.minimum,
            "maximum": item.maximum,
            "earliest": item.earliest,
            "latest": item.latest,
            "optional": item.optional or None,
            "required": item.required or None,
        }
    )


def _check(check: Check) -> dict[str, Any]:
    return _there(
        {
            "id": check.id,
            "item": check.item,
            "compare": check.compare.value,
            "value": check.value,
            "other": check.other,
            "conditions": _conditions(check.ask_if),
            "hard": check.hard or None,
        }
    )


def _conditions(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [
        _there(
            {
                "item": condition.item,
                "codes": sorted(condition.codes),
                "at_least": condition.at_least,
                "at_most": condition.at_most,
            }
        )
        for condition in conditions
    ]


def _there(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None and value != []}
