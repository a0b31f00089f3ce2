"""The rows of the ``survey`` sheet, and which list of choices each item takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from questionnaires.definition import Check, Condition, Item, ItemType, Option, Questionnaire, Text, open_key
from questionnaires.xlsform.conditions import write_chosen, write_condition, write_screening
from questionnaires.xlsform.constraints import write_constraint
from questionnaires.xlsform.row_types import NAMES
from questionnaires.xlsform.texts import wording

Row = Mapping[str, str]
Lists = Mapping[str, tuple[str, tuple[Option, ...]]]
#: A text of more characters gets a box of several lines.
_ONE_LINE = 100


def choice_lists(questionnaire: Questionnaire) -> Lists:
    """Item id -> the name of its list and its options; items with the same scale share one."""
    taken: dict[str, tuple[Option, ...]] = {}
    found: dict[str, tuple[str, tuple[Option, ...]]] = {}
    for item in questionnaire.items:
        if item.options:
            names = _candidates(item)
            name = next(name for name in names if taken.get(name, item.options) == item.options)
            taken[name] = item.options
            found[item.id] = name, item.options
    return found


def _candidates(item: Item) -> Iterator[str]:
    yield from (name for name in (item.scale, item.id) if name)
    number = 2
    while True:
        yield f"{item.id}_{number}"
        number += 1


def conditions(asked: Iterable[Condition], items: Mapping[str, Item]) -> str:
    """All of them as one text."""
    return " and ".join(write_condition(condition, items[condition.item]) for condition in asked)


def survey_rows(questionnaire: Questionnaire, lists: Lists) -> Iterator[Row]:
    """A group for each run of items of one section."""
    names = _Names(questionnaire)
    sections = {section.id: section for section in questionnaire.sections}
    ended: list[Item] = []
    for section_id, run in groupby(questionnaire.items, key=lambda item: item.section):
        section = sections[section_id]
        name = names.new(section_id)
        yield {
            "type": "begin_group",
            "name": name,
            **wording("label", section.title),
            "relevant": " and ".join(write_screening(item) for item in ended),
            "civ_section": section_id if name != section_id else "",
            "civ_factual": "yes" if section.factual else "",
        }
        here: list[Item] = []
        for item in run:
            yield _item_row(questionnaire, item, here, lists)
            yield from _words_rows(item, names)
            if item.terminating_codes:
                here.append(item)
        ended += here
        yield {"type": "end_group", "name": name}


class _Names:
    """Names of rows that are no items; no row may have the name of another."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._taken = {item.id for item in questionnaire.items}

    def new(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self._taken.add(name)
        return name


def _item_row(questionnaire: Questionnaire, item: Item, ended: Sequence[Item], lists: Lists) -> Row:
    items = questionnaire.items_by_id
    checks = [check for check in questionnaire.checks if check.item == item.id and check.hard]
    list_name = lists[item.id][0] if item.id in lists else ""
    relevant = [write_screening(one) for one in ended]
    relevant += [write_condition(condition, items[condition.item]) for condition in item.ask_if]
    long = item.type is ItemType.TEXT and (item.max_chars or _ONE_LINE + 1) > _ONE_LINE
    return {
        "type": f"{NAMES[item.type]} {list_name}".strip(),
        "name": item.id,
        **wording("label", item.text),
        **wording("hint", item.interviewer_note),
        "required": "yes" if item.required else "",
        "relevant": " and ".join(relevant),
        "constraint": write_constraint(item, checks, items),
        **wording("constraint_message", constraint_message(checks)),
        "appearance": "multiline" if long else "",
        "parameters": "randomize=true" if item.random_order else "",
        "civ_scale": item.scale or "",
        "civ_battery": item.battery or "",
        "civ_module": item.module or "",
        "civ_modes": " ".join(item.modes),
        "civ_optional": "yes" if item.optional else "",
        "civ_reverse_order": "yes" if item.reverse_order else "",
        **wording("civ_department", item.department),
    }


def constraint_message(checks: Sequence[Check]) -> Text | None:
    """What all of them say, one a line; in a further language where each of them says it."""
    if not checks:
        return None
    tags = [tag for tag, _ in checks[0].text.others if all(tag in dict(check.text.others) for check in checks)]
    return Text(
        zh_Hans="\n".join(check.text.zh_Hans for check in checks),
        en="\n".join(check.text.en for check in checks),
        others=tuple((tag, "\n".join(check.text.in_language(tag) for check in checks)) for tag in tags),
    )


def _words_rows(item: Item, names: _Names) -> Iterator[Row]:
    """A box for the words of each open option; it is headed by the option."""
    for option in item.options:
        if option.open:
            yield {
                "type": "text",
                "name": names.new(f"{item.id}_{option.code}_words"),
                **wording("label", option.text),
                "relevant": write_chosen(item, option.code),
                "civ_words_of": open_key(item.id, option.code),
            }
