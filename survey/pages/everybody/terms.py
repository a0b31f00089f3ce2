"""``/terms``: the words that need an explanation; and the same texts for the pages on which the words stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from survey.pages.access import may_here, open_to_all
from survey.roles import Permission
from survey.terms import TERMS, Term, Word

blueprint = Blueprint("terms", __name__)


@dataclass(frozen=True, kw_only=True)
class TermsPage:
    """``for_all``: for every reader; ``for_statisticians``: what the others need not know."""

    for_all: tuple[Term, ...]
    for_statisticians: tuple[Term, ...]


def init_app(app: Flask) -> None:
    app.jinja_env.globals["explained"] = explained


def explained(words: Iterable[str]) -> tuple[Term, ...]:
    """For templates: the words that the reader may need, each once, in the order of the list."""
    wanted = {Word(word) for word in words}
    statistician = may_here(Permission.MANAGE_WAVES)
    return tuple(
        term for word, term in TERMS.items() if word in wanted and (statistician or not term.for_statisticians)
    )


@blueprint.get("/terms")
@open_to_all
def show() -> ResponseReturnValue:
    page = TermsPage(
        for_all=tuple(term for term in TERMS.values() if not term.for_statisticians),
        for_statisticians=tuple(term for term in TERMS.values() if term.for_statisticians),
    )
    return render_template("everybody/terms.html", page=page)
