"""Signs that an interview was made up or coached: flags, never verdicts."""
