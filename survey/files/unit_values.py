"""What stands in the cells of a file of units, read the way people write it.

Every reader takes what :func:`plain` made of the cell, and raises :class:`Unfit` with what was expected instead.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from survey.files.cells import unprotect
from survey.files.csv_files import damaged_by_spreadsheet
from survey.messages import N_, Message
from survey.units import UnitStatus

#: One row with ranges may stand for so many units.
MOST_PER_ROW = 500
LONGEST_TEXT = 100
MOST_RESIDENTS = 9999

STATUS_WORDS: Mapping[UnitStatus, tuple[str, ...]] = {
    UnitStatus.OWNED: (
        "自住", "自用", "自有", "自有住房", "自住房", "业主自住", "常住", "居住", "居住中", "在住", "已入住", "入住",
        "有人居住", "有人", "住人", "家属住",
    ),
    UnitStatus.RENTED: ("出租", "租住", "租赁", "出租房", "出租屋", "租房", "已出租", "群租", "群租房", "合租", "租户"),
    UnitStatus.VACANT: (
        "空置", "空房", "空户", "空", "空置房", "空置户", "空关", "无人居住", "无人", "未入住", "未住人", "闲置",
        "待租", "待售", "未售",
    ),
    UnitStatus.COMMERCIAL: (
        "商用", "商铺", "店铺", "门面", "门店", "门市", "商业", "经营", "经营性", "经营性用房", "商业用房", "营业",
        "办公", "办公用房", "非住宅", "仓库", "车库", "厂房", "公司", "商服",
    ),
    UnitStatus.DEMOLISHED: ("拆除", "已拆除", "已拆", "拆迁", "已拆迁", "灭失", "已灭失", "倒塌", "不存在"),
    UnitStatus.UNKNOWN: (
        "未知", "不详", "不明", "不清楚", "其他", "其它", "住宅", "住房", "民用", "居住用房", "商住", "商住两用",
        "待核实",
    ),
}  # fmt: skip
_STATUS = {word: status for status, words in STATUS_WORDS.items() for word in (*words, status.value)}

#: Field -> what may stand behind its number without saying more than the column does.
_COUNTERS = {
    "building": ("栋",),
    "entrance": ("单元",),
    "floor": ("层", "楼", "F", "f"),
    "room": ("室",),
    "group": ("组",),
    "serial": ("号",),
}
#: Fields in which ``1-5`` means each of them.
RANGES = frozenset({"floor", "room"})

_BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
_DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?|([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( .*)?")
_RANGE = re.compile(r"([A-Za-z]?)(-?[0-9]{1,6})(?:-|~|～|至|到|—|–|−)([A-Za-z]?)(-?[0-9]{1,6})")
_RUNS = re.compile(r"([0-9]+|[一二三四五六七八九十]+)")
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}

NaturalKey = tuple[tuple[int, int, str], ...]


class Unfit(Exception):
    """A value that cannot be read; ``expected`` says what would be."""

    def __init__(self, expected: Message) -> None:
        super().__init__(str(expected))
        self.expected = expected


def plain(text: str) -> str:
    """One line in plain characters: full-width digits, letters and brackets made half-width, controls left out.

    >>> plain(" ３ 栋\\n（东）\\x07")
    '3 栋 (东)'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def read_text(field: str, text: str) -> str:
    """A field of an address, as long as it may be: ``3栋`` of the building is ``3``.

    >>> read_text("building", "3栋"), read_text("building", "A座"), read_text("floor", "5楼")
    ('3', 'A座', '5')
    """
    if len(text) > LONGEST_TEXT:
        raise Unfit(Message(N_("最多 {most} 个字"), {"most": LONGEST_TEXT}))
    if "+" in text and damaged_by_spreadsheet(text):
        raise Unfit(Message(N_("完整的编号；Excel 把它变成了科学计数，末几位已丢失：把该列设为文本，从原表重新粘贴")))
    text = unprotect(text)  # what is kept is never taken for something protected when it comes back from an export
    for counter in _COUNTERS.get(field, ()):
        if text.endswith(counter) and text[: -len(counter)].lstrip("-").isdecimal():
            return text[: -len(counter)]
    return text


def refuse_date(text: str) -> None:
    """Raise where a spreadsheet took a number such as ``3-2`` for a day."""
    if _ISO.fullmatch(text):
        raise Unfit(Message(N_("楼栋、单元、楼层或房号；Excel 把它变成了日期：把该列设为文本，重新填写")))


def expand(field: str, text: str) -> tuple[str, ...]:
    """Each floor or room that ``text`` names; a room such as ``2-101`` is one room.

    >>> expand("floor", "1层-3层;7~8层"), expand("room", "101、103"), expand("room", "01至03")
    (('1', '2', '3', '7', '8'), ('101', '103'), ('01', '02', '03'))
    >>> expand("room", "2-101"), expand("floor", "")
    (('2-101',), ('',))
    """
    found: dict[str, None] = {}
    for part in re.split("[;,、]", text):
        for one in _range(field, _without_counters(field, part.strip())):
            found[one] = None
        if len(found) > MOST_PER_ROW:
            raise Unfit(_too_many())
    parts = tuple(one for one in found if one)
    return parts or ("",)


