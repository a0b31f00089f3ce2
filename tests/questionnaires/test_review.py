"""Problems and hints stand on the line they are about."""

import tomllib
from typing import Any

import pytest
from hypothesis import given

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN
from questionnaires.review import review_text
from questionnaires.toml_lines import Path, lines_of
from questionnaires.toml_text import to_toml
from tests.questionnaires.strategies import questionnaires
from tests.questionnaires.tiny import ACTS, HEAD, RESIDENT, SATISFIED, indicator

TEXT = HEAD + RESIDENT + SATISFIED + ACTS


def lines(text: str) -> list[str]:
    """The lines that problems and hints name."""
    found = review_text(text, "tiny")
    rows = text.split("\n")
    named = [each.line for each in found.problems] + [each.line for each in found.hints]
    return [rows[line - 1] if line else "" for line in named]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('version = "1"', "version = 1"),
        ('id = "C1"', 'id = "Q1"'),
        ('scale = "sat5"', 'scale = "sat6"'),
        ("max_choices = 2", 'max_choices = "two"'),
        ('{ code = 2, zh_Hans = "议事会", en = "A meeting" }', '{ code = 2, zh_Hans = "议事会" }'),
        (
            '{ code = 3, zh_Hans = "垃圾分类", en = "Sorting waste" }',
            '{ code = 3, zh_Hans = "垃圾分类", en = "W", best = 1 }',
        ),
        ('title = { zh_Hans = "小问卷", en = "Tiny" }', 'title = { zh_Hans = "{x}小问卷", en = "Tiny {x}" }'),
        ('zh_Hans = "参加过什么"', 'zh_Hans = ""'),
    ],
)
def test_the_line_of_what_is_wrong(right: str, wrong: str) -> None:
    assert TEXT.count(right) == 1
    text = TEXT.replace(right, wrong)
    (*_, last) = lines(text)
    assert last.strip().rstrip(",") == wrong


def test_what_is_missing_stands_at_its_table() -> None:
    assert lines(TEXT.replace('type = "multi"\n', ""))[0] == "[[item]]"


def test_a_file_that_is_no_toml() -> None:
    assert lines(TEXT + 'x = "a\n')[0] == 'x = "a'


def test_a_rate_of_nothing() -> None:
    text = TEXT + indicator("IND_X", "Q9", "{ codes = [1] }", label="率")
    assert lines(text) == ['item = "Q9"']


def test_hints_have_lines_too() -> None:
    assert lines(TEXT.replace("您满意吗", "您是不是非常满意"))[0] == "[[item]]"


def members(value: object, way: Path = ()) -> list[Path]:
    found = [way] if way else []
    if isinstance(value, dict):
        return found + [each for name, part in value.items() for each in members(part, (*way, name))]
    if isinstance(value, list):
        return found + [each for place, part in enumerate(value) for each in members(part, (*way, place))]
    return found


def check_lines(text: str) -> None:
    document: dict[str, Any] = tomllib.loads(text)
    found, rows = lines_of(text), text.split("\n")
    for way in members(document):
        assert way in found, way
        name = next(part for part in reversed(way) if isinstance(part, str))
        if isinstance(way[-1], str) and name.isascii() and name.isidentifier():
            assert name in rows[found[way] - 1]


@pytest.mark.parametrize("slug", BUILT_IN)
def test_everything_in_the_programs_files_has_its_line(slug: str) -> None:
    check_lines(BUILT_IN[slug].read_text("utf-8"))


@given(questionnaires())
def test_everything_in_any_file_has_its_line(questionnaire: Questionnaire) -> None:
    check_lines(to_toml(questionnaire))


def test_every_way_to_write_toml() -> None:
    check_lines(
        'a.b."c d" = 1 # [x]\n'
        't = \'\'\'one\ntwo\'\'\'\nu = """a\\"""b\n""""\n'
        "[ x . y ]\nz = [ 1, # one\n [2, 3], { k = 1979-05-27 07:32:00, 'l' = inf } ]\n"
        "[[x.list]]\np = true\n[x.list.sub]\nq = 1\n[[x.list]]\np = false\n[[x.list.deep]]\nr = -1_000\n"
    )
