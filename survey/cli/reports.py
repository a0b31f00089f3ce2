"""``survey report``: the PDFs of a wave into a folder."""

from collections.abc import Mapping
from pathlib import Path

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting, now, open_current
from survey.config import read_config
from survey.roles import Permission


@click.command()
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the PDFs.")
@click.option("--language", type=click.Choice(["zh_Hans", "en"]), default="zh_Hans", show_default=True)
@verb(needs=Permission.SEE_UNPUBLISHED)
def report(wave_id: int, out: Path, language: str) -> Answer:
    """Build one PDF for the whole and one per community (estimates first, if answers came in since)."""
    from survey.areas import Level
    from survey.code_version import code_version
    from survey.keys import KeyRing
    from survey.store.waves import get_wave
    from survey.workflow.build_report import read_document, render, require_typesetter
    from survey.workflow.estimate_wave import compute_estimates, is_estimated, record_estimates
    from survey.workflow.write_reports import all_or_none, list_reports_to_write, prepare_folder, write_pdf

    database = open_current()
    with database.reading() as session:
        get_wave(session, wave_id)
    require_typesetter()
    prepare_folder(out)
    with database.reading() as session:
        computed = None
        if not is_estimated(session, wave_id):
            level, code = Level.COMMUNITY, code_version()
            keys = KeyRing(folder=read_config().keys)
            computed = compute_estimates(
                session, keys, wave_id, by_level=level, code_version=code, at=now(), by=acting()
            )
    if computed:
        with database.writing() as session:
            record_estimates(session, computed)
    with database.reading() as session:
        reports = list_reports_to_write(session, wave_id, language)
    written = []
    with all_or_none(out) as unfinished:
        for wanted in reports:
            with database.reading() as session:
                document = read_document(session, run_id=wanted.run_id, area=wanted.area, language=language)
            built = render(document)
            write_pdf(unfinished, wanted.file_name, built.pdf)
            written.append(
                {
                    "area": wanted.area,
                    "path": str(out / wanted.file_name),
                    "pages": built.pages,
                    "sha256": built.sha256,
                    "missing_characters": built.missing_characters,
                }
            )
    return Answer(
        document={"wave": wave_id, "language": language, "reports": written},
        lines=[_line(entry) for entry in written],
    )


def _line(entry: Mapping[str, object]) -> str:
    missing = entry["missing_characters"]
    return f"{entry['path']}  {entry['pages']} pages" + (f"  printed as □: {missing}" if missing else "")