def _without_counters(field: str, part: str) -> str:
    return read_text(field, re.sub(rf"(?<=[0-9])(?:{'|'.join(_COUNTERS[field])})+", "", part))


def _too_many() -> Message:
    return Message(N_("一行最多代表 {most} 户：请拆成几行"), {"most": MOST_PER_ROW})


def check_per_row(count: int) -> None:
    """Raise where ranges of several fields together name too many units."""
    if count > MOST_PER_ROW:
        raise Unfit(_too_many())


def _range(field: str, part: str) -> tuple[str, ...]:
    match = _RANGE.fullmatch(part)
    if match is None:
        return (part,)
    prefix, first, second, last = match.groups()
    low, high = int(first), int(last)
    if field == "room":
        short = len(first) <= 2 and len(last) <= 2
        if not short and len(first) != len(last) and min(len(first), len(last)) < 3:
            return (part,)  # 2-101: entrance and room, as many offices write it
        if not short and (len(first) != len(last) or low // 100 != high // 100):
            raise Unfit(Message(N_("同一层的房号，如 101-104；几层请写在楼层一列，或者分行写")))
    if high < low or second not in ("", prefix):
        raise Unfit(Message(N_("从小到大的范围，如 1-5")))
    if high - low >= MOST_PER_ROW:
        raise Unfit(_too_many())
    width = len(first) if first.startswith("0") else 0
    # Houses have no floor 0 between -1 and 1.
    numbers = [number for number in range(low, high + 1) if number or low == 0]
    return tuple(f"{prefix}{str(number).zfill(width)}" for number in numbers)


def read_status(text: str) -> UnitStatus:
    """What a unit is used for; nothing said is unknown.

    >>> read_status("自住(业主)"), read_status("已拆")
    (<UnitStatus.OWNED: 'owned'>, <UnitStatus.DEMOLISHED: 'demolished'>)
    """
    word = _BRACKETED.sub("", text).replace(" ", "").lower()
    if not word:
        return UnitStatus.UNKNOWN
    found = _STATUS.get(word) or _STATUS.get(word.removesuffix("中"))
    if found is None:
        choices = ", ".join(words[0] for words in STATUS_WORDS.values())
        raise Unfit(Message(N_("以下之一：{choices}"), {"choices": choices}))
    return found


def read_residents(text: str) -> int | None:
    """A number of people: ``3``, ``3人`` or nothing."""
    digits = text.removesuffix("人").removesuffix("口").strip()
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", digits) or int(digits) > MOST_RESIDENTS:
        raise Unfit(Message(N_("人数，0 到 {most} 的整数，或者留空"), {"most": MOST_RESIDENTS}))
    return int(digits)


def read_day(text: str) -> str:
    """A calendar day as ISO 8601, the time of day left out.

    >>> read_day("2024.3.5"), read_day("2024年3月5日"), read_day("20240305"), read_day("2024-03-05 10:20:00")
    ('2024-03-05', '2024-03-05', '2024-03-05', '2024-03-05')
    """
    if not text:
        return ""
    match = _DAY.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            pass  # the same answer as for what is no date at all
    raise Unfit(Message(N_("年月日，如 2024-03-05、2024.3.5、2024年3月5日")))


def read_grid_number(text: str) -> str:
    """The three digits of ``3``, ``03``, ``第3网格`` or ``第三网格``; ``""`` where there is no such number.

    >>> read_grid_number("3"), read_grid_number("第十二网格"), read_grid_number("东风网格")
    ('003', '012', '')
    """
    core = re.sub(r"第|号|网格|格|\s", "", text)
    if re.fullmatch(r"[0-9]{1,3}", core):
        return core.zfill(3)
    value = _chinese_number(core) if re.fullmatch("[一二三四五六七八九十]+", core) else None
    return "" if value is None else f"{value:03}"


def _chinese_number(text: str) -> int | None:
    """The value of 一 to 九十九, ``None`` for what is no number."""
    tens, ten, ones = text.rpartition("十")
    values = [_CHINESE_DIGITS.get(part) for part in (tens, ones) if part]
    if None in values or len(tens) > 1 or len(ones) > 1:
        return None
    return (_CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + _CHINESE_DIGITS.get(ones, 0)


@lru_cache(maxsize=100_000)
def natural_key(text: str) -> NaturalKey:
    """Sorts texts with the numbers in them by value, Chinese ones too.

    >>> sorted(["10栋", "2栋", "1栋", ""], key=natural_key), sorted(["第三组", "第一组", "第十二组"], key=natural_key)
    (['', '1栋', '2栋', '10栋'], ['第一组', '第三组', '第十二组'])
    """
    parts = [_natural_part(run) for run in _RUNS.split(text) if run]
    return (*parts, (0, 0, text))


def _natural_part(run: str) -> tuple[int, int, str]:
    value = int(run) if run.isascii() and run.isdecimal() else _chinese_number(run)
    # Numbers before words, as shorter before longer: the end of a text sorts before both.
    return (1, value, "") if value is not None else (2, 0, run)
