"""The types of rows in a ``survey`` sheet: what each is here, or why there is none."""

from questionnaires.definition import ItemType
from questionnaires.problems import N_

TYPES = {
    "select_one": ItemType.SINGLE,
    "select_multiple": ItemType.MULTI,
    "integer": ItemType.NUMBER,
    "date": ItemType.DATE,
    "text": ItemType.TEXT,
    "note": ItemType.NOTE,
}
#: Types of which an item of another type can be made.
ALMOST = frozenset({"decimal", "range", "rank", "time", "datetime"})
NAMES = {item_type: name for name, item_type in TYPES.items()}
#: What phones record about themselves and their owner.
METADATA = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "username", "email", "subscriberid", "simserial", "audit"}
    | {"start-geopoint"}
)
#: Looks that change nothing about the answer.
LOOKS = frozenset(
    {
        "multiline",
        "minimal",
        "compact",
        "quick",
        "quickcompact",
        "columns",
        "columns-pack",
        "columns-flex",
        "no-buttons",
    }
    | {"horizontal", "horizontal-compact", "likert", "list", "list-nolabel", "label", "field-list", "table-list"}
    | {"columns-1", "columns-2", "columns-3", "columns-4", "numbers", "thousands-sep", "no-calendar", "w1", "w2", "w3"}
    | {"w4", "w5", "w6"}
)

_NO_ANSWER = N_("没有这种行：问卷里任何地方都不能存放推荐答案，所以没有默认值，也没有算出来的值")
_NO_PLACE = N_("没有这种题：答卷里不存放地点")
_NO_FILE = N_("没有这种题：答卷里只有选项、数字、日期和文字")
_NO_REPEAT = N_("没有重复的题组：请写成几道题")
_NO_MATRIX = N_("没有矩阵题：请把每一行写成一道 select_one，选项列表相同，civ_battery 写同一个名称，就显示在一起")
_NO_SCORE = N_("没有打分题组：请把每一行写成一道 select_one，选项列表相同，civ_battery 写同一个名称，就显示在一起")
_NO_RANK = N_("没有排序题：请写成 select_multiple（最多选几项写在 constraint 里），或者几道 select_one（第一、第二……）")
_NO_LIST = N_("没有外部名单：选项都写在 choices 里")

REFUSED_TYPES = {
    "calculate": _NO_ANSWER,
    "hidden": _NO_ANSWER,
    "begin_repeat": _NO_REPEAT,
    "end_repeat": _NO_REPEAT,
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "location"), _NO_PLACE),
    **dict.fromkeys(
        ("image", "photo", "audio", "video", "file", "barcode", "background-audio", "acknowledge", "xml-external"),
        _NO_FILE,
    ),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external", "csv-external"), _NO_LIST
    ),
    "decimal": N_("integer：数字都是整数"),
    "range": N_("integer，最小值和最大值写在 constraint 里"),
    **dict.fromkeys(("begin_kobomatrix", "end_kobomatrix"), _NO_MATRIX),
    **dict.fromkeys(("begin_score", "end_score", "score__row"), _NO_SCORE),
    **dict.fromkeys(("begin_rank", "end_rank", "rank__level"), _NO_RANK),
    "rank": N_("select_multiple 或几道 select_one：没有排序题"),
    "time": N_("date 或 text：没有时刻题"),
    "datetime": N_("date：没有时刻题"),
}
#: Blocks of KoboToolbox's own: refused where they begin, the rest of them is read past.
BLOCKS = {f"begin_{name}": f"end_{name}" for name in ("kobomatrix", "score", "rank")}
_SPELLINGS = {
    **{f"{edge} {name}": f"{edge}_{name}" for edge in ("begin", "end") for name in ("kobomatrix", "score", "rank")},
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "select one": "select_one",
    "select multiple": "select_multiple",
    "select1": "select_one",
    "int": "integer",
    "string": "text",
}


def row_type(text: str) -> tuple[str, list[str]]:
    """The type of a row, and the words after it.

    >>> row_type("begin group"), row_type("select_one  yesno or_other"), row_type("")
    (('begin_group', []), ('select_one', ['yesno', 'or_other']), ('', []))
    """
    words = text.split()
    two = " ".join(words[:2]).lower()
    if two in _SPELLINGS:
        return _SPELLINGS[two], words[2:]
    if not words:
        return "", []
    first = words[0].lower()
    return _SPELLINGS.get(first, first), words[1:]
