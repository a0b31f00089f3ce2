"""The browser's engine gives what the server's gives: the same cases, and thousands of answers drawn at random."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from questionnaires.checking import check_answers
from questionnaires.compiled_rules import compile_rules
from questionnaires.definition import Item, Questionnaire, open_key
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import routed_items
from tests.questionnaires.naughty import NAUGHTY
from tests.questionnaires.tiny import behaviour

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "survey" / "static" / "routing.js").read_text(encoding="utf-8")
CASES = json.loads((ROOT / "tests" / "questionnaires" / "routing_cases.json").read_text(encoding="utf-8"))
RUN = """async ({script, rules, given}) => {
  const engine = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
  return given.map(text => {
    const {answers, problems} = engine.checked(rules, JSON.parse(text));
    return [answers, engine.route(rules, answers), engine.screened(rules, answers),
            problems.map(problem => [problem.item, problem.kind, problem.check ?? ""]).sort()];
  });
}"""
TYPED: list[object] = [
    "",
    " ",
    "1",
    "２",
    "98",
    "两个",
    "1、2",
    "1 90",
    "2026-03-01",
    "2026/2/30",
    "２０２６年３月２日",
    None,
    True,
    3.0,
    2.5,
]
TYPED += [
    [1],
    [2, 10],
    [90, 1],
    ["1", "77"],
    [],
    "x\u0000y",
    "-0",
    "+3",
    "1.0",
    "2026-3-1",
    0,
    1,
    2,
    5,
    21,
    *NAUGHTY.values(),
]


#: A text is a text: how a list would be written out differs between languages.
WORDS = [value for value in TYPED if isinstance(value, str)]


def in_browser(page: Page, rules: dict[str, Any], given: list[dict[str, object]]) -> list[Any]:
    texts = [json.dumps(answers) for answers in given]
    found = page.evaluate(RUN, {"script": SCRIPT, "rules": rules, "given": texts})
    assert isinstance(found, list)
    return found


def in_python(questionnaire: Questionnaire, where: dict[str, Any], answers: dict[str, object]) -> list[object]:
    checked = check_answers(questionnaire, json.loads(json.dumps(answers)), **where)
    route = [item.id for item in routed_items(questionnaire, checked.answers, **where)]
    problems = sorted([problem.item, problem.kind.value, problem.check] for problem in checked.problems)
    return [json.loads(json.dumps(checked.answers)), route, checked.screened, problems]


@pytest.mark.parametrize("instrument", sorted({case["instrument"] for case in CASES}))
def test_the_browser_keeps_to_the_cases(page: Page, instrument: str) -> None:
    cases = [case for case in CASES if case["instrument"] == instrument]
    rules = compile_rules(behaviour(instrument), mode="web_open")
    found = in_browser(page, rules, [case["answers"] for case in cases])
    for case, (answers, route, screened, problems) in zip(cases, found, strict=True):
        expected = (case["kept"], case["route"], case["screened"], sorted(case["problems"]))
        assert (answers, route, screened, problems) == expected, case["name"]


def drawn(rng: random.Random, items: tuple[Item, ...]) -> dict[str, object]:
    """Answers of somebody who mostly answers as asked and sometimes types anything."""
    given: dict[str, object] = {}
    for item in items:
        if rng.random() < 0.1:
            continue
        codes = [option.code for option in item.options]
        if rng.random() < 0.25:
            given[item.id] = rng.choice(WORDS if item.type == "text" else TYPED)
        elif item.type == "multi":
            given[item.id] = rng.sample(codes, rng.randint(1, min(3, len(codes))))
        elif codes:
            given[item.id] = rng.choice(codes)
        elif item.type == "date":
            given[item.id] = f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"
        elif item.type == "text":
            given[item.id] = "好"
        else:
            given[item.id] = rng.randint(0, 14)
        given |= {open_key(item.id, code): rng.choice(WORDS) for code in item.open_codes if rng.random() < 0.5}
    return given


@pytest.mark.parametrize("name", ["everything", "numbers", "dates", *BUILT_IN])
def test_both_engines_agree_on_any_answers(page: Page, name: str) -> None:
    questionnaire = load_file(BUILT_IN[name]) if name in BUILT_IN else behaviour(name)
    modules = sorted({item.module for item in questionnaire.items if item.module})[:1]
    where: dict[str, Any] = {"mode": questionnaire.modes[-1], "modules": modules}
    rules = compile_rules(questionnaire, **where)
    fielded = {item["id"] for item in rules["items"]}
    items = tuple(item for item in questionnaire.items if item.id in fielded)
    rng = random.Random(20260301)  # noqa: S311 - examples, no secrets
    given = [drawn(rng, items) for _ in range(500)]
    found = in_browser(page, rules, given)
    for answers, got in zip(given, found, strict=True):
        assert got == in_python(questionnaire, where, answers), answers
