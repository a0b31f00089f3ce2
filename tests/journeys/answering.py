"""Filling in the screens of the questionnaire for urban communities, by whoever holds the phone."""

from playwright.sync_api import Page

from questionnaires.definition import Item, ItemType, OptionKind, Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from tests.journeys.looking import press

QUESTIONNAIRE = load_file(BUILT_IN["urban-community"])


def first_answer(item: Item) -> int:
    """The code of the first substantive option that does not end the interview."""
    return next(o.code for o in item.options if o.kind is OptionKind.SUBSTANTIVE and not o.terminate)


def fill_screen(page: Page, questionnaire: Questionnaire = QUESTIONNAIRE) -> None:
    """Answer the items shown; texts stay empty."""
    for item_id in page.locator("#questionnaire input[name=shown]").input_value().split():
        item = questionnaire.items_by_id[item_id]
        if item.type is ItemType.NUMBER:
            page.locator(f"#q-{item_id}").fill("2")
        elif item.options:
            page.locator(f'input[name="q-{item_id}"][value="{first_answer(item)}"]').check()


def go_on(page: Page) -> None:
    """The button that a person sees, not the hidden one for the enter key."""
    press(page.locator("#questionnaire .govuk-button[value=next]"))


def is_item(page: Page) -> bool:
    return page.locator("#questionnaire input[name=shown]").count() > 0
