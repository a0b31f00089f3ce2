"""The rules as data, and the cases that both engines are held to: here Python's, in tests/journeys the browser's."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from questionnaires.checking import check_answers
from questionnaires.compiled_rules import compile_rules
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import ends_screened, routed_items
from questionnaires.screens import modules_for
from tests.questionnaires.tiny import LIGHTING, SATISFIED, behaviour, tiny

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "routing_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_python_keeps_to_the_cases(case: dict[str, Any]) -> None:
    questionnaire, where = behaviour(case["instrument"]), {"mode": case["mode"], "modules": case["modules"]}
    checked = check_answers(questionnaire, case["answers"], **where)
    routed = routed_items(questionnaire, checked.answers, **where)
    assert json.loads(json.dumps(checked.answers)) == case["kept"]
    assert [item.id for item in routed] == case["route"]
    assert sorted([p.item, p.kind.value, p.check] for p in checked.problems) == sorted(case["problems"])
    assert (checked.screened, ends_screened(routed, checked.answers)) == (case["screened"], case["screened"])


def test_rules_hold_the_items_of_one_mode_and_module() -> None:
    rules = compile_rules(tiny(SATISFIED, LIGHTING), mode="capi")
    assert [item["id"] for item in rules["items"]] == ["Q1"]
    both = compile_rules(tiny(SATISFIED, LIGHTING), mode="capi", modules=["streets"])
    assert [item["id"] for item in both["items"]] == ["Q1", "M1"]
    urban = load_file(BUILT_IN["urban-community"])
    assert "adults" not in json.dumps(compile_rules(urban, mode="capi")).lower()


def test_rules_are_plain_data_without_wordings_or_expressions() -> None:
    rules = compile_rules(behaviour("everything"), mode="web_open")
    assert json.loads(json.dumps(rules)) == rules
    assert rules["items"][3] == {
        "id": "N2",
        "type": "number",
        "conditions": [{"item": "N1", "at_least": 2}],
        "minimum": 0,
        "maximum": 20,
    }
    assert rules["checks"][1] == {
        "id": "settled-later",
        "item": "D2",
        "compare": "at_least",
        "other": "D1",
        "hard": True,
    }
    assert "decoy" not in json.dumps(rules), "a phone does not tell what does not exist"


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_rules_of_a_real_questionnaire_fit_a_phone(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    rules = compile_rules(questionnaire, mode=questionnaire.modes[0], modules=modules_for(questionnaire, UUID(int=1)))
    assert len(json.dumps(rules)) < 40_000
