"""Tables and documents as offices, authors and devices write them, read into values; nothing here knows a database."""
