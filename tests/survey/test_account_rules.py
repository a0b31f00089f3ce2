"""Rules for names, passwords, reach, and the words for areas."""

import pytest

from survey.account_rules import Field, Person, Places, check_name, check_new_password, find_area_codes, find_faults
from survey.areas import Area, Level
from survey.messages import BadInput
from survey.roles import CanvasserType, Role, Scope

AREAS = {
    code: Area(code=code, name=name, level=Level.COMMUNITY, parent=None, population=None)
    for code, name in (("441800001001", "东风社区"), ("441800001002", "西湖社区"), ("441800002001", "西湖社区"))
}
PLACES = Places(areas=AREAS, waves={1, 2})


@pytest.mark.parametrize("name", ["王芳", "wang.fang-2", "a", "x" * 64, "wang@example"])
def test_names_people_have(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", " ", "wang fang", "wang\n", "wang\x00", "x" * 65, "王　芳", "wang\u200b"])
def test_names_that_could_not_be_told_apart_or_typed(name: str) -> None:
    with pytest.raises(BadInput):
        check_name(name)


@pytest.mark.parametrize("password", ["", "123456789", "x" * 1001, "aaaaaaaaaaaa", "administrator"])
def test_passwords_that_are_too_short_too_long_or_guessed_first(password: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_new_password(password, "administrator")
    assert not password or password not in str(refused.value)


def test_a_name_stands_for_the_one_area_that_has_it() -> None:
    assert find_area_codes(["东风社区", "441800001002"], AREAS) == {"441800001001", "441800001002"}
    assert find_area_codes(["西湖社区", "北山"], AREAS) == {"西湖社区", "北山"}, "two have it, none has it"


def test_everything_that_cannot_be_is_found() -> None:
    person = Person(
        role=Role.OFFICIAL,
        full_name="x" * 65,
        canvasser_type=CanvasserType.STUDENT,
        scope=Scope(areas=frozenset({"441800009999"}), waves=frozenset({1, 9})),
        ties=frozenset({"西湖社区", "441800009999"}),
    )
    assert [(fault.field, fault.got) for fault in find_faults(person, PLACES)] == [
        (Field.FULL_NAME, "x" * 65),
        (Field.CANVASSER_TYPE, "student"),
        (Field.AREAS, "441800009999"),
        (Field.WAVES, "9"),
        (Field.TIES, "西湖社区"),
    ]
