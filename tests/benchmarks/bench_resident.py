"""What one resident costs the server: open, answer 24 questions, thanks. CPU of gunicorn's worker over many people.

Once with all questions on one page, and once on six screens, of which each is kept when it is sent: what a weak signal
or a tired battery then costs the resident is one screen.
"""

import re
import statistics
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from survey.keys import KeyRing
from survey.store.database import Database, open_database
from survey.store.responses import NewResponse, add_responses, answers_document, count_responses
from survey.waves import Mode
from tests.benchmarks.measurement import Measurement, at_most, command_cpu
from tests.benchmarks.residents import Resident, Server, serving
from tests.survey import answering

PEOPLE, WARMING, PART = 200, 20, 40
QUESTIONS = 24
STORED, PORTION = 1_000_000, 50_000
BATTERIES = (5, 5, 5, 5)


def run() -> list[Measurement]:
    page, screens = _cost(instrument(one_page=True)), _cost(instrument(one_page=False))
    link = _cost(instrument(one_page=True), by_link=True)
    full = _cost(instrument(one_page=True), stored=STORED)
    return [
        Measurement(name="requests of one resident, 24 questions on one page", value=page[1], unit="requests"),
        at_most("one resident by code, 24 questions on one page", page[0] * 1000, "ms CPU", 25),
        at_most("the same by open link, watched", link[0] * 1000, "ms CPU", 25),
        at_most(f"the same by code beside {STORED:,} stored answers", full[0] * 1000, "ms CPU", 25),
        at_most(f"how many times as much as beside none: {STORED:,} answers", full[0] / page[0], "times", 1.25),
        Measurement(name="requests of one resident, 24 questions on six screens", value=screens[1], unit="requests"),
        Measurement(name="one resident by code, 24 questions on six screens", value=screens[0] * 1000, unit="ms CPU"),
        at_most("each of these requests, six screens", screens[0] * 1000 / screens[1], "ms CPU", 25),
    ]


def _cost(instrument: str, *, by_link: bool = False, stored: int = 0) -> tuple[float, float]:
    """CPU seconds and requests of one person, once the server is warm: the medians of several parts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"SURVEY_INSTANCE": name}
        command_cpu("init", environment=environment)
        database = open_database(f"sqlite:///{folder / 'survey.sqlite3'}")
        keys = KeyRing(folder=folder / "keys")
        online = answering.start(database, keys, codes=PEOPLE + WARMING, instrument=instrument)
        fill(database, online.wave, stored)
        ways_in = [f"/o/{online.link}"] * (PEOPLE + WARMING) if by_link else [f"/a/{code}" for code in online.codes]
        with serving(environment) as server:
            for way_in in ways_in[:WARMING]:
                Resident(server.port).answer(way_in)
            parts = [_part(server, ways_in[start : start + PART]) for start in range(WARMING, len(ways_in), PART)]
        _check(database, online.wave, stored)
    return statistics.median(cpu for cpu, _ in parts), statistics.median(requests for _, requests in parts)


def _part(server: Server, ways_in: list[str]) -> tuple[float, float]:
    before = server.cpu()
    requests = sum(Resident(server.port).answer(way_in).requests for way_in in ways_in)
    return (server.cpu() - before) / len(ways_in), requests / len(ways_in)


def fill(database: Database, wave: int, count: int) -> None:
    """Answers of others, spread over keys as random ones are."""
    answers = answers_document({"A1": 1, **{f"D{number}": 1 + number % 5 for number in range(20)}})
    step = 2**128 // max(count, 1)
    with database.writing() as session:
        for start in range(0, count, PORTION):
            portion = [
                NewResponse(
                    uuid=UUID(int=step * (start + place)),
                    area=answering.EAST,
                    mode=Mode.WEB_TOKEN,
                    day=date(2026, 5, 4),
                    answers=answers,
                    completeness="complete",
                )
                for place in range(min(PORTION, count - start))
            ]
            add_responses(session, wave, None, portion)


def instrument(*, one_page: bool) -> str:
    """24 questions: four about the home and what one knows, the first of which may end it on six screens, and four
    batteries.
    """
    head, _, rest = answering.INSTRUMENT.partition("[[item]]")
    items = ["[[item]]" + item.split("[[indicator]]")[0] for item in rest.split("[[item]]")]
    indicator = "[[indicator]]" + rest.partition("[[indicator]]")[2]
    by_id = {match.group(1): item for item in items if (match := re.search(r'id = "(\w+)"', item))}
    knows = by_id["A1"].replace('section = "main"', 'section = "screen"')
    batteries = [
        by_id["D1"].replace('"D1"', f'"D{number}{place}"').replace('battery = "D"', f'battery = "D{number}"')
        for number, size in enumerate(BATTERIES)
        for place in range(size)
    ]
    first = knows.replace('id = "A1"', 'id = "A3"') if one_page else by_id["S1"]
    if one_page:
        head = head.replace('version = "1"', 'version = "1"\none_page = true')
    chosen = [first, by_id["N1"], knows, knows.replace('id = "A1"', 'id = "A2"'), *batteries]
    if len(chosen) != QUESTIONS:
        raise RuntimeError(f"got {len(chosen)} questions, expected {QUESTIONS}")
    return head + "".join(chosen) + indicator


def _check(database: Database, wave: int, before: int) -> None:
    with database.reading() as session:
        stored = count_responses(session, wave) - before
    if stored != PEOPLE + WARMING:
        raise RuntimeError(f"{stored} of {PEOPLE + WARMING} answers were stored")
