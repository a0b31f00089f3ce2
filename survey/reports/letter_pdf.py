"""Letters as one PDF: to be called once their codes are stored, for a page or a verb that hands it out once."""

from survey.reports.letter_sheets import LetterDocument
from survey.reports.pdf import Pdf, render_pdf, replace_missing
from survey.reports.rendering import render_letters_html


def print_letters(letters: LetterDocument) -> tuple[Pdf, str]:
    """The PDF, and characters of addresses that the font lacks (printed as □)."""
    html, missing = replace_missing(render_letters_html(letters))
    return render_pdf(html), missing
