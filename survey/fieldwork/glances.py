"""What a monitor needs of the thousands of visits and interviews in a log: when they were, and what came of them.

A glance at what :mod:`survey.fieldwork.payloads` has read and checked before; it checks nothing again.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import NOBODY
from survey.files.json_members import read_object, read_object_at
from survey.waves import Mode

_OUTCOMES: Mapping[str, Outcome] = {one.value: one for one in Outcome}
_MODES: Mapping[str, Mode] = {one.value: one for one in Mode}
_GLANCED = (
    re.compile(rb'"started"\s*:\s*"([^"\\]*)"'),
    re.compile(rb'"finished"\s*:\s*"([^"\\]*)"'),
    re.compile(rb'"canvasser"\s*:\s*(\d+)\s*\}\s*$'),  # the last one counts, and where it was put in it is the last
)
_CASE = re.compile(rb'"case"\s*:\s*"([^"\\]{36})"')
_ANSWERS = re.compile(rb'"answers"\s*:\s*(?=\{)')


class VisitGlance(NamedTuple):
    """Of a visit what the rates need."""

    at: datetime
    outcome: Outcome
    occupied: bool | None
    mode: Mode
    canvasser: int


def glance_at_visit(body: bytes) -> VisitGlance | None:
    """Of a visit that :func:`~survey.fieldwork.payloads.parse_visit` has read before; ``None``: it had not.

    >>> glance_at_visit(b'{"at":"2026-05-04T10:30:00Z","outcome":"away","mode":"capi"}').outcome.value
    'away'
    """
    found = read_object(body)
    try:
        return VisitGlance(
            at=datetime.fromisoformat(found["at"]),
            outcome=_OUTCOMES[found["outcome"]],
            occupied=found.get("occupied"),
            mode=_MODES[found.get("mode") or Mode.CAPI],
            canvasser=found.get("canvasser") or NOBODY,
        )
    except (KeyError, TypeError, ValueError):
        return None


class InterviewGlance(NamedTuple):
    """Of an interview when it was, and who held it."""

    started: datetime
    finished: datetime
    canvasser: int


def glance_at_interview(body: bytes) -> InterviewGlance | None:
    """Of an interview that :func:`~survey.fieldwork.payloads.parse_interview` has read before; ``None``: it had not.

    A monitor reads hundreds for their times: where a member's name stands once, nothing else of them is read.

    >>> glance_at_interview(b'{"started":"2026-05-04T10:30:00Z","finished":"2026-05-04T10:45:00Z"}').finished.minute
    45
    """
    found = [pattern.findall(body) for pattern in _GLANCED]
    try:
        if [len(values) for values in found] == [1, 1, 1]:
            started, finished = (datetime.fromisoformat(values[0].decode()) for values in found[:2])
            return InterviewGlance(started=started, finished=finished, canvasser=int(found[2][0]))
        document = read_object(body)
        started, finished = (datetime.fromisoformat(document[name]) for name in ("started", "finished"))
        return InterviewGlance(started=started, finished=finished, canvasser=document.get("canvasser") or NOBODY)
    except (KeyError, TypeError, ValueError):
        return None


class ReviewGlance(NamedTuple):
    """Of an interview what a review of all of them needs; ``answers`` as in its payload."""

    case: UUID
    times: InterviewGlance
    answers: Mapping[str, object]


def glance_for_review(body: bytes) -> ReviewGlance | None:
    """As :func:`glance_at_interview`, with case and answers.

    >>> body = b'{"answers":{"q1":1},"case":"00000000-0000-0000-0000-000000000001","finished":"2026-05-04T10:45:00Z",'
    >>> glance_for_review(body + b'"started":"2026-05-04T10:30:00Z","canvasser":7}').answers
    {'q1': 1}
    """
    if (times := glance_at_interview(body)) is None:
        return None
    cases, places = _CASE.findall(body), [found.end() for found in _ANSWERS.finditer(body)]
    try:
        # A name may be written with \u, too; then nobody knows where it stands without reading all.
        if len(cases) == len(places) == 1 and b"\\u" not in body:
            return ReviewGlance(UUID(cases[0].decode()), times, read_object_at(body, places[0]))
        document = read_object(body)
        return ReviewGlance(UUID(document["case"]), times, document["answers"])
    except (KeyError, TypeError, ValueError):
        return None
