"""A canvasser at work."""

from uuid import UUID

import pytest

from tests.survey.field import Field
from tests.survey.pages.field_site import Browser, browser, field, site
from tests.survey.pages.page_client import PageClient

__all__ = ["browser", "field", "site"]


@pytest.fixture
def li(browser: Browser, field: Field) -> PageClient:
    return browser(field.li)


@pytest.fixture
def case(field: Field) -> UUID:
    """One of Li's, in the east."""
    return next(case for case in field.east if field.owner(case) == field.li)
