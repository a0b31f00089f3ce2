"""Answers -> for each other reading of a rate what every answer counts, between 0 and 1.

Who is in the base stands in the states of the rate itself (:mod:`questionnaires.coding`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.alternates import HIGHEST, scores_of
from questionnaires.coding import Response
from questionnaires.counting import substantive_codes
from questionnaires.definition import Alternate, AlternateName, Indicator, Item, Questionnaire

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class CodedAlternate:
    """``values`` (responses,): what each answer counts; 0 where it is none. ``difference`` (responses,): what it counts
    more than in the rate, brought to 0-1; ``None`` where it counts the same.
    """

    indicator: Indicator
    alternate: Alternate
    values: Values
    difference: Values | None


def code_alternates(
    questionnaire: Questionnaire, wanted: Iterable[tuple[Indicator, Alternate]], responses: Sequence[Response]
) -> tuple[CodedAlternate, ...]:
    """Code ``responses`` for each reading that is ``wanted`` of a rate, in the order given."""
    answers: dict[str, list[object]] = {}
    coded = []
    for indicator, alternate in wanted:
        item = questionnaire.item(indicator.item)
        if item.id not in answers:
            answers[item.id] = [response.get(item.id) for response in responses]
        values = option_values(item, alternate)
        apart = _differences(indicator, alternate.name, values)
        coded.append(
            CodedAlternate(
                indicator=indicator,
                alternate=alternate,
                values=_given(answers[item.id], values),
                difference=None if apart is None else _given(answers[item.id], apart),
            )
        )
    return tuple(coded)


def option_values(item: Item, alternate: Alternate) -> Mapping[int, float]:
    """Substantive option -> what it counts, 0-1.

    >>> from questionnaires.loading import BUILT_IN, load_file
    >>> city = load_file(BUILT_IN["urban-community"])
    >>> option_values(city.item("F1"), Alternate(name=AlternateName.SCORE))
    {1: 1.0, 2: 0.75, 3: 0.5, 4: 0.25, 5: 0.0}
    """
    if alternate.name is AlternateName.SCORE:
        return {code: score / HIGHEST for code, score in (scores_of(item) or {}).items()}
    return {code: float(code in alternate.codes) for code in sorted(substantive_codes(item))}


def _differences(indicator: Indicator, name: AlternateName, values: Mapping[int, float]) -> Mapping[int, float] | None:
    """Option -> what it counts more than in the rate: of shares who is in one only, of scores between the least and the
    most that any option does.
    """
    more = {code: value - (code in indicator.codes) for code, value in values.items()}
    least, most = min(more.values()), max(more.values())
    if least == most:
        return None
    if name is not AlternateName.SCORE:
        return {code: abs(value) for code, value in more.items()}
    return {code: (value - least) / (most - least) for code, value in more.items()}


def _given(answers: Sequence[object], values: Mapping[int, float]) -> Values:
    return np.fromiter(
        (values.get(answer, 0.0) if isinstance(answer, int) else 0.0 for answer in answers), np.float64, len(answers)
    )
