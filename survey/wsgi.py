"""``app`` for a WSGI server: ``gunicorn survey.wsgi:app``. Refuses a database whose migrations are pending."""

from survey.config import read_config
from survey.factory import create_app
from survey.jobs.queue import open_queue
from survey.store.database import open_database
from survey.store.schema import require_current

config = read_config()
database = open_database(config.database_url)
require_current(database)
app = create_app(config, database, open_queue(config).enqueue_report)
