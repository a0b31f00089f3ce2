"""Strings that break forms, files and databases; each goes through every box."""

import pytest

NAUGHTY = {
    "emoji": "👨‍👩‍👧‍👦😀🏳️‍🌈",
    "right to left": "مرحبا \u202eabc\u202c עברית",
    "four bytes": "𠮷𡃁𝔘𐍈",
    "nothing but NUL": "\x00\x00",
    "NUL inside": "前\x00后",
    "lone surrogate": "前\ud800后\udfff",
    "control characters": "a\x01\x07\x1b[31mb\x7f",
    "markup": "<script>alert(1)</script>\"'><b>&amp;&lt;",
    "statement": "'; DROP TABLE responses; --",
    "template": "{{ 7 * 7 }} {% raw %} {sponsor} %s %(x)d",
    "line ends": "一\r\n二\u2028三\u0085四\n",
    "zero width": "零\u200b宽\ufeff度\u2060",
    "combining": "Z̷̡̢͕̈́a̸l̵g̶o̷" * 20,
    "numbers": "٣٤ ½ ⅷ 1e309 -0 NaN Infinity 0x1F ９９９９９９９９９９",
    "path": "../../../../etc/passwd%00",
    "long": "长" * (65_536 // 3),
    "spreadsheet": "=1+1\t@SUM(A1)",
}
#: To send one through every box takes a second: some each day, all of them in the whole run.
EACH_DAY = ("NUL inside", "markup")
STRINGS = [
    pytest.param(typed, id=name, marks=() if name in EACH_DAY else pytest.mark.slow) for name, typed in NAUGHTY.items()
]


def fillings(names: set[str], typed: str) -> list[dict[str, str]]:
    """``typed`` in all boxes at once, or in one after the other where a form of so much text would be refused."""
    return [dict.fromkeys(names, typed)] if len(typed) < 5000 else [{name: typed} for name in sorted(names)]
