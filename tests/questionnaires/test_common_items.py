"""Which answers to one version count as answers to another: a change of any one thing that an answer hangs on tells."""

import pytest

from questionnaires.checking import check_answers
from questionnaires.common_items import common_items
from questionnaires.definition import Questionnaire
from questionnaires.loading import load_text
from tests.questionnaires import tiny

MAIN = 'id = "main"\n'
COMPARED = """
[[check]]
id = "few"
item = "N1"
compare = "at_most"
value = 9
hard = true
zh_Hans = "最多九个"
en = "At most nine"
"""
TEXT = tiny.HEAD.replace(MAIN, f"{MAIN}factual = true\n") + "".join(
    (
        *(tiny.RESIDENT, tiny.SATISFIED, tiny.REPORTED, tiny.SOLVED, tiny.ACTS, tiny.ADULTS, tiny.COMMENT),
        *(tiny.LIGHTING, tiny.indicator("IND_SAT_MINE", "Q1", "{ codes = [1, 2] }", label="满意"), COMPARED),
    )
)
ALL = {"S1", "Q1", "E1", "E2", "C1", "N1", "T1", "M1"}


def changed(*replaced: tuple[str, str]) -> Questionnaire:
    """The version before: with these parts in place of what is there, each of them once."""
    text = TEXT
    for now, before in replaced:
        assert text.count(now) == 1, now
        text = text.replace(now, before)
    return load_text(text, "before.toml")


NOW = load_text(TEXT, "now.toml")


def test_the_same_is_alike() -> None:
    found = common_items(changed(), NOW)
    assert (found.items, found.everything) == (ALL, True)


@pytest.mark.parametrize(
    ("now", "before", "lost"),
    [
        ("您满意吗", "您很满意吧", {"Q1"}),
        ("反映过问题吗", "投诉过吗", {"E1", "E2"}),  # who is asked whether it was solved hangs on it
        ('scale = "sat5"\nzh_Hans = "您', 'scale = "sat4"\nzh_Hans = "您', {"Q1"}),
        ("max_choices = 2", "max_choices = 3", {"C1"}),
        ("minimum = 1", "minimum = 0", {"N1"}),
        ("maximum = 20", "maximum = 12", {"N1"}),
        ("max_chars = 5", "max_chars = 6", {"T1"}),
        ('en = "None", exclusive = true', 'en = "None"', {"C1"}),
        ('module = "streets"\n', "", {"M1"}),
        ('type = "multi"\n', 'type = "multi"\nmodes = ["capi"]\n', {"C1"}),
        ("hard = true", "hard = false", {"N1"}),
        ("value = 9", "value = 10", {"N1"}),
        (COMPARED, "", {"N1"}),
    ],
    ids=lambda value: value.strip()[:24] if isinstance(value, str) else "-".join(sorted(value)),
)
def test_what_was_asked_otherwise_does_not_count(now: str, before: str, lost: set[str]) -> None:
    found = common_items(changed((now, before)), NOW)
    assert found.items == ALL - lost
    assert not found.everything


def test_a_check_that_the_version_now_no_longer_makes_takes_nothing_away() -> None:
    assert common_items(NOW, changed((COMPARED, ""))).everything
    assert common_items(changed(("最多九个", "不会超过九个")), NOW).everything, "it is worded otherwise"


def test_an_answer_that_the_wave_would_refuse_does_not_come_in_by_the_version_before() -> None:
    before = changed(('en = "None", exclusive = true', 'en = "None"'))
    said = {"S1": 1, "C1": [1, 90]}
    assert check_answers(before, said).answers["C1"] == (1, 90)
    assert check_answers(NOW, said).answers["C1"] is None
    assert "C1" not in common_items(before, NOW).items


def test_other_people_in_the_population_are_for_somebody_to_look_at() -> None:
    found = common_items(changed(('"成年人", en = "Adults"', '"户籍成年人", en = "Registered adults"')), NOW)
    assert (found.items, found.everything) == (ALL, False)


def test_where_others_are_sent_away_nothing_counts() -> None:
    found = common_items(changed((", terminate = true", "")), NOW)
    assert (found.items, found.everything) == (frozenset(), False)
