"""What a phone sends, as JSON: one visit, or one interview. Frozen values, canonical bytes, tolerant parsing.

A visit (``PUT /api/visits/<uuid>``)::

    {"case": "6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877",  the case visited
     "salt": "00112233445566778899aabbccddeeff",      32 random hex digits: without them the SHA-256 that stays could
                                                      be matched with guessed content
     "at": "2026-05-04T18:30:00+08:00",               ISO 8601 with a zone
     "outcome": "no_answer",                          analysis.fieldwork.dispositions.Outcome
     "occupied": null,                                true, false or null (no evidence)
     "led_by": "nobody",                              LedBy
     "appointment": null}                             ISO 8601 with a zone, or null

An interview (``PUT /api/interviews/<uuid>``)::

    {"case": "…", "salt": "…", "started": "…", "finished": "…",
     "instrument": "<64 hex>",                        fingerprint of the wording that was asked
     "adults": 3, "selected": 2,                      eligible adults; which was selected, 1…adults; 0: not known
     "men": null,                                     how many of the adults are men, where Kish's tables select
     "present": ["alone"],                            Presence
     "led_by": "nobody",
     "answers": {"q1": 1, "q2": [1, 3]},              item -> code, codes or text; null: asked, no answer; an item
                                                      that is not there was never reached
     "elapsed": {"q1": 4.2},                          item -> seconds on a clock that does not jump
     "ended": "complete",                             Ended
     "order_seed": 7}                                 in which order options were shown, see
                                                      questionnaires.option_orders; null: nothing was mixed

The receipt for the person at the door follows from the salt, so that a device without a connection can tell it: of
HMAC-SHA256 (key: the 16 bytes of the salt; message: ``receipt``) the lowest 60 bits, five at a time from the lowest, as
12 characters of ``0123456789ABCDEFGHJKMNPQRSTVWXYZ``; see :mod:`survey.fieldwork.door_receipts`. A salt is used once.

Whoever stops says whether what they said is kept. Where it is to be deleted, or is less than half anyway, ``answers``
and ``elapsed`` are empty and ``ended`` is ``break_off``. What a hard check of the questionnaire refuses is asked again
or ``null``: an interview that holds such an answer waits for a supervisor.

``filled_by`` is of answers given online that were kept aside, and counts only there. ``canvasser`` (the account's
number, 0: nobody) and a visit's ``mode`` (:class:`survey.waves.Mode`) are put in by the server, whatever the sender
wrote there. A visit holds no free text: members not named here are dropped from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from analysis.fieldwork.dispositions import Outcome
from questionnaires.option_orders import ORDERS
from survey.files.json_members import (
    MemberReader,
    a_time,
    a_uuid,
    an_object,
    choice_of,
    hex_digits,
    read_object,
    seconds_by_name,
    tuple_of,
    whole_between,
    yes_or_no,
)
from survey.messages import N_, Message, Problem
from survey.waves import FilledBy, Mode

#: Nobody has more adults at home; a longer list of answers is no interview.
MOST_ADULTS = 99
#: The canvasser of an online answer.
NOBODY = 0


class LedBy(StrEnum):
    """Who showed the way to the door."""

    NOBODY = "nobody"
    COMMUNITY_STAFF = "community_staff"
    GRID_WORKER = "grid_worker"
    PROPERTY_STAFF = "property_staff"
    OTHER = "other"


class Presence(StrEnum):
    """Who listened."""

    ALONE = "alone"
    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    COMMUNITY_STAFF = "community_staff"
    OTHERS = "others"


class Ended(StrEnum):
    COMPLETE = "complete"
    BREAK_OFF = "break_off"


@dataclass(frozen=True, kw_only=True)
class VisitPayload:
    """One attempt at one door (or one online answer by invitation, with its mode)."""

    case: UUID
    salt: str
    at: datetime
    outcome: Outcome
    occupied: bool | None
    led_by: LedBy
    appointment: datetime | None
    canvasser: int
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class InterviewPayload:
    case: UUID
    salt: str
    started: datetime
    finished: datetime
    instrument: str
    adults: int
    selected: int
    present: tuple[Presence, ...]
    led_by: LedBy
    answers: Mapping[str, object]
    elapsed: Mapping[str, float]
    ended: Ended
    canvasser: int
    men: int | None = None
    order_seed: int | None = None
    filled_by: FilledBy | None = None


Problems = tuple[Problem, ...]


def to_json(payload: VisitPayload | InterviewPayload) -> bytes:
    """Canonical bytes: members sorted, no spaces, times in UTC; equal payloads give equal bytes.

    >>> from datetime import timezone, timedelta
    >>> at = datetime(2026, 5, 4, 18, 30, tzinfo=timezone(timedelta(hours=8)))
    >>> visit = VisitPayload(case=UUID(int=1), salt="0" * 32, at=at, outcome=Outcome.AWAY, occupied=True,
    ...     led_by=LedBy.NOBODY, appointment=None, canvasser=7, mode=Mode.CAPI)
    >>> to_json(visit)[:47]
    b'{"appointment":null,"at":"2026-05-04T10:30:00Z"'
    >>> parse_visit(to_json(visit)) == visit
    True
    """
    return _encode({field.name: getattr(payload, field.name) for field in fields(payload)})


def stamp(body: bytes, *, canvasser: int, mode: Mode | None = None) -> bytes:
    """``body`` (a JSON object) as received, with the account that sent it and perhaps a mode as its last members.

    Of members with the same name the last one counts, so whatever the sender wrote there is overruled.

    >>> stamp(b'{"canvasser": 1, "x": 2}', canvasser=7)
    b'{"canvasser": 1, "x": 2,"canvasser":7}'
    >>> stamp(b'{}', canvasser=7, mode=Mode.CAPI)
    b'{"canvasser":7,"mode":"capi"}'
    """
    empty = not read_object(body)
    head, _, rest = body.rpartition(b"}")
    members = f'"canvasser":{canvasser}' + (f',"mode":"{mode.value}"' if mode else "")
    return head + (b"" if empty else b",") + members.encode() + b"}" + rest


def case_of(body: bytes) -> UUID | None:
    """The case named in a JSON object, readable otherwise or not; ``None``: none that could be one."""
    found = read_object(body).get("case")
    try:
        return a_uuid(found)
    except ValueError:
        return None


def parse_visit(body: bytes) -> VisitPayload | Problems:
    """The visit, or everything that is wrong with it. Raises :class:`BadInput` only when it is no JSON object."""
    read = MemberReader(read_object(body))
    values = {
        "case": read.member("case", a_uuid, _UUID),
        "salt": read.member("salt", _A_SALT, _SALT),
        "at": read.member("at", a_time, _TIME),
        "outcome": read.member("outcome", _A_OUTCOME, _ONE_OUTCOME),
        "occupied": read.member("occupied", yes_or_no, _YES_NO, absent=None),
        "led_by": read.member("led_by", _A_LED_BY, _ONE_LED_BY),
        "appointment": read.member("appointment", a_time, _TIME, absent=None),
        "canvasser": read.member("canvasser", _AN_ACCOUNT, _NUMBER, absent=0),
        "mode": read.member("mode", _A_MODE, _ONE_MODE, absent=Mode.CAPI),
    }
    return tuple(read.problems) or VisitPayload(**values)


def parse_interview(body: bytes) -> InterviewPayload | Problems:
    """The interview, or everything that is wrong with it. What ``answers`` hold is for the questionnaire to judge.

    Seconds that are none are left out: a clock is no reason to doubt an answer.
    """
    read = MemberReader(read_object(body))
    adults = read.member("adults", whole_between(0, MOST_ADULTS), _NUMBER)
    of_them = whole_between(0, MOST_ADULTS if adults is None else adults)
    values = {
        "case": read.member("case", a_uuid, _UUID),
        "salt": read.member("salt", _A_SALT, _SALT),
        "started": read.member("started", a_time, _TIME),
        "finished": read.member("finished", a_time, _TIME),
        "instrument": read.member("instrument", _A_FINGERPRINT, _FINGERPRINT),
        "adults": adults,
        "selected": read.member("selected", of_them, _SELECTED),
        "present": read.member("present", _PRESENCES, _ONE_PRESENCE, absent=()),
        "led_by": read.member("led_by", _A_LED_BY, _ONE_LED_BY),
        "answers": read.member("answers", an_object, _ANSWERS),
        "elapsed": read.member("elapsed", seconds_by_name, _SECONDS, absent={}),
        "ended": read.member("ended", _AN_END, _ONE_END),
        "canvasser": read.member("canvasser", _AN_ACCOUNT, _NUMBER, absent=0),
        "men": read.member("men", of_them, _SELECTED, absent=None),
        "order_seed": read.member("order_seed", _AN_ORDER_SEED, _NUMBER, absent=None),
        "filled_by": read.member("filled_by", _A_HAND, _ONE_HAND, absent=None),
    }
    return tuple(read.problems) or InterviewPayload(**values)


_UUID = Message(N_("UUID，如 6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877"))
_SALT = Message(N_("32 位小写十六进制随机数"))
_FINGERPRINT = Message(N_("64 位小写十六进制的问卷指纹"))
_TIME = Message(N_("带时区的 ISO 8601 时间，如 2026-05-04T18:30:00+08:00"))
_YES_NO = Message(N_("true、false 或 null"))
_NUMBER = Message(N_("不为负的整数"))
_SELECTED = Message(N_("0 到成年人数之间的整数"))
_ANSWERS = Message(N_("题号到答案的对象"))
_SECONDS = Message(N_("题号到秒数的对象"))


def _one_of(choices: type[StrEnum]) -> Message:
    return Message(N_("以下之一：{choices}"), {"choices": ", ".join(choices)})


#: Made once: a wave has thousands of payloads, and its fieldwork page reads them all.
_A_SALT, _A_FINGERPRINT = hex_digits(32), hex_digits(64)
_AN_ACCOUNT = whole_between(0, 2**31 - 1)
_AN_ORDER_SEED = whole_between(0, ORDERS - 1)
_A_OUTCOME, _ONE_OUTCOME = choice_of(Outcome), _one_of(Outcome)
_A_LED_BY, _ONE_LED_BY = choice_of(LedBy), _one_of(LedBy)
_A_MODE, _ONE_MODE = choice_of(Mode), _one_of(Mode)
_AN_END, _ONE_END = choice_of(Ended), _one_of(Ended)
_A_HAND, _ONE_HAND = choice_of(FilledBy), _one_of(FilledBy)
_PRESENCES, _ONE_PRESENCE = tuple_of(choice_of(Presence)), _one_of(Presence)


def _encode(document: Mapping[str, object]) -> bytes:
    text = json.dumps(
        document, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False, default=_plain
    )
    # Half a character is no UTF-8; the replacement is JSON's own way to write it.
    return text.encode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"got {type(value).__name__}, which has no JSON")
