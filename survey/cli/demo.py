"""``survey demo``: the demo city, loaded into an empty database by the same steps as a real one."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.operations import initialise
from survey.cli.output import Answer, verb
from survey.cli.site import now, open_current
from survey.config import Config, read_config
from survey.messages import N_, Conflict, Message
from survey.roles import Permission

if TYPE_CHECKING:
    from survey.demo.load import LoadedCity
    from survey.demo.sign_ins import SignIns
    from survey.store.database import Database

SEED = 20260302
TRUTH_FILE = "truth.json"
#: The largest seed that every random generator takes.
MOST = 2**31 - 1


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help=f"Folder for the PDFs and {TRUTH_FILE}.")
@click.option("--seed", type=click.IntRange(0, MOST), default=SEED, show_default=True)
@click.option(
    "--scale", type=click.Choice(["small", "full"]), default="full", show_default=True, help="Small: 6 communities."
)
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a wave already.")
@verb(needs=Permission.OPERATE)
def demo(out: Path | None, seed: int, scale: str, if_empty: bool) -> Answer:
    """Make an invented city with five waves in an empty database, and an account of each role."""
    from survey.demo.city import Size
    from survey.demo.load import load_city
    from survey.demo.sign_ins import keep_password, new_password, sign_ins
    from survey.keys import KeyRing

    config = read_config()
    database = _database(config)
    if _has_waves(database):
        if not if_empty:
            raise Conflict(Message(N_("数据库里已经有轮次：演示城市只装进没有轮次的数据库")))
        lines = ["there are waves already, no example loaded", *_kept(sign_ins(config.instance))]
        return Answer(document={"waves": [], "draws": [], "accounts": [], "reports": [], "truth": None}, lines=lines)
    _prepare(out)
    password = new_password()
    with _collecting_seldom():
        loaded = load_city(
            database,
            KeyRing(folder=config.keys),
            size=Size(scale),
            seed=seed,
            password=password,
            now=now(),
            say=_progress(),
        )
    keep_password(config.instance, loaded.added, password)
    written = list(_write(database, out, loaded)) if out else []
    return Answer(
        document={
            "seed": seed,
            "scale": scale,
            "waves": list(loaded.waves),
            "draws": list(loaded.draws),
            "accounts": [{"name": one.name, "role": one.role, "password": password} for one in loaded.added],
            "reports": [path for path in written if path.endswith(".pdf")],
            "truth": str(out / TRUTH_FILE) if out else None,
        },
        lines=[*(f"wave {wave}" for wave in loaded.waves), *written, *_kept(sign_ins(config.instance))],
    )


def _database(config: Config) -> "Database":
    """The configured database; made first, with its first administrator, when there is none."""
    from survey.store.database import open_database
    from survey.store.schema import revision

    if revision(open_database(config.database_url)) is None:
        for line in initialise(config, make_sign_in=True).lines:
            click.echo(line, err=True)
    return open_current()


def _has_waves(database: "Database") -> bool:
    from survey.store.waves import list_waves

    with database.reading() as session:
        return bool(list_waves(session))


def _prepare(out: Path | None) -> None:
    """See that files can be written before minutes of work are done."""
    from survey.workflow.build_report import require_typesetter
    from survey.workflow.write_reports import prepare_folder

    if out is not None:
        require_typesetter()
        prepare_folder(out)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Millions of small objects come and go, next to none in circles: to look for those each time takes longer."""
    before = gc.get_threshold()
    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(50_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _progress() -> Callable[[str], None]:
    start = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"{time.monotonic() - start:5.0f} s  {line}", err=True)

    return say


def _write(database: "Database", out: Path, loaded: "LoadedCity") -> Iterator[str]:
    """The reports that the published waves want, built now and kept for the site, too; and what is true."""
    from survey.store.reports import get_report, list_reports, load_pdf
    from survey.workflow.build_report import build_report
    from survey.workflow.write_reports import all_or_none, write_pdf

    say = _progress()
    for wave in loaded.waves:
        with database.reading() as session:
            wanted = [record.id for record in list_reports(session, wave)]
        with all_or_none(out) as unfinished:
            for report in sorted(wanted):
                build_report(database, report)
                with database.reading() as session:
                    record, pdf = get_report(session, report), load_pdf(session, report)
                name = f"wave-{wave}-{record.area or 'whole'}-{record.language}.pdf"
                if pdf is not None:
                    write_pdf(unfinished, name, pdf)
                    yield str(out / name)
        if wanted:
            say(f"wave {wave}: {len(wanted)} reports")
    truth = json.dumps(loaded.truth, ensure_ascii=False, indent=1) + "\n"
    (out / TRUTH_FILE).write_text(truth, "utf-8")
    yield str(out / TRUTH_FILE)


def _kept(found: "SignIns | None") -> list[str]:
    """One line for each role."""
    if found is None:
        return []
    width = max(len(name) for name in found.names)
    return [
        f"accounts of the example, password {found.password} (kept in {found.path}):",
        *(f"  {name:<{width}}  {role}" for name, role in found.names.items()),
    ]
