"""The ``settings`` sheet, and what a form that was not written for us says nothing about."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from questionnaires.codes import whole_number
from questionnaires.definition import MODES, Text
from questionnaires.problems import N_
from questionnaires.reading import is_identifier
from questionnaires.xlsform.grids import Findings, Grid, Line, Sheet
from questionnaires.xlsform.languages import language_tag
from questionnaires.xlsform.read_extras import Wordings

_NO_MODES = N_(
    "没有写调查方式：只能用于导入的答卷；要开展调查，请写上方式（{modes}），"
    "并在工作表 civ_wordings 给每种方式写一行，what 为 introduction，name 为方式，label 为开场白"
)
#: For a form that says nothing of them. No mode needs an introduction that nobody wrote.
_MODES = ("imported",)
_POPULATION = Text(zh_Hans="（未写明）", en="(not stated)")
_CLOSING = Text(zh_Hans="谢谢您。", en="Thank you.")


@dataclass(frozen=True, kw_only=True)
class File:
    """What a form is called and dated by that says neither itself."""

    name: str
    day: date | None

    @property
    def stem(self) -> str:
        """The name without its ending.

        >>> File(name="居民 调查.xlsx", day=None).stem
        '居民 调查'
        """
        return PurePath(self.name).stem.strip()


@dataclass(frozen=True, kw_only=True)
class Settings:
    slug: str
    version: str
    title: Text
    population: Text
    closing: Text
    modes: tuple[str, ...]
    target_minutes: tuple[int, int] | None
    one_page: bool
    languages: tuple[str, ...]


def default_language(grid: Grid) -> str:
    """The tag of ``default_language``, which says what a column "label" without a language is in."""
    filled = [cells for _, cells in grid if any(cell.strip() for cell in cells)]
    if len(filled) < 2:
        return "zh_Hans"
    found = dict(zip((cell.strip().lower() for cell in filled[0]), filled[1], strict=False))
    return language_tag(found.get("default_language", "")) or "zh_Hans"


def settings_line(sheet: Sheet, findings: Findings) -> Line:
    """The one row of the sheet; an empty one for a form without."""
    for extra in sheet.lines[1:]:
        extra.problem("", N_("空着：settings 只有一行"), next(iter(extra.cells.values()), ""))
    return sheet.lines[0] if sheet.lines else Line(sheet="settings", number=0, cells={}, findings=findings)


def read_settings(line: Line, wordings: Wordings, findings: Findings, further: tuple[str, ...], file: File) -> Settings:
    """``further``: tags of the languages that labels are in beside Chinese and English."""
    return Settings(
        slug=_slug(line, file),
        version=_version(line, file),
        title=_title(line, wordings, file),
        population=_text("population", _POPULATION, wordings, findings),
        closing=_text("closing", _CLOSING, wordings, findings),
        modes=_modes(line),
        target_minutes=_minutes(line),
        one_page=line.flag("civ_one_page"),
        languages=line.words("civ_languages") or further,
    )


def _slug(line: Line, file: File) -> str:
    """As it stands; with _ for what an identifier cannot hold; or from the file's name."""
    given = line.get("form_id")
    if is_identifier(given):
        return given
    if slug := _identifier(given or file.stem) or ("" if given else "form"):
        line.note("form_id", N_("用了“{slug}”作编号"), slug=slug)
        return slug
    return given


def _identifier(text: str) -> str:
    """
    >>> _identifier("Form 18 (copy)"), _identifier("2026 居民"), _identifier("居民")
    ('Form_18_copy', 'form_2026', '')
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_-")
    return (plain if plain[:1].isalpha() or not plain else f"form_{plain}")[:40].rstrip("_-")


def _version(line: Line, file: File) -> str:
    given = line.get("version")
    if given or file.day is None:
        if not given:
            line.problem("version", N_("不能空着"))
        return given
    line.note("version", N_("没有写版本：用了导入那天的日期 {day}"), day=file.day.isoformat())
    return file.day.isoformat()


def _title(line: Line, wordings: Wordings, file: File) -> Text:
    title = line.cells.get("form_title", "")
    worded = wordings.texts.get(("title", ""))
    if worded is None and not title.strip():
        title = file.stem or "form"
        line.note("form_title", N_("没有写标题：用了“{title}”"), title=title)
    if worded is None:
        return Text(zh_Hans=title, en=title)
    if title and title.strip() != worded.zh_Hans.strip():
        line.problem("form_title", N_("和 civ_wordings 里 title 一样的文字：{title}"), title=worded.zh_Hans)
    return worded


def _text(what: str, default: Text, wordings: Wordings, findings: Findings) -> Text:
    if (what, "") in wordings.texts:
        return wordings.texts[what, ""]
    findings.note("civ_wordings", 0, what, "", N_("没有这段文字：用了“{text}”"), text=default.zh_Hans)
    return default


def _modes(line: Line) -> tuple[str, ...]:
    modes = line.words("civ_modes")
    if not modes:
        line.note("civ_modes", _NO_MODES, modes=" ".join(MODES))
    return modes or _MODES


def _minutes(line: Line) -> tuple[int, int] | None:
    words = line.words("civ_target_minutes")
    numbers = [whole_number(word) for word in words]
    if not words:
        return None
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        return numbers[0], numbers[1]
    line.problem("civ_target_minutes", N_("最短和最长两个分钟数，先短后长"))
    return None
