"""Everything that speaks HTTP, a folder a user."""
