"""The small world with example accounts beside those of its people."""

from collections.abc import Mapping

import pytest

from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from tests.survey.pages.example import AT, World

ROLES = tuple(role for role in Role if role is not Role.ADMINISTRATOR)


@pytest.fixture
def examples(sqlite_database: Database, world: World) -> Mapping[Role, int]:
    """Role -> the number of its example account, called after the role."""
    with sqlite_database.writing() as session:
        return {
            role: accounts.add_account(
                session, name=f"try-{role}", password_hash="none", role=role, at=AT, example=True
            ).id
            for role in ROLES
        }
