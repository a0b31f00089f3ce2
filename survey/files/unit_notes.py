"""Rows of a table that hold no unit: sums, remarks, columns numbered for the printer."""

import re
from collections.abc import Sequence

from survey.files.unit_values import plain

_TOTAL = re.compile(r".{0,20}(合计|小计|总计|共计|累计):?[0-9.,]*[户人套间栋件个]*")
_NOTE_WORDS = re.compile(
    r"必填|选填|填写|例如|如:|示例|说明|格式|位数字|不填|文本|可填|可选|请|注:|单选|下拉|长度|可空"
)
_FOOT = re.compile(r"(注|说明|备注|填表|制表|审核|单位负责人|统计负责人|填报|报送|联系人|复核|经办|日期).{0,6}:")
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row adds others up.

    >>> is_total(["东风社区小计", "", "120"]), is_total(["设计院小区", "3", "101"])
    (True, False)
    """
    if "计" not in "".join(cells):
        return False
    return any(_TOTAL.fullmatch("".join(plain(cell).split())) for cell in cells)


def is_foot(texts: Sequence[str]) -> bool:
    """Whether a row begins like what stands under a table: who filled it in, remarks.

    >>> is_foot(["填表人：王某", "审核：李某"]), is_foot(["东风社区", "101"])
    (True, False)
    """
    return _FOOT.match(plain(texts[0])) is not None


def is_guide(texts: Sequence[str]) -> bool:
    """Whether the filled cells of the row under a header say how to fill in the table.

    >>> is_guide(["12位数字", "必填", "如：3栋"]), is_guide(["甲", "乙", "1", "2"]), is_guide(["东风社区", "3", "101"])
    (True, True, False)
    """
    texts = [plain(text) for text in texts]
    return _are_ordinals(texts) or sum(bool(_NOTE_WORDS.search(text)) for text in texts) * 2 >= len(texts)


def _are_ordinals(texts: Sequence[str]) -> bool:
    """Whether a row only numbers the columns."""
    marks = [text.strip("()") for text in texts]
    words = [mark for mark in marks if mark and mark in _ORDINALS]
    numbers = [mark for mark in marks if mark not in words]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(texts) >= 3 and "".join(words) == _ORDINALS[: len(words)] and numbers == counted
