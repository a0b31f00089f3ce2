"""Settings from the environment, read once and handed on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Known to everyone who reads this file: with it the site serves only the machine it runs on.
DEFAULT_SECRET_KEY = "development-only: set SURVEY_SECRET_KEY before anyone else can reach the site"  # noqa: S105 - known on purpose

#: The folder of the checkout: templates, fonts and ``instance/`` are found from here.
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Config:
    database_url: str
    secret_key: str
    admin_password: str | None
    instance: Path
    #: The folder of the waves' keys: kept out of the database and of every backup.
    keys: Path
    #: As written, see survey/public_address.py and survey/trusted_proxies.py; "": this machine alone, no proxies.
    public_url: str = ""
    trusted_proxies: str = ""

    @property
    def secret_is_default(self) -> bool:
        return self.secret_key == DEFAULT_SECRET_KEY


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process; ``instance/`` is not created here.

    >>> read_config({"SURVEY_DATABASE_URL": "sqlite:////tmp/x.sqlite3"}).database_url
    'sqlite:////tmp/x.sqlite3'
    """
    instance = Path(environ.get("SURVEY_INSTANCE") or ROOT / "instance")
    return Config(
        database_url=environ.get("SURVEY_DATABASE_URL") or f"sqlite:///{instance / 'survey.sqlite3'}",
        secret_key=environ.get("SURVEY_SECRET_KEY") or DEFAULT_SECRET_KEY,
        admin_password=environ.get("SURVEY_ADMIN_PASSWORD") or None,
        instance=instance,
        keys=Path(environ.get("SURVEY_KEYS") or instance / "keys"),
        public_url=environ.get("SURVEY_PUBLIC_URL", ""),
        trusted_proxies=environ.get("SURVEY_TRUSTED_PROXIES", ""),
    )
