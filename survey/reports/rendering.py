"""From a composed report to the HTML that becomes the PDF. An own environment: no request, no site, one language."""

import re
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey.config import ROOT
from survey.reports.document import ReportDocument
from survey.reports.draw_certificate import CertificateDocument
from survey.reports.letter_sheets import LetterDocument
from survey.reports.outreach_plan import PlanDocument
from survey.reports.paper_form import PaperDocument
from survey.reports.wording import speaker

#: Between two tags the lines of the templates say nothing, and each would become a box. Texts hold no bare < or >.
_LINE_ENDS = re.compile(r">\s*\n\s*<")
TEMPLATES = ROOT / "templates" / "reports"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = speaker(language)
    return environment


def render_html(document: ReportDocument) -> str:
    """The whole report as one HTML text without its style sheet, which :mod:`survey.reports.pdf` adds."""
    html = _environment(document.language).get_template("report.html").render(report=document)
    return _LINE_ENDS.sub("><", html)


def render_plan_html(plan: PlanDocument) -> str:
    """The same of an outreach plan."""
    html = _environment(plan.language).get_template("outreach.html").render(plan=plan)
    return _LINE_ENDS.sub("><", html)


def render_certificate_html(certificate: CertificateDocument) -> str:
    """The same of the certificate of a draw."""
    html = _environment(certificate.language).get_template("draw_certificate.html").render(certificate=certificate)
    return _LINE_ENDS.sub("><", html)


def render_paper_html(paper: PaperDocument) -> str:
    """The same of forms to print; their own style sheet stands in the text."""
    html = _environment(paper.language).get_template("paper_form.html").render(paper=paper)
    return _LINE_ENDS.sub("><", html)


def render_letters_html(letters: LetterDocument) -> str:
    """The same of letters to drawn dwellings, in Chinese and English at once."""
    html = _environment("zh_Hans").get_template("letter_sheets.html").render(letters=letters)
    return _LINE_ENDS.sub("><", html)
