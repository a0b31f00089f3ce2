"""A published wave of two communities whose estimates ask for something of every kind; with homes, grids, estates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability
from questionnaires.indicators import REGISTRY
from questionnaires.loading import load_file
from survey.areas import Area, Level
from survey.outreach import ActionKind
from survey.roles import Scope
from survey.runs import EstimateRun
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.estimates import add_run
from survey.store.outreach_actions import OutreachAction, list_actions
from survey.store.units import add_units
from survey.store.waves import add_wave, change_state
from survey.units import Unit, UnitKind, UnitStatus
from survey.waves import Mode, WaveDetails, WaveState
from survey.workflow.add_instrument import add_instrument
from survey.workflow.plan_outreach import plan_outreach
from tests.prepared import prepared

AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 20)
STREET, EAST, WEST, SOUTH = "330106001000", "330106001001", "330106001002", "330106001003"
GRIDS = (f"{EAST}001", f"{EAST}002")
SMALL_GRID = f"{EAST}003"
EVERYWHERE = Scope()
EAST_ONLY = Scope(areas=frozenset({EAST}))
WEST_ONLY = Scope(areas=frozenset({WEST}))
ONE_GRID = Scope(areas=frozenset({GRIDS[0]}))

AREAS = (
    Area(code=STREET, name="一街", level=Level.STREET, parent=None, population=None),
    Area(code=EAST, name="东社区", level=Level.COMMUNITY, parent=STREET, population=2000),
    Area(code=WEST, name="西社区", level=Level.COMMUNITY, parent=STREET, population=1000),
    Area(code=SOUTH, name="南社区", level=Level.COMMUNITY, parent=STREET, population=None),
)


def _units() -> list[Unit]:
    """East: 12 homes in each of two grids (the second has a shop and a ruin beside them), 3 in a third one, 2 in none;
    the west: 20 without a grid; the south: none.
    """
    places = [(EAST, GRIDS[0], "幸福小区")] * 12 + [(EAST, GRIDS[1], "平安里")] * 14
    places += [(EAST, SMALL_GRID, "独栋")] * 3 + [(EAST, "", "")] * 2 + [(WEST, "", "西苑")] * 20
    empty = {13: UnitStatus.COMMERCIAL, 14: UnitStatus.DEMOLISHED}
    return [
        Unit(
            serial=serial,
            area=area,
            grid=grid,
            address={"estate": estate, "room": f"{serial}01"} if estate else {"room": f"{serial}01"},
            status=empty.get(serial, UnitStatus.OWNED),
        )
        for serial, (area, grid, estate) in enumerate(places, start=1)
    ]


HOMES = {EAST: 29, WEST: 20}


def rate(indicator: str, area: str | None, proportion: float, **changes: object) -> PublishedEstimate:
    """A reliable one of 100 answers against 80 %, clearly below it."""
    values: dict[str, object] = {
        "indicator": indicator,
        "area": area,
        "base": Base.ASKED,
        "published": True,
        "n": 100,
        "n_effective": 100.0,
        "proportion": proportion,
        "low": proportion - 0.08,
        "high": proportion + 0.08,
        "design_effect": 1.0,
        "reliability": Reliability.RELIABLE,
        "band": Band.BELOW,
        "target": 0.8,
    }
    return PublishedEstimate(**values | changes)  # type: ignore[arg-type]


def hidden(indicator: str, area: str) -> PublishedEstimate:
    return PublishedEstimate(
        indicator=indicator, area=area, base=Base.ASKED, published=False, reason=Reason.TOO_FEW, target=None
    )


ESTIMATES = (
    rate("IND_AWARE", None, 0.5),
    rate("IND_AWARE", EAST, 0.62),
    rate("IND_AWARE", WEST, 0.70),
    hidden("IND_AWARE", SOUTH),
    rate("IND_SUPPORT", EAST, 0.79, band=Band.INDISTINGUISHABLE, low=0.78),
    rate("IND_SUPPORT", WEST, 0.60),
    rate("IND_PARTICIPATE", EAST, 0.85, band=Band.ABOVE),
    rate("IND_SAT_OVERALL", EAST, 0.70),
    rate("IND_SAT_PARKING", EAST, 0.50),
    rate("IND_SAT_NOISE", WEST, 0.78, band=Band.INDISTINGUISHABLE),
)


@dataclass(frozen=True, kw_only=True)
class World:
    database: Database
    frame: int
    wave: int
    run: int

    def plan(self, budget: float | None = None, *, by: str = "wang") -> tuple[OutreachAction, ...]:
        with self.database.writing() as session:
            plan_outreach(session, self.wave, budget=budget, at=AT, by=by)
        return self.actions()

    def actions(self) -> tuple[OutreachAction, ...]:
        with self.database.reading() as session:
            return list_actions(session, self.wave)

    def action(self, kind: ActionKind, area: str = EAST) -> OutreachAction:
        return next(one for one in self.actions() if (one.kind, one.area) == (kind, area))


@prepared
def build_world(
    database: Database, estimates: tuple[PublishedEstimate, ...] = ESTIMATES, *, published: bool = True
) -> World:
    with database.writing() as session:
        units = _units()
        frame = add_frame(
            session,
            areas=AREAS,
            digest="f" * 64,
            at=AT,
            kind=UnitKind.DWELLING,
            units_digest="e" * 64,
            unit_count=len(units),
        )
        add_units(session, frame, units)
        questionnaire = load_file(REGISTRY.with_name("urban-community.toml"))
        instrument = add_instrument(session, questionnaire, at=AT)
        wave = add_wave(
            session,
            name="第一轮",
            instrument_id=instrument.id,
            frame_id=frame,
            details=WaveDetails(modes=(Mode.IMPORTED,), fieldwork="测评中心", fictitious=True),
            at=AT - timedelta(days=30),
            by="tests",
        )
        run = add_run(
            session,
            EstimateRun(
                id=0,
                wave_id=wave,
                by_level=Level.COMMUNITY,
                instrument_fingerprint=instrument.fingerprint,
                frame_digest="f" * 64,
                answers_digest="d" * 64,
                responses=250,
                mode_counts={Mode.IMPORTED: 250},
                design=None,
                level=0.95,
                seed="s",
                code_version="tests",
                at=AT,
                by="tests",
            ),
            estimates,
        )
        change_state(session, wave, WaveState.CLOSED, at=AT, by="tests")
        if published:
            change_state(session, wave, WaveState.PUBLISHED, at=AT, by="tests", run_id=run)
    return World(database=database, frame=frame, wave=wave, run=run)


@prepared
def planned_world(database: Database) -> World:
    """:func:`build_world` with its plan."""
    world = build_world(database)
    world.plan()
    return world
