"""Cases and answers brought together for several steps: the log of a case, placing an interview, the drawn sample."""
