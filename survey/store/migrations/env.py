"""Alembic runs this: the connection, its transaction and the lock come from :mod:`survey.store.schema`."""

from alembic import context

from survey.store.schema import METADATA

if hasattr(context, "config"):  # not there when the file is only imported, as pytest does looking for doctests
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        render_as_batch=True,
    )
    context.run_migrations()
