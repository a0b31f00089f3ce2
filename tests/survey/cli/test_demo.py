"""survey demo: the invented wave, by the steps a real one takes."""

import pytest

from survey.store.reports import ReportState, list_reports
from tests.survey.cli.conftest import Refusals, Run, contents
from tests.survey.conftest import Instance


@pytest.fixture
def made(empty_instance: Instance, run: Run) -> Instance:
    run("init")
    assert run("demo", "--json").document == {"wave": 1}
    return empty_instance


def test_it_is_published_estimated_and_its_reports_are_wanted(made: Instance, run: Run) -> None:
    (wave,) = run("wave", "list", "--json").document["waves"]
    assert (wave["state"], wave["instrument"], wave["responses"]) == ("published", "urban-community", 646)
    assert "虚构" in wave["name"]
    database = made.open()
    with database.reading() as session:
        wanted = list_reports(session, 1)
    database.close()
    assert {report.language for report in wanted} == {"zh_Hans", "en"}
    assert {report.state for report in wanted} == {ReportState.WANTED}


def test_it_comes_only_into_an_empty_database_when_asked_so(made: Instance, run: Run) -> None:
    before = contents(made.file)
    assert run("demo", "--if-empty", "--json").document == {"wave": None}
    assert contents(made.file) == before


def test_without_a_database_it_is_refused(refused: Refusals) -> None:
    assert "survey init" in refused("demo")
