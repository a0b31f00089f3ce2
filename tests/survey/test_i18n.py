"""The catalogue: every Chinese text a reader may meet has its English, with the same named places."""

import re
import string
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.extract import extract_from_dir

from survey.config import ROOT
from survey.i18n import _catalogue, choose_language, render, translate
from survey.messages import Message

METHODS = [
    ("survey/**.py", "python"),
    ("questionnaires/**.py", "python"),
    ("analysis/**.py", "python"),
    ("templates/**.html", "jinja2"),
]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS: dict[str, None] = {"N_": None, "_": None, "say": None, "translate": None}
#: Chinese, or places alone: "{number}{unit}" needs a blank in English.
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]|\}[^\w]*\{")


@cache
def source_texts() -> tuple[tuple[str, str], ...]:
    """(place, msgid) of every text marked for translation."""
    return tuple(_extracted())


def _extracted() -> Iterator[tuple[str, str]]:
    for folder in ("survey", "questionnaires", "analysis", "templates"):
        for file, line, text, _, _ in extract_from_dir(
            ROOT / folder,
            method_map=[(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS],
            options_map={pattern.removeprefix("templates/"): options for pattern, options in OPTIONS.items()},
            keywords=KEYWORDS,
        ):
            if isinstance(text, str) and CHINESE.search(text):
                yield f"{folder}/{file}:{line}", text


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_source_text_has_its_english() -> None:
    catalogue = _catalogue("en")
    texts = source_texts()
    assert len(texts) > 300, "the extraction found next to nothing: it is broken"
    missing = [f"{place}  {text}" for place, text in texts if text not in catalogue]
    assert missing == []


def test_nothing_is_left_over_in_the_catalogue() -> None:
    used = {text for _, text in source_texts()}
    assert sorted(set(_catalogue("en")) - used) == []


def test_a_translation_fills_the_same_places() -> None:
    catalogue = dict(_catalogue("en"))
    # English spells the month out.
    assert places(catalogue.pop("{year}年{month}月{day}日")) == {"day", "name", "year"}
    assert [(text, english) for text, english in catalogue.items() if places(text) != places(english)] == []


def test_chinese_texts_use_full_width_punctuation() -> None:
    narrow = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
    assert [text for _, text in source_texts() if narrow.search(text)] == []


def test_a_missing_translation_stays_chinese() -> None:
    assert translate("没有这句话的译文", "en") == "没有这句话的译文"


def test_messages_inside_messages_are_rendered_in_the_same_language() -> None:
    message = Message("轮次的状态是“{state}”，不能改为“{wanted}”", {"state": Message("已结束"), "wanted": "x"})
    assert "已结束" in render(message, "zh_Hans")
    assert "已结束" not in render(message, "en")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh_Hans"),
        ("zh-TW", "zh_Hans"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.2,zh-Hant-HK;q=0.3", "zh_Hans"),
        ("fr-FR,de;q=0.5", "zh_Hans"),
        ("", "zh_Hans"),
        ("en;q=broken,zh;q=0.1", "zh_Hans"),
        ("*", "zh_Hans"),
    ],
)
def test_the_browser_gets_chinese_unless_it_asks_for_english(header: str, language: str) -> None:
    assert choose_language(header) == language
