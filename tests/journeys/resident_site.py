"""A small site of this process with waves in the field that residents answer: quick to make, real to a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from survey.config import Config
from survey.factory import create_app
from survey.keys import KeyRing
from survey.store.database import Database
from tests.survey import answering
from tests.survey.answering import Online


class ResidentSite:
    """``url``: where it is served; ``online``: the wave and what leads to it."""

    def __init__(self, url: str, online: Online, database: Database) -> None:
        self.url, self.online, self.database = url, online, database

    @property
    def link(self) -> str:
        return f"{self.url}/o/{self.online.link}"

    def letter(self, number: int = 0) -> str:
        return f"{self.url}/a/{self.online.codes[number]}"

    def stored(self) -> list[dict[str, object]]:
        """The answers that were handed in."""
        with self.database.reading() as session:
            return list(answering.stored(session, self.online.wave).values())


@contextmanager
def serving(database: Database, folder: Path, instrument: str) -> Iterator[ResidentSite]:
    """A wave of ``instrument`` (the text of its file), served until the context ends."""
    config = Config(
        database_url=database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=folder,
        keys=folder / "keys",
    )
    online = answering.start(database, KeyRing(folder=config.keys), instrument=instrument, codes=4)
    server = make_server("127.0.0.1", 0, create_app(config, database, lambda _: None), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield ResidentSite(f"http://127.0.0.1:{server.port}", online, database)
    finally:
        server.shutdown()
        thread.join()
