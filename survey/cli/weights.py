"""``survey weights``: build the weights of a closed wave, look at them, freeze a version that estimates name."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli.output import Answer, language, verb
from survey.cli.site import RECORD_ID, acting, acting_scope, now, open_current, require_right
from survey.config import read_config
from survey.roles import Permission
from survey.weights import DEFAULT_TRIM, NoFrameTotals, ResponseMethod, WeightOptions

if TYPE_CHECKING:
    from survey.workflow.show_weights import VersionView

VERSION_ID = click.argument("version_id", metavar="ID", type=RECORD_ID)


@click.group()
def weights() -> None:
    """Weights: base x adults x non-response x calibration to known totals, trimmed."""


@weights.command("build")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option(
    "--margins",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="CSV or XLSX with the columns variable, category and count (or share).",
)
@click.option(
    "--response",
    type=click.Choice([str(method) for method in ResponseMethod]),
    default=str(ResponseMethod.CLASSES),
    show_default=True,
    help="How those who did not answer are stood for.",
)
@click.option("--trim", type=float, default=DEFAULT_TRIM, show_default=True, help="Times the community's mean weight.")
@click.option("--no-frame-totals", is_flag=True, help="Do not calibrate to the frame's adults of each community.")
@verb(needs=Permission.MANAGE_WAVES)
def build(wave_id: int, path: Path, response: str, trim: float, no_frame_totals: bool) -> Answer:
    """Build a version of a closed wave's weights; nothing uses it before it is frozen (a published wave's never)."""
    from survey.files.csv_files import read_bytes
    from survey.files.spreadsheets import read_rows
    from survey.keys import KeyRing
    from survey.workflow.build_weights import compute_weights, record_weights
    from survey.workflow.show_weights import show_version

    options = WeightOptions(response=ResponseMethod(response), trim=trim, frame_totals=not no_frame_totals)
    margins = read_rows(read_bytes(path), path.name)
    database, keys = open_current(), KeyRing(folder=read_config().keys)
    with database.reading() as session:
        computed = compute_weights(session, keys, wave_id, margins=margins, options=options, at=now(), by=acting())
    with database.writing() as session:
        version_id = record_weights(session, computed)
        view = show_version(session, version_id, scope=acting_scope())
    return _answer(view)


@weights.command("show")
@VERSION_ID
@verb(needs=Permission.MANAGE_WAVES)
def show(version_id: int) -> Answer:
    """Look at a version: spread, largest weights, margins before and after, what moved."""
    return _answer(_view(version_id))


@weights.command("freeze")
@VERSION_ID
@click.option("--reason", required=True, help="Why this version; stays on record beside who froze it.")
@verb(needs=Permission.MANAGE_WAVES)
def freeze(version_id: int, reason: str) -> Answer:
    """Freeze a version: estimates use and name it from then on. It is never changed or taken back."""
    from survey.workflow.freeze_weights import freeze_weights

    view = _view(version_id)
    with open_current().writing() as session:
        freeze_weights(session, version_id, reason=reason, at=now(), by=acting())
    return Answer(
        document={"version": version_id, "wave": view.wave.id, "digest": view.version.digest, "frozen": True},
        lines=[f"weights {version_id} frozen, sha256 {view.version.digest}", f"survey estimate --wave {view.wave.id}"],
    )


@weights.command("list")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.MANAGE_WAVES)
def list_(wave_id: int) -> Answer:
    """List the versions of a wave, the newest first; estimates use the one that was frozen last."""
    from survey.workflow.show_weights import show_weights

    with open_current().reading() as session:
        view = show_weights(session, wave_id, scope=acting_scope())
    rows = [
        {
            "version": one.id,
            "built_at": one.built_at.isoformat(),
            "built_by": one.built_by,
            "frozen": one.frozen,
            "frozen_by": one.frozen_by,
            "frozen_reason": one.frozen_reason,
            "used": one.id == view.standing,
            "kish": round(one.look.kish, 4),
            "digest": one.digest,
        }
        for one in view.versions
    ]
    return Answer(
        document={"wave": wave_id, "versions": rows},
        lines=[
            f"{row['version']}\t{'used' if row['used'] else 'frozen' if row['frozen'] else 'built'}\t"
            f"kish {row['kish']:.3f}\t{row['built_by']}\t{row['digest']}"
            for row in rows
        ],
    )


def _view(version_id: int) -> "VersionView":
    from survey.workflow.show_weights import show_version

    with open_current().reading() as session:
        view = show_version(session, version_id, scope=acting_scope())
    require_right(Permission.MANAGE_WAVES, view.wave.id)
    return view


def _answer(view: "VersionView") -> Answer:
    version, look = view.version, view.version.look
    document: dict[str, Any] = {
        "version": version.id,
        "wave": version.wave_id,
        "digest": version.digest,
        "frozen": version.frozen,
        "used": view.standing,
        "plan": version.plan.document(),
        "look": look.document(),
    }
    state = "frozen" if version.frozen else f"not frozen yet: survey weights freeze {version.id} --reason …"
    return Answer(
        document=document,
        lines=[
            f"weights {version.id} of wave {version.wave_id}, {state}, sha256 {version.digest}",
            f"{look.respondents} answers, sum {look.total:,.0f} ({look.before:,.0f} before calibration), "
            f"Kish's effect {look.kish:.3f}, effective {look.effective:.0f}, {look.trimmed} trimmed",
            *(
                f"{one.factor:<12} {one.least:9.3f} {one.median:9.3f} {one.greatest:9.3f}  kish {one.kish:.3f}"
                for one in look.spreads
            ),
            *([f"nobody answered in {_named(view, look.silent)}: others stand for them"] if look.silent else []),
            *([_NO_FRAME[look.no_frame].format(where=_named(view, look.lacking))] if look.no_frame else []),
            *(
                f"{one.variable} {'+'.join(one.codes) or '?'}: {one.respondents} answers, {one.before:,.0f} -> "
                f"{one.after:,.0f}, wanted {one.total:,.0f}"
                for one in look.margins
            ),
            *(f"largest: {one.weight:,.1f}, {one.times:.2f} times the mean, {one.area}" for one in look.largest[:5]),
            *(
                f"{view.rate(one.indicator, language())}: {_interval(one.before)} -> {_interval(one.after)}"
                for one in look.moved
            ),
        ],
    )


_NO_FRAME = {
    NoFrameTotals.POPULATION: "! not calibrated to the frame's adults of the communities: the frame says none, or "
    "fewer than answered, for {where}. Import the frame with their population, name the communities in the margins, or "
    "say --no-frame-totals",
    NoFrameTotals.DRAWN: "! not calibrated to the frame's adults of the communities: they were drawn themselves",
    NoFrameTotals.FEW: "! not calibrated to the frame's adults of the communities: too few answers",
}


def _named(view: "VersionView", codes: tuple[str, ...]) -> str:
    return ", ".join(f"{code} {view.names.get(code, '')}".strip() for code in codes)


def _interval(rate: tuple[float, float | None, float | None] | None) -> str:
    if rate is None:
        return "-"
    value, low, high = rate
    told = f" [{100 * low:.1f}, {100 * high:.1f}]" if low is not None and high is not None else ""
    return f"{100 * value:.1f}%{told}"
