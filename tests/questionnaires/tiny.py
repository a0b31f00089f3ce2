"""The smallest questionnaires: one head, and the few items a behaviour needs."""

from pathlib import Path

from questionnaires.definition import Questionnaire
from questionnaires.loading import InstrumentError, InstrumentProblem, load_file, load_text

BEHAVIOURS = Path(__file__).parent / "behaviours"

HEAD = """
[instrument]
slug = "tiny"
version = "1"
modes = ["capi"]
title = { zh_Hans = "小问卷", en = "Tiny" }
population = { zh_Hans = "成年人", en = "Adults" }
closing = { zh_Hans = "谢谢", en = "Thank you" }

[introductions.capi]
zh_Hans = "您好"
en = "Hello"

[[section]]
id = "main"
zh_Hans = "问题"
en = "Questions"
"""

SATISFIED = """
[[item]]
id = "Q1"
section = "main"
type = "single"
scale = "sat5"
zh_Hans = "您满意吗"
en = "Are you satisfied"
"""

#: Code 2 ends the interview.
RESIDENT = """
[[item]]
id = "S1"
section = "main"
type = "single"
zh_Hans = "您住在这里吗"
en = "Do you live here"
options = [
  { code = 1, zh_Hans = "是", en = "Yes" },
  { code = 2, zh_Hans = "不是", en = "No", terminate = true },
]
"""

REPORTED = """
[[item]]
id = "E1"
section = "main"
type = "single"
scale = "happened"
zh_Hans = "反映过问题吗"
en = "Did you report a problem"
"""

SOLVED = """
[[item]]
id = "E2"
section = "main"
type = "single"
ask_if = [{ item = "E1", codes = [1] }]
zh_Hans = "解决了吗"
en = "Was it solved"
options = [
  { code = 1, zh_Hans = "解决了", en = "Yes" },
  { code = 2, zh_Hans = "没有", en = "No" },
  { code = 97, zh_Hans = "在办", en = "Pending", kind = "na" },
  { code = 98, zh_Hans = "说不清", en = "Don't know", kind = "dk" },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref" },
]
"""

#: Asked of those whose problem was not solved.
WHY = """
[[item]]
id = "E3"
section = "main"
type = "single"
ask_if = [{ item = "E2", codes = [2] }]
zh_Hans = "希望重新办理吗"
en = "Should it be handled again"
scale = "yesno"
"""

ACTS = """
[[item]]
id = "C1"
section = "main"
type = "multi"
max_choices = 2
zh_Hans = "参加过什么"
en = "What did you take part in"
options = [
  { code = 1, zh_Hans = "志愿服务", en = "Volunteering" },
  { code = 2, zh_Hans = "议事会", en = "A meeting" },
  { code = 3, zh_Hans = "垃圾分类", en = "Sorting waste" },
  { code = 90, zh_Hans = "都没有", en = "None", exclusive = true },
  { code = 98, zh_Hans = "记不清", en = "Don't remember", kind = "dk", exclusive = true },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref", exclusive = true },
]
"""

ADULTS = """
[[item]]
id = "N1"
section = "main"
type = "number"
minimum = 1
maximum = 20
zh_Hans = "几个成年人"
en = "How many adults"
"""

COMMENT = """
[[item]]
id = "T1"
section = "main"
type = "text"
max_chars = 5
optional = true
zh_Hans = "还有什么"
en = "Anything else"
"""

#: Part of the waves only.
LIGHTING = """
[[item]]
id = "M1"
section = "main"
type = "single"
module = "streets"
scale = "sat5"
zh_Hans = "路灯满意吗"
en = "Satisfied with lighting"
"""


def indicator(code: str, item: str, counted: str, group: str = "other", label: str = "") -> str:
    wording = f'label = {{ zh_Hans = "{label}", en = "{label}" }}\n' if label else ""
    return f'\n[[indicator]]\ncode = "{code}"\nitem = "{item}"\nset = "{group}"\ncounted = {counted}\n{wording}'


def tiny(*parts: str) -> Questionnaire:
    return load_text(HEAD + "".join(parts or [SATISFIED]), "tiny.toml")


def problems(text: str) -> tuple[InstrumentProblem, ...]:
    """What is wrong with the file ``text``; empty when nothing is."""
    try:
        load_text(text, "tiny.toml")
    except InstrumentError as error:
        return error.problems
    return ()


def places(text: str) -> list[tuple[str, str]]:
    """Item and field of everything wrong with ``text``."""
    return [(problem.item, problem.field) for problem in problems(text)]


def behaviour(name: str) -> Questionnaire:
    """One of the small instruments of ``behaviours/``: each shows one thing the language can say."""
    return load_file(BEHAVIOURS / f"{name}.toml")
