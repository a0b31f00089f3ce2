"""The queue and its worker. Wanted work is a row in the store; the queue only says that it is time to look."""
