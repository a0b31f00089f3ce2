"""Waves in the field by the small instruments of the language's behaviours."""

from collections.abc import Callable

from survey.keys import KeyRing
from survey.store.database import Database
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.pages.residents.phone import Phone

OnlineOf = Callable[[str], Online]
Begun = Callable[[str], Phone]
#: The dates of a report and of its end on two screens, and one more after them.
_APART = """
[[section]]
id = "more"
zh_Hans = "其他"
en = "More"

[[item]]
id = "T1"
section = "more"
type = "text"
optional = true
zh_Hans = "还想说什么"
en = "Anything else"
"""


def start(database: Database, keys: KeyRing, name: str) -> Online:
    """``name``: of a behaviour; ``dates_apart``: see above."""
    text = (BEHAVIOURS / f"{name.removesuffix('_apart')}.toml").read_text(encoding="utf-8")
    if name == "dates_apart":
        head, section, rest = text.partition("[[section]]")
        own, item, items = rest.partition("[[item]]")
        second = section + own.replace('id = "main"', 'id = "later"')
        before, last, after = items.rpartition('section = "main"')
        text = head + section + own + second + item + before + last.replace("main", "later") + after + _APART
    return answering.start(database, keys, instrument=text)
