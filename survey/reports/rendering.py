"""From a composed report to the HTML that becomes the PDF. An own environment: no request, no site, one language."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey.config import ROOT
from survey.reports.document import ReportDocument
from survey.reports.wording import speaker

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
    return _environment(document.language).get_template("report.html").render(report=document)
