import json
from collections import Counter

import pytest

from survey.store.answer_totals import group_answers
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import NewResponse, add_response, add_responses, read_responses
from survey.waves import Mode


def answers_of(number):
    """Every third holds no q2 and q3 of every fifth was not answered."""
    answers = {"q1": number % 2, "q3": None if number % 5 == 0 else [1, number % 3], "text": f"“{number}”"}
    return answers if number % 3 == 0 else {**answers, "q2": number % 4}


@pytest.fixture
def stored(database, example, make_responses):
    given = [
        response._replace(answers=json.dumps(answers_of(number), ensure_ascii=False, sort_keys=True))
        for number, response in enumerate(make_responses(60))
    ]
    with database.writing() as session:
        add_responses(session, example.wave, None, given)
    return given


def counted(groups):
    found = Counter()
    for group in groups:
        key = (group.area, group.inclusion_n, group.inclusion_total, group.adults, json.dumps(group.answers))
        assert key not in found, "every group once"
        found[key] = group.responses
    return found


@pytest.mark.parametrize("items", [["q1"], ["q2"], ["q1", "q2", "q3"], ["nowhere"]])
def test_groups_are_the_responses_counted(database, example, stored, items):
    with database.reading() as session:
        groups = counted(group_answers(session, example.wave, items, drawn=False))
        expected = Counter()
        for response in read_responses(session, example.wave):
            kept = {item: response.answers[item] for item in items if item in response.answers}
            expected[response.area, None, None, None, json.dumps(kept)] += 1
        assert groups == expected
        assert list(group_answers(session, example.wave + 1, items, drawn=False)) == []


def test_answers_through_the_open_link_are_no_part_of_the_sample(database, example, stored):
    with database.writing() as session:
        one = stored[0]
        given = NewResponse(
            uuid=type(one.uuid)(int=one.uuid.int ^ 1),
            area=one.area,
            mode=Mode.WEB_OPEN,
            day=one.day,
            answers=one.answers,
            completeness="complete",
        )
        add_response(session, example.wave, given)
        assert sum(group.responses for group in group_answers(session, example.wave, ["q1"], drawn=False)) == 60


def test_of_a_closed_sample_those_of_one_weight_are_together(database, example, stored):
    with database.writing() as session:
        add_factors(
            session,
            [
                Factors(
                    uuid=response.uuid,
                    stratum=response.area,
                    psu=number,
                    canvasser="",
                    inclusion_n=2,
                    inclusion_total=9,
                    adults=None if number % 7 == 0 else number % 3 + 1,
                )
                for number, response in enumerate(stored[:50])
            ],
        )
    with database.reading() as session:
        groups = counted(group_answers(session, example.wave, ["q1"], drawn=True))
    expected = Counter(
        (
            stored[number].area,
            2,
            9,
            None if number % 7 == 0 else number % 3 + 1,
            json.dumps({"q1": number % 2}),
        )
        for number in range(50)
    )
    assert groups == expected
