"""Filling the ``{placeholders}`` of a wording."""

import re
from collections.abc import Mapping
from dataclasses import replace

from questionnaires.definition import Questionnaire, Text

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(text: Text, placeholders: Mapping[str, Text | str]) -> Text:
    """``text`` with its ``{name}`` marks replaced; a mark nobody fills stays as it is.

    A plain string serves both languages, unless ``name.en`` (or ``name.zh_Hans``) gives one of them its own. What
    was filled in is not searched again, so a value holding braces is harmless.

    >>> ask = Text(zh_Hans="我们市正在{campaign}文明城市", en="working to {campaign} a civilized city")
    >>> fill(ask, {"campaign": Text(zh_Hans="巩固", en="remain")}).en
    'working to remain a civilized city'
    >>> fill(ask, {"campaign": "巩固", "campaign.en": "remain"})
    Text(zh_Hans='我们市正在巩固文明城市', en='working to remain a civilized city')
    """
    return Text(
        zh_Hans=_fill(text.zh_Hans, placeholders, "zh_Hans"),
        en=_fill(text.en, placeholders, "en"),
    )


def fill_questionnaire(questionnaire: Questionnaire, placeholders: Mapping[str, Text | str]) -> Questionnaire:
    """The questionnaire as people read it: every wording of items, options, introductions and closing filled."""
    items = tuple(
        replace(
            item,
            text=fill(item.text, placeholders),
            options=tuple(replace(option, text=fill(option.text, placeholders)) for option in item.options),
            interviewer_note=fill(item.interviewer_note, placeholders) if item.interviewer_note else None,
        )
        for item in questionnaire.items
    )
    return replace(
        questionnaire,
        items=items,
        introductions={mode: fill(text, placeholders) for mode, text in questionnaire.introductions.items()},
        closing=fill(questionnaire.closing, placeholders),
    )


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
