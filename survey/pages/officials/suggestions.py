"""``/suggestions``: what residents wrote of their own accord, by community, for those who deal with it."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.workflow.show_suggestions import KEPT_DAYS, Place, show_suggestions

blueprint = Blueprint("suggestions_read", __name__)


@dataclass(frozen=True, kw_only=True)
class SuggestionsPage:
    places: tuple[Place, ...]
    kept_days: int = KEPT_DAYS

    @property
    def count(self) -> int:
        return sum(len(place.suggestions) for place in self.places)


@blueprint.get("/suggestions")
@needs(Permission.READ_SUGGESTIONS)
def show_list() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        places = show_suggestions(store, scope=current_account().scope)
    return render_template("officials/suggestions.html", page=SuggestionsPage(places=places))
