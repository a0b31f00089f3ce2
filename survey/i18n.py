"""Languages: Chinese is the source, ``en`` the catalogue; further ones are data, see :mod:`survey.language_files`.

Babel alone, so workers and PDFs translate too.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from survey.language_files import OWN, SOURCE, code_of, known_languages
from survey.messages import Message

#: Every page, report and file exists in these.
LANGUAGES = OWN
CATALOGUES = Path(__file__).parent / "translations"


@cache
def _catalogue(language: str) -> dict[str, str]:
    """msgid -> words: those of the language itself over those of the one it falls back to."""
    path = CATALOGUES / f"{language}.po"
    known = known_languages().get(language)
    if language == SOURCE or known is None:
        return {}
    # English lacks nothing, and for the others it is Chinese that everybody here reads.
    others = _catalogue(code_of(known.fallback)) if known.fallback else {}
    return {**others, **_read(path)} if path.exists() else others


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
    }


def translate(msgid: str, language: str, /, **params: object) -> str:
    """``msgid`` in ``language``, its ``{named}`` places filled; without a translation it stays Chinese.

    >>> translate("第{row}行", "zh_Hans", row=3)
    '第3行'
    """
    text = _catalogue(language).get(msgid, msgid)
    return text.format(**params) if params else text


def language_of(msgid: str, language: str) -> str:
    """In which language :func:`translate` says ``msgid``: in ``language``, in what it falls back to, or in Chinese.

    >>> language_of("第{row}行", "zh_Hans")
    'zh_Hans'
    """
    words = _catalogue(language).get(msgid)
    if language in OWN or words is None:
        return SOURCE if words is None else language
    fallback = code_of(known_languages()[language].fallback or SOURCE)
    return fallback if words == _catalogue(fallback).get(msgid) else language


def render(message: Message, language: str) -> str:
    """A :class:`Message` as the reader sees it; messages among its parameters are rendered too."""
    params = {
        name: render(value, language) if isinstance(value, Message) else value for name, value in message.params.items()
    }
    return translate(message.msgid, language, **params)


def choose_language(accept_language: str, offered: Sequence[str] = LANGUAGES) -> str:
    """Of the languages ``offered`` the one for a browser's ``Accept-Language``: the first tag that is any Chinese, any
    English, or any of what another language's file accepts.

    >>> choose_language("zh-CN,zh;q=0.9,en;q=0.8")
    'zh_Hans'
    >>> choose_language("en-GB,en;q=0.9,zh;q=0.1")
    'en'
    >>> choose_language("fr")
    'zh_Hans'
    >>> choose_language("bo-CN,zh;q=0.9", ["zh_Hans", "en", "bo"])
    'bo'
    """
    wished = {primary: code for code in reversed(offered) for primary in known_languages()[code].accepts}
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.strip().lower().split("-")[0].split("_")[0]
        language = wished.get(primary)
        if language and weight > 0:
            wishes.append((-weight, position, language))
    return min(wishes)[2] if wishes else SOURCE
