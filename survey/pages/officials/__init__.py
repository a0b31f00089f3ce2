"""Looking at waves, their rates and their reports."""
