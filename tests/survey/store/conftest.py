"""A small wave to hang things on, and responses to put into it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from survey.areas import Area, Level
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.instruments import add_instrument
from survey.store.responses import NewResponse, answers_sha256
from survey.store.waves import add_wave
from survey.waves import Mode, WaveDetails

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)

CITY = Area(code="330100000000", name="杭州市", level=Level.CITY, parent=None, population=None)
EAST = Area(code="330106001001", name="东社区", level=Level.COMMUNITY, parent=CITY.code, population=2400)
WEST = Area(code="330106001002", name="西社区", level=Level.COMMUNITY, parent=CITY.code, population=0)


@dataclass(frozen=True, kw_only=True)
class Example:
    frame: int
    instrument: int
    wave: int


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def areas() -> tuple[Area, ...]:
    return (EAST, CITY, WEST)  # a child before its parent: files come in any order


@pytest.fixture
def build_example(areas: tuple[Area, ...]) -> Callable[[Database], Example]:
    """Give a database one frame, one instrument and one wave in draft."""

    def build(database: Database) -> Example:
        with database.writing() as session:
            frame = add_frame(session, areas=areas, digest="f" * 64, at=AT)
            instrument = add_instrument(
                session, slug="urban", version="1", fingerprint="a" * 64, document={"题": [1, 2]}, at=AT
            )
            wave = add_wave(
                session,
                name="二〇二六年第一轮",
                instrument_id=instrument.id,
                frame_id=frame,
                details=WaveDetails(modes=(Mode.IMPORTED,), start=date(2026, 3, 1)),
                at=AT,
                by="admin",
            )
        return Example(frame=frame, instrument=instrument.id, wave=wave)

    return build


@pytest.fixture
def example(database: Database, build_example: Callable[[Database], Example]) -> Example:
    return build_example(database)


@pytest.fixture
def make_responses() -> Callable[..., list[NewResponse]]:
    """``make_responses(n)``: n answered questionnaires, the same each time for the same ``seed``."""

    def make(n: int, *, seed: int = 1, items: int = 3) -> list[NewResponse]:
        chance = random.Random(seed)  # noqa: S311 - answers, not secrets
        made = []
        for number in range(n):
            answers = {f"q{item}": chance.randint(1, 5) for item in range(items)} | {"多选": [1, 3], "说明": "“好”"}
            made.append(
                NewResponse(
                    uuid=UUID(int=chance.getrandbits(128), version=4),
                    area=(EAST.code, WEST.code)[number % 3 == 0],
                    mode=Mode.IMPORTED,
                    day=date(2026, 3, 1 + number % 28) if number % 5 else None,
                    answers=answers,
                    completeness="complete",
                    digest=answers_sha256(answers),
                )
            )
        return made

    return make
