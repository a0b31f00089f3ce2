"""Destroy the keys of closed waves, and record it. Run after each closing and every minute by the worker: a power cut
between the commit and the destruction is made good by the next run.
"""

from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.scrubbing import scrub
from survey.store.wave_keys import keys_to_destroy, mark_destroyed


def destroy_keys(database: Database, keys: KeyRing) -> int:
    """How many keys were destroyed; the files of the database are then rewritten without what was deleted.

    Where the folder of the keys is not, nothing happens: they are on another machine, whose turn it is. Raises
    ``Failure`` when a key cannot be destroyed or the database not be rewritten; the next run tries again.
    """
    if not keys.folder.is_dir():
        return 0
    with database.reading() as session:
        marked = keys_to_destroy(session)
    for key_id in marked:
        keys.destroy(key_id)
    if marked:
        scrub(database)
        with database.writing() as session:
            for key_id in marked:
                mark_destroyed(session, key_id)
    return len(marked)
