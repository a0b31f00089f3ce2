"""What a draw is told and made of: designs read from files, frames and their digests, public values, the case list."""
