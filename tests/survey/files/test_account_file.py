"""Tables of accounts as offices fill them in."""

import pytest

from survey.account_rules import Places
from survey.areas import Area, Level
from survey.files.account_file import NewAccount, read_accounts
from survey.files.spreadsheets import read_rows
from survey.i18n import render
from survey.messages import BadInput
from survey.roles import CanvasserType, Role, Scope

EAST, WEST = "441800001001", "441800001002"
PLACES = Places(
    areas={
        code: Area(code=code, name=name, level=Level.COMMUNITY, parent=None, population=None)
        for code, name in ((EAST, "东风社区"), (WEST, "西湖社区"))
    },
    waves={1, 2},
)
HEADER = "账号,姓名,角色,访员类型,负责地区,负责轮次,所属社区"


def read(*lines: str, taken: frozenset[str] = frozenset()) -> tuple[NewAccount, ...]:
    return read_accounts(read_rows("\n".join(lines).encode(), "accounts.csv"), PLACES, taken)


def refused(*lines: str, taken: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    with pytest.raises(BadInput) as error:
        read(*lines, taken=taken)
    for language in ("zh_Hans", "en"):
        assert render(error.value.message, language)
    return [(problem.where, problem.column, problem.got) for problem in error.value.problems]


def test_a_full_row() -> None:
    (account,) = read(HEADER, f"fang01,王芳,访员,学生,东风社区；{WEST},1、2,{EAST}")
    assert (account.row, account.name) == (2, "fang01")
    person = account.person
    assert (person.role, person.full_name, person.canvasser_type) == (Role.CANVASSER, "王芳", CanvasserType.STUDENT)
    assert person.scope == Scope(areas=frozenset({EAST, WEST}), waves=frozenset({1, 2}))
    assert person.ties == {EAST}


def test_a_title_above_and_columns_in_another_order() -> None:
    (account,) = read("2026年春季调查账号表,,", "角 色,账号*,姓名", "督导,dudao,李明")
    assert (account.row, account.name, account.person.role) == (3, "dudao", Role.SUPERVISOR)


@pytest.mark.parametrize("header", ["account,full name,role", "Username,Full_Name,ROLE", "name,full_name,role"])
def test_english_headers(header: str) -> None:
    (account,) = read(header, "ming,Li Ming,grid worker")
    assert (account.name, account.person.full_name, account.person.role) == ("ming", "Li Ming", Role.GRID_WORKER)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        *((str(role), role) for role in Role),
        ("管理员", Role.ADMINISTRATOR),
        ("统计员", Role.STATISTICIAN),
        ("调查员", Role.CANVASSER),
        (" Grid Worker ", Role.GRID_WORKER),
        ("部门", Role.DEPARTMENT),
    ],
)
def test_words_for_roles(word: str, role: Role) -> None:
    (account,) = read("账号,角色", f"a,{word}")
    assert account.person.role is role


def test_all_that_is_wrong_is_listed_by_row() -> None:
    assert refused(
        HEADER,
        "a b,王,国王,学生,,,",
        "c,王,干部,学生,,,",
        "d,王,访员,博士,北山社区,三,北山",
        "e,王,访员,,,7,",
        "e,王,访员,,,,",
        "admin,王,访员,,,,",
        taken=frozenset({"admin"}),
    ) == [
        ("2", "角色", "国王"),
        ("2", "账号", "a b"),
        ("3", "访员类型", "student"),
        ("4", "访员类型", "博士"),
        ("4", "负责轮次", "三"),
        ("4", "负责地区", "北山社区"),
        ("4", "所属社区", "北山"),
        ("5", "负责轮次", "7"),
        ("6", "账号", "e"),
        ("7", "账号", "admin"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("账号,姓名", "a,王"),
        (HEADER,),
        ("账号,角色,部门编号", "a,访员,3"),
        ("账号,角色,角色", "a,访员,督导"),
        ("王芳,访员",),
    ],
)
def test_tables_that_are_no_list_of_accounts(lines: tuple[str, ...]) -> None:
    refused(*lines)


def test_a_short_row_has_empty_cells() -> None:
    (account,) = read(HEADER, "a,王,领导")
    assert account.person.scope == Scope()


def test_too_many_at_once() -> None:
    assert refused("账号,角色", *(f"a{number},领导" for number in range(2001))) == []
