"""Where an expression stops making sense: the slips that people make who have not written many."""

import re
from collections.abc import Collection

from questionnaires.problems import N_
from questionnaires.xlsform.advice import Advice
from questionnaires.xlsform.expressions import NotUnderstood

_WORD = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w-]*")
_COMPARISON = re.compile(r"<=|>=|!=|[=<>]")
_ARITHMETIC = re.compile(r"[+*/-]|(div|mod)\b")
_JOINING = re.compile(r"(and|or)\b|&&?|\|\|?|且|并且|而且|或者?|和", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BETWEEN = re.compile(r"\.?\s*(\d+)\s*[-–~～至到]\s*(\d+)")
_WHOLE = N_("写完整的条件；从这里起读不懂")


def spelling_advice(error: NotUnderstood, names: Collection[str]) -> Advice:
    """``names``: of the rows of the form."""
    rest, before = error.rest, error.before
    compared = bool(re.search(r"[=<>]$", before))
    word = _WORD.match(rest)
    if not rest:
        return Advice(msgid=N_("写完整的条件；后面还缺一截"))
    if _COMPARISON.match(rest):
        return _comparison(rest, before)
    if _JOINING.match(rest) and not compared:
        return Advice(msgid=N_("小写的 and（都要符合）或 or（符合一个就行），前后各空一格"))
    if word and word[0] in names:
        return Advice(msgid=N_("{example}：题目写在 ${{ }} 里"), params={"example": f"${{{word[0]}}}"})
    if word and compared:
        return Advice(msgid=N_("{example}：选项的 name 写在引号里"), params={"example": f"'{word[0]}'"})
    if dated := _DATE.fullmatch(f"{before}{rest}".replace(" ", "")[-10:]):
        return Advice(msgid=N_("{example}：日子写在 date( ) 里"), params={"example": f"date('{dated[0]}')"})
    if between := _BETWEEN.fullmatch(f"{before}{rest}"):
        example = f". >= {between[1]} and . <= {between[2]}"
        return Advice(msgid=N_("{example}：从几到几这样写"), params={"example": example})
    if _ARITHMETIC.match(rest):
        example = f"{_last_operand(before)} >= 2"
        return Advice(msgid=N_("和一个数比较，例如 {example}；没有加减乘除"), params={"example": example})
    return Advice(msgid=_WHOLE)


def _comparison(rest: str, before: str) -> Advice:
    if before.endswith("=") and rest.startswith("="):
        return Advice(msgid=N_("一个 =：相等只写一个等号"))
    if before.endswith("<") and rest.startswith(">"):
        return Advice(msgid=N_("写出问哪些人的条件，没有“不等于”（<>、!=）"))
    if before.endswith((">", "<")) and rest.startswith("="):
        return Advice(msgid=N_(">= 或 <=：两个符号之间没有空格"))
    if not before:
        return Advice(msgid=N_("{example}：前面写“.”，它是这道题自己的回答"), params={"example": f". {rest[:30]}"})
    return Advice(msgid=N_(". >= 1 and . <= 20 这样的两个比较，中间用 and 连起来"))


def _last_operand(before: str) -> str:
    found = re.findall(r"\$\{[^{}]+\}|\.(?!\d)", before)
    return found[-1] if found else "."
