"""What is wrong with the fields of a form: all of it is told at once, and beside each field what is wrong there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from survey.messages import BadInput, Message, Problem, SurveyError
from survey.pages.language import gettext

Error = TypeVar("Error", bound=SurveyError)


def check_fields(readers: Mapping[str, Callable[[], object]]) -> None:
    """``readers``: name of a field -> what reads it. Raises :class:`BadInput` with a problem for each that does."""
    problems: list[Problem] = []
    for field, read in readers.items():
        try:
            read()
        except BadInput as error:
            problems += at_field(field, error.message).problems
    if problems:
        raise BadInput(problems[0].expected, problems)


def at_field(field: str, message: Message) -> BadInput:
    """``message`` is said of that field."""
    return BadInput(message, [Problem(where="", column=field, got="", expected=message)])


def name_fields(error: Error, names: Mapping[str, str]) -> Error:
    """The same error. ``names``: id of a field -> what the page calls it; what is said of others stays as it is."""
    if not error.problems:
        return error
    problems = [replace(one, name=gettext(names[one.column])) if one.column in names else one for one in error.problems]
    return type(error)(error.message, problems)
