"""A wave to draw from: two communities and a village in one street, their dwellings, and people with ties."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.roles import CanvasserType, Role, Scope
from survey.sampling.frame_digest import areas_digest, units_digest
from survey.store.accounts import Account, add_account
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.units import add_units
from survey.units import Unit, UnitKind, UnitStatus
from survey.waves import Approval, Mode, WaveDetails
from survey.workflow.add_instrument import add_instrument
from survey.workflow.decide_draw import approve_draw
from survey.workflow.draw_sample import Drawn, draw_sample
from survey.workflow.open_wave import open_wave
from tests.prepared import prepared
from tests.survey import small_wave

AT = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)
SEED = "00112233445566778899aabbccddeeff"
CITY, STREET = "440983000000", "440983102000"
EAST, WEST, VILLAGE = "440983102001", "440983102002", "440983102201"
GRIDS = (f"{EAST}001", f"{EAST}002")
AREAS = (
    Area(code=CITY, name="云城市", level=Level.CITY, parent=None, population=None),
    Area(code=STREET, name="一街", level=Level.STREET, parent=CITY, population=None),
    Area(code=EAST, name="东风社区", level=Level.COMMUNITY, parent=STREET, population=1200),
    Area(code=WEST, name="西湖社区", level=Level.COMMUNITY, parent=STREET, population=800),
    Area(code=VILLAGE, name="无房村", level=Level.VILLAGE, parent=STREET, population=None),
    Area(code=GRIDS[0], name="东风一格", level=Level.GRID, parent=EAST, population=None),
    Area(code=GRIDS[1], name="东风二格", level=Level.GRID, parent=EAST, population=None),
)
DETAILS = WaveDetails(
    modes=(Mode.CAPI, Mode.WEB_TOKEN, Mode.WEB_OPEN),
    start=date(2026, 3, 1),
    end=date(2026, 3, 20),
    sponsor="云城市委宣传部",
    fieldwork="云城调查队",
    telephone="0763-1234567",
    approval=Approval.APPROVED,
    approval_no="云统制〔2026〕1号",
)


def units(east: int = 60, west: int = 25) -> list[Unit]:
    """Every tenth dwelling is a shop, the last of the west is demolished."""
    found = [
        Unit(
            serial=number,
            area=EAST if number <= east else WEST,
            grid=GRIDS[number % 2] if number <= east else "",
            address={"estate": "花园小区", "building": str(1 + number // 12), "room": f"{100 + number}"},
            status=UnitStatus.COMMERCIAL if number % 10 == 0 else UnitStatus.OWNED,
            residents=number % 5 or None,
        )
        for number in range(1, east + west + 1)
    ]
    return [*found[:-1], replace(found[-1], status=UnitStatus.DEMOLISHED)]


#: Asked at the door and by letter too; a version of its own, so that both may be in one database.
INSTRUMENT = small_wave.INSTRUMENT.replace('version = "1"', 'version = "2"').replace(
    '"web_open", "paper_entry"]', '"capi", "web_token", "web_open", "paper_entry"]'
)
for _mode in ("capi", "web_token"):
    INSTRUMENT = INSTRUMENT.replace(
        "[introductions.web_open]",
        f'[introductions.{_mode}]\nzh_Hans = "您好"\nen = "Hello"\n\n[introductions.web_open]',
    )


@prepared
def open_wave_with_units(
    database: Database, *, details: WaveDetails = DETAILS, rows: Sequence[Unit] | None = None
) -> int:
    """A draft wave whose frame has ``rows`` (default: 60 dwellings in the east, 25 in the west)."""
    rows = units() if rows is None else rows
    with database.writing() as session:
        frame = add_frame(
            session,
            areas=AREAS,
            digest=areas_digest(AREAS),
            at=AT,
            kind=UnitKind.DWELLING,
            units_digest=units_digest(rows),
            unit_count=len(rows),
        )
        add_units(session, frame, rows)
        add_instrument(session, load_text(INSTRUMENT, "small.toml"), at=AT)
        return open_wave(session, instrument="small", frame=frame, name="第一轮", details=details, at=AT, by="tongji")


def draw(database: Database, wave: int, *, per_community: int = 10, seed: str = SEED) -> Drawn:
    with database.writing() as session:
        return draw_sample(session, wave, per_community=per_community, seed=seed, at=AT, by="tongji")


def approve(database: Database, draw_id: int) -> None:
    with database.writing() as session:
        at = get_draw(session, draw_id).drawn_at
        approve_draw(session, draw_id, unreviewed="已在别处看过", at=at, by="shenhe")


@prepared
def drawn_wave(database: Database, *, details: WaveDetails = DETAILS, per_community: int = 10) -> int:
    """A wave whose draw another person approved."""
    wave = open_wave_with_units(database, details=details)
    approve(database, draw(database, wave, per_community=per_community).draw)
    return wave


def add_canvasser(
    database: Database,
    name: str,
    *,
    kind: CanvasserType | None = CanvasserType.STUDENT,
    ties: Sequence[str] = (),
    scope: Scope = Scope(),  # noqa: B008 - frozen
    role: Role = Role.CANVASSER,
) -> Account:
    with database.writing() as session:
        return add_account(
            session,
            name=name,
            password_hash="hash",
            role=role,
            at=AT,
            full_name=f"{name}同学",
            canvasser_type=kind if role is Role.CANVASSER else None,
            scope=scope,
            ties=frozenset(ties),
        )
