"""Who may do what. The remaining roles come with the people who fill them."""

from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    STATISTICIAN = "statistician"
    OFFICIAL = "official"


#: Before a wave is published only these see its numbers.
SEES_UNPUBLISHED = frozenset({Role.ADMINISTRATOR, Role.STATISTICIAN})
