"""The batch of a patrol of citizens: answers on paper, keyed in elsewhere, imported from a file as they are."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from questionnaires.definition import Item, ItemType, Questionnaire
from survey.demo.answers import Answerer
from survey.demo.truth import WaveTruth
from survey.waves import Mode, WaveDetails

#: How much better than the rest those think who are asked in the street and stop.
BETTER = 0.08


def patrol_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """The items on the paper: no rotating modules, no free text, nothing of single modes."""
    return tuple(
        item
        for item in questionnaire.items
        if item.module is None and not item.modes and item.type in (ItemType.SINGLE, ItemType.MULTI)
    )


def patrol_csv(truth: WaveTruth, *, answers: int, seed: int, first_day: datetime, days: int) -> str:
    """The keyed answers: one row per respondent, one column per item; the communities in turn, as the patrol walks."""
    questionnaire, areas = truth.questionnaire, list(truth.communities)
    items, answerer = patrol_items(questionnaire), Answerer(questionnaire)
    rng = np.random.default_rng([seed, answers, 5])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "area", "mode", "day", *(item.id for item in items)])
    for number in range(answers):
        area = areas[number % len(areas)]
        day = first_day + timedelta(days=int(rng.integers(days)))
        given = answerer.answers(truth.communities[area], rng, mode=Mode.PAPER, adults=2)
        cells = (_cell(given.get(item.id)) for item in items)
        writer.writerow([f"P{number + 1:05}", area, "paper_entry", day.date().isoformat(), *cells])
    return text.getvalue()


def patrol_columns(questionnaire: Questionnaire, *, design: str | None = None) -> str:
    """The column map of :func:`patrol_csv`: every column bears the name of its item."""
    head = '[file]\nid = "id"\narea = "area"\nmode = "mode"\nday = "day"\n'
    if design is not None:
        head += f'design = "{design}"\n'
    return head + "".join(
        f'\n[items.{item.id}]\ncolumn = "{item.id}"\n' + ('separator = ";"\n' if item.type is ItemType.MULTI else "")
        for item in patrol_items(questionnaire)
    )


def patrol_details(details: WaveDetails, *, issued: int, valid: int) -> WaveDetails:
    """With the numbers of forms in the text on recruitment."""
    percent = f"{100 * valid / issued:.1f}"
    return replace(details, recruitment=details.recruitment.format(issued=issued, valid=valid, percent=percent))


def _cell(answer: object) -> str:
    codes: Sequence[object] = answer if isinstance(answer, tuple) else () if answer is None else (answer,)
    return ";".join(str(code) for code in codes)
