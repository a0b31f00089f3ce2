"""The public values of a lottery: named before it, published after."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class PublicValueName:
    """A value that nobody knows yet. ``not_before``: it is published then or later (aware)."""

    name: str
    not_before: datetime


@dataclass(frozen=True, kw_only=True)
class PublicValue:
    """A value as it was published. ``source``: where anybody can look it up."""

    name: str
    value: str
    published_at: datetime  # aware
    source: str
