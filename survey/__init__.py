"""The site: pages ask, steps do, the store remembers."""

__version__ = "0.1.0"
