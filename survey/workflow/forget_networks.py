"""Forget from which networks answers by open link came today: every night, before backups are made."""

import logging

from sqlalchemy.orm import Session

from survey.keys import DayKeys, KeyRing
from survey.store.open_link_signs import drop_counts

logger = logging.getLogger("survey.open_links")


def forget_networks(session: Session, keys: KeyRing) -> None:
    """Drop all counts and destroy the key they stand under. Where the key is out of reach, another machine has it."""
    drop_counts(session)
    try:
        DayKeys(folder=keys.folder).destroy()
    except OSError as error:
        logger.error("key of the day: %s", type(error).__name__)
