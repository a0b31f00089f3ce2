"""What changed between two versions, and which rates still compare."""

from dataclasses import replace

import pytest
from hypothesis import given

from questionnaires.definition import Questionnaire, Text
from questionnaires.item_changes import ChangeKind
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.versions import Comparability, VersionComparison, compare_versions
from tests.questionnaires.strategies import questionnaires
from tests.questionnaires.tiny import ADULTS, REPORTED, SATISFIED, SOLVED, indicator, tiny

COUNTED = indicator("IND_Q", "Q1", '{ polarity = ["pos"] }', label="率")
SOLVING = indicator("IND_S", "E2", "{ codes = [1] }", label="解决")


def kinds(compared: VersionComparison, part: str) -> set[ChangeKind]:
    return {change.kind for change in compared.of_items.get(part, ())}


def of_items(old: Questionnaire, new: Questionnaire) -> dict[str, set[ChangeKind]]:
    compared = compare_versions(old, new)
    return {part: kinds(compared, part) for part in compared.of_items}


def rate(old: Questionnaire, new: Questionnaire, code: str) -> Comparability:
    return next(each for each in compare_versions(old, new).indicators if each.indicator == code)


def test_items_come_go_move_and_get_other_ids() -> None:
    old, new = tiny(SATISFIED, REPORTED, ADULTS), tiny(REPORTED, SATISFIED, ADULTS.replace("N1", "N2"))
    changed = of_items(old, new)
    assert changed["N2"] == {ChangeKind.RENAMED}
    assert sorted(part for part, found in changed.items() if found == {ChangeKind.MOVED}) in (["E1"], ["Q1"])
    assert of_items(tiny(SATISFIED), tiny(SATISFIED, ADULTS)) == {"N1": {ChangeKind.ADDED}}
    assert of_items(tiny(SATISFIED, ADULTS), tiny(SATISFIED)) == {"N1": {ChangeKind.REMOVED}}


def test_wordings_are_told_by_language() -> None:
    (change,) = compare_versions(tiny(SATISFIED), tiny(SATISFIED.replace("Are you satisfied", "Are you happy"))).changes
    assert (change.part, change.language, change.old, change.new) == ("Q1", "en", "Are you satisfied", "Are you happy")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("单", 'zh_Hans = "解决了"', ChangeKind.OPTION_WORDING),
        (
            '{ code = 2, zh_Hans = "没有", en = "No" }',
            '{ code = 3, zh_Hans = "没有", en = "No" }',
            ChangeKind.OPTION_ADDED,
        ),
        ('en = "No" }', 'en = "No", polarity = "neg" }', ChangeKind.OPTION_MEANING),
        ('en = "No" }', 'en = "No", score = 5 }', ChangeKind.SCORE),
        ('en = "No" }', 'en = "No", terminate = true }', ChangeKind.ROUTING),
        ("codes = [1]", "codes = [2]", ChangeKind.ROUTING),
        ('type = "single"', 'type = "single"\nrequired = true', ChangeKind.SKIPPING),
        ('type = "single"', 'type = "single"\nrandom_order = true', ChangeKind.OPTION_ORDER),
        ('type = "single"', 'type = "single"\nmodule = "m"', ChangeKind.PLACE),
        ('type = "single"', 'type = "single"\nmodes = ["capi"]', ChangeKind.MODES),
        ('type = "single"', 'type = "multi"', ChangeKind.TYPE),
    ],
)
def test_each_change_has_its_name(old: str, new: str, kind: ChangeKind) -> None:
    changed = SOLVED.replace(old, new) if old != "单" else SOLVED.replace("解决了", "都解决了", 2)
    assert kind in kinds(compare_versions(tiny(REPORTED, SOLVED), tiny(REPORTED, changed)), "E2")


def test_a_rate_compares_where_question_and_answers_are_the_same() -> None:
    plain = tiny(SATISFIED, COUNTED)
    assert rate(plain, tiny(ADULTS, SATISFIED, COUNTED), "IND_Q").rate
    other = rate(plain, tiny(SATISFIED.replace("您满意吗", "您高兴吗"), COUNTED), "IND_Q")
    assert not other.rate
    assert {reason.kind for reason in other.reasons} == {ChangeKind.WORDING}
    more = rate(plain, tiny(SATISFIED, COUNTED.replace('["pos"]', '["pos", "neutral"]')), "IND_Q")
    assert {reason.kind for reason in more.reasons} == {ChangeKind.CODES}


def test_who_is_asked_decides_too() -> None:
    """The share of problems solved is of those who reported one."""
    old, new = (tiny(first, SOLVED, SOLVING) for first in (REPORTED, REPORTED.replace("反映过", "投诉过")))
    found = rate(old, new, "IND_S")
    assert not found.rate
    assert {reason.part for reason in found.reasons} == {"E1"}


def test_scores_do_not_touch_the_rate() -> None:
    scored = SOLVED.replace('en = "No" }', 'en = "No", score = 10 }')
    found = rate(tiny(REPORTED, SOLVED, SOLVING), tiny(REPORTED, scored, SOLVING), "IND_S")
    assert (found.rate, found.score) == (True, False)


def test_rates_of_one_version_only() -> None:
    both = tiny(SATISFIED, COUNTED), tiny(SATISFIED)
    assert rate(*both, "IND_Q").only_in == "old"
    assert rate(*both[::-1], "IND_Q").only_in == "new"


def test_the_short_questionnaire_compares_with_the_long_one() -> None:
    long, short = (load_file(BUILT_IN[slug]) for slug in ("urban-community", "urban-community-short"))
    shared = [each for each in compare_versions(long, short).indicators if not each.only_in]
    assert len(shared) == len(short.indicators)
    assert all(each.rate and each.score for each in shared)


@given(questionnaires())
def test_nothing_changed_in_the_same_questionnaire(questionnaire: Questionnaire) -> None:
    compared = compare_versions(questionnaire, questionnaire)
    assert compared.changes == ()
    assert all(each.rate and each.score for each in compared.indicators)


@given(questionnaires(), questionnaires())
def test_any_two_can_be_compared(one: Questionnaire, two: Questionnaire) -> None:
    """And a rate that does not compare says why."""
    compared = compare_versions(one, two)
    assert all(each.rate or each.reasons or each.only_in for each in compared.indicators)


@given(questionnaires())
def test_another_title_touches_no_rate(questionnaire: Questionnaire) -> None:
    other = replace(questionnaire, title=Text(zh_Hans="另一份", en="Another"))
    assert all(each.rate for each in compare_versions(questionnaire, other).indicators)
