"""Show complaints and suggestions to those who deal with them, within their reach; and forget them in time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from survey.roles import Scope
from survey.store.areas import known_areas
from survey.store.suggestions import Suggestion, drop_suggestions_before, list_suggestions

KEPT_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class Place:
    """A community with what came from it. ``name`` "": no community was said."""

    code: str
    name: str
    suggestions: tuple[Suggestion, ...]


def show_suggestions(session: Session, *, scope: Scope) -> tuple[Place, ...]:
    """By code of the community, the newest day first in each; what names no community is for those without a limit."""
    areas = known_areas(session)
    parents = {code: area.parent for code, area in areas.items()}
    found = [one for one in list_suggestions(session) if scope.sees_area(one.area or None, parents)]
    counts = Counter(one.area for one in found)
    return tuple(
        Place(
            code=code,
            name=areas[code].name if code in areas else code,
            suggestions=tuple(one for one in found if one.area == code),
        )
        for code in sorted(counts)
    )


def forget_suggestions(session: Session, *, today: date) -> int:
    """Delete what is older than :data:`KEPT_DAYS`; how many there were."""
    return drop_suggestions_before(session, today - timedelta(days=KEPT_DAYS))
