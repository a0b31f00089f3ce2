"""Laws are checked on the same examples each time (a failure must come back), and never against the clock."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
