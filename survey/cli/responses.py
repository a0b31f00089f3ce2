"""``survey response``: answers from a file, and how many there are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from survey.cli.output import Answer, verb
from survey.cli.site import RECORD_ID, acting, now, open_current
from survey.roles import Permission


@click.group()
def response() -> None:
    """Responses."""


@response.command("import")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@click.option("--columns", type=click.Path(path_type=Path), required=True, help="Column map (TOML).")
@click.argument("file", type=click.Path(path_type=Path))
@verb(needs=Permission.IMPORT_RESPONSES)
def import_(wave_id: int, columns: Path, file: Path) -> Answer:
    """Import answers from a CSV FILE; all of it or nothing."""
    from survey.files.column_map import parse_column_map
    from survey.files.csv_files import decode, read_bytes, read_csv
    from survey.workflow.import_responses import find_target, import_responses, read_answers

    database = open_current()
    with database.reading() as session:
        target = find_target(session, wave_id)
    map_text = decode(read_bytes(columns, 1_000_000), str(columns))
    answers = read_answers(read_csv(file), parse_column_map(map_text, str(columns)), map_text=map_text, target=target)
    with database.writing() as session:
        imported = import_responses(session, target.wave.id, answers=answers, at=now(), by=acting())
    return Answer(
        document={"wave": wave_id, "import": imported.id, "imported": imported.imported, **imported.report},
        lines=_lines(wave_id, imported.imported, imported.report),
    )


def _lines(wave_id: int, imported: int, report: Mapping[str, Any]) -> list[str]:
    lines = [f"wave {wave_id}: {imported} responses imported"]
    if report["screened"]:
        lines.append(f"{report['screened']} screened out by the instrument (kept, in no rate)")
    if report["blank"]:
        lines.append("asked, no answer: " + ", ".join(f"{item} {n}" for item, n in report["blank"].items()))
    for name, words in _LISTS.items():
        lines += [f"{words}: {_entry(entry)} ({entry['problem']}) in {entry['rows']} rows" for entry in report[name]]
    for name in ("unknown_modes", "unknown_days"):
        lines += [f"{name.replace('_', ' ')}: {value!r} in {n} rows" for value, n in report[name].items()]
    if report["ignored_columns"]:
        lines.append("columns not in the map: " + ", ".join(report["ignored_columns"]))
    return lines


_LISTS = {
    "not_understood": "not understood",
    "kept": "kept as it is",
    "shortened": "cut",
    "not_used": "left out",
}


def _entry(entry: Mapping[str, Any]) -> str:
    """Which answer; what may be somebody's words is in the file alone."""
    if entry["value"] is not None:
        return f"{entry['item']} {entry['value']!r}"
    return f"{entry['item']} row {entry['first_row']}, column {entry['column']}, {entry['length']} characters"


@response.command("count")
@click.option("--wave", "wave_id", type=RECORD_ID, required=True)
@verb(needs=Permission.SEE_FIELDWORK)
def count(wave_id: int) -> Answer:
    """Count the responses of a wave."""
    from survey.store.responses import count_by_area, count_open_by_area
    from survey.store.waves import get_wave

    with open_current().reading() as session:
        get_wave(session, wave_id)
        by_area = count_by_area(session, wave_id)
        open_link = count_open_by_area(session, wave_id)
    sample = {area: n - open_link.get(area, 0) for area, n in by_area.items()}
    total, of_sample, of_open_link = (sum(counts.values()) for counts in (by_area, sample, open_link))
    return Answer(
        document={
            "wave": wave_id,
            "count": total,
            "responses": total,
            "sample": of_sample,
            "open_link": of_open_link,
            "by_area": by_area,
            "sample_by_area": sample,
            "open_link_by_area": {area: open_link.get(area, 0) for area in by_area},
        },
        lines=[
            f"{of_sample} responses of the sample",
            f"{of_open_link} of the open link and of paper forms, no part of the sample",
            *(f"{area}\t{n} sample\t{open_link.get(area, 0)} open link" for area, n in sample.items()),
        ],
    )
