"""A scrub that is owed: rows were rewritten, and what they were must not stay in the files of the database.

Rewriting is one transaction and scrubbing cannot be part of it. A mark on the disk stands from before the one is saved
until the other is done, so that a reader in the way or a power cut puts the scrub off and never cancels it.
"""

from dataclasses import dataclass
from pathlib import Path

from survey.messages import N_, Failure, Message
from survey.store.database import Database
from survey.store.scrubbing import scrub

NAME = "scrub-owed"


@dataclass(frozen=True)
class OwedScrub:
    """``folder``: where the mark stands."""

    folder: Path

    @property
    def mark(self) -> Path:
        return self.folder / NAME

    def owe(self) -> None:
        """Before what was rewritten is saved. Raises :class:`~survey.messages.Failure`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.mark.touch()
        except OSError as error:
            facts = {"path": self.mark, "reason": error.strerror or type(error).__name__}
            raise Failure(Message(N_("写不了 {path}：{reason}"), facts)) from error

    def pay(self, database: Database) -> bool:
        """Whether something was owed, and is done now. Raises :class:`~survey.messages.Failure`: it stays owed."""
        if not self.mark.exists():
            return False
        scrub(database)
        self.mark.unlink(missing_ok=True)
        return True
