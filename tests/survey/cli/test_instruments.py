"""survey instrument check | add | list"""

from questionnaires.loading import BUILT_IN
from tests.survey.cli.conftest import Files, Refusals, Run, contents
from tests.survey.conftest import Instance


def test_checking_needs_no_database_and_stores_nothing(files: Files, run: Run) -> None:
    checked = run("instrument", "check", files.instrument, "--json")
    assert checked.code == 0
    assert checked.document.keys() == {
        *("slug", "version", "fingerprint", "items", "indicators", "problems", "left_out"),
        *("hints", "routes", "unreachable", "dead_ends"),
    }
    assert (checked.document["slug"], checked.document["items"], checked.document["problems"]) == ("small", 6, [])
    assert checked.document["indicators"] == ["IND_SMALL_KNOWS", "IND_SMALL_SATISFIED"]


def test_adding_twice_is_adding_once(empty_instance: Instance, files: Files, run: Run) -> None:
    first = run("instrument", "add", files.instrument, "--json").document
    assert first.keys() == {"slug", "version", "fingerprint"}
    before = contents(empty_instance.file)
    assert run("instrument", "add", files.instrument, "--json").document == first
    assert contents(empty_instance.file) == before


def test_the_list_holds_what_is_stored_and_what_could_be_added(
    empty_instance: Instance, files: Files, run: Run
) -> None:
    run("instrument", "add", files.instrument)
    chinese = run("instrument", "list", "--json", language="zh_Hans").document
    assert chinese.keys() == {"instruments", "built_in"}
    (small,) = chinese["instruments"]
    assert small.keys() == {"slug", "version", "title", "fingerprint"}
    assert (small["slug"], small["title"]) == ("small", "小问卷")
    assert {entry["slug"] for entry in chinese["built_in"]} == set(BUILT_IN)
    assert "Small questionnaire" in run("instrument", "list").out


def test_a_broken_file_names_item_and_field(
    empty_instance: Instance, files: Files, run: Run, refused: Refusals
) -> None:
    text = files.instrument.read_text("utf-8")
    files.instrument.write_text(text.replace('type = "number"', 'type = "figure"'), "utf-8")
    for verb in ("check", "add"):
        assert str(files.instrument) in refused("instrument", verb, files.instrument)
    problem = run("instrument", "check", files.instrument, "--json").document["problems"][0]
    assert (problem["row"], problem["column"]) == ("N1", "type")


def test_another_wording_under_the_same_version_is_refused(
    opened_instance: Instance, files: Files, refused: Refusals
) -> None:
    text = files.instrument.read_text("utf-8")
    files.instrument.write_text(text.replace("您满意吗", "您很满意吗"), "utf-8")
    refused("instrument", "add", files.instrument)


def test_standards_say_which_items_measure_them_and_what_is_open(empty_instance: Instance, run: Run) -> None:
    document = run("instrument", "standards", "--json").document
    by_id = {standard["id"]: standard for standard in document["standards"]}
    assert by_id["city-awareness"]["items"] == ["urban-community/A1"]
    assert by_id["city-awareness"]["number"] is None
    assert by_id["city-awareness"]["methods"] == ["questionnaire"]
    assert "city-minors" in document["not_covered"]
    assert "urban-community/G1" in document["without_standard"]
    assert "standards without an item: city-registered-volunteers city-minors" in run("instrument", "standards").out


def test_checking_tells_hints_minutes_and_routes(files: Files, run: Run) -> None:
    checked = run("instrument", "check", BUILT_IN["urban-community"], "--json").document
    assert all(hint.keys() == {"item", "kind", "field", "text"} for hint in checked["hints"])
    assert ("A3", "double_barrelled") in {(hint["item"], hint["kind"]) for hint in checked["hints"]}
    (door, *_) = checked["routes"]
    assert door.keys() == {"mode", "count", "at_least", "ended_early", "shortest", "longest", "ends_all"}
    assert (door["mode"], door["count"], door["at_least"], door["ended_early"]) == ("capi", 34, False, 2)
    assert door["longest"].keys() == {"items", "minutes", "minutes_in_english"}
    assert (checked["unreachable"], checked["dead_ends"]) == ([], [])
    said = run("instrument", "check", BUILT_IN["urban-community"]).out
    assert "minutes in English, 34 routes" in said
    assert "hint A3" in said


def test_checking_against_an_earlier_version_tells_what_changed(
    empty_instance: Instance, files: Files, run: Run, refused: Refusals
) -> None:
    run("instrument", "add", files.instrument)
    text = files.instrument.read_text("utf-8")
    files.instrument.write_text(
        text.replace("您满意吗", "您很满意吗").replace('version = "1"', 'version = "2"'), "utf-8"
    )
    found = run("instrument", "check", files.instrument, "--against", "1", "--json").document
    assert all(change.keys() == {"part", "kind", "detail", "language", "old", "new"} for change in found["changes"])
    assert "wording" in {change["kind"] for change in found["changes"]}
    comparable = {each["indicator"]: each["rate"] for each in found["comparable"]}
    assert comparable == {"IND_SMALL_KNOWS": True, "IND_SMALL_SATISFIED": False}
    assert all(each.keys() == {"indicator", "rate", "score", "only_in", "reasons"} for each in found["comparable"])
    assert "does not compare" in run("instrument", "check", files.instrument, "--against", "1").out
    refused("instrument", "check", files.instrument, "--against", "9")
