"""All that can be said of a questionnaire before anybody is asked: problems and hints by line, minutes, routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from questionnaires.definition import Questionnaire
from questionnaires.hint_kinds import Hint
from questionnaires.hints import hints
from questionnaires.loading import load_tables
from questionnaires.parsing import parse
from questionnaires.problems import InstrumentError, InstrumentProblem
from questionnaires.routes import Routes, dead_ends, unreachable_items, walk_routes
from questionnaires.toml_lines import Places

Remark = TypeVar("Remark", InstrumentProblem, Hint)


@dataclass(frozen=True, kw_only=True)
class Review:
    """``unreachable``: items nobody comes to; ``dead_ends``: items nobody gets past."""

    hints: tuple[Hint, ...]
    routes: tuple[Routes, ...]
    unreachable: tuple[str, ...]
    dead_ends: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Placed(Generic[Remark]):
    """A remark with the line (from 1) it is about; ``None``: the file as a whole."""

    remark: Remark
    line: int | None


@dataclass(frozen=True, kw_only=True)
class ReviewedText:
    """Either a questionnaire and its review, or problems; both lists in the order of the lines."""

    questionnaire: Questionnaire | None = None
    review: Review | None = None
    problems: tuple[Placed[InstrumentProblem], ...] = ()
    hints: tuple[Placed[Hint], ...] = ()


def review(questionnaire: Questionnaire) -> Review:
    routes = walk_routes(questionnaire)
    return Review(
        hints=hints(questionnaire),
        routes=routes,
        unreachable=unreachable_items(questionnaire, routes) if routes else (),
        dead_ends=dead_ends(questionnaire),
    )


def review_text(text: str, name: str) -> ReviewedText:
    """The TOML file ``text``; ``name`` is the file's. Nothing is raised for what it says."""
    try:
        document = load_tables(text, name)
    except InstrumentError as error:  # no TOML: the one problem says itself where
        return ReviewedText(problems=tuple(Placed(remark=one, line=_named_line(one)) for one in error.problems))
    try:
        questionnaire = parse(document, name)
    except InstrumentError as error:
        return ReviewedText(problems=_placed(text, document, error.problems))
    found = review(questionnaire)
    return ReviewedText(questionnaire=questionnaire, review=found, hints=_placed(text, document, found.hints))


def _placed(text: str, document: Mapping[str, Any], remarks: tuple[Remark, ...]) -> tuple[Placed[Remark], ...]:
    if not remarks:
        return ()
    places = Places(text, document)
    placed = [Placed(remark=remark, line=places.line(remark.item, remark.field)) for remark in remarks]
    return tuple(sorted(placed, key=lambda each: each.line or 0))


def _named_line(remark: InstrumentProblem) -> int | None:
    line = remark.params.get("line")
    return line if isinstance(line, int) else None
