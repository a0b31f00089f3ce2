"""Pages of the supervisor: assignments, finished interviews and what waits for a decision."""
