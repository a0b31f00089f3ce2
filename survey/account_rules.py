"""What holds for every account, however it is made: its name, its password, where it may reach, its activation code."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime, timedelta
from enum import StrEnum

from survey.areas import Area
from survey.messages import N_, BadInput, Message
from survey.one_time_codes import code_hash, grouped, new_code
from survey.roles import CanvasserType, Role, Scope

LONGEST_NAME = 64
LONGEST_FULL_NAME = 64
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
#: How long an activation code lasts.
ACTIVATION_LASTS = timedelta(days=14)

ROLE_NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: N_("管理员"),
    Role.STATISTICIAN: N_("统计员"),
    Role.SUPERVISOR: N_("督导"),
    Role.CANVASSER: N_("访员"),
    Role.OFFICIAL: N_("干部"),
    Role.LEADER: N_("领导"),
    Role.GRID_WORKER: N_("网格员"),
    Role.DEPARTMENT: N_("部门"),
}
CANVASSER_TYPE_NAMES: Mapping[CanvasserType, str] = {
    CanvasserType.STUDENT: N_("学生"),
    CanvasserType.COMMUNITY_STAFF: N_("社区工作者"),
    CanvasserType.AGENCY: N_("调查公司"),
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """What an account says of whom it belongs to. ``ties``: codes of the communities the person lives or works in."""

    role: Role
    full_name: str = ""
    canvasser_type: CanvasserType | None = None
    scope: Scope = dataclass_field(default_factory=Scope)
    ties: frozenset[str] = frozenset()


class Field(StrEnum):
    """What is told of an account, in forms and in files."""

    NAME = "name"
    FULL_NAME = "full_name"
    ROLE = "role"
    CANVASSER_TYPE = "canvasser_type"
    AREAS = "areas"
    WAVES = "waves"
    TIES = "ties"


FIELD_NAMES: Mapping[Field, str] = {
    Field.NAME: N_("账号"),
    Field.FULL_NAME: N_("姓名"),
    Field.ROLE: N_("角色"),
    Field.CANVASSER_TYPE: N_("访员类型"),
    Field.AREAS: N_("负责地区"),
    Field.WAVES: N_("负责轮次"),
    Field.TIES: N_("所属社区"),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing told of an account that cannot be."""

    field: Field
    got: str
    expected: Message


@dataclass(frozen=True, kw_only=True)
class Places:
    """What an account can be limited to: the areas of all frames by code, and the numbers of the waves."""

    areas: Mapping[str, Area]
    waves: Collection[int]


@dataclass(frozen=True, kw_only=True)
class ActivationCard:
    """What is printed for the person, once: with ``code`` they choose their password until ``expires_at``."""

    account_id: int
    name: str
    full_name: str
    role: Role
    code: str
    expires_at: datetime
    nowhere: bool = False  # see goes_nowhere


def make_code(at: datetime) -> tuple[str, str, datetime]:
    """A new activation code as it is printed, its hash, and when it expires."""
    code = new_code()
    return grouped(code), code_hash(code), at + ACTIVATION_LASTS


def check_name(name: str) -> None:
    """Raise :class:`BadInput` unless ``name`` is 1 to 64 printable characters without blanks.

    >>> check_name("wang.fang"); check_name("王芳")
    """
    if not is_name(name):
        raise BadInput(name_message(name))


def name_message(name: str) -> Message:
    """Why ``name`` is none."""
    told = N_("账号名“{got}”不能用：应为 1 到 {most} 个可见字符，不含空格。")
    if not name:
        told = N_("请填账号名：1 到 {most} 个可见字符，不含空格。")
    return Message(told, {"got": name[:LONGEST_NAME], "most": LONGEST_NAME})


def is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and not any(c.isspace() for c in name)


def name_key(name: str) -> str:
    """What names are compared by: two that look alike, but for case and width, are one.

    >>> name_key("ｓtatistician") == name_key("Statistician") == "statistician"
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def check_new_password(password: str, name: str) -> None:
    """Raise :class:`BadInput` unless ``password`` has 10 to 1,000 characters, not all alike, and is not the name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            Message(
                N_("密码有 {got} 个字符：应为 {least} 到 {most} 个。"),
                {"got": len(password), "least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD},
            )
        )
    if len(set(password)) == 1 or password == name:
        raise BadInput(Message(N_("密码太容易猜：不能与账号名相同，也不能只用一个字符。")))


def check_person(person: Person, places: Places) -> None:
    """Raise :class:`BadInput` for the first thing in ``person`` that cannot be."""
    for fault in find_faults(person, places):
        raise BadInput(fault_message(fault))


def fault_message(fault: Fault) -> Message:
    params = {"field": Message(FIELD_NAMES[fault.field]), "got": fault.got, "expected": fault.expected}
    return Message(N_("{field}“{got}”不能用，应为：{expected}"), params)


def find_faults(person: Person, places: Places) -> Iterator[Fault]:
    """What cannot be."""
    if len(person.full_name) > LONGEST_FULL_NAME or not person.full_name.isprintable():
        most = Message(N_("最多 {most} 个可见字符"), {"most": LONGEST_FULL_NAME})
        yield Fault(field=Field.FULL_NAME, got=person.full_name[: LONGEST_FULL_NAME + 1], expected=most)
    if person.canvasser_type is not None and person.role is not Role.CANVASSER:
        nothing = Message(N_("空着：只有访员有访员类型"))
        yield Fault(field=Field.CANVASSER_TYPE, got=person.canvasser_type, expected=nothing)
    for code in sorted(person.scope.areas - places.areas.keys()):
        known = Message(N_("抽样框里有的地区代码，或唯一的名称"))
        yield Fault(field=Field.AREAS, got=code[:LONGEST_NAME], expected=known)
    for wave in sorted(person.scope.waves - set(places.waves)):
        yield Fault(field=Field.WAVES, got=str(wave), expected=Message(N_("已有轮次的编号")))
    for code in sorted(person.ties - places.areas.keys()):
        if not is_area_code(code):
            anywhere = Message(N_("社区的 12 位代码，或抽样框里唯一的名称"))
            yield Fault(field=Field.TIES, got=code[:LONGEST_NAME], expected=anywhere)


def goes_nowhere(person: Person, areas: Mapping[str, Area]) -> bool:
    """Whether all areas this canvasser is responsible for lie where the person belongs: no case can be given."""
    if person.role is not Role.CANVASSER or not person.scope.areas:
        return False
    return all(any(_above(code, areas, person.ties)) for code in person.scope.areas)


def _above(code: str, areas: Mapping[str, Area], ties: Collection[str]) -> Iterator[bool]:
    """Of ``code`` and each area above it: whether it is one of ``ties``."""
    at: str | None = code
    while at is not None:
        yield at in ties
        at = areas[at].parent if at in areas else None


def is_area_code(text: str) -> bool:
    """A community has 12 digits, a grid 15. Somebody may belong where no survey was held yet.

    >>> is_area_code("440983102001"), is_area_code("4.40983E+11")
    (True, False)
    """
    return len(text) in (12, 15) and text.isascii() and text.isdigit()


def find_area_codes(words: Iterable[str], areas: Mapping[str, Area]) -> frozenset[str]:
    """The codes meant by ``words``: codes, or names that one area alone has. What is unknown stays as it is."""
    by_name: dict[str, list[str]] = {}
    for code, area in areas.items():
        by_name.setdefault(area.name, []).append(code)
    return frozenset(
        by_name[word][0] if word not in areas and len(by_name.get(word, ())) == 1 else word for word in words
    )
