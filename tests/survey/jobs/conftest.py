"""Wanted reports in an instance of its own."""

import pytest

from survey.store import reports
from tests.survey.conftest import AT, Instance
from tests.survey.small_wave import EAST


@pytest.fixture
def instance(estimated_instance: Instance) -> Instance:
    return estimated_instance


@pytest.fixture
def wanted(instance: Instance) -> list[int]:
    """The ids of two wanted reports: the whole and a community."""
    database = instance.open()
    with database.writing() as session:
        ids = reports.want_reports(
            session, wave_id=1, run_id=1, areas=[None, EAST], language="en", draft=True, at=AT, by="tests"
        )
    database.close()
    return ids
