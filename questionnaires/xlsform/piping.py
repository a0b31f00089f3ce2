"""Other tools put an answer into the wording of a later question, ``${A1}``; ours are the same for everyone."""

import re
from collections.abc import Container

from questionnaires.problems import N_
from questionnaires.xlsform.read_survey import Survey

_PIPED = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")


def refuse_piping(survey: Survey, placeholders: Container[str]) -> None:
    """A wording with the answer to an item in it; ``placeholders`` may be called as they like."""
    rows = [*(group.line for group in survey.groups), *(question.line for question in survey.questions)]
    for line in rows:
        for key, text in line.cells.items():
            if (line.sheet, key) in line.findings.filled:  # said of the column it was taken from
                continue
            for name in _PIPED.findall(text) if "::" in key else ():
                if name in survey.known.names and name not in placeholders:
                    reason = N_("文字里没有 ${{{name}}}：题目里不能插入别的回答，请改写成人人都读得通的话")
                    line.problem(key, reason, text, name=name)
