"""What a letter says stays on its sheet, as far down as the text that is allowed reaches."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from questionnaires.definition import Text
from questionnaires.loading import BUILT_IN, load_file
from survey.messages import BadInput
from survey.reports.introductions import introduction
from survey.reports.letter_pdf import print_letters
from survey.reports.letter_sheets import SIZES, compose_letters, sizes_for
from survey.waves import Approval, Mode, WaveDetails
from tests.daily import first

DETAILS = WaveDetails(
    sponsor="云城市云安区精神文明建设委员会办公室",
    fieldwork="云城市云安区社情民意调查中心",
    telephone="0763-1234567",
    approval=Approval.APPROVED,
    approval_no="云统制〔2026〕1号",
    form_no="云调1号表",
)
RIGHTS = "https://minyi.yuncheng-yunan.example/rights/123"
#: From the top, in points: the second fold, and what printers leave white at the bottom.
FOLD, BOTTOM = 561, 825


def text_of(chinese: int, english: int) -> Text:
    return Text(zh_Hans="查" * chinese, en=("the survey asks what residents think of it " * 60)[:english])


def ends(told: Text, folder: Path) -> list[float]:
    """How far down the legal standing comes, which is told last: in Chinese, in English."""
    letters = compose_letters(
        [("花园小区 3 栋 2 单元 501", "A" * 16)],
        community="东风社区",
        details=DETAILS,
        introduction=told,
        entrance="https://minyi.yuncheng-yunan.example/a",
        rights=RIGHTS,
    )
    (folder / "letter.pdf").write_bytes(print_letters(letters)[0].content)
    command = ["pdftotext", "-bbox", folder / "letter.pdf", "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert words.count("<page ") == 1
    assert words.count(RIGHTS) == 1
    return [float(found) for found in re.findall(r'yMax="([\d.]+)">云统制', words)]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
@pytest.mark.parametrize(("chinese", "english"), first(1, [(most, letters) for _, most, letters in SIZES]))
def test_the_longest_text_of_each_size_is_printed_to_its_end(chinese: int, english: int, tmp_path: Path) -> None:
    in_chinese, in_english = ends(text_of(chinese, english), tmp_path)
    assert in_chinese < FOLD
    assert in_english < BOTTOM


@pytest.mark.parametrize("slug", sorted(BUILT_IN))
def test_built_in_introductions_are_in_the_largest_type_in_chinese(slug: str) -> None:
    assert sizes_for(introduction(load_file(BUILT_IN[slug]), Mode.WEB_TOKEN, DETAILS))[0] == "normal"


def test_the_type_is_chosen_for_each_language_alone() -> None:
    assert sizes_for(text_of(300, 1900)) == ("normal", "smaller")
    assert sizes_for(text_of(900, 10)) == ("smaller", "normal")
    with pytest.raises(BadInput, match="1001"):
        sizes_for(text_of(1001, 10))
