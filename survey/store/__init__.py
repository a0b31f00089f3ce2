"""What the site remembers: the only package that speaks SQL. A file a noun; callers hold the transaction."""
