"""Cases dealt to canvassers: in whose hands they are."""

from collections import Counter

from survey.store.assignments import standing
from survey.store.cases import Case, list_cases
from survey.store.database import Database
from survey.workflow.assign_cases import Assigned, assign_cases
from tests.survey.drawn_wave import AT, EAST, WEST


def assign(database: Database, wave: int, **options: object) -> Assigned:
    with database.writing() as session:
        return assign_cases(session, wave, at=AT, by="dudao", **options)  # type: ignore[arg-type]


def cases(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(list_cases(session, 1))


def holders(database: Database, wave: int) -> dict[str, Counter[int]]:
    """Community -> account -> cases."""
    with database.reading() as session:
        taken = standing(session, wave)
    found: dict[str, Counter[int]] = {EAST: Counter(), WEST: Counter()}
    for case in cases(database):
        if case.id in taken:
            found[case.area][taken[case.id]] += 1
    return found
