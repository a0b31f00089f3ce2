"""The life of a wave, one verb per file; the caller opens the transaction."""
