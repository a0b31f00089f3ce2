"""A planned wave and a grid worker of one of its grids."""

import pytest

from survey.roles import Role, Scope
from survey.store.database import Database
from tests.survey.outreach_world import GRIDS, World, planned_world
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient


@pytest.fixture
def world(sqlite_database: Database) -> World:
    example.open_accounts(sqlite_database)
    return planned_world(sqlite_database)


@pytest.fixture
def worker(world: World, sqlite_database: Database, signed_in: SignIn) -> PageClient:
    """Of the first grid of the east."""
    example.limit(sqlite_database, Role.GRID_WORKER, Scope(areas=frozenset({GRIDS[0]})))
    return signed_in(Role.GRID_WORKER)
