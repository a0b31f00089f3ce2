"""Questionnaire -> XLSForm: what ODK and KoboToolbox route alike, and beside it all they have no words for."""

from collections.abc import Iterable, Mapping, Sequence

from questionnaires.definition import Indicator, Option, OptionKind, Questionnaire
from questionnaires.xlsform.languages import language_name
from questionnaires.xlsform.texts import number, wording
from questionnaires.xlsform.write_survey import choice_lists, conditions, survey_rows

Row = Mapping[str, str]
Rows = list[list[str]]

_CHOICES = ("list_name", "name", "label", "civ_kind", "civ_polarity", "civ_score", "civ_exclusive", "civ_open")
_SHEETS: Mapping[str, Sequence[str]] = {
    "survey": (
        *("type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance"),
        *("parameters", "civ_section", "civ_factual", "civ_words_of", "civ_scale", "civ_battery", "civ_module"),
        *("civ_modes", "civ_optional", "civ_reverse_order", "civ_department"),
    ),
    "choices": (*_CHOICES, "civ_terminate", "civ_read_aloud", "civ_decoy"),
    "settings": (
        *("form_title", "form_id", "version", "default_language", "civ_modes", "civ_target_minutes"),
        *("civ_one_page", "civ_languages"),
    ),
    "civ_sections": ("id", "factual", "label"),
    "civ_wordings": ("what", "name", "label"),
    "civ_indicators": ("code", "item", "set", "base", "codes", "label"),
    "civ_alternates": ("indicator", "name", "base", "codes"),
    "civ_checks": ("id", "item", "compare", "value", "other", "relevant", "hard", "label"),
    "civ_composites": ("code", "set", "parts", "label"),
}
#: Written where nothing stands in it too: without it a reader guesses which rows ask for the words of an option.
_ALWAYS = frozenset({"civ_words_of"})


def write_xlsform(questionnaire: Questionnaire) -> dict[str, Rows]:
    """The sheets of a workbook, each with its headings first; the reverse of ``read_xlsform``."""
    lists = choice_lists(questionnaire)
    rows: dict[str, Iterable[Row]] = {
        "survey": survey_rows(questionnaire, lists),
        "choices": [_choice(name, option) for name, options in dict(lists.values()).items() for option in options],
        "settings": [_settings(questionnaire)],
        "civ_sections": _sections(questionnaire),
        "civ_wordings": _wordings(questionnaire),
        "civ_indicators": [_indicator(indicator) for indicator in questionnaire.indicators],
        "civ_alternates": [
            {
                "indicator": indicator.code,
                "name": alternate.name.value,
                "base": alternate.base.value,
                "codes": _codes(alternate.codes),
            }
            for indicator in questionnaire.indicators
            for alternate in indicator.alternates
        ],
        "civ_checks": _checks(questionnaire),
        "civ_composites": [
            {
                "code": composite.code,
                "set": composite.set.value,
                "parts": ", ".join(f"{part.indicator} {number(part.weight)}" for part in composite.parts),
                **wording("label", composite.label),
            }
            for composite in questionnaire.composites
        ],
    }
    return {name: grid for name, columns in _SHEETS.items() if len(grid := _grid(columns, list(rows[name]))) > 1}


def _codes(codes: Iterable[int]) -> str:
    return " ".join(str(code) for code in sorted(codes))


def _grid(columns: Sequence[str], rows: Sequence[Row]) -> Rows:
    """Headings and cells, without the columns in which nothing stands."""
    used = {key for row in rows for key, text in row.items() if text}
    keys: list[str] = []
    used |= _ALWAYS.intersection(columns)
    for column in columns:
        further = sorted(key for key in used if key.startswith(f"{column}::"))
        ordered = [key for key in (f"{column}::zh_Hans", f"{column}::en") if key in used]
        keys += [column] if column in used else [*ordered, *(key for key in further if key not in ordered)]
    return [[_heading(key) for key in keys], *([row.get(key, "") for key in keys] for row in rows)]


def _heading(key: str) -> str:
    column, translated, tag = key.partition("::")
    return f"{column}::{language_name(tag)}" if translated else column


def _choice(list_name: str, option: Option) -> Row:
    return {
        "list_name": list_name,
        "name": str(option.code),
        **wording("label", option.text),
        "civ_kind": "" if option.kind is OptionKind.SUBSTANTIVE else option.kind.value,
        "civ_polarity": option.polarity.value if option.polarity else "",
        "civ_score": "" if option.score is None else number(option.score),
        "civ_exclusive": "yes" if option.exclusive else "",
        "civ_open": "yes" if option.open else "",
        "civ_terminate": "yes" if option.terminate else "",
        "civ_read_aloud": "" if option.read_aloud else "no",
        "civ_decoy": "yes" if option.decoy else "",
    }


def _indicator(indicator: Indicator) -> Row:
    return {
        "code": indicator.code,
        "item": indicator.item,
        "set": indicator.set.value,
        "base": indicator.base.value,
        "codes": _codes(indicator.codes),
        **wording("label", indicator.label),
    }


def _settings(questionnaire: Questionnaire) -> Row:
    return {
        "form_title": questionnaire.title.zh_Hans,
        "form_id": questionnaire.slug,
        "version": questionnaire.version,
        "default_language": language_name("zh_Hans"),
        "civ_modes": " ".join(questionnaire.modes),
        "civ_target_minutes": " ".join(str(minutes) for minutes in questionnaire.target_minutes or ()),
        "civ_one_page": "yes" if questionnaire.one_page else "",
        "civ_languages": " ".join(questionnaire.languages),
    }


def _sections(questionnaire: Questionnaire) -> list[Row]:
    """Only where the groups of the survey do not say all: sections without items, or in another order."""
    met = dict.fromkeys(item.section for item in questionnaire.items)
    if list(met) == [section.id for section in questionnaire.sections]:
        return []
    return [
        {"id": section.id, "factual": "yes" if section.factual else "", **wording("label", section.title)}
        for section in questionnaire.sections
    ]


def _wordings(questionnaire: Questionnaire) -> list[Row]:
    texts = [
        ("title", "", questionnaire.title),
        ("population", "", questionnaire.population),
        ("closing", "", questionnaire.closing),
        *(("introduction", mode, text) for mode, text in questionnaire.introductions.items()),
        *(("placeholder", name, text) for name, text in questionnaire.placeholders.items()),
    ]
    return [{"what": what, "name": name, **wording("label", text)} for what, name, text in texts]


def _checks(questionnaire: Questionnaire) -> list[Row]:
    return [
        {
            "id": check.id,
            "item": check.item,
            "compare": check.compare.value,
            "value": "" if check.value is None else str(check.value),
            "other": check.other or "",
            "relevant": conditions(check.ask_if, questionnaire.items_by_id),
            "hard": "yes" if check.hard else "",
            **wording("label", check.text),
        }
        for check in questionnaire.checks
    ]
