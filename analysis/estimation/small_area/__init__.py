"""Estimates that borrow strength from other areas by a model; every result says that it is modelled."""
