"""A wave that is drawn in public: its commitment and what was published after it."""

from dataclasses import replace
from datetime import datetime, timedelta

from analysis.sampling.sample_design import Reserves, SampleDesign
from analysis.sampling.value_spelling import Spelling, SpellingRule
from survey.sampling.public_values import PublicValue, PublicValueName
from survey.sampling.sample_designs import of_equal
from survey.store.database import Database
from survey.store.draw_commitments import Commitment
from survey.workflow.commit_draw import commit_draw
from survey.workflow.draw_sample import Drawn, draw_in_public
from tests.survey.drawn_wave import AT

FOURTEEN = SpellingRule(spelling=Spelling.ASCENDING, count=14, apart=2)
NAMES = ("福彩双色球第 2026135 期", "福彩双色球第 2026136 期")
NUMBERS = ("03071119223005", "01020304050607")
#: When the values are published, one after the other, and a day after both.
PUBLISHED = (AT + timedelta(days=1), AT + timedelta(days=2))
LATER = AT + timedelta(days=3)
DESIGN = of_equal(10)
#: 8 homes of each community, and two reserves of 3.
WITH_RESERVES = replace(of_equal(8), reserves=Reserves(replicates=2, per_community=3))


def named(count: int = 2) -> list[PublicValueName]:
    return [
        PublicValueName(name=name, not_before=at, spelling=FOURTEEN) for name, at in zip(NAMES, PUBLISHED, strict=True)
    ][:count]


def published(number: int, **changes: object) -> PublicValue:
    value = PublicValue(name=NAMES[number], value=NUMBERS[number], published_at=PUBLISHED[number], source="彩票中心")
    return replace(value, **changes)  # type: ignore[arg-type]


def commit(
    database: Database, wave: int, *, design: SampleDesign = DESIGN, at: datetime = AT, values: int = 2
) -> Commitment:
    with database.writing() as session:
        return commit_draw(session, wave, design=design, public_values=named(values), at=at, by="tongji")


def draw_public(
    database: Database, wave: int, *values: PublicValue, at: datetime = LATER, design: SampleDesign | None = None
) -> Drawn:
    with database.writing() as session:
        return draw_in_public(session, wave, values=values, design=design, at=at, by="tongji")
