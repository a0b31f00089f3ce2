"""A public value has one spelling: nobody who read the secret can try others, and old promises stay verifiable."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.sampling.lottery import lottery_seed
from analysis.sampling.value_spelling import Spelling, SpellingRule
from survey.messages import BadInput, CheckFailed
from survey.store.database import Database
from survey.store.draw_commitments import add_commitment, list_commitments
from survey.store.draws import get_draw
from survey.workflow.close_wave import close_wave
from survey.workflow.commit_draw import commit_draw
from survey.workflow.export_draw import export_draw
from survey.workflow.verify_draw import verify_draw, verify_files
from survey.workflow.withdraw_commitment import withdraw_commitment
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import AT, approve, open_wave_with_units
from tests.survey.promised_draw import DESIGN, LATER, draw_public, named, published

FOURTEEN = SpellingRule(spelling=Spelling.ASCENDING, count=14, apart=2)


def promise(database: Database, rule: SpellingRule | None) -> int:
    wave = open_wave_with_units(database)
    values = [replace(one, spelling=rule) for one in named()]
    with database.writing() as session:
        commit_draw(session, wave, design=DESIGN, public_values=values, at=AT, by="tongji")
    return wave


@pytest.mark.parametrize("typed", ["03 07 11 19 22 30 05", "03071119223005", "\uff103,07,11,19,22,30 + 05"])
def test_however_it_is_typed_it_is_one_seed(database: Database, typed: str) -> None:
    wave = promise(database, FOURTEEN)
    drawn = draw_public(database, wave, published(0, value=typed))
    with database.reading() as session:
        (made,) = list_commitments(session, wave)
        found = get_draw(session, drawn.draw)
        verify_draw(session, drawn.draw)
    assert made.public_values[0].spelling == FOURTEEN
    assert found.public_value == "03071119223005"
    assert found.seed == lottery_seed(bytes.fromhex(made.secret), "03071119223005").hex()


@pytest.mark.parametrize(
    "typed",
    [
        *("3 7 11 19 22 30 5", "03 07 11 19 22 30 05 1", "03 07 11 19 22 30 o5"),
        # Each of the same lottery, in another order: whoever reads the secret could choose among the samples.
        *("30 03 22 07 19 11 + 05", "05 03 07 11 19 22 30", "07 03 11 19 22 30 + 05"),
    ],
)
def test_another_spelling_is_refused(sqlite_database: Database, typed: str) -> None:
    wave = promise(sqlite_database, FOURTEEN)
    with pytest.raises(BadInput, match="应为14 位数字"):
        draw_public(sqlite_database, wave, published(0, value=typed))


@pytest.mark.parametrize("rule", [None, SpellingRule(spelling=Spelling.DIGITS, count=14)])
def test_nobody_promises_a_value_that_can_be_written_in_several_ways(
    database: Database, rule: SpellingRule | None
) -> None:
    with pytest.raises(BadInput, match=r"没有约定写法.*digits_ascending"):
        promise(database, rule)
    with database.reading() as session:
        assert list_commitments(session, 1) == ()


@pytest.mark.parametrize(
    ("rule", "typed", "used"),
    [
        (None, " 03 07  11", "03 07 11"),
        (SpellingRule(spelling=Spelling.DIGITS, count=14), "03 07 11 19 22 30 05", "03071119223005"),
    ],
)
def test_a_promise_of_before_is_drawn_and_verified_as_it_was_made(
    database: Database, rule: SpellingRule | None, typed: str, used: str
) -> None:
    wave = promise(database, FOURTEEN)
    with database.writing() as session:
        (made,) = list_commitments(session, wave)
        withdraw_commitment(session, made.id, reason="报纸停刊", at=AT, by="shenhe")
        add_commitment(
            session,
            wave_id=wave,
            frame_id=made.frame_id,
            frame_digest=made.frame_digest,
            design=made.design,
            secret=made.secret,
            public_values=[replace(one, spelling=rule) for one in named()],
            at=AT,
            by="tongji",
            method=None,
        )
    drawn = draw_public(database, wave, published(0, value=typed))
    with database.reading() as session:
        assert get_draw(session, drawn.draw).public_value == used
        verify_draw(session, drawn.draw)


def test_the_spelling_goes_with_the_files(sqlite_database: Database, tmp_path: Path) -> None:
    wave = promise(sqlite_database, FOURTEEN)
    drawn = draw_public(sqlite_database, wave, published(0))
    approve(sqlite_database, drawn.draw)
    folder = tmp_path / "draw"
    folder.mkdir()
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=LATER, by="tongji")
        export_draw(session, drawn.draw, folder)
    assert verify_files(folder).digest == drawn.digest
    assert '"spelling": "digits_ascending 12+2"' in (folder / "commitment.json").read_text("utf-8")
    values = folder / "public-values.toml"
    values.write_text(values.read_text("utf-8").replace("03071119223005", "03 07 11 19 22 30 05"), "utf-8")
    with pytest.raises(CheckFailed) as caught:
        verify_files(folder)
    assert ("public_value.value", "03071119223005：约定的写法") in [
        (one.where, str(one.expected)) for one in caught.value.problems
    ]


def test_times_are_told_in_beijing(sqlite_database: Database) -> None:
    """The value's time may be written in any zone; both times of the refusal are on one clock."""
    wave = promise(sqlite_database, FOURTEEN)
    early = published(0, published_at=named()[0].not_before - timedelta(hours=1))
    with pytest.raises(BadInput, match="公布于 2026-03-22 09:00，早于约定的 2026-03-22 10:00（都是北京时间）"):
        draw_public(sqlite_database, wave, early)
