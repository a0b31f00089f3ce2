"""Invented answers to the urban-community instrument, the same ones for the same seed."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from questionnaires.checking import Answer
from questionnaires.definition import Item, ItemType, OptionKind, Polarity, Questionnaire
from questionnaires.routing import routed_items
from questionnaires.screens import Walk

SEED = 20260302
FIRST_DAY = date(2026, 3, 2)
DAYS = 21


@dataclass(frozen=True, kw_only=True)
class Community:
    """``goodwill`` is the chance of a positive answer, ``coached`` of having been told how to answer."""

    area: str
    respondents: int
    goodwill: float
    coached: float = 0.03


#: One too small to show (which hides a neighbour with it), one to use with care (in the other street, so that it is
#: not the neighbour), one where coaching shows, one clearly below the rest.
COMMUNITIES = (
    Community(area="990101001001", respondents=104, goodwill=0.91),
    Community(area="990101001002", respondents=22, goodwill=0.86),
    Community(area="990101001003", respondents=112, goodwill=0.66),
    Community(area="990101001004", respondents=101, goodwill=0.93, coached=0.16),
    Community(area="990101002001", respondents=98, goodwill=0.88),
    Community(area="990101002002", respondents=95, goodwill=0.84),
    Community(area="990101002003", respondents=107, goodwill=0.89),
    Community(area="990101002004", respondents=7, goodwill=0.80),
)


def demo_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """The items of the invented wave: no rotating modules, no free text, nothing of single modes."""
    return tuple(
        item
        for item in questionnaire.items
        if item.module is None and not item.modes and item.type in (ItemType.SINGLE, ItemType.MULTI)
    )


def demo_csv(questionnaire: Questionnaire, seed: int = SEED) -> str:
    """The invented answers as a CSV file: one row per respondent, one column per item."""
    rng = np.random.default_rng(seed)
    items = demo_items(questionnaire)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "area", "mode", "day", *(item.id for item in items)])
    number = 0
    for community in COMMUNITIES:
        for _ in range(community.respondents):
            number += 1
            answers = _answers(questionnaire, items, community, rng)
            mode = "web_open" if rng.random() < 0.7 else "paper_entry"
            day = FIRST_DAY + timedelta(days=int(rng.integers(DAYS)))
            cells = (";".join(str(code) for code in answers.get(item.id, ())) for item in items)
            writer.writerow([f"D{number:04}", community.area, mode, day.isoformat(), *cells])
    return text.getvalue()


def demo_columns(questionnaire: Questionnaire) -> str:
    """The column map of :func:`demo_csv`: every column bears the name of its item."""
    head = (Path(__file__).parent / "columns.toml").read_text("utf-8")
    return head + "".join(
        f'\n[items.{item.id}]\ncolumn = "{item.id}"\n' + ('separator = ";"\n' if item.type is ItemType.MULTI else "")
        for item in demo_items(questionnaire)
    )


def demo_walk(walk: Walk, community: Community, *, adults: int, rng: np.random.Generator) -> dict[str, Answer]:
    """Item -> stored answer of every item that one invented person comes to; items of text are left empty."""
    leaning = _leaning(community, rng)
    answers: dict[str, Answer] = {}
    while screen := walk.unseen(answers):
        for item in screen.items:
            answers[item.id] = _answer(item, leaning, community, adults, rng)
    return answers


def _answer(item: Item, leaning: float, community: Community, adults: int, rng: np.random.Generator) -> Answer:
    if item.type is ItemType.NUMBER:
        return adults
    if item.type not in (ItemType.SINGLE, ItemType.MULTI):
        return None
    codes = _choose(item, leaning, community, rng)
    return codes if item.type is ItemType.MULTI else codes[0]


def _leaning(community: Community, rng: np.random.Generator) -> float:
    """One person's chance of a positive answer."""
    return float(np.clip(rng.normal(community.goodwill, 0.1), 0.02, 0.99))


def _answers(
    questionnaire: Questionnaire, items: Sequence[Item], community: Community, rng: np.random.Generator
) -> Mapping[str, tuple[int, ...]]:
    """One respondent's codes, without those the skips lead past."""
    leaning = _leaning(community, rng)
    answers = {item.id: _choose(item, leaning, community, rng) for item in items}
    routed = {item.id for item in routed_items(questionnaire, {id_: list(codes) for id_, codes in answers.items()})}
    return {item_id: codes for item_id, codes in answers.items() if item_id in routed}


def _choose(item: Item, leaning: float, community: Community, rng: np.random.Generator) -> tuple[int, ...]:
    if item.id == "G1":
        return (1,) if rng.random() < community.coached else (2,)
    options = [option for option in item.options if not option.terminate]
    unsure = [option.code for option in options if option.kind is not OptionKind.SUBSTANTIVE]
    if unsure and rng.random() < 0.03:
        return (int(rng.choice(unsure)),)
    substantive = [option for option in options if option.kind is OptionKind.SUBSTANTIVE]
    if item.type is ItemType.MULTI:
        alone = [option.code for option in substantive if option.exclusive]
        several = [option.code for option in substantive if not option.exclusive]
        if alone and rng.random() > leaning:
            return (alone[0],)
        most = min(item.max_choices or 3, 3, len(several))
        return tuple(sorted(int(code) for code in rng.choice(several, int(rng.integers(1, most + 1)), replace=False)))
    good = [option.code for option in substantive if option.polarity is Polarity.POS]
    rest = [option.code for option in substantive if option.polarity is not Polarity.POS]
    return (int(rng.choice(good if good and (not rest or rng.random() < leaning) else rest)),)
