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
#: Size of the type, and how many characters of an introduction fit in it beside the rest, in Chinese and in English.
SIZES = (("normal", 330, 600), ("small", 620, 900), ("smaller", 1000, 2000))


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
    """``sizes``: of the type, in Chinese and in English, so that each text stays on its third of the sheet. ``rights``:
    the address of the page about the rights of whoever answers.
    """

    title: str
    sheets: tuple[LetterSheet, ...]
    entrance: str
    rights: str
    sender: str
    fictitious: bool
    chinese: Words
    english: Words
    sizes: tuple[str, str]


def compose_letters(
    letters: Iterable[tuple[str, str]],
    *,
    community: str,
    details: WaveDetails,
    introduction: Text,
    entrance: str,
    rights: str,
) -> LetterDocument:
    """``letters``: address and code of each dwelling; ``entrance``: the address where a code is typed; ``rights``:
    that of the page about the rights of whoever answers.

    Raises :class:`BadInput` for an introduction that no sheet holds.
    """
    return LetterDocument(
        title=translate(N_("{community}：邀请信"), "zh_Hans", community=community),
        sheets=tuple(
            LetterSheet(address=f"{community} {address}", code=grouped(code), drawing=_qr_code(f"{entrance}/{code}"))
            for address, code in letters
        ),
        entrance=entrance,
        rights=rights,
        sender=details.fieldwork,
        fictitious=details.fictitious,
        chinese=_words("zh_Hans", details, introduction),
        english=_words("en", details, introduction),
        sizes=sizes_for(introduction),
    )


def sizes_for(introduction: Text) -> tuple[str, str]:
    """The largest type in which the introduction fits, in Chinese and in English; each has a third of the sheet.

    Raises :class:`BadInput` when it fits in none.
    """
    chinese, english = (len(introduction.in_language(language)) for language in LANGUAGES)
    in_chinese = next((name for name, most, _ in SIZES if chinese <= most), None)
    in_english = next((name for name, _, most in SIZES if english <= most), None)
    if in_chinese and in_english:
        return in_chinese, in_english
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
            # On every letter: a reminder goes to all homes, so that none is told by having got none.
            N_(
                "用手机扫二维码，或者打开二维码旁的网址，输入填答码。填答码只能用一次，只属于您家，请不要转给别人。"
                "您家已经答过的，谢谢，不用再答。"
            ),
            language,
        ),
        facts=tuple(fact for fact in facts if fact),
    )


def _qr_code(text: str) -> Markup:
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, svgclass=None, lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - made here from squares
