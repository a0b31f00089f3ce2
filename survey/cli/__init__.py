"""The command line: one verb a function. Heavy modules are imported by the verb that needs them."""

from survey.cli.main import main

__all__ = ["main"]
