"""The ``choices`` sheet: lists of options."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from questionnaires.codes import whole_number
from questionnaires.definition import Option, OptionKind, Polarity, Text
from questionnaires.problems import N_
from questionnaires.recommended_options import NO_RECOMMENDATION, recommended
from questionnaires.scales import HIGHEST_CODE
from questionnaires.xlsform.grids import Line, Sheet

_OTHER = Text(zh_Hans="其他", en="Other")


@dataclass(frozen=True, kw_only=True)
class ChoiceList:
    """The options of one list; ``lines``: where each stands, ``names``: how each is called in expressions."""

    name: str
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    names: tuple[str, ...]

    @cached_property
    def codes(self) -> Mapping[str, int]:
        return {name: option.code for name, option in zip(self.names, self.options, strict=True)}

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        """The name of each by what it says, in Chinese or English."""
        pairs = list(zip(self.names, self.options, strict=True))
        return {text: name for name, option in pairs for text in (option.text.en, option.text.zh_Hans)}

    def with_other(self, line: Line) -> "ChoiceList":
        """What ``or_other`` adds: an open option at the end."""
        (code,) = _free_codes(1, [option.code for option in self.options])
        other = Option(code=code, text=_OTHER, open=True)
        return ChoiceList(
            name=self.name,
            options=(*self.options, other),
            lines=(*self.lines, line),
            names=(*self.names, "other"),
        )


def read_choices(sheet: Sheet) -> dict[str, ChoiceList]:
    """Every list of the sheet by its name."""
    lists: dict[str, list[Line]] = {}
    for line in sheet.lines:
        name = line.get("list_name")
        if not name:
            line.problem("list_name", N_("选项所属列表的名称"))
        else:
            lists.setdefault(name, []).append(line)
    return {name: _read_list(name, lines) for name, lines in lists.items()}


def find_list(name: str, lists: Mapping[str, ChoiceList] | None, line: Line) -> ChoiceList | None:
    """``lists`` ``None``: nobody can tell which there are."""
    if lists is None:
        return None
    found = lists.get(name)
    if found is None:
        if near := line.findings.near(name, lists):
            line.problem("type", N_("choices 里有的列表，也许是 {near}"), name, near=near)
        else:
            line.problem("type", N_("choices 里有的列表"), name)
    return found


def refuse_unused(lists: Iterable[ChoiceList], used: Collection[str]) -> None:
    for choices in lists:
        if choices.name not in used:
            choices.lines[0].problem("list_name", N_("survey 里有题目用的列表；不用的请删掉"))


def _read_list(name: str, lines: list[Line]) -> ChoiceList:
    names = tuple(line.get("name") for line in lines)
    options = tuple(_read_option(line, code) for line, code in zip(lines, _codes(name, lines), strict=True))
    seen: set[str] = set()
    for line, choice in zip(lines, names, strict=True):
        if not choice:
            line.problem("name", N_("选项代码"))
        elif choice in seen:
            line.problem("name", N_("列表 {list} 里没有用过的代码"), list=name)
        seen.add(choice)
    for position, mark in recommended([option.text for option in options]).items():
        lines[position].problem("label", NO_RECOMMENDATION, options[position].text.zh_Hans, mark=mark)
    return ChoiceList(name=name, options=options, lines=tuple(lines), names=names)


def _codes(name: str, lines: list[Line]) -> list[int]:
    """Whole numbers are the codes; other names get the smallest numbers left, in their order."""
    numbers = [whole_number(line.get("name")) for line in lines]
    free = iter(_free_codes(numbers.count(None), [number for number in numbers if number is not None]))
    found: list[int] = []
    renamed: list[str] = []
    for line, number in zip(lines, numbers, strict=True):
        code = next(free) if number is None else number
        found.append(code)
        if number is None:
            renamed.append(f"{line.get('name')[:30]} = {code}")
        elif not 0 <= number <= HIGHEST_CODE:
            line.problem("name", N_("{low} 到 {high} 之间的整数"), low=0, high=HIGHEST_CODE)
    if renamed:
        lines[0].note(
            "name", N_("列表 {list} 的选项代码是整数，所以编了号：{codes}"), list=name, codes="、".join(renamed)
        )
    return found


def _free_codes(count: int, taken: Collection[int]) -> list[int]:
    """The ``count`` smallest codes from 1 on that are not taken.

    >>> _free_codes(2, [1, 3, 98])
    [2, 4]
    """
    taken = set(taken)
    return [code for code in range(1, count + len(taken) + 1) if code not in taken][:count]


def _read_option(line: Line, code: int) -> Option:
    return Option(
        code=code,
        text=line.wording() or Text(zh_Hans="", en=""),
        kind=line.choice("civ_kind", OptionKind) or OptionKind.SUBSTANTIVE,
        polarity=line.choice("civ_polarity", Polarity),
        score=line.decimal("civ_score"),
        exclusive=line.flag("civ_exclusive"),
        open=line.flag("civ_open"),
        terminate=line.flag("civ_terminate"),
        read_aloud=line.flag("civ_read_aloud", default=True),
        decoy=line.flag("civ_decoy"),
    )
