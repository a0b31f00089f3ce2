"""The ``settings`` sheet, and what a form that was not written for us says nothing about."""

from dataclasses import dataclass

from questionnaires.codes import whole_number
from questionnaires.definition import MODES, Text
from questionnaires.problems import N_
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


def read_settings(sheet: Sheet, wordings: Wordings, findings: Findings, further: tuple[str, ...]) -> Settings | None:
    """``further``: tags of the languages that labels are in beside Chinese and English."""
    if not sheet.lines:
        findings.problem("settings", 0, "", "", N_("有 form_id、version 和 form_title 的一张工作表"))
        return None
    line = sheet.lines[0]
    for extra in sheet.lines[1:]:
        extra.problem("", N_("空着：settings 只有一行"), next(iter(extra.cells.values()), ""))
    for column in ("form_id", "version"):
        if not line.get(column):
            line.problem(column, N_("不能空着"))
    return Settings(
        slug=line.get("form_id"),
        version=line.get("version"),
        title=_title(line, wordings),
        population=_text("population", _POPULATION, wordings, findings),
        closing=_text("closing", _CLOSING, wordings, findings),
        modes=_modes(line),
        target_minutes=_minutes(line),
        one_page=line.flag("civ_one_page"),
        languages=line.words("civ_languages") or further,
    )


def _title(line: Line, wordings: Wordings) -> Text:
    title = line.cells.get("form_title", "")
    worded = wordings.texts.get(("title", ""))
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
