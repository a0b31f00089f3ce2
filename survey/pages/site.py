"""What every page may use of the running site: its settings, its database, its queue."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from survey.config import Config
from survey.keys import KeyRing
from survey.public_address import PublicAddress
from survey.store.database import Database

_EXTENSION = "survey"


@dataclass(frozen=True, kw_only=True)
class Site:
    config: Config
    database: Database
    keys: KeyRing
    #: Puts the building of one wanted report (by its id) into the queue.
    enqueue: Callable[[int], None]
    #: What people call the site; ``None``: only this machine calls it.
    address: PublicAddress | None


def init_app(app: Flask, site: Site) -> None:
    app.extensions[_EXTENSION] = site


def current_site() -> Site:
    """The site that serves the current request."""
    site: Site = current_app.extensions[_EXTENSION]
    return site


def site_url(path: str) -> str:
    """The whole address of ``path`` (from ``/`` on), for what is printed: from the setting, never from a visitor.

    Without the setting only names of this machine are served, so there the request's own is good enough.
    """
    address = current_site().address
    return (address.url if address else request.host_url.rstrip("/")) + path
