"""``/waves/<id>/letters``: invitations to print. A code is on this one answer and then nowhere but on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from survey.i18n import translate
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, SurveyError
from survey.one_time_codes import grouped
from survey.pages.access import current_account, needs
from survey.pages.qr_codes import qr_code
from survey.pages.site import current_site, site_url
from survey.reports.introductions import approval_words, rights_line
from survey.reports.letter_pdf import print_letters
from survey.reports.letter_sheets import compose_letters, sizes_for
from survey.reports.pdf import require_typesetter
from survey.roles import Permission
from survey.store.waves import WaveRecord
from survey.units import address_line
from survey.workflow.issue_invitations import Letter, Letters, issue_invitations
from survey.workflow.show_invitations import CommunityLetters, show_invitations
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("letters", __name__)

#: A letter speaks to residents: Chinese first, English below, whatever language the printing person reads.
LETTER_LANGUAGES = ("zh_Hans", "en")


@dataclass(frozen=True, kw_only=True)
class LettersPage:
    wave: WaveRecord
    communities: tuple[CommunityLetters, ...]
    error: SurveyError | None
    chosen: str

    @property
    def wrong(self) -> str:
        """The id of the field that mends the error."""
        if isinstance(self.error, NotThere):
            return "community" if self.communities else ""
        again = any(line.printed for line in self.communities if line.area.code == self.chosen)
        unticked = request.form.get("confirm") != "yes"
        return "confirm" if isinstance(self.error, Conflict) and again and unticked else ""


@dataclass(frozen=True, kw_only=True)
class SheetsPage:
    """What is printed. ``entrance``: the address where a code is typed; ``rights``: of the page about rights."""

    letters: Letters
    entrance: str
    rights: str
    languages: tuple[str, ...] = LETTER_LANGUAGES

    def address(self, letter: Letter) -> str:
        return f"{self.letters.community.name} {address_line(letter.unit.address)}"

    def code(self, letter: Letter) -> str:
        return grouped(letter.code)

    def drawing(self, letter: Letter) -> Markup:
        return qr_code(f"{self.entrance}/{letter.code}", translate(N_("填答问卷的二维码"), "zh_Hans"))

    def speaker(self, language: str) -> Callable[..., str]:
        return lambda msgid, **params: translate(msgid, language, **params)

    def approval(self, language: str) -> str:
        words = approval_words(self.letters.wave.details)
        return words.in_language(language) if words else ""

    def rights_line(self, language: str) -> str:
        return rights_line(language, self.rights)


@blueprint.get("/waves/<id:wave_id>/letters")
@needs(Permission.DRAW)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/letters")
@needs(Permission.DRAW)
def issue(wave_id: int) -> ResponseReturnValue:
    site, account, chosen = current_site(), current_account(), request.form.get("community", "")
    as_pdf = request.form.get("as") == "pdf"
    if as_pdf:
        require_typesetter()  # before any code is made
    try:
        with site.database.writing() as store:
            wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            if chosen not in {line.area.code for line in show_invitations(store, wave, scope=account.scope)}:
                raise NotThere(Message(N_("请从列表里选择一个有样本户的社区。")))
            letters = issue_invitations(
                store,
                site.keys,
                wave_id,
                community=chosen,
                reprint=request.form.get("confirm") == "yes",
                at=datetime.now(UTC),
            )
            if as_pdf:
                sizes_for(letters.introduction)
    except (NotThere, Conflict, CheckFailed, BadInput) as error:
        status = 409 if isinstance(error, Conflict | CheckFailed) else 422
        return _page(wave_id, error=error, chosen=chosen), status
    entrance, rights = (
        site_url(address)
        for address in (url_for("entrances.show_form"), url_for("rights.show_of_wave", wave_id=wave_id))
    )
    if as_pdf:
        return _pdf(letters, entrance, rights)
    page = SheetsPage(letters=letters, entrance=entrance, rights=rights)
    return render_template("statisticians/letter_sheets.html", page=page)


def _pdf(letters: Letters, entrance: str, rights: str) -> Response:
    """The only copy: the codes are stored nowhere, and nothing keeps the file."""
    document = compose_letters(
        [(address_line(letter.unit.address), letter.code) for letter in letters.letters],
        community=letters.community.name,
        details=letters.wave.details,
        introduction=letters.introduction,
        entrance=entrance,
        rights=rights,
    )
    pdf, _ = print_letters(document)
    name = f"letters-{letters.wave.id}-{letters.community.code}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf.content, mimetype="application/pdf", headers=headers)


def _page(wave_id: int, *, error: SurveyError | None = None, chosen: str = "") -> str:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        communities = show_invitations(store, wave, scope=account.scope)
    page = LettersPage(wave=wave, communities=communities, error=error, chosen=chosen)
    return render_template("statisticians/letters.html", page=page)
