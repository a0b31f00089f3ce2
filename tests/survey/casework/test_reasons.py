"""A reason has some words."""

import pytest

from survey.casework.reasons import read_reason
from survey.messages import BadInput, Message

WANTED = Message("请写明理由")


@pytest.mark.parametrize(
    "text",
    [
        "漏了一栋",
        "漏了 3 栋",
        "  抽样框\n漏了一栋 ",
        "停刊 suspended",
        "two blocks missing",
        "пропущен дом",
        "重复 7 户",
    ],
)
def test_what_says_something(text: str) -> None:
    assert read_reason(text, WANTED) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["x", "z.", "不好", "停刊", "mistake", "哈哈哈哈", "aaaaaaaaaaaa", "1234567890", "。。。。。", "好 1 2 3"]
)
def test_what_says_nothing(text: str) -> None:
    with pytest.raises(BadInput, match="太短：至少 4 个汉字或 10 个字母"):
        read_reason(text, WANTED)


@pytest.mark.parametrize("text", ["", " \n", "错" * 501, "漏了一栋\u200b楼"])
def test_what_cannot_be_kept(text: str) -> None:
    with pytest.raises(BadInput, match="请写明理由"):
        read_reason(text, WANTED)
