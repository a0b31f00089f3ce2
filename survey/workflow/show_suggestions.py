"""Show complaints and suggestions to those who deal with them, within their reach; and forget them in time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from survey.roles import Scope
from survey.store.areas import known_areas
from survey.store.suggestion_marks import SuggestionMark, list_marks
from survey.store.suggestions import Suggestion, drop_suggestions_before, list_suggestions

KEPT_DAYS = 365


class Handled(StrEnum):
    """Which of them are wanted."""

    ALL = ""
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A community with what came from it. ``name`` "": no community was said. ``marks``: what was done, by uuid."""

    code: str
    name: str
    suggestions: tuple[Suggestion, ...]
    marks: Mapping[UUID, SuggestionMark]

    @property
    def open(self) -> int:
        return sum(one.uuid not in self.marks for one in self.suggestions)

    def narrowed(self, handled: Handled) -> "Place":
        kept = tuple(one for one in self.suggestions if handled in ("", "done" if one.uuid in self.marks else "open"))
        return replace(self, suggestions=kept)


def show_suggestions(session: Session, *, scope: Scope) -> tuple[Place, ...]:
    """By code of the community, the newest day first in each; what names no community is for those without a limit."""
    marks = list_marks(session)
    areas = known_areas(session)
    parents = {code: area.parent for code, area in areas.items()}
    found = [one for one in list_suggestions(session) if scope.sees_area(one.area or None, parents)]
    counts = Counter(one.area for one in found)
    return tuple(
        Place(
            code=code,
            name=areas[code].name if code in areas else code,
            suggestions=tuple(one for one in found if one.area == code),
            marks={one.uuid: marks[one.uuid] for one in found if one.area == code and one.uuid in marks},
        )
        for code in sorted(counts)
    )


def forget_suggestions(session: Session, *, today: date) -> int:
    """Delete what is older than :data:`KEPT_DAYS`; how many there were."""
    return drop_suggestions_before(session, today - timedelta(days=KEPT_DAYS))
