"""What a frame lists: units of one kind, each with the fields by which it is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.messages import N_


class UnitKind(StrEnum):
    DWELLING = "dwelling"
    VILLAGE_HOUSEHOLD = "village_household"
    WORK_ORDER = "work_order"
    WINDOW_TRANSACTION = "window_transaction"
    SCHOOL_CLASS = "school_class"
    SITE = "site"


KIND_NAMES: Mapping[UnitKind, str] = {
    UnitKind.DWELLING: N_("住户"),
    UnitKind.VILLAGE_HOUSEHOLD: N_("农户"),
    UnitKind.WORK_ORDER: N_("工单"),
    UnitKind.WINDOW_TRANSACTION: N_("窗口办件"),
    UnitKind.SCHOOL_CLASS: N_("班级"),
    UnitKind.SITE: N_("实地点位"),
}


class UnitStatus(StrEnum):
    """What the frame says of a unit's use; a draw takes all but demolished and commercial ones."""

    OWNED = "owned"
    RENTED = "rented"
    VACANT = "vacant"
    COMMERCIAL = "commercial"
    DEMOLISHED = "demolished"
    UNKNOWN = "unknown"


#: Nobody lives there, and the frame says so.
NOT_DRAWN = frozenset({UnitStatus.DEMOLISHED, UnitStatus.COMMERCIAL})


#: Kind -> the fields that find a unit, in the order of the address (the canonical order of a draw sorts by area, grid
#: and these, numbers inside them by value).
ADDRESS_FIELDS: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.DWELLING: ("estate", "building", "entrance", "floor", "room"),
    UnitKind.VILLAGE_HOUSEHOLD: ("group", "serial", "location"),
    UnitKind.WORK_ORDER: ("date", "number", "department", "matter"),
    UnitKind.WINDOW_TRANSACTION: ("date", "number", "window", "matter"),
    UnitKind.SCHOOL_CLASS: ("school", "grade", "class"),
    UnitKind.SITE: ("site_type", "site", "location"),
}


#: What stands behind a bare number of a field, so that "3 2 501" reads like an address.
_COUNTERS: Mapping[str, str] = {
    "building": "栋",
    "entrance": "单元",
    "floor": "层",
    "room": "室",
    "group": "组",
    "serial": "号",
}


#: Field -> its place among the fields of its kind: a stored address comes back in another order.
_PLACES: Mapping[str, int] = {field: place for fields in ADDRESS_FIELDS.values() for place, field in enumerate(fields)}


def address_line(address: Mapping[str, str]) -> str:
    """The fields of one unit in one line, as it is written on a door or a letter.

    >>> address_line({"building": "3", "entrance": "2", "estate": "幸福小区", "room": "501"})
    '幸福小区 3栋 2单元 501室'
    >>> address_line({"group": "第二村民小组", "location": "老井旁"})
    '第二村民小组 老井旁'
    """
    fields = sorted(address.items(), key=lambda item: _PLACES.get(item[0], len(_PLACES)))
    return " ".join(text + _COUNTERS.get(field, "") if text.isdecimal() else text for field, text in fields)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of a frame. ``serial`` 1…N is its place in the canonical order of the whole frame.

    ``area``: 12-digit code of the community or village. ``grid``: 15-digit code, or ``""``. ``address``: field ->
    text, only the fields of its kind, empty ones left out. ``residents``: as the frame says, ``None`` unknown.
    """

    serial: int
    area: str
    grid: str
    address: Mapping[str, str]
    status: UnitStatus = UnitStatus.UNKNOWN
    residents: int | None = None
