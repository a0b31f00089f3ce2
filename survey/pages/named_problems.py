"""A form's errors with the names its fields have on the page, so that each leads to its field and stands beside it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from survey.messages import SurveyError
from survey.pages.language import gettext

Error = TypeVar("Error", bound=SurveyError)


def named_problems(error: Error, names: Mapping[str, str]) -> Error:
    """The same error. ``names``: id of a field -> what the page calls it; others keep the name of their column."""
    if not error.problems:
        return error
    problems = [replace(one, name=gettext(names.get(one.column, one.column))) for one in error.problems]
    return type(error)(error.message, problems)
