"""Whether an answer stands to a bound, or to another answer, as a condition or a check says: data, no expressions."""

from collections.abc import Collection, Mapping

from questionnaires.definition import Check, Comparison, Condition, Questionnaire

Answers = Mapping[str, object]


def chosen_codes(answer: object) -> Collection[object]:
    """The codes in a stored answer: one, several, or none.

    >>> chosen_codes(3), chosen_codes([1, 3]), chosen_codes(None)
    ((3,), [1, 3], ())
    """
    if isinstance(answer, (list, tuple)):  # a union would be built anew at each of a million calls
        return answer
    return (answer,) if isinstance(answer, int) else ()


def meets(condition: Condition, answer: object) -> bool:
    """Whether ``answer`` to the condition's item is what the condition wants.

    >>> meets(Condition(item="C1", codes=frozenset({2, 3})), (1, 3)), meets(Condition(item="N1", at_least=2), 1)
    (True, False)
    """
    if condition.codes:
        return not condition.codes.isdisjoint(chosen_codes(answer))
    if type(answer) is not int:
        return False
    return (condition.at_least is None or answer >= condition.at_least) and (
        condition.at_most is None or answer <= condition.at_most
    )


def compares(left: object, comparison: Comparison, right: object) -> bool | None:
    """Whether ``left`` is, for instance, more than ``right``: two numbers, or two dates as they are stored.
    ``None`` where they cannot be compared.

    >>> compares(3, Comparison.MORE, 2), compares("2026-03-01", Comparison.AT_MOST, "2026-02-28")
    (True, False)
    >>> compares(3, Comparison.MORE, None) is None
    True
    """
    numbers = type(left) is int and type(right) is int
    days = isinstance(left, str) and isinstance(right, str)
    if not (numbers or days):
        return None
    order = (left > right) - (left < right)  # type: ignore[operator]  # both are of one kind
    return order in _HOLDS[comparison]


#: The signs of left - right with which a comparison holds.
_HOLDS = {
    Comparison.AT_LEAST: (0, 1),
    Comparison.AT_MOST: (-1, 0),
    Comparison.MORE: (1,),
    Comparison.LESS: (-1,),
    Comparison.EQUAL: (0,),
    Comparison.DIFFERENT: (-1, 1),
}


def failed_checks(questionnaire: Questionnaire, answers: Answers, routed: Collection[str]) -> tuple[Check, ...]:
    """The checks that ``answers`` to the items someone came to (``routed``, ids) do not pass, in the file's order.

    Only answers on the route are compared, and nothing fails for an answer that is not there.
    """
    return tuple(check for check in questionnaire.checks if _fails(check, answers, routed))


def _fails(check: Check, answers: Answers, routed: Collection[str]) -> bool:
    needed = {check.item, *(condition.item for condition in check.ask_if)} | ({check.other} if check.other else set())
    if not needed.issubset(routed):
        return False
    if not all(meets(condition, answers.get(condition.item)) for condition in check.ask_if):
        return False
    right = answers.get(check.other) if check.other else check.value
    return compares(answers.get(check.item), check.compare, right) is False
