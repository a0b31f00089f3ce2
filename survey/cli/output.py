"""How every verb answers: text for people, or one JSON document; errors as one line in the reader's language."""

import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from survey.cli.site import require_right
from survey.messages import SurveyError
from survey.roles import Permission

#: A cell with half a file in it is not printed whole.
LONGEST_GOT = 200
_NEEDS = "_needs_permission"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a verb found or did: ``document`` for ``--json``, ``lines`` for people."""

    document: dict[str, Any]
    lines: Sequence[str]


def language() -> str:
    """``SURVEY_LANGUAGE``, else Chinese in a Chinese locale, else English like the help texts."""
    wanted = os.environ.get("SURVEY_LANGUAGE", "")
    if wanted in ("zh_Hans", "en"):
        return wanted
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh_Hans" if locale.lower().startswith("zh") else "en"


def verb(*, needs: Permission) -> Callable[[Callable[..., Answer | None]], Callable[..., None]]:
    """Give a verb ``--json`` and print what it returns; with ``--as NAME`` only roles with ``needs`` may use it."""

    def make(action: Callable[..., Answer | None]) -> Callable[..., None]:
        return _verb(action, needs)

    return make


def needed_permission(command: click.Command) -> Permission | None:
    """The right that the verb declares; ``None``: it forgot to."""
    found: Permission | None = getattr(command.callback, _NEEDS, None)
    return found


def _verb(action: Callable[..., Answer | None], needs: Permission) -> Callable[..., None]:
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @functools.wraps(action)
    def run(*args: Any, as_json: bool, **kwargs: Any) -> None:
        try:
            require_right(needs, kwargs.get("wave_id"))
            answer = action(*args, **kwargs)
        except SurveyError as error:
            report_error(error, as_json=as_json)
            sys.exit(error.exit_code)
        if answer is None:
            return
        if as_json:
            print_document(answer.document)
        else:
            for line in answer.lines:
                click.echo(line)

    setattr(run, _NEEDS, needs)
    return run


def print_document(document: dict[str, Any]) -> None:
    """One JSON document; where standard output cannot hold Chinese, it is escaped."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    click.echo(json.dumps(document, ensure_ascii=ascii_only, allow_nan=False, default=str))


def report_error(error: SurveyError, *, as_json: bool) -> None:
    """One line on stderr; the places, if there are many, on stdout."""
    from survey.i18n import render

    reader = language()
    text = " ".join(render(error.message, reader).split())
    problems = [
        {
            "row": problem.where,
            "column": problem.column,
            "got": problem.got if len(problem.got) <= LONGEST_GOT else problem.got[:LONGEST_GOT] + "…",
            "expected": render(problem.expected, reader),
        }
        for problem in error.problems
    ]
    if as_json:
        print_document({"error": text, "problems": problems})
    else:
        for problem in problems:
            click.echo("  ".join(part for part in _line(problem, reader) if part))
    click.echo(f"survey: {text}", err=True)


def _line(problem: dict[str, str], reader: str) -> Sequence[str]:
    from survey.i18n import translate
    from survey.messages import N_

    place = " ".join(part for part in (problem["row"], problem["column"]) if part)
    if not place and not problem["got"]:
        return ("-", problem["expected"])
    return (
        place,
        translate(N_("得到：{got}"), reader, got=problem["got"] or translate(N_("（空）"), reader)),
        translate(N_("应为：{expected}"), reader, expected=problem["expected"]),
    )
