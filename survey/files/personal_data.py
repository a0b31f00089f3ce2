"""Names, identity numbers, phones and the like in offices' files: recognised so that they can be left out.

They are never stored, never logged and never repeated to the one who sent the file.
"""

import re
from collections.abc import Iterable
from datetime import date

#: A column is left out when at least this share of its filled cells look like numbers of persons.
TELLING_SHARE = 0.5

_HEADER = re.compile(
    # Not every 名: places, projects and offices have names too.
    r"姓名|名字|户主|业主|房主|产权人|承租人|租户|租客|住户名|居民名|联系人|联络人|负责人|经办人|受理人|办理人|申请人|诉求人|来电人|投诉人"
    r"|反映人|举报人|办事人|当事人|监护人|家长|班主任|校长|教师|老师|网格员|网格长|楼栋长|楼长|单元长|片区长|户长|村长|组长"
    r"|走访人|填表人|填报人|登记人|审核人|调查员|访员|包户|干部"
    r"|性别|年龄|民族|出生|政治面貌|籍贯|职业|文化程度|婚姻|与户主关系|残疾|低保|宗教|健康状况"
    r"|身份证|证件号|证件类型|公民身份|护照|社保号|社会保障号|医保号|户口簿号|户籍编号"
    r"|电话|手机|联系方式|联系号码|固话|座机|微信|邮箱|电子邮件|qq|车牌|银行卡|银行账号|人脸|照片|签名|签字"
    r"|^name$|phone|mobile|^tel$|^email$|idcard|id_card|wechat",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"(?<![0-9])[1-8][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}[- ][0-9]{7,8}(?![0-9])")
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def is_personal_header(header: str) -> bool:
    """Whether a column of this name holds persons' data.

    >>> is_personal_header("户主姓名"), is_personal_header("联系电话"), is_personal_header("小区名称")
    (True, True, False)
    """
    return _HEADER.search(header) is not None


def holds_personal_number(text: str) -> bool:
    """Whether there is a mobile, a telephone or an identity number anywhere in ``text``.

    >>> holds_personal_number("王家 13800138000"), holds_personal_number("440983102001")
    (True, False)
    """
    return conceal(text) != text


def conceal(text: str) -> str:
    """``text`` without the numbers of persons in it.

    >>> conceal("村口小店旁，138-0013-8000")
    '村口小店旁，'
    """
    # Most cells are short: looking for a number in them would cost more than all the rest.
    if len(text) < 11:
        return text
    text = _IDENTITY.sub(lambda match: "" if is_identity_number(match[0]) else match[0], text)
    return _LANDLINE.sub("", _MOBILE.sub("", text)).strip()


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are an identity number: a date of birth inside, and the right check digit.

    >>> is_identity_number("11010519491231002X"), is_identity_number("440983102001003001")
    (True, False)
    """
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(text, _CHECK_WEIGHTS, strict=False)) % 11
    return born.year >= 1900 and _CHECK_DIGITS[rest] == text[17].upper()


def is_personal_column(cells: Iterable[str]) -> bool:
    """Whether at least half of the filled cells are numbers of persons and nothing more.

    >>> is_personal_column(["13800138000", "", "13900139000"]), is_personal_column(["101", "102"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    telling = sum(1 for cell in filled if len(cell) >= 11 and not conceal(cell))
    return bool(filled) and telling >= TELLING_SHARE * len(filled)
