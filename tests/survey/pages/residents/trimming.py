"""The part of GOV.UK's style sheet that the pages of residents use: the whole of it is 90 kB, on a weak signal too.

``python -m tests.survey.pages.residents.trimming`` writes it anew, after a page uses another class or the vendor's
file was replaced.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import tinycss2

ROOT = Path(__file__).parents[4]
VENDOR = ROOT / "survey" / "static" / "vendor"
WHOLE, TRIMMED = VENDOR / "govuk-frontend.min.css", VENDOR / "govuk-residents.min.css"
HEAD = (
    "/* The classes of govuk-frontend.min.css that the pages of residents use; MIT licence, see "
    "govuk-frontend.LICENSE.txt. Written by tests/survey/pages/residents/trimming.py. */\n"
)
_CLASS = re.compile(r"govuk-[\w-]+")
_FONT = re.compile(r"font-family:system-ui[^;}]*")
_IN_SELECTOR = re.compile(r"\.([\w-]+)")


def used_classes() -> frozenset[str]:
    """Every GOV.UK class that a template of residents names, also in pieces."""
    templates = ROOT / "templates"
    found: set[str] = set()
    for path in (*sorted((templates / "residents").glob("*.html")), templates / "components" / "questionnaire.html"):
        text = path.read_text(encoding="utf-8")
        for kind in ("radios", "checkboxes"):
            found |= set(_CLASS.findall(text.replace("{{ kind }}", kind)))
    return frozenset(found | {f"govuk-input--width-{digits}" for digits in (2, 4)})


def trim(css: str, used: Collection[str]) -> str:
    """The rules of ``css`` that style nothing but ``used``."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used))


def _kept(rules: list[object], used: Collection[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from _rule(rule, used)
        elif rule.type == "at-rule" and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(_kept(inner, used)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"


def _rule(rule, used: Collection[str]) -> Iterator[str]:
    selectors = [one.strip() for one in _split(tinycss2.serialize(rule.prelude))]
    kept = [one for one in selectors if set(_IN_SELECTOR.findall(one)) <= set(used)]
    if kept:
        # The page itself names the font, as each language has its own.
        yield f"{','.join(kept)}{{{_FONT.sub('font-family:inherit', tinycss2.serialize(rule.content))}}}"


def _split(selectors: str) -> list[str]:
    """At the commas outside of brackets."""
    return re.split(r",(?![^(]*\))", selectors)


def written() -> str:
    """What the trimmed file should hold."""
    return HEAD + trim(WHOLE.read_text(encoding="utf-8-sig"), used_classes()) + "\n"


if __name__ == "__main__":
    TRIMMED.write_text(written(), encoding="utf-8")
    print(f"{TRIMMED.name}: {TRIMMED.stat().st_size} bytes")  # noqa: T201 - what the command says
