"""The ledger of visits: homes of the own grid, three buttons each, and no place for an opinion."""

import pytest

from survey.outreach import ActionKind
from survey.store.ledger_visits import Coverage, coverage
from tests.survey.outreach_world import GRIDS, World
from tests.survey.pages.page_client import Element, PageClient

ENGLISH = {"Accept-Language": "en"}


def address(world: World) -> str:
    return f"/work/{world.action(ActionKind.TELL).id}/ledger"


def press(worker: PageClient, world: World, tick: str, **changes: str) -> int:
    values = {"tick": tick, "day": "2026-05-19", "grid": GRIDS[0], "page": "1"}
    return worker.submit(address(world), values | changes, page=address(world)).status_code


def ticked(world: World) -> Coverage:
    with world.database.reading() as session:
        return coverage(session, world.action(ActionKind.TELL).id)


def test_homes_of_the_own_grid_in_walking_order(worker: PageClient, world: World) -> None:
    page = worker.page(address(world))
    homes = [item.text for item in page.all("li") if "ledger__home" in item.get("class")]
    assert len(homes) == 12
    assert homes[0].startswith("幸福小区 101室")
    assert "平安里" not in page.text
    assert not page.all("textarea")
    assert {field.get("name") for main in page.all("main") for field in main.all("input")} == {
        "csrf_token",
        "grid",
        "page",
        "day",
    }
    worker.page(f"{address(world)}?grid={GRIDS[1]}", status=404)


def test_a_home_counts_once_and_can_be_taken_back(worker: PageClient, world: World) -> None:
    assert press(worker, world, "1:nobody") == 303
    assert press(worker, world, "1:reached") == 303
    assert press(worker, world, "2:do_not_disturb") == 303
    assert ticked(world) == Coverage(units=2, reached=1, nobody=0, do_not_disturb=1)
    page = worker.page(address(world))
    assert "到过 2 户：见到人 1，无人 0，勿扰 1" in page.text
    pressed = [button.text for button in page.all("button") if button.get("aria-pressed") == "true"]
    assert [words.partition("：")[0] for words in pressed] == ["见到人", "勿扰"]
    assert press(worker, world, "1:none") == 303
    assert ticked(world).units == 1


def test_one_comes_back_to_the_home_just_ticked(worker: PageClient, world: World) -> None:
    values = {"tick": "3:reached", "day": "2026-05-18", "grid": GRIDS[0], "page": "1"}
    reply = worker.submit(address(world), values, page=address(world))
    assert reply.headers["Location"].endswith("#unit-3")
    assert "day=2026-05-18" in reply.headers["Location"]


def homes(page: Element) -> list[str]:
    return [item.get("id") for item in page.all("li") if "ledger__home" in item.get("class")]


def test_homes_that_asked_to_be_left_alone_are_found_at_once(worker: PageClient, world: World) -> None:
    press(worker, world, "2:do_not_disturb")
    press(worker, world, "5:nobody")
    for show, expected in (("do_not_disturb", ["unit-2"]), ("nobody", ["unit-5"]), ("reached", [])):
        page = worker.page(f"{address(world)}?grid=*&show={show}")
        assert homes(page) == expected
        assert f"找到 {len(expected)} 户" in page.text
    todo = homes(worker.page(f"{address(world)}?show=todo"))
    assert len(todo) == 10
    assert not {"unit-2", "unit-5"} & set(todo)
    assert len(homes(worker.page(f"{address(world)}?show=nonsense"))) == 12


def test_in_a_narrowed_list_the_home_just_ticked_stays_in_sight(worker: PageClient, world: World) -> None:
    values = {"tick": "3:reached", "day": "2026-05-18", "grid": GRIDS[0], "page": "1", "show": "todo"}
    back = worker.submit(address(world), values, page=address(world)).headers["Location"].partition("#")[0]
    assert "unit-3" in homes(worker.page(back))
    assert "unit-3" not in homes(worker.page(back.replace("keep=3", "keep=4")))
    worker.page(f"{address(world)}?show=todo&page=9")  # the list grew shorter meanwhile


@pytest.mark.parametrize(
    ("tick", "changes", "status"),
    [
        ("1:satisfied", {}, 422),
        ("x", {}, 422),
        ("1:reached", {"day": "gestern"}, 422),
        ("1:reached", {"day": "2099-01-01"}, 422),
        ("15:reached", {}, 404),
        ("999:reached", {}, 404),
        ("99999999999999:reached", {}, 422),
    ],
)
def test_nonsense_and_homes_of_others_are_refused(
    worker: PageClient, world: World, tick: str, changes: dict[str, str], status: int
) -> None:
    assert press(worker, world, tick, **changes) == status
    assert ticked(world).units == 0


@pytest.mark.parametrize("page", ["0", "2", "x", "9" * 30])
def test_pages_that_are_not_there(worker: PageClient, world: World, page: str) -> None:
    worker.page(f"{address(world)}?page={page}", status=404)


def test_actions_that_are_not_done_at_doors_have_no_ledger(worker: PageClient, world: World) -> None:
    assert worker.get(f"/work/{world.action(ActionKind.FIX).id}/ledger").status_code == 409


def test_in_english_too(worker: PageClient, world: World) -> None:
    press(worker, world, "1:do_not_disturb")
    reply = worker.get(address(world), headers=ENGLISH)
    assert "Do not disturb" in reply.text
    assert "nowhere to write" in reply.text


def test_homes_ticked_and_not_recorded_are_offered_as_the_next_outing(worker: PageClient, world: World) -> None:
    """Progress counts outings: whoever only ticks homes would read 0 for ever."""
    work = address(world).removesuffix("/ledger")
    assert "还没有记成户次" not in worker.page(work).text
    for serial in (1, 2):
        assert press(worker, world, f"{serial}:reached", day="2026-05-18") == 303
    page = worker.page(work)
    assert "您在台账里点了2026年5月18日的2户，还没有记成户次" in page.text
    fields = {field.get("name"): field.get("value") for field in page.all("input")}
    assert (fields["day"], fields["quantity"]) == ("2026-05-18", "2")
    outing = {name: fields[name] or "" for name in ("work", "day", "quantity")} | {"grid": GRIDS[0], "people": "2"}
    assert worker.submit(work, outing, page=work).status_code == 303
    assert "还没有记成户次" not in worker.page(work).text
