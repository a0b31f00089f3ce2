"""``survey demo``: an invented wave, loaded by the same steps as a real one."""

from typing import TYPE_CHECKING

import click

from survey.cli.output import Answer, verb
from survey.cli.site import acting, now, open_current
from survey.config import ROOT, read_config
from survey.roles import Permission, Scope

if TYPE_CHECKING:
    from survey.demo.sign_ins import SignIns
    from survey.store.database import Database

FOLDER = ROOT / "survey" / "demo"
NAME = "2026年春季演示（虚构数据）"


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a wave already.")
@verb(needs=Permission.OPERATE)
def demo(if_empty: bool) -> Answer:
    """Load two invented waves, one published and one in the field, and an account of each role."""
    from survey.demo.field_wave import NAME as FIELD_NAME
    from survey.demo.field_wave import load_field_wave
    from survey.demo.sign_ins import keep_password, new_password, sign_ins
    from survey.keys import KeyRing
    from survey.store.waves import list_waves

    database, config = open_current(), read_config()
    if if_empty:
        with database.reading() as session:
            if list_waves(session):
                return Answer(
                    document={"wave": None, "field_wave": None, "accounts": []},
                    lines=["there are waves already, no example loaded", *_kept(sign_ins(config.instance))],
                )
    wave = _load(database)
    password = new_password()
    with database.writing() as session:
        field = load_field_wave(session, KeyRing(folder=config.keys), password=password, now=now())
    keep_password(config.instance, field.added, password)
    return Answer(
        document={
            "wave": wave,
            "field_wave": field.wave,
            "accounts": [{"name": person.name, "role": person.role, "password": password} for person in field.added],
        },
        lines=[f"wave {wave}: {NAME}", f"wave {field.wave}: {FIELD_NAME}", *_kept(sign_ins(config.instance))],
    )


def _kept(found: "SignIns | None") -> list[str]:
    """One line for each role."""
    if found is None:
        return []
    width = max(len(name) for name in found.names)
    return [
        f"accounts of the example, password {found.password} (kept in {found.path}):",
        *(f"  {name:<{width}}  {role}" for name, role in found.names.items()),
    ]


def _load(database: "Database") -> int:
    """Frame, wave, answers, estimates, publication, wanted reports: each the step a real wave takes."""
    from survey.areas import Level
    from survey.code_version import code_version
    from survey.demo.answers import demo_columns, demo_csv
    from survey.files.column_map import parse_column_map
    from survey.files.csv_files import parse_csv, read_csv
    from survey.files.wave_file import parse_wave_file
    from survey.keys import KeyRing
    from survey.store.waves import get_wave
    from survey.workflow.close_wave import close_wave
    from survey.workflow.estimate_wave import estimate_wave
    from survey.workflow.import_frame import import_frame, read_areas
    from survey.workflow.import_responses import find_target, import_responses, read_answers
    from survey.workflow.open_wave import open_wave
    from survey.workflow.publish_wave import publish_wave
    from survey.workflow.want_reports import EVERYTHING, want_reports

    areas = read_areas(read_csv(FOLDER / "areas.csv"))
    details = parse_wave_file((FOLDER / "wave.toml").read_text("utf-8"), "wave.toml")
    by = acting()
    with database.writing() as session:
        frame = import_frame(session, areas=areas, at=now())
        wave = open_wave(
            session, instrument="urban-community", frame=frame.id, name=NAME, details=details, at=now(), by=by
        )
        target = find_target(session, wave)
        map_text = demo_columns(target.questionnaire)
        file = parse_csv(demo_csv(target.questionnaire).encode(), "demo.csv")
        answers = read_answers(file, parse_column_map(map_text, "columns.toml"), map_text=map_text, target=target)
        import_responses(session, wave, answers=answers, at=now(), by=by)
        keys = KeyRing(folder=read_config().keys)
        estimate_wave(session, keys, wave, by_level=Level.COMMUNITY, code_version=code_version(), at=now(), by=by)
        close_wave(session, keys, wave, at=now(), by=by)
        publish_wave(session, wave, at=now(), by=by)
        for language in ("zh_Hans", "en"):
            want_reports(
                session,
                get_wave(session, wave),
                choice=EVERYTHING,
                language=language,
                scope=Scope(),
                at=now(),
                by=by,
            )
    return wave
