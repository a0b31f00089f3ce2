"""What ``survey instrument check`` says of a questionnaire, as members of a document and as lines."""

from collections.abc import Iterator
from typing import Any

from questionnaires.item_changes import PartChange
from questionnaires.review import Review
from questionnaires.routes import Routes, Way
from questionnaires.versions import VersionComparison
from survey.i18n import render
from survey.messages import Message


def review_document(review: Review, language: str) -> dict[str, Any]:
    return {
        "hints": [
            {
                "item": hint.item,
                "kind": hint.kind.value,
                "field": hint.field,
                "text": render(Message(hint.msgid, hint.params), language),
            }
            for hint in review.hints
        ],
        "routes": [
            {
                "mode": route.mode,
                "count": route.count,
                "at_least": route.cut,
                "ended_early": route.ended,
                "shortest": _way(route.shortest),
                "longest": _way(route.longest),
                "ends_all": list(route.ends_all),
            }
            for route in review.routes
        ],
        "unreachable": list(review.unreachable),
        "dead_ends": list(review.dead_ends),
    }


def comparison_document(comparison: VersionComparison) -> dict[str, Any]:
    return {
        "changes": [_change(change) for change in comparison.changes],
        "comparable": [
            {
                "indicator": each.indicator,
                "rate": each.rate,
                "score": each.score,
                "only_in": each.only_in or None,
                "reasons": [_change(reason) for reason in each.reasons],
            }
            for each in comparison.indicators
        ],
    }


def review_lines(review: Review, language: str) -> Iterator[str]:
    for route in review.routes:
        yield _route_line(route)
    for name, items in (("unreachable", review.unreachable), ("dead ends", review.dead_ends)):
        if items:
            yield f"{name}: {', '.join(items)}"
    for hint in review.hints:
        yield f"hint {hint.item} {hint.kind}: {render(Message(hint.msgid, hint.params), language)}"


def comparison_lines(comparison: VersionComparison) -> Iterator[str]:
    for change in comparison.changes:
        place = " ".join(part for part in (change.part, change.kind, change.detail, change.language) if part)
        yield f"change {place}: {change.old or '-'} -> {change.new or '-'}"
    for each in comparison.indicators:
        said = "compares" if each.rate else f"only in the {each.only_in}" if each.only_in else "does not compare"
        yield f"{each.indicator}: {said}{'' if each.score or not each.rate else ', its score does not'}"


def _change(change: PartChange) -> dict[str, str]:
    return {
        "part": change.part,
        "kind": change.kind.value,
        "detail": change.detail,
        "language": change.language,
        "old": change.old,
        "new": change.new,
    }


def _way(way: Way | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "items": way.items,
        "minutes": list(way.seconds.minutes),
        "minutes_in_english": list(way.in_english.minutes),
    }


def _route_line(route: Routes) -> str:
    if route.shortest is None or route.longest is None:
        return f"{route.mode}: nobody reaches the end"
    shortest, longest = route.shortest, route.longest
    items = _range(shortest.items, longest.items, "item")
    minutes = _range(shortest.seconds.minutes[0], longest.seconds.minutes[1], "minute")
    english = _range(shortest.in_english.minutes[0], longest.in_english.minutes[1], "minute")
    more = " at least" if route.cut else ""
    ends = f"; everybody ends after {', '.join(route.ends_all)}" if route.ends_all else ""
    routes = f"{more} {_range(route.count, route.count, 'route')} ({route.ended} end early)"
    return f"{route.mode}: {items}, {minutes} in Chinese, {english} in English,{routes}{ends}"


def _range(low: float, high: float, what: str) -> str:
    """From … to, or one figure where both are the same.

    >>> _range(8, 8, "item"), _range(1, 1, "item"), _range(2.5, 4, "minute")
    ('8 items', '1 item', '2.5-4 minutes')
    """
    many = "" if low == high == 1 else "s"
    # Whole numbers of any size are written out, as %g would not.
    low_text, high_text = (str(each) if isinstance(each, int) else f"{each:g}" for each in (low, high))
    return f"{low_text if low == high else f'{low_text}-{high_text}'} {what}{many}"
