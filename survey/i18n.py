"""Languages: Chinese is the source, ``en`` the catalogue. Babel alone, so workers and PDFs translate too."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from survey.messages import Message

LANGUAGES = ("zh_Hans", "en")
SOURCE = "zh_Hans"
CATALOGUES = Path(__file__).parent / "translations"


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language == SOURCE:
        return {}
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
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


def render(message: Message, language: str) -> str:
    """A :class:`Message` as the reader sees it; messages among its parameters are rendered too."""
    params = {
        name: render(value, language) if isinstance(value, Message) else value for name, value in message.params.items()
    }
    return translate(message.msgid, language, **params)


def choose_language(accept_language: str) -> str:
    """The site's language for a browser's ``Accept-Language``: the first tag that is any Chinese or any English.

    >>> choose_language("zh-CN,zh;q=0.9,en;q=0.8")
    'zh_Hans'
    >>> choose_language("en-GB,en;q=0.9,zh;q=0.1")
    'en'
    >>> choose_language("fr")
    'zh_Hans'
    """
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.strip().lower().split("-")[0].split("_")[0]
        language = {"zh": "zh_Hans", "en": "en"}.get(primary)
        if language and weight > 0:
            wishes.append((-weight, position, language))
    return min(wishes)[2] if wishes else SOURCE
