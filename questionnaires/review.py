"""All that can be said of a questionnaire before anybody is asked: problems and hints by line, minutes, routes."""

import tomllib
from dataclasses import dataclass
from typing import Generic, TypeVar

from questionnaires.definition import Questionnaire
from questionnaires.hints import Hint, hints
from questionnaires.loading import load_text
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
        unreachable=unreachable_items(questionnaire, routes),
        dead_ends=dead_ends(questionnaire),
    )


def review_text(text: str, name: str) -> ReviewedText:
    """The TOML file ``text``; ``name`` is the file's. Nothing is raised for what it says."""
    try:
        questionnaire = load_text(text, name)
    except InstrumentError as error:
        return ReviewedText(problems=_placed(text, error.problems))
    found = review(questionnaire)
    return ReviewedText(questionnaire=questionnaire, review=found, hints=_placed(text, found.hints))


def _placed(text: str, remarks: tuple[Remark, ...]) -> tuple[Placed[Remark], ...]:
    if not remarks:
        return ()
    try:
        places = Places(text, tomllib.loads(text))
    except (ValueError, RecursionError):  # no TOML: the one problem says itself where
        return tuple(Placed(remark=remark, line=_named_line(remark)) for remark in remarks)
    placed = [Placed(remark=remark, line=places.line(remark.item, remark.field)) for remark in remarks]
    return tuple(sorted(placed, key=lambda each: each.line or 0))


def _named_line(remark: InstrumentProblem | Hint) -> int | None:
    line = remark.params.get("line")
    return line if isinstance(line, int) else None
