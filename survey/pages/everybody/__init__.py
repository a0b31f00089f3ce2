"""Pages for whoever comes by, signed in or not."""
