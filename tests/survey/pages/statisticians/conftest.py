"""A wave in the field."""

from tests.survey.pages.field_site import browser, field, site

__all__ = ["browser", "field", "site"]
