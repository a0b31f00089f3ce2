"""Teams of a design: read strictly, one text for one plan, and part of what is committed to."""

from datetime import date

import pytest

from analysis.sampling.sample_design import TeamRules
from survey.casework.design_text import design_text
from survey.messages import BadInput
from survey.reports.design_words import describe_design
from survey.reports.wording import speaker
from survey.sampling.sample_designs import canonical, from_canonical, read_design

BASE = '[[stage]]\nunit = "dwelling"\nmethod = "simple"\ntake = 4\n[teams]\n'


def test_sizes_and_days() -> None:
    text = BASE + "size = 3\nfirst = 2026-12-01\nlast = 2026-12-04\nwithout = [2026-12-02]"
    design, _ = read_design(text)
    days = tuple(date(2026, 12, day) for day in (1, 3, 4))
    assert design.teams == TeamRules(size=3, per_day=30, days=days)
    written = '"teams":{"first":"2026-12-01","last":"2026-12-04","per_day":30,"size":3,"without":["2026-12-02"]}'
    assert written in canonical(design)
    assert from_canonical(canonical(design)) == design
    assert read_design(design_text(design))[0] == design
    assert any("每队 3 人，每队每天 30 户" in line for line in describe_design(design, speaker("zh_Hans")))


def test_days_at_the_ends_that_are_left_out_are_one_plan() -> None:
    short, _ = read_design(BASE + "first = 2026-12-02\nlast = 2026-12-04")
    long, _ = read_design(BASE + "first = 2026-12-01\nlast = 2026-12-04\nwithout = [2026-12-01]")
    assert canonical(short) == canonical(long)


def test_none_is_two_to_a_team_and_no_days() -> None:
    assert read_design(BASE)[0].teams == TeamRules(size=2, per_day=20)


@pytest.mark.parametrize(
    ("teams", "wrong"),
    [
        ("size = 1", "size"),
        ("per_day = 0", "per_day"),
        ("first = 2026-12-01", "first"),
        ("without = [2026-12-01]", "without"),
        ("first = 2026-12-02\nlast = 2026-12-01", "last"),
        ("first = 2026-12-02\nlast = 2028-12-01", "last"),
        ("first = 2026-12-01T10:00:00\nlast = 2026-12-02", "first"),
        ("first = 2026-12-01\nlast = 2026-12-02\nwithout = [2026-12-03]", "without"),
        ("first = 2026-12-01\nlast = 2026-12-01\nwithout = [2026-12-01]", "without"),
        ("first = 2026-12-01\nlast = 2026-12-02\nwithout = 2026-12-01", "without"),
        ("teams = 3", "teams"),
    ],
)
def test_what_is_wrong_is_named(teams: str, wrong: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_design(BASE + teams)
    assert ("teams", wrong) in [(problem.where, problem.column) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("digits_drawn = 0", "digits_drawn"),
        ("hex = 'x'", "hex"),
        ("decimals = 21", "decimals"),
        ("digits_drawn = 2, hex = 2", "hex"),
        ("digits = 2", "digits"),
        ("", "digits_ascending"),
    ],
)
def test_spellings_that_cannot_be(said: str, wrong: str) -> None:
    values = f'public_values = [ {{ name = "a", not_before = 2026-11-24T21:15:00Z{", " if said else ""}{said} }} ]'
    with pytest.raises(BadInput) as caught:
        read_design(f"{BASE}[lottery]\n{values}")
    assert [problem.column for problem in caught.value.problems] == [wrong]
