"""Texts that are decided deep inside and shown later, in the reader's language; and the two ways to say no.

``N_`` marks a Chinese source text for the catalogue without translating it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name
    """Mark ``msgid`` for extraction; the translation happens where the reader's language is known."""
    return msgid


@dataclass(frozen=True)
class Message:
    """A Chinese source text with ``{named}`` places, and what fills them."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The source text, for logs; readers get :func:`survey.i18n.render`."""
        return self.msgid.format(**self.params)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong in a file or form: where, what was got, what was expected."""

    where: str  # row number, or item id
    column: str  # column or field; "" where the whole row is meant
    got: str
    expected: Message
    name: str = ""  # of a form's field, as the reader reads it: then ``column`` is the field's id


class SurveyError(Exception):
    """Something a user can mend: one message in their language, and the places if there are many."""

    exit_code = 2
    http_status = 400

    def __init__(self, message: Message, problems: Sequence[Problem] = ()) -> None:
        super().__init__(str(message))
        self.message = message
        self.problems = tuple(problems)


class BadInput(SurveyError):
    """The input cannot be used; nothing was changed."""


class NotThere(SurveyError):
    """What was named does not exist."""

    http_status = 404


class NotAllowed(SurveyError):
    """Who asks has no right to it."""

    http_status = 403


class Conflict(SurveyError):
    """It exists already, or the state does not allow it."""

    http_status = 409


class CheckFailed(SurveyError):
    """Everything worked, and the answer is no."""

    exit_code = 1
    http_status = 409


class Failure(SurveyError):
    """The machine could not do it (disk, folder, database); nothing was changed."""

    http_status = 500
