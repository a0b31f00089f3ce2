"""Which language a column's heading names, and how it is headed: ``label::Chinese (zh-Hans)``."""

import re

_NAMES = {"zh_Hans": "Chinese (zh-Hans)", "en": "English (en)"}
_FURTHER = {
    "bo": "Tibetan",
    "ii": "Yi",
    "kk": "Kazakh",
    "ko": "Korean",
    "ky": "Kyrgyz",
    "mn": "Mongolian",
    "mn-Mong": "Mongolian",
    "ug": "Uyghur",
    "za": "Zhuang",
    "zh-Hant": "Traditional Chinese",
}
#: Headings without a code in parentheses, as people write them.
_CALLED = {
    "chinese": "zh_Hans", "mandarin": "zh_Hans", "中文": "zh_Hans", "简体中文": "zh_Hans", "汉语": "zh_Hans",
    "english": "en", "英文": "en", "英语": "en",
    "tibetan": "bo", "藏文": "bo", "藏语": "bo",
    "uyghur": "ug", "维吾尔文": "ug", "维吾尔语": "ug",
    "mongolian": "mn", "蒙古文": "mn", "蒙古语": "mn",
    "kazakh": "kk", "哈萨克文": "kk", "哈萨克语": "kk",
}  # fmt: skip
_CHINESE = {"zh", "zh-hans", "zh-cn", "zh-hans-cn", "zh-sg", "cmn", "chi", "zho"}
_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4}){0,2}")


def language_name(tag: str) -> str:
    """How a language is called in headings and as ``default_language``.

    >>> language_name("zh_Hans"), language_name("bo"), language_name("fr")
    ('Chinese (zh-Hans)', 'Tibetan (bo)', 'fr (fr)')
    """
    return _NAMES.get(tag) or f"{_FURTHER.get(tag, tag)} ({tag})"


def heading(key: str) -> str:
    """The heading of a translated column.

    >>> heading("label::en")
    'label::English (en)'
    """
    column, _, tag = key.partition("::")
    return f"{column}::{language_name(tag)}"


def language_tag(name: str) -> str | None:
    """The tag of a language as a heading names it; ``None`` when it says none.

    >>> language_tag("中文 (zh)"), language_tag("English"), language_tag("Mongolian (mn-mong)"), language_tag("Latin")
    ('zh_Hans', 'en', 'mn-Mong', None)
    """
    name = name.strip()
    inside = re.search(r"[(（]([^()（）]*)[)）]$", name)
    code = inside[1].strip() if inside else name
    if inside is None and name.lower() in _CALLED:
        return _CALLED[name.lower()]
    if not _CODE.fullmatch(code) or (inside is None and len(code) > 3 and "-" not in code and "_" not in code):
        return None
    language, *rest = code.replace("_", "-").split("-")
    if "-".join([language, *rest]).lower() in _CHINESE:
        return "zh_Hans"
    if language.lower() in ("en", "eng"):
        return "en"
    return "-".join([language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
