"""What every page may use of the running site: its settings, its database, its queue."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database

_EXTENSION = "survey"


@dataclass(frozen=True, kw_only=True)
class Site:
    config: Config
    database: Database
    keys: KeyRing
    #: Puts the building of one wanted report (by its id) into the queue.
    enqueue: Callable[[int], None]


def init_app(app: Flask, site: Site) -> None:
    app.extensions[_EXTENSION] = site


def current_site() -> Site:
    """The site that serves the current request."""
    site: Site = current_app.extensions[_EXTENSION]
    return site
