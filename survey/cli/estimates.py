"""``survey estimate``: the rates of a wave with their intervals."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from survey.areas import Level
from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, now, open_current
from survey.config import read_config
from survey.roles import Permission

if TYPE_CHECKING:
    from analysis.publication import AlternateFigure, Change, PublishedEstimate
    from questionnaires.definition import Composite
    from survey.casework.alternate_rates import AlternateRates
    from survey.runs import EstimateRun
    from survey.workflow.estimate_wave import EstimatedWave


#: What would tell the exact rate where only a range may be shown.
_TOLD_BY_RANGE = (
    *("proportion", "n_effective", "se", "low", "high", "df", "pooled", "design_effect"),
    *("reliability", "band"),  # they follow from the hidden rate
)


@click.command()
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option(
    "--by",
    "by_level",
    type=click.Choice([str(level) for level in Level]),
    default=str(Level.COMMUNITY),
    show_default=True,
    help="The areas to print besides the whole; villages count as communities.",
)
@verb(needs=Permission.MANAGE_WAVES)
def estimate(wave_id: int, by_level: str) -> Answer:
    """Estimate a wave, compare it with the published wave before it, and put the run on record."""
    from survey.code_version import code_version
    from survey.keys import KeyRing
    from survey.workflow.estimate_wave import compute_estimates, record_estimates
    from survey.workflow.show_alternates import show_alternates

    database, keys = open_current(), KeyRing(folder=read_config().keys)
    with database.reading() as session:
        computed = compute_estimates(
            session, keys, wave_id, by_level=Level(by_level), code_version=code_version(), at=now(), by=acting()
        )
    with database.writing() as session:
        estimated = record_estimates(session, computed)
    with database.reading() as session:
        alternates = _in_areas(show_alternates(session, keys, wave_id), estimated)
    everyone, not_coached, open_link = (_of_subset(estimated, name) for name in ("all", "not_coached", "open_link"))
    return Answer(
        document={
            "wave": wave_id,
            "run": estimated.run,
            "weights": _weights(computed.run),
            "estimates": [_row(row) for row in everyone],
            "not_coached": [_row(row) for row in not_coached],
            "open_link": [_row(row) for row in open_link],
            "alternates": list(map(asdict, alternates.figures)),
            "composites": list(map(_composite, alternates.composites)),
            "compared_with": _compared_with(estimated),
            "changes": list(map(asdict, _changes(estimated))),
        },
        lines=[
            f"run {estimated.run}",
            *_weight_lines(computed.run),
            *_table(everyone),
            *_table(not_coached, "without those who were told how to answer:"),
            *_table(open_link, "open link, apart from the sample (no probability sample):"),
            *_alternates(alternates.figures),
            *_comparison(estimated, _changes(estimated)),
        ],
    )


def _in_areas(alternates: "AlternateRates", estimated: "EstimatedWave") -> "AlternateRates":
    """Of the areas that are printed."""
    areas = {row.area for row in estimated.estimates}
    return replace(alternates, figures=tuple(figure for figure in alternates.figures if figure.area in areas))


def _of_subset(estimated: "EstimatedWave", subset: str) -> "list[PublishedEstimate]":
    return [row for row in estimated.estimates if row.subset == subset]


def _composite(composite: "Composite") -> dict[str, Any]:
    """With the weights that its figures were worked out with."""
    parts = [{"indicator": part.indicator, "weight": part.weight} for part in composite.parts]
    return {"code": composite.code, "label": composite.label.in_language(language()), "parts": parts}


def _alternates(figures: "Sequence[AlternateFigure]") -> list[str]:
    if not figures:
        return []
    lines = ["other readings (shares 0-1, scores 0-100):"]
    lines += [f"{'indicator':<24}{'reading':<9}{'area':<16}{'base':<7}{'n':>6}{'value':>8}{'low':>8}{'high':>8}  notes"]
    for row in figures:
        numbers = "".join(f"{'-':>8}" if of is None else f"{of:>8.3f}" for of in (row.value, row.low, row.high))
        n = "-" if row.n is None else row.n
        notes = " ".join(str(note) for note in (row.reliability, row.reason) if note)
        lines.append(
            f"{row.indicator:<24}{row.reading:<9}{row.area or '(whole)':<16}{row.base:<7}{n:>6}{numbers}  {notes}"
        )
    return lines


def _weights(run: "EstimateRun") -> dict[str, object] | None:
    """The frozen version of weights that the run used; ``None``: base weights, or none at all."""
    if run.sample is None or run.sample.weights_version is None:
        return None
    return {"version": run.sample.weights_version, "digest": run.sample.weights_version_digest}


def _weight_lines(run: "EstimateRun") -> list[str]:
    found = _weights(run)
    return [f"weights {found['version']}, sha256 {found['digest']}"] if found else []


def _changes(estimated: "EstimatedWave") -> "list[Change]":
    """Those of the areas that are printed."""
    areas = {row.area for row in estimated.estimates}
    return [change for change in estimated.compared.changes if change.area in areas] if estimated.compared else []


def _compared_with(estimated: "EstimatedWave") -> dict[str, Any] | None:
    if estimated.compared is None:
        return None
    earlier = estimated.compared.earlier
    return {"wave": earlier.wave.id, "name": earlier.wave.name, "run": earlier.run.id, "design": earlier.run.design}


def _comparison(estimated: "EstimatedWave", changes: "Sequence[Change]") -> list[str]:
    if estimated.compared is None:
        return ["compared with no earlier wave: none of the same instrument and communities is published"]
    earlier = estimated.compared.earlier
    lines = [f"since wave {earlier.wave.id} (run {earlier.run.id}): {earlier.wave.name}"]
    lines.append(f"{'indicator':<24}{'area':<16}{'change':>8}{'low':>8}{'high':>8}{'p':>8}  finding")
    for change in changes:
        numbers = (change.difference, change.low, change.high)
        figures = "".join(f"{'-':>8}" if number is None else f"{number:>+8.3f}" for number in numbers)
        p = f"{'-':>8}" if change.p_value is None else f"{change.p_value:>8.3f}"
        told = change.finding or f"not compared: {change.reason}"
        lines.append(f"{change.indicator:<24}{change.area or '(whole)':<16}{figures}{p}  {told}")
    return lines


def _row(row: "PublishedEstimate") -> dict[str, Any]:
    """One estimate as JSON: not published, it has the reason and no number; shown as a range, no other rate."""
    document = asdict(row)
    if not row.published:
        return {name: None if type(value) in (int, float) else value for name, value in document.items()}
    if row.shown_range is not None:
        document.update(dict.fromkeys(_TOLD_BY_RANGE))
    return document


def _table(rows: "Sequence[PublishedEstimate]", heading: str = "") -> list[str]:
    """``heading``: what stands above it, and with it nothing at all where there are no rows."""
    if heading:
        return [heading, *_table(rows)] if rows else []
    lines = [f"{'indicator':<24}{'area':<16}{'base':<7}{'n':>6}{'rate':>8}{'low':>8}{'high':>8}  notes"]
    for row in rows:
        start = f"{row.indicator:<24}{row.area or '(whole)':<16}{row.base:<7}"
        if not row.published or row.proportion is None:
            lines.append(f"{start}{'-':>6}{'-':>8}{'-':>8}{'-':>8}  {row.reason}")
            continue
        if row.shown_range is not None:
            low, high = row.shown_range
            lines.append(f"{start}{row.n:>6}{'-':>8}{'-':>8}{'-':>8}  between {low:.3f} and {high:.3f}")
            continue
        limits = "".join(f"{'-':>8}" if limit is None else f"{limit:>8.3f}" for limit in (row.low, row.high))
        notes = [row.reliability, row.band, row.reason, "pooled" if row.pooled else None]
        lines.append(f"{start}{row.n:>6}{row.proportion:>8.3f}{limits}  {' '.join(str(n) for n in notes if n)}")
    return lines
