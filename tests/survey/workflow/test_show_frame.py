"""What a frame holds, counted by hand, and what looks odd in it."""

from survey.areas import Area, Level
from survey.i18n import render
from survey.store.database import Database
from survey.units import Unit, UnitKind, UnitStatus
from survey.workflow.import_frame import import_frame
from survey.workflow.show_frame import FrameView, list_frames, show_frame
from tests.survey.conftest import AT

CITY, EAST, WEST, NORTH = "990000000000", "990000000001", "990000000002", "990000000003"
AREAS = (
    Area(code=CITY, name="城", level=Level.CITY, parent=None, population=None),
    Area(code=EAST, name="东", level=Level.COMMUNITY, parent=CITY, population=10),
    Area(code=WEST, name="西", level=Level.VILLAGE, parent=CITY, population=100),
    Area(code=NORTH, name="北", level=Level.COMMUNITY, parent=CITY, population=None),
    Area(code=f"{EAST}001", name="一", level=Level.GRID, parent=EAST, population=None),
    Area(code=f"{EAST}002", name="二", level=Level.GRID, parent=EAST, population=None),
)


def unit(serial: int, area: str, grid: str, status: UnitStatus, residents: int | None) -> Unit:
    address = {"room": str(serial)}
    return Unit(serial=serial, area=area, grid=grid, address=address, status=status, residents=residents)


def shown(database: Database, *units: Unit) -> FrameView:
    with database.writing() as session:
        frame = import_frame(session, areas=AREAS, at=AT, kind=UnitKind.DWELLING if units else None, units=units)
        view = show_frame(session, frame.id)
        (summary,) = list_frames(session)
    assert view.summary == summary
    assert summary.digest == frame.digest
    return view


def said(view: FrameView) -> str:
    return "\n".join(render(message, "zh_Hans") for message in view.odd)


def test_units_are_counted_by_community_status_and_grid(database: Database) -> None:
    view = shown(
        database,
        unit(1, EAST, f"{EAST}001", UnitStatus.OWNED, 3),
        unit(2, EAST, f"{EAST}001", UnitStatus.COMMERCIAL, None),
        unit(3, WEST, "", UnitStatus.VACANT, None),
    )
    east, west, north = sorted(view.communities, key=lambda community: community.code)
    assert (east.name, east.street, east.units, east.drawable, east.grids) == ("东", "城", 2, 1, 1)
    assert (east.residents, east.population) == (3, 10)
    assert (west.units, west.drawable, west.grids, west.residents) == (1, 1, 0, None)
    assert (north.units, north.drawable, north.population) == (0, 0, None)
    assert view.statuses == {UnitStatus.OWNED: 1, UnitStatus.VACANT: 1, UnitStatus.COMMERCIAL: 1}
    assert (view.drawable, view.residents, view.population) == (2, 3, 110)
    assert (view.summary.units, view.summary.areas, view.summary.kind) == (3, 6, UnitKind.DWELLING)


def test_gaps_are_named(sqlite_database: Database) -> None:
    text = said(
        shown(
            sqlite_database,
            unit(1, EAST, f"{EAST}001", UnitStatus.OWNED, 3),
            unit(2, EAST, f"{EAST}001", UnitStatus.OWNED, None),
            unit(3, WEST, "", UnitStatus.VACANT, None),
        )
    )
    assert "没有单元的社区：北" in text
    assert "不到 30 个可抽单元的社区：东, 西" in text
    assert f"没有的网格：{EAST}002" in text
    assert "没有填网格的社区（别的社区填了）：西" in text
    assert "一半以上空置的社区：西" in text
    assert "对不上的社区（常住人口应当略多）：东" in text
    assert "还有 1 个单元没有填" in text


def test_a_grid_far_too_large_is_named(sqlite_database: Database) -> None:
    units = [unit(serial, EAST, f"{EAST}001", UnitStatus.OWNED, 1) for serial in range(1, 1002)]
    assert f"像是网格号填错：{EAST}001" in said(shown(sqlite_database, *units))


def test_a_frame_of_areas_alone_has_nothing_odd(sqlite_database: Database) -> None:
    view = shown(sqlite_database)
    assert (view.odd, view.statuses, view.drawable, view.residents) == ((), {}, 0, None)
