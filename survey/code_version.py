"""Which code made a number: the version, and a digest of the sources that decide what it is."""

import hashlib
from functools import cache

from survey import __version__
from survey.config import ROOT

#: What stands between the questionnaire's packages and a number, besides them.
STEPS = (
    "survey/area_trees.py",
    "survey/casework/case_log.py",
    "survey/casework/sample_answers.py",
    "survey/casework/sample_weights.py",
    "survey/workflow/estimate_wave.py",
)


@cache
def code_version() -> str:
    """The version with twelve hex digits over questionnaires, analysis, and what hands one to the other."""
    digest = hashlib.sha256()
    paths = [path for package in ("analysis", "questionnaires") for path in (ROOT / package).rglob("*")]
    for path in sorted([*paths, *(ROOT / step for step in STEPS)]):
        if path.suffix in {".py", ".toml"}:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
