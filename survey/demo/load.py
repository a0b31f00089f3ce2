"""The demo city, loaded by the steps real waves take: frames, people, five waves, and what came of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from analysis.sampling.sample_design import Reserves
from questionnaires.loading import BUILT_IN, load_file
from survey.demo.city import SCALES, City, Place, Size, places_of, read_city
from survey.demo.context import Making, StoredFrame
from survey.demo.drawn_wave import (
    StartedWave,
    WavePlan,
    close_and_publish,
    go_from_door_to_door,
    leave_doubts,
    publish,
    read_details,
    settle,
    start_drawn_wave,
)
from survey.demo.homes import FrameTables, street_frame, town_frame, village_frame
from survey.demo.outreach import begin, carry_out
from survey.demo.patrol import BETTER, patrol_columns, patrol_csv, patrol_details
from survey.demo.people import STATISTICIAN, DemoPerson, add_people
from survey.demo.suggestions import write_suggestions
from survey.demo.truth import WaveTruth, kinder, make_truth
from survey.demo.unfinished_wave import leave_in_the_field
from survey.files.column_map import parse_column_map
from survey.files.csv_files import parse_csv
from survey.keys import KeyRing
from survey.store.database import Database, Session
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.import_frame import import_frame
from survey.workflow.import_responses import find_target, import_responses, read_answers
from survey.workflow.open_wave import open_wave

URBAN, VILLAGE = "urban-community", "civilized-village"
DOOR_AND_LETTER = (Mode.CAPI, Mode.WEB_TOKEN)
#: Days ago: the first visits of each wave, and the office's work before all of them.
FIRST, SECOND, THIRD, VILLAGES, PATROL, FRAMES = 150, 45, 11, 95, 70, 170
#: Days from the first visits: until the patrol is over, until a drawn wave is closed and its plan made; of the wave in
#: the field, days that are left.
PATROL_DAYS, CLOSED_AFTER, PLANNED_AFTER, LEFT = 20, 16, 20, 10


@dataclass(frozen=True, kw_only=True)
class LoadedCity:
    """``waves``: numbers of the waves in order. ``truth``: the document of ``truth.json``.

    ``added``: the people whose accounts were not there before.
    """

    waves: tuple[int, ...]
    draws: tuple[int, ...]
    truth: dict[str, Any]
    added: tuple[DemoPerson, ...]


def load_city(
    database: Database,
    keys: KeyRing,
    *,
    size: Size,
    seed: int,
    password: str,
    now: datetime,
    say: Callable[[str], None],
) -> LoadedCity:
    """All in one transaction, the destruction of the closed waves' keys after it."""
    with database.writing() as session:
        loaded = _load(session, keys, size, seed, password, now, say)
    destroy_keys(database, keys)
    return loaded


def _load(
    session: Session,
    keys: KeyRing,
    size: Size,
    seed: int,
    password: str,
    now: datetime,
    say: Callable[[str], None],
) -> LoadedCity:
    scale, city = SCALES[size], read_city()
    making = Making(session=session, keys=keys, city=city, scale=scale, seed=seed, now=now, accounts={}, say=say)
    street = store_frame(making, places_of(city.communities, scale.communities, scale.homes), street_frame)
    villages = store_frame(making, places_of(city.villages, scale.villages, scale.homes), village_frame)
    if scale.town_communities:
        store_frame(making, places_of(city.town_communities, scale.town_communities), town_frame)
    people = add_people(
        session,
        many_canvassers=scale.canvassers,
        areas=frozenset({city.street[0], city.township[0]}),
        password=password,
        at=making.day(FRAMES),
    )
    making = replace(making, accounts=people.accounts)
    before, after = (truth_of(street, URBAN, seed, moved=moved) for moved in (False, True))
    first = hold_wave(making, urban_wave(making, street, before, number=1, ago=FIRST))
    carry_out(making, street, first.wave, at=making.day(FIRST - PLANNED_AFTER))
    second = hold_wave(making, urban_wave(making, street, after, number=2, ago=SECOND))
    begin(making, street, second.wave, at=making.day(SECOND - PLANNED_AFTER))
    third = leave_in_the_field(making, urban_wave_in_field(making, street, after))
    fourth = hold_wave(making, _village_wave(making, villages, truth_of(villages, VILLAGE, seed)))
    fifth = _import_patrol(making, street, before)
    write_suggestions(making, street)
    held = (first, second, third, fourth)
    return LoadedCity(
        waves=(*(one.wave for one in held), fifth),
        draws=tuple(one.draw for one in held),
        truth=_document(making, size, held, fifth, before),
        added=people.added,
    )


def store_frame(
    making: Making, places: tuple[Place, ...], make: Callable[[City, tuple[Place, ...], int], FrameTables]
) -> StoredFrame:
    tables = make(making.city, places, making.seed)
    frame = import_frame(
        making.session, areas=tables.areas, at=making.day(FRAMES), kind=tables.kind, units=tables.units
    )
    making.say(f"frame {frame.id}: {len(places)} places, {frame.units} units")
    units = {unit.serial: unit for unit in tables.units}
    return StoredFrame(id=frame.id, places=places, tables=tables, units=units)


