"""The embedded font: what is in it, and that everything the program prints by itself is."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from survey.config import ROOT
from survey.reports.document import FONT_FAMILY
from survey.reports.pdf import FONT_FILES, FONTS, replace_missing

CHARACTERS = frozenset((FONTS / "characters.txt").read_text(encoding="utf-8")) - {"\n"}


@pytest.mark.parametrize("name", FONT_FILES)
def test_the_list_of_characters_is_what_the_file_holds(name: str) -> None:
    with TTFont(FONTS / name, lazy=True) as font:
        assert {chr(code) for code in font.getBestCmap()} == CHARACTERS
        assert font["name"].getDebugName(1) == FONT_FAMILY
        assert "Source" not in font["name"].getDebugName(4)


def test_the_licence_stands_beside_it() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_the_national_and_the_common_traditional_sets_are_whole() -> None:
    simplified = {
        bytes([lead, trail]).decode("gb2312", "ignore") for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF)
    }
    traditional = {
        bytes([lead, trail]).decode("big5", "ignore")
        for lead in range(0xA4, 0xC7)
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    }
    assert len(simplified - {""}) == 6763
    han = {c for c in simplified | traditional if "\u4e00" <= c <= "\u9fff"}
    assert len(han) > 8000
    assert han <= CHARACTERS
    assert set("≥≤±×÷−□①②③④⑤⑥⑦⑧⑨⑩←→▲▼○●◇≈†—–…‰℃㎡“”‘’《》〔〕（），。：；？！、 ") <= CHARACTERS


def texts_of_programs() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "survey").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                found |= {
                    arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    for path in (ROOT / "templates" / "reports").glob("*.html"):
        found |= set(re.findall(r'_\("([^"]*)"\)', path.read_text(encoding="utf-8")))
    catalogue = ROOT / "survey" / "translations" / "en.po"
    return found | {catalogue.read_text(encoding="utf-8").replace("\n", "")}


@pytest.mark.slow
def test_every_text_of_the_program_can_be_printed() -> None:
    texts = texts_of_programs()
    assert len(texts) > 50
    assert {text: missing for text in texts if (missing := replace_missing(text)[1])} == {}


def wordings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in wordings(part)]
    return [text for part in value for text in wordings(part)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "questionnaires" / "instruments").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_wording_of_the_instruments_can_be_printed(path: Path) -> None:
    texts = wordings(tomllib.loads(path.read_text(encoding="utf-8")))
    assert replace_missing("".join(texts).replace("\n", ""))[1] == ""
