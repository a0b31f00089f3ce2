"""The margins of a file held against the instrument, the frame and the answers of the sample: all that is wrong, named.

Nothing is guessed: a group without a total, a total without respondents, a group of too few and sums that differ are
each said with their row, and what to do about it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from questionnaires.definition import Item, ItemType, OptionKind, Questionnaire
from survey.files.csv_files import refuse
from survey.files.margins_file import MarginRow, variables
from survey.messages import N_, Message, Problem
from survey.store.responses import StoredResponse
from survey.weights import COMMUNITY, LEAST_CELL

#: How the variable of communities may be written.
COMMUNITY_WORDS = frozenset({COMMUNITY, "社区", "村", "社区代码", "村社区"})
#: Shares may be rounded.
_ROUNDED = 0.005
#: Of so many respondents it may be unknown which group they are in.
MOST_UNKNOWN = 0.2
_MOST_NAMED = 6


@dataclass(frozen=True, kw_only=True)
class GivenGroup:
    """``value``: people, or a share 0-1."""

    codes: tuple[str, ...]
    value: float
    line: int


@dataclass(frozen=True, kw_only=True, eq=False)
class GivenMargin:
    """``places`` (n,): the group of each respondent, -1: they did not say."""

    variable: str
    share: bool
    groups: tuple[GivenGroup, ...]
    places: IntArray

    @property
    def sum(self) -> float:
        return sum(group.value for group in self.groups)


@dataclass(frozen=True, kw_only=True)
class Population:
    """What margins may speak of. ``communities``: code -> name, of all in the frame; ``drawn``: communities were drawn
    themselves, so that no total of one stands for itself alone. ``fielded``: codes of those with cases in the field.
    """

    questionnaire: Questionnaire
    communities: Mapping[str, str]
    responses: Sequence[StoredResponse]
    drawn: bool = False
    fielded: frozenset[str] = frozenset()


def hold_against(
    rows: Iterable[MarginRow], population: Population, file: str, cells: Iterable[Problem] = ()
) -> tuple[GivenMargin, ...]:
    """The margins in the order of the file; :class:`~survey.messages.BadInput` names everything that is wrong, line by
    line, with what was wrong in the ``cells`` themselves.
    """
    problems: list[Problem] = [*cells]
    found = []
    for variable, of_variable in _by_variable(rows, population.questionnaire).items():
        known = _known_codes(variable, of_variable[0], population, problems)
        if known is None:
            continue
        margin = _margin(variable, of_variable, known, population.responses, problems)
        if variable == COMMUNITY and margin is not None and (silent := _left_out(margin, population)):
            expected = N_("“{variable}”里有样本户的社区都要有总数，没有答卷的与另一个合并，用 + 连接；还缺：{missing}")
            params = {**_named(of_variable[0]), "missing": _some(silent)}
            _say(problems, of_variable[0], "category", "", Message(expected, params))
            continue
        if margin is not None:
            found.append(margin)
    refuse(sorted(problems, key=lambda one: int(one.where)), file)
    return tuple(found)


def makes_a_rate(item: str, questionnaire: Questionnaire) -> bool:
    """Whether an indicator counts the answers to ``item``: calibrated to its totals, the rate would be typed in."""
    return any(indicator.item == item for indicator in questionnaire.indicators)


def places_of(variable: str, groups: Sequence[Sequence[str]], responses: Sequence[StoredResponse]) -> IntArray:
    """The group of each respondent, (n,): of the community, or of the answer to an item; -1: in none."""
    place = {code: number for number, codes in enumerate(groups) for code in codes}
    if variable == COMMUNITY:
        return np.array([place.get(response.area, -1) for response in responses], dtype=np.int64)
    return np.array([place.get(str(response.answers.get(variable)), -1) for response in responses], dtype=np.int64)


def _by_variable(rows: Iterable[MarginRow], questionnaire: Questionnaire) -> dict[str, list[MarginRow]]:
    """Under the id of the item, or :data:`COMMUNITY`; what is neither keeps its own name."""
    ids = {item.id.lower(): item.id for item in questionnaire.items}
    found: dict[str, list[MarginRow]] = {}
    for written, of_variable in variables(rows).items():
        plain = "".join(written.split()).lower()
        name = COMMUNITY if plain in COMMUNITY_WORDS else ids.get(plain, written)
        found.setdefault(name, []).extend(of_variable)
    return found


def _known_codes(
    variable: str, first: MarginRow, population: Population, problems: list[Problem]
) -> dict[str, str] | None:
    """How a group may be written -> its code; ``None``: the variable cannot be used."""
    if variable == COMMUNITY:
        if not population.drawn:
            names = Counter(population.communities.values())
            by_name = {name: code for code, name in population.communities.items() if names[name] == 1}
            return {**by_name, **{code: code for code in population.communities}}
        expected = Message(N_("本轮先抽社区再抽住户：没抽到的社区没有答卷，不能按社区总数校准"))
    elif variable not in population.questionnaire.items_by_id:
        expected = Message(N_("问卷里单选题的题号，或 community（社区）"))
    else:
        item = population.questionnaire.item(variable)
        if makes_a_rate(variable, population.questionnaire):
            expected = Message(N_("不算进任何指标的题：校准到指标自己的题，等于自己填写结果"))
        elif item.type is ItemType.SINGLE:
            return _options(item)
        else:
            expected = Message(N_("单选题：只有每人恰好属于一组的题可以用来校准"))
    problems.append(Problem(where=str(first.line), column="variable", got=first.variable, expected=expected))
    return None


def _options(item: Item) -> dict[str, str]:
    options = [option for option in item.options if option.kind is OptionKind.SUBSTANTIVE]
    words = {word: str(option.code) for option in options for word in (option.text.zh_Hans, option.text.en)}
    return {**words, **{str(option.code): str(option.code) for option in options}}


def _margin(
    variable: str,
    rows: Sequence[MarginRow],
    known: Mapping[str, str],
    responses: Sequence[StoredResponse],
    problems: list[Problem],
) -> GivenMargin | None:
    before, used = len(problems), set[str]()
    groups = []
    for row in rows:
        codes = tuple(known[part] for part in row.categories if part in known)
        for part in row.categories:
            if part not in known:
                choices = _some(dict.fromkeys(known.values()))
                _say(problems, row, "category", part, Message(N_("以下之一：{choices}"), {"choices": choices}))
            elif known[part] in used or codes.count(known[part]) > 1:
                _say(problems, row, "category", part, Message(N_("每个类别只出现一次")))
        used |= set(codes)
        groups.append(GivenGroup(codes=codes, value=row.value, line=row.line))
    counted = [row for row in rows if row.counted]
    share = counted[0].share if counted else False
    if any(row.share is not share for row in counted):
        _say(problems, rows[0], "share", "", Message(N_("同一个变量的各行都填总数，或者都填比例")))
    if len(problems) > before or len(counted) < len(rows):
        return None
    places = places_of(variable, [group.codes for group in groups], responses)
    margin = GivenMargin(variable=variable, share=share, groups=tuple(groups), places=places)
    _check_sums(margin, rows[0], problems)
    _check_respondents(margin, rows, known, responses, problems)
    return margin if len(problems) == before else None


def _check_sums(margin: GivenMargin, first: MarginRow, problems: list[Problem]) -> None:
    if margin.share and abs(margin.sum - 1) > _ROUNDED:
        got = f"{100 * margin.sum:.1f}%"
        _say(problems, first, "share", got, Message(N_("“{variable}”各类别的比例加起来是 100%"), _named(first)))
    elif not margin.sum > 0:
        _say(problems, first, "count", "0", Message(N_("“{variable}”各类别的总数加起来大于 0"), _named(first)))


def _check_respondents(
    margin: GivenMargin,
    rows: Sequence[MarginRow],
    known: Mapping[str, str],
    responses: Sequence[StoredResponse],
    problems: list[Problem],
) -> None:
    """Enough respondents in each group with a total, and a total for each group with respondents."""
    answers = np.bincount(margin.places[margin.places >= 0], minlength=len(margin.groups))
    for group, row, number in zip(margin.groups, rows, answers.tolist(), strict=True):
        places = {"least": LEAST_CELL, "got": number}
        if group.value > 0 and number < LEAST_CELL:
            expected = N_("至少 {least} 份答卷（这一类有 {got} 份）：请与另一类合并，用 + 连接")
            _say(problems, row, "category", "+".join(row.categories), Message(expected, places))
        elif not group.value and number:
            expected = N_("大于 0 的数：这一类有 {got} 份答卷")
            _say(problems, row, "share" if row.share else "count", "0", Message(expected, places))
    outside = _outside(margin, known, responses)
    if outside:
        expected = N_("“{variable}”里有答卷的类别都要有总数；还缺：{missing}")
        missing = _some({f"{code}({number})": None for code, number in sorted(outside.items())})
        _say(problems, rows[0], "category", "", Message(expected, {**_named(rows[0]), "missing": missing}))
    unknown = int((margin.places < 0).sum()) - sum(outside.values())
    if unknown > MOST_UNKNOWN * len(responses):
        expected = N_("“{variable}”至多 {most} 的人没有回答（现在 {got} 份答卷里有 {unknown} 份）：换一个变量")
        params = {"most": f"{MOST_UNKNOWN:.0%}", "got": len(responses), "unknown": unknown}
        _say(problems, rows[0], "variable", rows[0].variable, Message(expected, {**_named(rows[0]), **params}))


def _outside(margin: GivenMargin, known: Mapping[str, str], responses: Sequence[StoredResponse]) -> Counter[str]:
    """Groups that respondents are in and that have no total -> how many of them."""
    codes = sorted(set(known.values()))
    places = places_of(margin.variable, [(code,) for code in codes], responses)
    lost = places[(margin.places < 0) & (places >= 0)].tolist()
    return Counter(codes[place] for place in lost)


def _left_out(margin: GivenMargin, population: Population) -> list[str]:
    """Communities with cases that have no total: their people would be in the other variables alone."""
    return sorted(population.fielded - {code for group in margin.groups for code in group.codes})


def _named(row: MarginRow) -> dict[str, object]:
    return {"variable": row.variable}


def _say(problems: list[Problem], row: MarginRow, column: str, got: str, expected: Message) -> None:
    problems.append(Problem(where=str(row.line), column=column, got=got, expected=expected))


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_MOST_NAMED]) + (" …" if len(listed) > _MOST_NAMED else "")
