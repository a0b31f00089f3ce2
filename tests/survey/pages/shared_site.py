"""The running site of a test. Making one and compiling its templates takes longer than most tests: it is used again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from survey.config import Config
from survey.factory import create_app
from survey.keys import KeyRing
from survey.pages import site
from survey.store.database import Database

_made: dict[tuple[Config, Callable[[Flask], object]], tuple[Flask, dict[str, Any]]] = {}


def serve(
    config: Config,
    database: Database,
    enqueue: Callable[[int], None],
    client: type[FlaskClient] = FlaskClient,
    more: Callable[[Flask], object] = lambda _: None,
) -> Flask:
    """What :func:`create_app` makes, with test clients of the type ``client``.

    The same application again for all tests with the same settings but for the places, and the same ``more`` done to
    it when it is made: whoever changes the application itself makes their own.
    """
    nowhere = Path("/nowhere")
    settings = replace(config, database_url="", instance=nowhere, keys=nowhere)
    made = settings, more
    if made not in _made:
        app = create_app(config, database, enqueue)
        more(app)
        _made[made] = app, dict(app.extensions)
    app, extensions = _made[made]
    app.extensions.clear()  # what earlier requests left there, as the wrong codes counted
    app.extensions.update(extensions)
    with app.app_context():
        before = site.current_site()
    keys = KeyRing(folder=config.keys)
    site.init_app(app, replace(before, config=config, database=database, keys=keys, enqueue=enqueue))
    app.test_client_class = client
    return app
