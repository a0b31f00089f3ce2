"""Words on a page that are not in its language: marked, so that a screen reader does not read Chinese as Tibetan.

A third language need not have words for everything; what it lacks is shown in Chinese, or in the language its file
falls back to. Such words carry two characters that no text has (noncharacters of Unicode) from where they are looked
up to the finished page, in which :func:`show_marks` makes an element with ``lang`` of them. Within a tag, a title or a
box to type in there can be no element; there the marks only go.
"""

import re

from questionnaires.definition import Text
from survey.i18n import language_of, translate
from survey.language_files import OWN, known_languages

#: Before words of each of the site's own languages; and after such words.
_BEGIN = dict(zip(OWN, "\ufdd0\ufdd1", strict=True))
_END = "\ufdd2"
_MARKS = re.compile(f"[{''.join(_BEGIN.values())}{_END}]")
#: Where a mark cannot become an element: tags, and elements that hold nothing but characters.
_PLAIN = re.compile(r"(<(title|textarea|script|style|option)\b.*?</\2>|<[^>]*>)", re.DOTALL)


def worded(text: Text, language: str) -> str:
    """The wording in ``language``, marked when it is in another."""
    return _marked(text.in_language(language), text.language_given(language), language)


def translated(msgid: str, language: str, /, **params: object) -> str:
    """As :func:`survey.i18n.translate`, marked when the words are of another language."""
    return marked(translate(msgid, language, **params), msgid, language)


def marked(words: str, msgid: str, language: str) -> str:
    """``words``, which are ``msgid`` in ``language`` with its places filled, marked likewise."""
    return words if language in OWN else _marked(words, language_of(msgid, language), language)


def show_marks(page: str) -> str:
    """The finished page with an element around what is marked.

    >>> show_marks('<p title="\\ufdd0好\\ufdd2">\\ufdd0好\\ufdd2</p>')
    '<p title="好"><span lang="zh-Hans">好</span></p>'
    """
    if not _MARKS.search(page):
        return page
    # Of each three pieces the first lies between tags; the third repeats the name of an element in the second.
    pieces = _PLAIN.split(page)
    return "".join(
        _MARKS.sub("", piece) if place % 3 else _shown(piece) for place, piece in enumerate(pieces) if place % 3 != 2
    )


def _marked(words: str, given: str, language: str) -> str:
    return words if language in OWN or given == language or not words else f"{_BEGIN[given]}{words}{_END}"


def _shown(piece: str) -> str:
    for code, begin in _BEGIN.items():
        piece = piece.replace(begin, f'<span lang="{known_languages()[code].tag}">')
    return piece.replace(_END, "</span>")
