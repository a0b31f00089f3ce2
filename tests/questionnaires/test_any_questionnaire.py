"""Whatever the questionnaire and whatever is answered: every way ends, and what is off it does not survive."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.checking import AnswerProblemKind, check_answers
from questionnaires.comparisons import chosen_codes, failed_checks
from questionnaires.definition import ItemType, Questionnaire
from questionnaires.option_orders import ORDERS, options_for
from questionnaires.screens import Walk, skipped_answer
from tests.questionnaires.drawn import answers, questionnaires


@given(questionnaires(), st.data(), st.booleans())
def test_every_way_ends_and_meets_each_item_once(questionnaire: Questionnaire, data: Any, one_item: bool) -> None:
    walk = Walk(
        questionnaire, mode="capi", modules=[i.module for i in questionnaire.items if i.module], one_item=one_item
    )
    said = data.draw(answers(questionnaire))
    draft: dict[str, object] = {}
    seen: list[str] = []
    screen = walk.unseen(draft)
    while screen is not None:
        for item in screen.items:
            checked = check_answers(questionnaire, {item.id: said.get(item.id)}, mode="capi", modules=walk.modules)
            answer = checked.answers.get(item.id)
            draft[item.id] = skipped_answer(item) if answer is None else answer
            seen.append(item.id)
        assert len(seen) <= len(questionnaire.items)
        screen = walk.next(draft, screen)
    assert walk.unseen(draft) is None
    assert seen == [item.id for item in walk.route(draft)]
    assert len(set(seen)) == len(seen)


@given(questionnaires(), st.data())
def test_no_answer_off_the_route_survives(questionnaire: Questionnaire, data: Any) -> None:
    walk = Walk(questionnaire, mode="capi", modules=[i.module for i in questionnaire.items if i.module])
    raw = data.draw(answers(questionnaire))
    where: dict[str, Any] = {"mode": "capi", "modules": walk.modules}
    stored = check_answers(questionnaire, raw, **where)
    kept = walk.on_route(stored.answers)
    route = {item.id: item for item in walk.route(stored.answers)}
    for key, answer in kept.items():
        item_id, _, code = key.partition(".")
        assert item_id in route
        assert route[item_id].type is not ItemType.NOTE
        if code:
            assert int(code) in chosen_codes(kept[item_id])
            assert answer
    again = check_answers(questionnaire, kept, **where)
    assert again.answers == kept, "what is kept stands by itself"
    kinds = {problem.kind for problem in again.problems}
    assert kinds <= {AnswerProblemKind.CHECK_FAILED, AnswerProblemKind.BLANK}
    assert not [check for check in failed_checks(questionnaire, kept, route.keys()) if check.hard]


@given(questionnaires())
def test_an_order_holds_every_option_once(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items:
        for seed in range(ORDERS):
            shown = options_for(item, seed)
            assert sorted(option.code for option in shown) == sorted(option.code for option in item.options)
