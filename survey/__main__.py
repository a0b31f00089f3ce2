"""``python -m survey`` is ``survey``."""

from survey.cli import main

main()
