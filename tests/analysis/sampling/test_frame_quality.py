"""Doubles, gaps and sizes in a list of dwellings."""

from analysis.sampling.frame_quality import ListedDoor, door_gaps, likely_doubles, serial_gaps, unlikely_sizes


def door(room: str, *, building: str = "3", floor: str = "", area: str = "440983001001") -> ListedDoor:
    return ListedDoor(area=area, entrance=("幸福里", building, "1"), floor=floor, room=room)


def test_the_same_door_written_twice_is_found_whatever_the_writing() -> None:
    doors = [door("501"), door("５０１"), door("501室", building="3栋"), door(" 0501 ", building="03号楼"), door("502")]
    assert likely_doubles(doors) == ((0, 1, 2, 3),)


def test_other_entrances_floors_and_communities_are_other_doors() -> None:
    assert likely_doubles([door("501"), door("501", building="4"), door("501", area="2"), door("5", floor="01")]) == ()


def test_a_floor_said_twice_makes_no_other_door() -> None:
    doors = [door("501"), door("501", floor="5层"), door("1", floor="5"), door("501", floor="6"), door("东", floor="5")]
    assert likely_doubles(doors) == ((0, 1, 2),)


def test_a_regular_house_has_no_gaps() -> None:
    assert door_gaps([door(f"{floor}{flat:02d}") for floor in range(1, 8) for flat in (1, 2, 3)]) == ()


def test_a_door_lacking_on_one_floor_and_a_lacking_floor_are_named() -> None:
    rooms = [f"{floor}{flat:02d}" for floor in (1, 2, 3, 5) for flat in (1, 2) if (floor, flat) != (2, 2)]
    (gap,) = door_gaps([door(room) for room in rooms])
    assert gap.missing == ("202", "401", "402")
    assert gap.entrance == ("幸福里", "3", "1")


def test_a_shop_on_one_floor_makes_no_pattern() -> None:
    rooms = ["101", "102", "103", "104", "201", "202", "301", "302", "401", "402"]
    assert door_gaps([door(room) for room in rooms]) == ()


def test_floors_in_a_column_of_their_own() -> None:
    doors = [door(flat, floor=str(floor)) for floor in range(1, 5) for flat in ("1", "2") if (floor, flat) != (3, "1")]
    assert door_gaps(doors)[0].missing == ("301",)


def test_rooms_that_are_no_numbers_say_nothing() -> None:
    assert door_gaps([door(room) for room in ("东户", "西户", "A1", "", "9999999")]) == ()


def test_serials_and_sizes() -> None:
    assert serial_gaps([]) == ()
    assert serial_gaps([3, 4, 5]) == ()
    assert unlikely_sizes({"A": 1000, "B": 1000}, {"A": 1100, "B": 2500}) == {"A": 1.1}
