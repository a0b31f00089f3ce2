"""Invitations on paper: a sheet of A4 for each drawn dwelling, folded twice.

The address alone is on the top third, which faces outward; questionnaire, code and QR code are on the two others, which
face each other once folded, so whoever carries the envelope reads where it goes and nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from markupsafe import Markup

from questionnaires.definition import Text
from survey.i18n import translate
from survey.messages import N_, BadInput, Message
from survey.one_time_codes import grouped
from survey.reports.introductions import approval_words
from survey.waves import WaveDetails

#: A letter speaks to residents: Chinese first, English below, whatever language the printing person reads.
LANGUAGES = ("zh_Hans", "en")
#: Size of the type -> characters of an introduction that fit, in Chinese and in English.
SIZES = (("normal", 360, 900), ("small", 620, 1400), ("smaller", 1000, 2000))


@dataclass(frozen=True, kw_only=True)
class LetterSheet:
    """``drawing``: the QR code of the way in, as an ``<svg>``."""

    address: str
    code: str
    drawing: Markup


@dataclass(frozen=True, kw_only=True)
class Words:
    """What all letters say in one language."""

    introduction: str
    how: str
    facts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LetterDocument:
    """``size``: of the type, so that the text stays on its third of the sheet."""

    title: str
    sheets: tuple[LetterSheet, ...]
    entrance: str
    sender: str
    fictitious: bool
    chinese: Words
    english: Words
    size: str


def compose_letters(
    letters: Iterable[tuple[str, str]], *, community: str, details: WaveDetails, introduction: Text, entrance: str
) -> LetterDocument:
    """``letters``: address and code of each dwelling; ``entrance``: the address where a code is typed.

    Raises :class:`BadInput` for an introduction that no sheet holds.
    """
    return LetterDocument(
        title=translate(N_("{community}：邀请信"), "zh_Hans", community=community),
        sheets=tuple(
            LetterSheet(address=f"{community} {address}", code=grouped(code), drawing=_qr_code(f"{entrance}/{code}"))
            for address, code in letters
        ),
        entrance=entrance,
        sender=details.fieldwork,
        fictitious=details.fictitious,
        chinese=_words("zh_Hans", details, introduction),
        english=_words("en", details, introduction),
        size=size_for(introduction),
    )


def size_for(introduction: Text) -> str:
    """The largest type in which the introduction fits. Raises :class:`BadInput` when it does in none."""
    chinese, english = (len(introduction.in_language(language)) for language in LANGUAGES)
    for name, most_chinese, most_english in SIZES:
        if chinese <= most_chinese and english <= most_english:
            return name
    message = N_("说明太长，一页信放不下：中文 {chinese} 字（最多 {most}），英文 {english} 字符（最多 {most_english}）")
    _, most, most_english = SIZES[-1]
    params = {"chinese": chinese, "english": english, "most": most, "most_english": most_english}
    raise BadInput(Message(message, params))


def _words(language: str, details: WaveDetails, introduction: Text) -> Words:
    approval = approval_words(details)
    facts = (
        translate(
            N_("委托单位：{sponsor}　实施单位：{fieldwork}"),
            language,
            sponsor=details.sponsor,
            fieldwork=details.fieldwork,
        ),
        translate(N_("咨询电话：{telephone}"), language, telephone=details.telephone),
        "　".join(part for part in (approval.in_language(language) if approval else "", details.form_no) if part),
    )
    return Words(
        introduction=introduction.in_language(language),
        how=translate(
            N_("用手机扫二维码，或者打开二维码旁的网址，输入填答码。填答码只能用一次，只属于您家，请不要转给别人。"),
            language,
        ),
        facts=tuple(fact for fact in facts if fact),
    )


def _qr_code(text: str) -> Markup:
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, svgclass=None, lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - made here from squares
