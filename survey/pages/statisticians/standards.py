"""``/standards``: which assessment standards the built-in questionnaires measure, and which they leave open."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from questionnaires.item_bank import BankItem, ItemBank, Method, Source, Standard, item_bank
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.language import current_language, gettext
from survey.roles import Permission

blueprint = Blueprint("standards", __name__)

METHOD_WORDS: Mapping[Method, str] = {
    Method.QUESTIONNAIRE: N_("问卷调查"),
    Method.ON_SITE: N_("实地考察"),
    Method.DOCUMENTS: N_("材料审核"),
}


@dataclass(frozen=True, kw_only=True)
class StandardsPage:
    bank: ItemBank

    @property
    def sources(self) -> tuple[tuple[Source, tuple[Standard, ...]], ...]:
        """Each system of standards with its own, in the order of the file."""
        of: dict[str, list[Standard]] = {}
        for standard in self.bank.standards:
            of.setdefault(standard.source.id, []).append(standard)
        return tuple((each[0].source, tuple(each)) for each in of.values())

    def methods(self, standard: Standard) -> str:
        return gettext("、").join(gettext(METHOD_WORDS[method]) for method in standard.methods)

    def title(self, named: Source | Standard) -> str:
        return named.title.in_language(current_language())

    def question(self, item: BankItem) -> str:
        return item.text.in_language(current_language())

    def places(self, item: BankItem) -> str:
        return gettext("、").join(f"{slug} {item_id}" for slug, item_id in item.places)


@blueprint.get("/standards")
@needs(Permission.MANAGE_WAVES)
def show() -> ResponseReturnValue:
    """Standards with their items, standards without, items without."""
    return render_template("statisticians/standards.html", page=StandardsPage(bank=item_bank()))
