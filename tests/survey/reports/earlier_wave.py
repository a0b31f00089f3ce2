"""A wave before that of the sixteen communities: every kind of finding, and reasons why there is none."""

from dataclasses import replace
from datetime import date

from analysis.publication import Base, Change, ChangeFinding, NotCompared, PublishedEstimate, Subset
from questionnaires.definition import Text
from survey.reports.comparison import Comparison, DoneWork
from survey.reports.view import COACHING
from tests.survey.reports.conftest import World
from tests.survey.reports.sixteen_communities import DETAILS

HOME_VISIT = DoneWork(name=Text(zh_Hans="入户宣传", en="Home visit"), unit=Text(zh_Hans="户", en="homes"), quantity=320)
MEETING = DoneWork(
    name=Text(zh_Hans="院落会", en="Courtyard meeting"), unit=Text(zh_Hans="场", en="meetings"), quantity=3
)
#: From rate to rate of an area: up clearly, down clearly, a little of both.
MOVES = (0.02, -0.01, 0.15, -0.14, 0.03)
_HALF = 0.1


def with_earlier_wave(world: World, *, work: bool = True) -> World:
    """Each rate that is printed moved; every seventh may not be compared."""
    changes, earlier = [], []
    rows = [e for e in world.estimates if e.base is Base.ASKED and e.subset is Subset.ALL and e.indicator != COACHING]
    for number, row in enumerate(rows):
        reason = _reason(row) or (NotCompared.WORDING if number % 7 == 3 else None)
        moved = MOVES[number % len(MOVES)]
        changes.append(_change(row, moved, reason))
        earlier.append(row if row.proportion is None else _moved(row, -moved))
    areas = sorted({row.area for row in rows if row.area})
    done = {("IND_AWARE", area): (HOME_VISIT,) for area in areas[::2]} | {("IND_SUPPORT", areas[0]): (MEETING,)}
    return replace(
        world,
        comparison=Comparison(
            wave_id=3,
            name="2026年第二季度居民调查",
            details=replace(DETAILS, start=date(2026, 4, 2), end=date(2026, 4, 28)),
            run=replace(world.run, id=5, wave_id=3),
            changes=tuple(changes),
            earlier=tuple(earlier),
            done=done if work else {},
        ),
    )


def _reason(row: PublishedEstimate) -> NotCompared | None:
    if not row.published:
        return NotCompared.SUPPRESSED
    if row.shown_range is not None:
        return NotCompared.SHOWN_AS_RANGE
    return NotCompared.NO_INTERVAL if row.low is None else None


def _change(row: PublishedEstimate, moved: float, reason: NotCompared | None) -> Change:
    if reason is not None:
        return Change(indicator=row.indicator, area=row.area, level=0.95, reason=reason)
    finding = ChangeFinding.ROSE if moved > _HALF else ChangeFinding.FELL if moved < -_HALF else ChangeFinding.NO_CHANGE
    return Change(
        indicator=row.indicator,
        area=row.area,
        level=0.95,
        finding=finding,
        difference=moved,
        low=moved - _HALF,
        high=moved + _HALF,
        p_value=0.01,
    )


def _moved(row: PublishedEstimate, by: float) -> PublishedEstimate:
    assert row.proportion is not None
    low, high = (None if limit is None else limit + by for limit in (row.low, row.high))
    return replace(row, proportion=row.proportion + by, low=low, high=high)
