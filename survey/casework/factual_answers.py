"""The factual answers of an interview: all that a supervisor sees of what was said, never an opinion."""

from dataclasses import dataclass

from questionnaires.definition import Item, ItemType, Questionnaire, Text
from questionnaires.reading import is_day
from questionnaires.routing import chosen_codes
from survey.fieldwork.payloads import InterviewPayload


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A factual item and what was answered."""

    question: Text
    answer: Text | None  # None: no usable answer


def read_facts(questionnaire: Questionnaire, payload: InterviewPayload) -> tuple[Fact, ...]:
    """Of the sections that the questionnaire calls factual."""
    factual = {section.id for section in questionnaire.sections if section.factual}
    return tuple(
        Fact(question=item.text, answer=_answer(item, payload.answers[item.id]))
        for item in questionnaire.items
        if item.section in factual and item.id in payload.answers and item.type not in (ItemType.TEXT, ItemType.NOTE)
    )


def given_codes(answer: object) -> tuple[int, ...]:
    """The options that an answer chose."""
    return tuple(code for code in chosen_codes(answer) if isinstance(code, int))


def _answer(item: Item, answer: object) -> Text | None:
    if item.type is ItemType.NUMBER:
        return Text(zh_Hans=str(answer), en=str(answer)) if isinstance(answer, int) else None
    if item.type is ItemType.DATE:
        return Text(zh_Hans=answer, en=answer) if is_day(answer) else None
    texts = [option.text for code in given_codes(answer) if (option := item.option(code)) is not None]
    if not texts:
        return None
    return Text(zh_Hans="、".join(text.zh_Hans for text in texts), en=", ".join(text.en for text in texts))
