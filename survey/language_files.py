"""Languages as data: ``survey/languages/<tag>.toml`` says what a language is called and how its writing is set.

Chinese and English are the site's own: every page exists in them. Any other is offered to residents where the
questionnaire they answer declares it, and needs no code: a file here, ``translations/<tag>.po`` for the words of the
pages (what it lacks is shown in the ``fallback``, in the end in Chinese), and wordings in the instrument.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "languages"
#: What the code calls the source, whose tag is ``zh-Hans``.
SOURCE = "zh_Hans"
#: Whole sites exist in these.
OWN = (SOURCE, "en")
_TAG = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_FONT = re.compile(r"[\w .-]+")


class Direction(StrEnum):
    LTR = "ltr"
    RTL = "rtl"


class WritingMode(StrEnum):
    """As CSS calls them."""

    HORIZONTAL = "horizontal-tb"
    VERTICAL_LR = "vertical-lr"


@dataclass(frozen=True, kw_only=True)
class Language:
    """``fonts``: none: those of the style sheet. ``line_height``: 0: that of the style sheet. ``accepts``: the first
    subtags of ``Accept-Language`` that wish for it. ``fallback``: ``zh-Hans`` or ``en``, for words that are missing."""

    tag: str
    name: str
    direction: Direction = Direction.LTR
    writing_mode: WritingMode = WritingMode.HORIZONTAL
    fonts: tuple[str, ...] = ()
    line_height: float = 0
    accepts: tuple[str, ...] = ()
    fallback: str = ""

    @property
    def code(self) -> str:
        """What the code, the cookies and the questionnaires call it: its tag, but for the source."""
        return code_of(self.tag)

    @property
    def is_vertical(self) -> bool:
        return self.writing_mode is not WritingMode.HORIZONTAL

    @property
    def is_set_apart(self) -> bool:
        """It is not set as Chinese and English are, and has a class in the style sheet of languages."""
        return bool(self.fonts or self.line_height or self.is_vertical)


def code_of(tag: str) -> str:
    """
    >>> code_of("zh-Hans"), code_of("mn-Mong")
    ('zh_Hans', 'mn-Mong')
    """
    return SOURCE if tag == "zh-Hans" else tag


@cache
def known_languages() -> Mapping[str, Language]:
    """Code -> language of every file, the site's own first. Raises :class:`ValueError` for a file that says nothing
    usable, with what was expected."""
    found = {language.code: language for path in sorted(FOLDER.glob("*.toml")) for language in [_read(path)]}
    if wrong := [one.tag for one in found.values() if one.fallback and code_of(one.fallback) not in OWN]:
        raise ValueError(f"{FOLDER}: got another fallback for {wrong}, expected zh-Hans or en, which lack nothing")
    if missing := [code for code in OWN if code not in found]:
        raise ValueError(f"{FOLDER}: got no language file for {missing}, expected one for each of {OWN}")
    return {code: found[code] for code in (*OWN, *(code for code in found if code not in OWN))}


@cache
def style_sheet() -> str:
    """One class ``language-<tag>`` for the root of a page in each language that is not set as the site's own are."""
    return "".join(_rules(language) for language in known_languages().values() if language.is_set_apart)


@cache
def style_sheet_version() -> str:
    return hashlib.sha256(style_sheet().encode()).hexdigest()[:12]


def _rules(language: Language) -> str:
    """GOV.UK's classes name the height of lines themselves, so theirs are named too."""
    root = f".language-{language.tag}"
    lines = []
    if language.fonts:
        names = ", ".join(f'"{name}"' for name in language.fonts)
        lines.append(f"{root} body {{ font-family: {names}, system-ui, sans-serif; }}\n")
    if language.line_height:
        lines.append(f'{root} body, {root} [class*="govuk-"] {{ line-height: {language.line_height:g}; }}\n')
    if language.is_vertical:
        lines.append(f"{root} {{ writing-mode: {language.writing_mode}; text-orientation: mixed; }}\n")
    return "".join(lines)


def _read(path: Path) -> Language:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        language = _language(raw)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if language.tag != path.stem:
        raise ValueError(f"{path}: got the tag {language.tag!r}, expected the name of the file")
    return language


def _language(raw: Mapping[str, object]) -> Language:
    known = {field.name for field in fields(Language)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"got {', '.join(unknown)}, expected only {', '.join(sorted(known))}")
    language = Language(
        tag=_text(raw, "tag"),
        name=_text(raw, "name"),
        direction=Direction(_text(raw, "direction", Direction.LTR)),
        writing_mode=WritingMode(_text(raw, "writing_mode", WritingMode.HORIZONTAL)),
        fonts=_texts(raw, "fonts"),
        line_height=_number(raw, "line_height"),
        accepts=_texts(raw, "accepts"),
        fallback=_text(raw, "fallback", ""),
    )
    if not _TAG.fullmatch(language.tag):
        raise ValueError(f"got the tag {language.tag!r}, expected one such as bo or mn-Mong")
    if wrong := [name for name in language.fonts if not _FONT.fullmatch(name)]:
        raise ValueError(f"got the font {wrong[0]!r}, expected letters, digits, blanks, dots and hyphens")
    if language.line_height and not 1 <= language.line_height <= 4:
        raise ValueError(f"got line_height {language.line_height}, expected 1 to 4, as a multiple of the type size")
    return language


def _text(raw: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = raw.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ValueError(f"got {key} = {value!r}, expected words")
    return value


def _texts(raw: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"got {key} = {value!r}, expected a list of words")
    return tuple(value)


def _number(raw: Mapping[str, object], key: str) -> float:
    value = raw.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"got {key} = {value!r}, expected a number")
    return float(value)
