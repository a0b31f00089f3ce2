"""What is asked: items with their options, conditions and checks, worded in every language.

Meaning (polarity, score, kind) is data on each option, so no code anywhere needs to know that "1" stands for
satisfied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

#: Every wording exists in these languages; Chinese is the source.
LANGUAGES = ("zh_Hans", "en")

#: How an instrument can be fielded; ``imported`` stands for answers that came from elsewhere.
MODES = ("capi", "web_token", "web_open", "paper_entry", "cati_entry", "kiosk", "imported")


class Polarity(StrEnum):
    """Which way an option points; only ``pos`` counts in a rate unless the indicator says otherwise."""

    POS = "pos"
    WEAK = "weak"
    NEUTRAL = "neutral"
    NEG = "neg"


class OptionKind(StrEnum):
    """What an option means for the bases of a rate."""

    SUBSTANTIVE = "substantive"
    NOT_APPLICABLE = "na"  # leaves every base
    DONT_KNOW = "dk"  # stays in the asked base, leaves the valid one
    REFUSED = "ref"  # as don't know


class ItemType(StrEnum):
    SINGLE = "single"
    MULTI = "multi"
    NUMBER = "number"
    DATE = "date"  # stored as ISO text, 2026-03-01
    TEXT = "text"
    NOTE = "note"  # something to read; nobody answers it and nothing is stored


class Comparison(StrEnum):
    """How the answer to an item stands to a bound or to another answer."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE = "more"
    LESS = "less"
    EQUAL = "equal"
    DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One wording in every language, ``{placeholder}`` marks included.

    ``others``: (tag, wording) of further languages, in the order of their tags.
    """

    zh_Hans: str  # noqa: N815 - the language tag is the name
    en: str
    others: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> str:
        """The wording in ``language``; a tag that it lacks gives Chinese, the source.

        >>> Text(zh_Hans="满意", en="Satisfied").in_language("en")
        'Satisfied'
        >>> Text(zh_Hans="满意", en="Satisfied", others=(("bo", "འདོད་བློ་ཚིམ་པ།"),)).in_language("mn-Mong")
        '满意'
        """
        if language == "en":
            return self.en
        return next((wording for tag, wording in self.others if tag == language), self.zh_Hans)

    def language_given(self, language: str) -> str:
        """In which language :meth:`in_language` gives it.

        >>> Text(zh_Hans="满意", en="Satisfied").language_given("bo")
        'zh_Hans'
        """
        return language if language == "en" or any(tag == language for tag, _ in self.others) else "zh_Hans"


@dataclass(frozen=True, kw_only=True)
class Option:
    code: int
    text: Text
    kind: OptionKind = OptionKind.SUBSTANTIVE
    polarity: Polarity | None = None
    score: float | None = None
    exclusive: bool = False
    #: Who chooses it is asked to say it in words, see :func:`open_key`.
    open: bool = False
    terminate: bool = False
    read_aloud: bool = True
    #: Does not exist: whoever recognises it recognises anything. Only in a list of things to recognise.
    decoy: bool = False


def open_key(item_id: str, code: int) -> str:
    """Under which key of an answers mapping the words said to an open option stand; no item can have such an id.

    >>> open_key("A2", 10)
    'A2.10'
    """
    return f"{item_id}.{code}"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """``item`` was answered with one of ``codes`` (for a multi item: at least one of them), or with a number from
    ``at_least`` to ``at_most``, both included. Codes for items with options, bounds for numbers.
    """

    item: str
    codes: frozenset[int] = frozenset()
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """What an answer should be, compared with a ``value`` or the answer to an ``other`` item before it.

    Numbers with numbers, dates with dates. It is asked where both were answered and all of ``ask_if`` holds.
    ``text`` says what is odd. ``hard``: the answer cannot stay; else whoever says so again is believed.
    """

    id: str
    item: str
    compare: Comparison
    value: int | str | None = None
    other: str | None = None
    ask_if: tuple[Condition, ...] = ()
    text: Text
    hard: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    id: str
    section: str
    type: ItemType
    text: Text
    options: tuple[Option, ...] = ()
    #: Asked when **all** conditions hold; no condition: always.
    ask_if: tuple[Condition, ...] = ()
    interviewer_note: Text | None = None
    scale: str | None = None
    battery: str | None = None
    #: May be left empty without a word; ``required``: may not be skipped at all; neither: skipped at the second try.
    optional: bool = False
    required: bool = False
    #: Options shown to half of the people from the other end, or mixed anew for each; "none", "other", "don't know"
    #: stay at the end.
    reverse_order: bool = False
    random_order: bool = False
    max_choices: int | None = None
    max_chars: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    #: Bounds of a date, both included (ISO).
    earliest: str | None = None
    latest: str | None = None
    #: The part of the waves this item belongs to; ``None``: always asked.
    module: str | None = None
    #: Asked only in these modes; empty: in every mode.
    modes: tuple[str, ...] = ()
    #: Who answers for the object of this item (a recommendation; a city may see it differently).
    department: Text | None = None

    # What the checking and coding of many answers asks again and again is worked out once.

    @cached_property
    def options_by_code(self) -> Mapping[int, Option]:
        return {option.code: option for option in self.options}

    @cached_property
    def codes_by_writing(self) -> Mapping[int | str, int]:
        """Each code under itself and under its plain digits."""
        return {writing: option.code for option in self.options for writing in (option.code, str(option.code))}

    @cached_property
    def terminating_codes(self) -> frozenset[int]:
        """The codes that end the interview."""
        return frozenset(option.code for option in self.options if option.terminate)

    @cached_property
    def exclusive_codes(self) -> frozenset[int]:
        """The codes that stand alone in a multi item."""
        return frozenset(option.code for option in self.options if option.exclusive)

    @cached_property
    def open_codes(self) -> frozenset[int]:
        """The codes that ask for words."""
        return frozenset(option.code for option in self.options if option.open)

    @cached_property
    def refused_codes(self) -> frozenset[int]:
        return frozenset(option.code for option in self.options if option.kind is OptionKind.REFUSED)

    def option(self, code: int) -> Option | None:
        return self.options_by_code.get(code)


@dataclass(frozen=True, kw_only=True)
class Section:
    """``factual``: facts about the person, no opinions; only these may be checked by somebody who knows the address."""

    id: str
    title: Text
    factual: bool = False
