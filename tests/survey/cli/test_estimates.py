"""survey estimate: the document others read."""

from typing import Any

import pytest

from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability
from survey.cli.estimates import _row, _table
from survey.store.database import open_database
from tests.survey import small_wave
from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance, import_answers
from tests.survey.graded_wave import graded_wave
from tests.survey.small_wave import EAST, WEST, csv_text, rows
from tests.survey.two_waves import answers, first_wave, next_wave

KEYS = {
    "indicator",
    "area",
    "base",
    "n",
    "n_effective",
    "proportion",
    "se",
    "low",
    "high",
    "level",
    "method",
    "df",
    "pooled",
    "design_effect",
    "published",
    "reliability",
    "band",
}
RATES = ("proportion", "low", "high", "se", "dont_know_share", "refusal_share", "no_answer_share")


def find(document: dict[str, Any], indicator: str, area: str | None, base: str = "asked") -> dict[str, Any]:
    wanted = (indicator, area, base)
    found: list[dict[str, Any]] = document["estimates"]
    (row,) = [row for row in found if (row["indicator"], row["area"], row["base"]) == wanted]
    return row


def test_the_document_holds_every_key_and_rates_from_0_to_1(answered_instance: Instance, run: Run) -> None:
    done = run("estimate", "--wave", 1, "--json")
    assert (done.code, done.err) == (0, "")
    document = done.document
    parts = {"estimates", "not_coached", "open_link", "alternates", "composites", "compared_with", "changes"}
    assert document.keys() == {"wave", "run", "weights", *parts}
    assert document["weights"] is None
    assert (document["compared_with"], document["changes"]) == (None, [])
    assert (document["wave"], document["run"]) == (1, 1)
    for row in document["estimates"]:
        assert row.keys() >= KEYS
        assert all(0 <= row[name] <= 1 for name in RATES if row[name] is not None)
        assert row["low"] <= row["proportion"] <= row["high"]
    whole = find(document, "IND_SMALL_KNOWS", None)
    assert (whole["n"], whole["proportion"], whole["published"]) == (70, pytest.approx(0.6), True)
    assert (whole["level"], whole["method"], whole["pooled"]) == (0.95, "wilson_effective", False)
    assert {row["area"] for row in document["estimates"]} == {None, EAST, WEST}


def test_what_is_not_published_carries_no_number(opened_instance: Instance, run: Run) -> None:
    database = opened_instance.open()
    everyone = list(rows())
    import_answers(database, 1, csv_text(everyone[:40] + everyone[-5:]))
    database.close()
    document = run("estimate", "--wave", 1, "--json").document
    row = find(document, "IND_SMALL_KNOWS", WEST)
    assert row.keys() >= KEYS
    assert (row["published"], row["reason"]) == (False, "too_few_respondents_or_protects_such_a_group")
    assert [name for name, value in row.items() if type(value) in (int, float)] == []
    plain = run("estimate", "--wave", 1).out
    assert "too_few_respondents" in plain


def test_another_level_prints_its_areas(answered_instance: Instance, run: Run) -> None:
    document = run("estimate", "--wave", 1, "--by", "street", "--json").document
    assert {row["area"] for row in document["estimates"]} == {None, small_wave.STREET}


def test_each_call_is_a_run_of_its_own(answered_instance: Instance, run: Run) -> None:
    assert [run("estimate", "--wave", 1, "--json").document["run"] for _ in range(2)] == [1, 2]


def test_a_closed_wave_can_still_be_estimated(answered_instance: Instance, run: Run) -> None:
    run("wave", "close", 1)
    assert run("estimate", "--wave", 1, "--json").code == 0


def test_without_answers_or_wave_it_is_refused(opened_instance: Instance, refused: Refusals) -> None:
    refused("estimate", "--wave", 1)
    refused("estimate", "--wave", 9)


def test_a_rate_that_may_only_be_shown_as_a_range_is_not_told_otherwise() -> None:
    ranged = PublishedEstimate(
        indicator="IND_X",
        area="1",
        base=Base.ASKED,
        published=True,
        n=20,
        n_effective=20.0,
        proportion=1.0,
        low=0.83,
        high=1.0,
        df=19.0,
        pooled=True,
        design_effect=1.0,
        reliability=Reliability.RELIABLE,
        band=Band.ABOVE,
        shown_range=(0.85, 1.0),
    )
    row = _row(ranged)
    assert (row["n"], row["shown_range"]) == (20, (0.85, 1.0))
    told = ("proportion", "low", "high", "se", "n_effective", "df", "pooled", "reliability", "band")
    assert {row[name] for name in told} == {None}
    assert "between 0.850 and 1.000" in _table([ranged])[1]


def test_a_point_without_an_interval_says_why() -> None:
    point = PublishedEstimate(
        indicator="IND_X",
        area=None,
        base=Base.VALID,
        published=True,
        n=200,
        proportion=0.5,
        reason=Reason.NON_PROBABILITY,
    )
    assert "non_probability_sample" in _table([point])[1]


def test_what_it_was_compared_with_and_what_changed(empty_instance: Instance, run: Run) -> None:
    database = empty_instance.open()
    first_wave(database)
    next_wave(database, answers(97, 72))
    database.close()
    document = run("estimate", "--wave", 2, "--json").document
    assert document["compared_with"] == {"wave": 1, "name": "测试轮次", "run": 1, "design": "assumed-srs"}
    found = {(change["indicator"], change["area"]): change for change in document["changes"]}
    assert {area for _, area in found} == {None, EAST, WEST}
    rose = found["IND_SMALL_KNOWS", EAST]
    assert rose.keys() == {
        *("indicator", "area", "level", "finding", "reason", "difference", "low", "high", "p_value"),
    }
    assert (rose["finding"], rose["reason"], rose["difference"]) == ("rose", None, pytest.approx(0.17))
    assert 0 < rose["low"] < 0.17 < rose["high"]
    assert rose["p_value"] < 0.025
    lines = run("estimate", "--wave", 2).out
    assert "since wave 1 (run 1): 测试轮次" in lines
    assert (lines.count("  rose"), lines.count("  no_change")) == (4, 2)  # two rates: the whole, the east; the west


def test_a_first_wave_says_that_there_is_none_to_compare_with(answered_instance: Instance, run: Run) -> None:
    assert "compared with no earlier wave" in run("estimate", "--wave", 1).out


def test_other_readings_stand_beside_the_rates_and_indexes_with_their_weights(
    empty_instance: Instance, run: Run
) -> None:
    database = open_database(empty_instance.config.database_url)
    graded_wave(database)
    database.close()
    document = run("estimate", "--wave", 2, "--json").document
    found = {(row["indicator"], row["reading"], row["area"]): row for row in document["alternates"]}
    score = found["IND_SMALL_SATISFIED", "score", None]
    assert (score["n"], score["value"]) == (62, pytest.approx(4200 / 62))
    assert 0 < score["low"] < score["value"] < score["high"] < 100
    assert 0 < found["IND_SMALL_CONTENT", "top_box", None]["value"] < 1
    # The few of the west answered alike: the whole less the east would tell it.
    assert {found["IND_SMALL_CONTENT", "top_box", area]["value"] for area in (EAST, WEST)} == {None}
    (index,) = document["composites"]
    assert [part["weight"] for part in index["parts"]] == [3.0, 1.0]
    assert found[index["code"], "index", None]["value"] == pytest.approx(4200 / 62)
    text = run("estimate", "--wave", 2).out
    assert "other readings (shares 0-1, scores 0-100):" in text
