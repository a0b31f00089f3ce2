"""Who promises several draws can show the one that suits: each promise that could serve is told beside the others."""

from dataclasses import replace
from datetime import timedelta

from survey.reports.draw_certificate import compose_certificate
from survey.reports.draw_certificate_facts import CertificateFacts
from survey.sampling.frame_digest import areas_digest, units_digest
from survey.sampling.public_values import PublicValueName
from survey.store.areas import add_frame
from survey.store.database import Database
from survey.store.draw_commitments import get_commitment
from survey.store.units import add_units
from survey.store.waves import change_state, get_wave
from survey.units import UnitKind
from survey.waves import WaveState
from survey.workflow.certify_draw import certify_draw
from survey.workflow.commit_draw import commit_draw
from survey.workflow.draw_sample import draw_in_public
from survey.workflow.open_wave import open_wave
from tests.survey.drawn_wave import AREAS, AT, approve, open_wave_with_units, units
from tests.survey.public_draw import FOURTEEN, RESERVES, VALUES, committed_wave, draw_grids, draw_next, publicly_drawn

LATER = AT + timedelta(days=9)


def certify(database: Database, draw_id: int) -> CertificateFacts:
    with database.reading() as session:
        return certify_draw(session, draw_id, at=LATER)


def commit_on(database: Database, name: str, *, frame: int | None = None, days: int = 1) -> int:
    """The commitment of a new wave, whose list lacks a home, or is that of the wave's ``frame``, on the value ``name``
    of ``days`` after the small wave.
    """
    value = PublicValueName(name=name, not_before=AT + timedelta(days=days), spelling=FOURTEEN)
    with database.writing() as session:
        if frame is not None:
            wave = open_wave(
                session, name="另一区", instrument="small", frame=frame,
                details=get_wave(session, 1).details, at=AT, by="tongji",
            )  # fmt: skip
    if frame is None:
        wave = open_wave_with_units(database, rows=units()[:-1])
    with database.writing() as session:
        return commit_draw(session, wave, design=RESERVES, public_values=[value], at=AT, by="tongji").id


def keep(database: Database, commitment: int) -> int:
    """Carry it out and have it approved: the number of its wave."""
    with database.writing() as session:
        made = get_commitment(session, commitment)
        at = made.public_values[0].not_before + timedelta(minutes=5)
        value = replace(VALUES[0], name=made.public_values[0].name, published_at=at)
        number = draw_in_public(session, made.wave_id, values=[value], at=at, by="tongji").draw
    approve(database, number)
    return made.wave_id


def elsewhere(database: Database) -> int:
    """A list whose communities have other codes."""
    code = "440983109001"
    areas = (*AREAS[:2], replace(AREAS[2], code=code))
    rows = [replace(one, area=code, grid="") for one in units(east=60, west=0)[:60]]
    with database.writing() as session:
        number = add_frame(
            session, areas=areas, digest=areas_digest(areas), at=AT, kind=UnitKind.DWELLING,
            units_digest=units_digest(rows), unit_count=len(rows),
        )  # fmt: skip
        add_units(session, number, rows)
        return number


def test_promises_on_one_value_are_told_although_their_draws_were_approved(database: Database) -> None:
    """Lists that differ by a home, or by their codes alone: as many seeds to choose from, if nobody heard of it."""
    wave, _ = committed_wave(database)
    near = commit_on(database, " 双色球１期")
    far = commit_on(database, "双色球 1 期", frame=elsewhere(database))
    number = draw_next(database, wave).draw
    approve(database, number)
    for one in (near, far):
        keep(database, one)
    facts = certify(database, number)
    assert [(one.id, one.shared, one.same_places, one.asked) for one in facts.others] == [
        (near, ("双色球１期",), True, False),
        (far, ("双色球 1 期",), False, False),
    ]
    first, second = compose_certificate(facts, language="zh_Hans").others
    assert "抽中的住户还没有调查过。 和本次约定了同一个公开数字：双色球１期。" in first
    assert second.endswith("社区代码和本次的全都不同。")
    with database.writing() as session:
        change_state(session, get_commitment(session, near).wave_id, WaveState.FIELDING, at=LATER, by="tongji")
    kept = certify(database, number).others[0]
    assert (kept.id, kept.asked) == (near, True), "the value is the same, so it is told all the same"


def test_another_name_for_the_value_of_the_day_is_told(sqlite_database: Database) -> None:
    number = publicly_drawn(sqlite_database)
    renamed = commit_on(sqlite_database, "中国福利彩票双色球当天号码", frame=elsewhere(sqlite_database))
    commit_on(sqlite_database, "下个月的号码", frame=elsewhere(sqlite_database), days=30)
    (other,) = certify(sqlite_database, number).others
    assert (other.id, other.shared, other.same_day) == (renamed, (), True)


def test_a_kept_promise_is_told_until_its_homes_are_asked(database: Database) -> None:
    number = publicly_drawn(database)
    approve(database, number)
    other = commit_on(database, "下一年的号码", days=365)
    wave = keep(database, other)
    assert [one.id for one in certify(database, number).others] == [other]
    with database.writing() as session:
        change_state(session, wave, WaveState.FIELDING, at=LATER, by="tongji")
    assert certify(database, number).others == ()


def test_a_draw_that_is_not_public_is_told_of_promises_that_nobody_was_asked_for(database: Database) -> None:
    approve(database, publicly_drawn(database))
    later = draw_grids(database)  # from another list of the same places
    assert [one.id for one in certify(database, later).others] == [1]
    with database.writing() as session:
        change_state(session, 1, WaveState.FIELDING, at=LATER, by="tongji")
    assert certify(database, later).others == ()
