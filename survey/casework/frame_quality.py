"""What the units of a frame look like to somebody who knows how homes are numbered."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from analysis.sampling.frame_quality import ListedDoor, door_gaps, likely_doubles, unlikely_sizes
from survey.areas import Area, Level
from survey.sampling.draw_review import CommunityQuality, FrameQuality
from survey.units import ADDRESS_FIELDS, NOT_DRAWN, Unit, UnitKind, address_line

#: So many examples are kept; the counts are of all.
EXAMPLES = 20
#: Doors of one entrance that are named.
DOORS = 12


def judge_frame(areas: Sequence[Area], units: Sequence[Unit], kind: UnitKind) -> FrameQuality:
    """Of all ``units``, demolished and commercial ones too: their doors are part of the numbering.

    Door numbers are looked at where the units are dwellings.
    """
    doors = [_door(unit, kind) for unit in units]
    doubles = likely_doubles(doors)
    gaps = door_gaps(doors) if kind is UnitKind.DWELLING else ()
    doubled = Counter(units[at].area for group in doubles for at in group)
    missing: Counter[str] = Counter()
    for gap in gaps:
        missing[gap.area] += len(gap.missing)
    return FrameQuality(
        communities=_communities(areas, units, doubled, missing),
        doubles=tuple(tuple(address_line(units[at].address) for at in group) for group in doubles[:EXAMPLES]),
        double_count=sum(map(len, doubles)),
        gaps=tuple((" ".join(filter(None, gap.entrance)), gap.missing[:DOORS]) for gap in gaps[:EXAMPLES]),
        gap_count=len(gaps),
    )


def _door(unit: Unit, kind: UnitKind) -> ListedDoor:
    fields = ADDRESS_FIELDS[kind]
    if kind is UnitKind.DWELLING:
        *above, floor, room = (unit.address.get(name, "") for name in fields)
        return ListedDoor(area=unit.area, entrance=tuple(above), floor=floor, room=room)
    *above, last = (unit.address.get(name, "") for name in fields)
    return ListedDoor(area=unit.area, entrance=tuple(above), floor="", room=last)


def _communities(
    areas: Sequence[Area], units: Sequence[Unit], doubled: Mapping[str, int], missing: Mapping[str, int]
) -> tuple[CommunityQuality, ...]:
    by_area: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_area[unit.area].append(unit)
    drawable = {area: sum(unit.status not in NOT_DRAWN for unit in inside) for area, inside in by_area.items()}
    adults = {area.code: area.population for area in areas if area.population}
    unlikely = unlikely_sizes(drawable, adults)
    return tuple(
        CommunityQuality(
            code=area.code,
            name=area.name,
            units=len(by_area[area.code]),
            doubles=doubled.get(area.code, 0),
            gap_doors=missing.get(area.code, 0),
            persons=unlikely.get(area.code),
            without_grid=sum(not unit.grid for unit in by_area[area.code]),
            without_residents=sum(unit.residents is None for unit in by_area[area.code]),
        )
        for area in areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE)
    )
