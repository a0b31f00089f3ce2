"""What is printed beside the rates of an instrument: what its file says, and what the registry adds for shared codes.

The registry's part is looked up when a wave is analysed. It is in no instrument and in no stored document: an
instrument that was fielded before the registry said anything gets it too, and its fingerprint stays.
"""

from fnmatch import fnmatchcase

from questionnaires.alternates import scores_of, standard_alternate
from questionnaires.definition import (
    Alternate,
    AlternateName,
    Composite,
    Indicator,
    IndicatorSet,
    Part,
    Questionnaire,
)
from questionnaires.indicators import registered_composites, registered_indicators, standard_alternates


def alternates_of(questionnaire: Questionnaire, indicator: Indicator) -> tuple[Alternate, ...]:
    """The readings of a rate beside itself: those of its file, then the registry's that the file does not say."""
    found = {alternate.name: alternate for alternate in indicator.alternates}
    item = questionnaire.item(indicator.item)
    for name in _standard_names(indicator.code):
        alternate = standard_alternate(name, indicator, item)
        if name not in found and alternate is not None:
            found[name] = alternate
    return tuple(found[name] for name in AlternateName if name in found)


def composites_of(questionnaire: Questionnaire) -> tuple[Composite, ...]:
    """Those of the file, then the registry's under other codes, as far as at least two scores go into one."""
    found = {composite.code: composite for composite in questionnaire.composites}
    for known in registered_composites().values():
        parts = _parts(questionnaire, known.parts)
        if len(parts) > 1 and known.code not in found:
            found[known.code] = Composite(code=known.code, label=known.label, parts=parts, set=known.set)
    return tuple(found.values())


def _parts(questionnaire: Questionnaire, wanted: IndicatorSet) -> tuple[Part, ...]:
    """The shared rates of a set whose items are asked of everyone and have a score for every answer."""
    found = []
    for indicator in questionnaire.indicators:
        if indicator.code not in registered_indicators():
            continue
        item = questionnaire.item(indicator.item)
        asked_of_all = item.module is None and not item.ask_if and not item.modes
        if indicator.set is wanted and asked_of_all and scores_of(item) is not None:
            found.append(Part(indicator=indicator.code))
    return tuple(found)


def _standard_names(code: str) -> tuple[AlternateName, ...]:
    """Of a registered code; none of a code of an instrument's own."""
    if code not in registered_indicators():
        return ()
    return next(
        (one.alternates for one in standard_alternates() if any(fnmatchcase(code, known) for known in one.codes)), ()
    )
