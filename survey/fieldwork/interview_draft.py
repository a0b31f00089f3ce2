"""An interview at the door that is not finished: what the site keeps, sealed, between two screens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from survey.fieldwork.payloads import LedBy

#: A screen left open over lunch says nothing about the answer on it.
LONGEST_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class InterviewDraft:
    """``uuid`` becomes the interview's. ``adults``, ``men`` (for Kish's tables) and ``selected`` were committed before
    the selection was shown.

    ``canvasser``: whose draft it is; who takes over a case sees none of the answers its first canvasser got.

    ``order_seed``: in which order they see options; ``None`` also of a draft from before there was one.

    ``answers``: item -> stored answer of every item that was seen. ``elapsed``: item -> seconds, all views together.
    """

    uuid: UUID
    case: UUID
    canvasser: int
    started: datetime
    instrument: str
    adults: int
    selected: int
    led_by: LedBy
    answers: Mapping[str, object]
    elapsed: Mapping[str, float]
    men: int | None = None
    order_seed: int | None = None

    def with_answers(self, answers: Mapping[str, object], *, item: str, seconds: float) -> "InterviewDraft":
        """The draft after one screen; times outside 0…:data:`LONGEST_SECONDS` are not believed."""
        spent = seconds if 0 <= seconds <= LONGEST_SECONDS else 0.0
        elapsed = {**self.elapsed, item: round(self.elapsed.get(item, 0.0) + spent, 1)}
        return replace(self, answers={**self.answers, **answers}, elapsed=elapsed)


def to_json(draft: InterviewDraft) -> bytes:
    document = {
        "uuid": str(draft.uuid),
        "case": str(draft.case),
        "canvasser": draft.canvasser,
        "started": draft.started.isoformat(),
        "instrument": draft.instrument,
        "adults": draft.adults,
        "selected": draft.selected,
        "men": draft.men,
        "order_seed": draft.order_seed,
        "led_by": draft.led_by,
        "answers": dict(draft.answers),
        "elapsed": dict(draft.elapsed),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def from_json(body: bytes) -> InterviewDraft:
    """Of bytes that :func:`to_json` gave."""
    document = json.loads(body)
    return InterviewDraft(
        uuid=UUID(document["uuid"]),
        case=UUID(document["case"]),
        canvasser=document["canvasser"],
        started=datetime.fromisoformat(document["started"]),
        instrument=document["instrument"],
        adults=document["adults"],
        selected=document["selected"],
        led_by=LedBy(document["led_by"]),
        answers=document["answers"],
        elapsed=document["elapsed"],
        men=document.get("men"),
        order_seed=document.get("order_seed"),
    )
