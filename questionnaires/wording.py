"""Filling the ``{placeholders}`` of a wording."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from questionnaires.definition import Item, Option, Questionnaire, Text

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(text: Text, placeholders: Mapping[str, Text | str]) -> Text:
    """``text`` with its ``{name}`` marks replaced; a mark nobody fills stays as it is.

    A plain string serves every language, unless ``name.en`` (or ``name.zh_Hans``, …) gives one of them its own. What
    was filled in is not searched again, so a value holding braces is harmless.

    >>> ask = Text(zh_Hans="我们市正在{campaign}文明城市", en="working to {campaign} a civilized city")
    >>> fill(ask, {"campaign": Text(zh_Hans="巩固", en="remain")}).en
    'working to remain a civilized city'
    >>> fill(ask, {"campaign": "巩固", "campaign.en": "remain"}).zh_Hans
    '我们市正在巩固文明城市'
    """
    if not any("{" in wording for wording in (text.zh_Hans, text.en, *(part for _, part in text.others))):
        return text
    return Text(
        zh_Hans=_fill(text.zh_Hans, placeholders, "zh_Hans"),
        en=_fill(text.en, placeholders, "en"),
        others=tuple((tag, _fill(wording, placeholders, tag)) for tag, wording in text.others),
    )


def fill_questionnaire(questionnaire: Questionnaire, placeholders: Mapping[str, Text | str]) -> Questionnaire:
    """The questionnaire as people read it: every wording that somebody sees or hears filled."""
    return replace(
        questionnaire,
        items=tuple(fill_item(item, placeholders) for item in questionnaire.items),
        checks=tuple(replace(check, text=fill(check.text, placeholders)) for check in questionnaire.checks),
        introductions={mode: fill(text, placeholders) for mode, text in questionnaire.introductions.items()},
        closing=fill(questionnaire.closing, placeholders),
    )


def fill_item(item: Item, placeholders: Mapping[str, Text | str]) -> Item:
    """The item, its options and its note filled; itself where there is nothing to fill, as with nearly all."""
    note = fill(item.interviewer_note, placeholders) if item.interviewer_note else None
    text = fill(item.text, placeholders)
    options = tuple(fill_option(option, placeholders) for option in item.options)
    if text is item.text and note is item.interviewer_note and options == item.options:
        return item
    return replace(item, text=text, options=options, interviewer_note=note)


def fill_option(option: Option, placeholders: Mapping[str, Text | str]) -> Option:
    text = fill(option.text, placeholders)
    return option if text is option.text else replace(option, text=text)


@dataclass(frozen=True, kw_only=True)
class MissingWording:
    """A wording without ``language``; ``place`` and ``field`` as in a problem of the file."""

    place: str
    field: str
    language: str


def missing_wordings(questionnaire: Questionnaire) -> list[MissingWording]:
    """Where something that is read or said lacks one of the questionnaire's further languages.

    No error: there Chinese is shown. In the order of the file, by place and then by language.
    """
    return [
        MissingWording(place=place, field=field, language=language)
        for place, field, text in said(questionnaire)
        for language in questionnaire.languages
        if language not in dict(text.others)
    ]


def said(questionnaire: Questionnaire) -> Iterator[tuple[str, str, Text]]:
    """Place, field and wording of everything that respondents or interviewers get to read."""
    for name, text in (("title", questionnaire.title), ("closing", questionnaire.closing)):
        yield "instrument", name, text
    for mode, text in questionnaire.introductions.items():
        yield "introductions", mode, text
    for name, text in questionnaire.placeholders.items():
        yield "placeholders", name, text
    for section in questionnaire.sections:
        yield f"section {section.id}", "", section.title
    for item in questionnaire.items:
        yield item.id, "", item.text
        for position, option in enumerate(item.options):
            yield item.id, f"options[{position}]", option.text
        if item.interviewer_note:
            yield item.id, "interviewer_note", item.interviewer_note
    for check in questionnaire.checks:
        yield f"check {check.id}", "", check.text


def placeholder_names(wording: str) -> set[str]:
    """The names marked in one wording.

    >>> sorted(placeholder_names("受{sponsor}委托,电话{telephone}"))
    ['sponsor', 'telephone']
    """
    return set(_PLACEHOLDER.findall(wording))


def stray_braces(wording: str) -> bool:
    """Whether braces remain that are no placeholder.

    >>> stray_braces("{sponsor}"), stray_braces("{Sponsor"), stray_braces("{}")
    (False, True, True)
    """
    rest = _PLACEHOLDER.sub("", wording)
    return "{" in rest or "}" in rest


def _fill(wording: str, placeholders: Mapping[str, Text | str], language: str) -> str:
    def replace(mark: re.Match[str]) -> str:
        name = mark.group(1)
        value = placeholders.get(f"{name}.{language}", placeholders.get(name))
        if value is None:
            return mark.group(0)
        return value.in_language(language) if isinstance(value, Text) else value

    return _PLACEHOLDER.sub(replace, wording)