def truth_of(frame: StoredFrame, instrument: str, seed: int, *, moved: bool = False) -> WaveTruth:
    questionnaire = load_file(BUILT_IN[instrument])
    return make_truth(questionnaire, frame.places, frame.tables.adults, seed=seed, moved=moved)


def hold_wave(making: Making, plan: WavePlan) -> StartedWave:
    """From its opening to its publication."""
    started = go_from_door_to_door(making, start_drawn_wave(making, plan))
    over = plan.first_day + timedelta(days=CLOSED_AFTER, hours=10)
    settle(making, leave_doubts(started), at=over)
    close_and_publish(making, started, at=over + timedelta(hours=2))
    return started


def urban_wave(making: Making, frame: StoredFrame, truth: WaveTruth, *, number: int, ago: int) -> WavePlan:
    first_day = making.day(ago)
    return WavePlan(
        number=number,
        name=f"{first_day:%Y年%m月}社区居民第{'一二三'[number - 1]}轮（虚构数据）",
        instrument=URBAN,
        details="wave.toml",
        frame=frame,
        truth=truth,
        per_community=making.scale.per_community,
        first_day=first_day,
        last_day=first_day + timedelta(days=CLOSED_AFTER - 1),
        modes=DOOR_AND_LETTER,
        fabricated=making.scale.fabricated,
    )


def urban_wave_in_field(making: Making, frame: StoredFrame, truth: WaveTruth) -> WavePlan:
    """The third wave: drawn in public with reserves, begun eleven days ago, with homes where nobody was yet and one
    community that nobody has.
    """
    return replace(
        urban_wave(making, frame, truth, number=3, ago=THIRD),
        last_day=making.today + timedelta(days=LEFT),
        modes=(*DOOR_AND_LETTER, Mode.WEB_OPEN),
        per_community=making.scale.in_field,
        untouched=0.3,
        days=THIRD,
        left_out=frozenset({frame.places[-1].code}),
        reserves=Reserves(replicates=2, per_community=making.scale.in_field // 5),
    )


def _village_wave(making: Making, frame: StoredFrame, truth: WaveTruth) -> WavePlan:
    first_day = making.day(VILLAGES)
    return WavePlan(
        number=4,
        name=f"{first_day:%Y年%m月}文明村居民小样本（虚构数据）",
        instrument=VILLAGE,
        details="village.toml",
        frame=frame,
        truth=truth,
        per_community=making.scale.per_village,
        first_day=first_day,
        last_day=first_day + timedelta(days=CLOSED_AFTER - 1),
        modes=(Mode.CAPI,),
    )


def _import_patrol(making: Making, frame: StoredFrame, truth: WaveTruth) -> int:
    """The batch of the patrol: a wave without a draw, from a file."""
    session, (issued, valid) = making.session, making.scale.patrol
    first_day = making.day(PATROL)
    last_day = first_day + timedelta(days=PATROL_DAYS)
    details = read_details("patrol.toml", start=first_day, end=last_day, modes=(Mode.PAPER,))
    wave = open_wave(
        session,
        instrument=URBAN,
        frame=frame.id,
        name=f"{first_day:%Y年%m月}市民巡访团问卷（虚构数据，非概率样本）",
        details=patrol_details(details, issued=issued, valid=valid),
        at=first_day,
        by=STATISTICIAN,
    )
    table = patrol_csv(kinder(truth, BETTER), answers=valid, seed=making.seed, first_day=first_day, days=PATROL_DAYS)
    target = find_target(session, wave)
    map_text = patrol_columns(target.questionnaire)
    answers = read_answers(
        parse_csv(table.encode(), "patrol.csv"),
        parse_column_map(map_text, "columns.toml"),
        map_text=map_text,
        target=target,
    )
    at = last_day + timedelta(days=1, hours=10)
    import_responses(session, wave, answers=answers, at=at, by=STATISTICIAN)
    close_wave(session, making.keys, wave, at=at, by=STATISTICIAN)
    publish(making, wave, at=at)
    return wave


def _document(
    making: Making, size: Size, held: tuple[StartedWave, ...], patrol: int, patrol_truth: WaveTruth
) -> dict[str, Any]:
    waves: list[Mapping[str, Any]] = [
        {
            "wave": one.wave,
            "draw": one.draw,
            "days": [str(one.plan.first_day.date()), str(one.plan.last_day.date())],
            **one.plan.truth.document(),
            "fabricated": {"canvasser": "canvasser4", "interviews": one.made_up},
        }
        for one in held
    ]
    issued, valid = making.scale.patrol
    waves.append(
        {
            "wave": patrol,
            "draw": None,
            "patrol": {"issued": issued, "valid": valid, "self_selection": BETTER},
            **patrol_truth.document(),
        }
    )
    return {"fictitious": True, "seed": making.seed, "scale": size.value, "waves": waves}
