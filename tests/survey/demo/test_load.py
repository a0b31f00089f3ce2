"""The small city, made once: every kind of finding is there, for every role something is left, and truth is told."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.fieldwork.dispositions import CLASSES, DispositionClass
from analysis.integrity.coaching import WARN_FROM_RATE
from analysis.integrity.interview_signs import Sign
from analysis.publication import Band, Base, ChangeFinding, NotCompared, Reason, Reliability, Subset
from questionnaires.loading import BUILT_IN, load_file
from survey.cli.demo import SEED
from survey.demo.city import SCALES, Size, read_city
from survey.demo.load import LoadedCity, load_city
from survey.demo.people import CANVASSER, FABRICATOR, GRID_WORKER, GRID_WORKER_AREAS, PEOPLE
from survey.keys import KeyRing
from survey.outreach import ActionKind, ActionStatus
from survey.roles import Role, Scope
from survey.store.accounts import find_account
from survey.store.changes import load_changes
from survey.store.database import Database, Session, open_database
from survey.store.draw_commitments import list_commitments
from survey.store.draws import DrawState, list_draws
from survey.store.estimates import latest_run, load_estimates
from survey.store.inbox import PayloadKind, PayloadState, list_inbox
from survey.store.ledger_visits import coverage
from survey.store.outreach_actions import list_actions
from survey.store.outreach_work import done_quantities
from survey.store.responses import read_responses
from survey.store.suggestion_marks import list_marks
from survey.store.suggestions import SuggestionKind, list_suggestions
from survey.store.waves import get_wave
from survey.waves import Mode, WaveState
from survey.workflow.add_instrument import add_instrument
from survey.workflow.review_interviews import review_interviews
from survey.workflow.show_assignments import show_assignments
from survey.workflow.show_cases import list_my_cases
from survey.workflow.show_fieldwork import show_fieldwork
from survey.workflow.show_unrecorded_visits import show_unrecorded_visits
from survey.workflow.verify_draw import verify_draw

NOW = datetime(2026, 6, 20, 1, tzinfo=UTC)
PLACES = {place.name: place.code for place in read_city().communities}
HEADLINE = ("IND_AWARE", "IND_SUPPORT", "IND_PARTICIPATE", "IND_SAT_OVERALL")

#: To make the city takes as long as two hundred tests: daily its parts are looked at, in the files beside this one.
pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


@dataclass(frozen=True, kw_only=True)
class Made:
    database: Database
    keys: KeyRing
    loaded: LoadedCity
    said: list[str]


def make_city(template: Path, folder: Path, *, seed: int = SEED) -> Made:
    shutil.copyfile(template, folder / "survey.sqlite3")
    return make_city_in(open_database(f"sqlite:///{folder / 'survey.sqlite3'}"), folder, seed=seed)


def make_city_in(database: Database, folder: Path, *, seed: int = SEED) -> Made:
    keys = KeyRing(folder=folder / "keys")
    with database.writing() as session:
        for path in BUILT_IN.values():
            add_instrument(session, load_file(path), at=NOW)
    said: list[str] = []
    loaded = load_city(
        database, keys, size=Size.SMALL, seed=seed, password="ten signs or more", now=NOW, say=said.append
    )
    return Made(database=database, keys=keys, loaded=loaded, said=said)


@pytest.fixture(scope="module")
def made(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    found = make_city(migrated_sqlite_file, tmp_path_factory.mktemp("city"))
    yield found
    found.database.close()


@pytest.fixture
def session(made: Made) -> Iterator[Session]:
    with made.database.reading() as found:
        yield found


def test_its_waves_stand_where_they_should(made: Made, session: Session) -> None:
    waves = [get_wave(session, wave) for wave in made.loaded.waves]
    assert [wave.id for wave in waves] == [1, 2, 3, 4, 5]
    published, fielding = WaveState.PUBLISHED, WaveState.FIELDING
    assert [wave.state for wave in waves] == [published, published, fielding, published, published]
    assert all(wave.details.fictitious and "虚构" in wave.name for wave in waves)
    assert made.said[0].startswith("frame 1")


def test_its_draws_fit_and_a_second_person_approved_them(made: Made, session: Session) -> None:
    draws = [draw for wave in (1, 2, 3, 4) for draw in list_draws(session, wave)]
    assert [draw.id for draw in draws] == list(made.loaded.draws) == [1, 2, 3, 4]
    for draw in draws:
        assert draw.state is DrawState.APPROVED
        assert draw.drawn_by != draw.decided_by
        verify_draw(session, draw.id)
    (promised,) = list_commitments(session, 3)
    assert all(value.spelling for value in promised.public_values), "as a commitment on the site needs"
    assert draws[2].public_value == "13192325263116"
    scale = SCALES[Size.SMALL]
    assert draws[0].cases == scale.communities * scale.per_community


def test_every_kind_of_estimate_is_published(session: Session) -> None:
    rows = [row for wave in (1, 2) for row in _rows(session, wave)]
    assert {row.band for row in rows} == {*Band, None}
    assert {row.reliability for row in rows} == {*Reliability, None}
    assert any(row.shown_range is not None for row in rows)
    assert any(row.reason is Reason.TOO_FEW and not row.published for row in rows)
    patrol = [row for row in _rows(session, 5) if row.published]
    assert patrol
    assert all(row.low is None and row.reason is Reason.NON_PROBABILITY for row in patrol)


def _rows(session: Session, wave: int) -> list[Any]:
    run = latest_run(session, wave)
    assert run is not None
    return list(load_estimates(session, run.id))


def test_coaching_shows_where_it_was_put(session: Session) -> None:
    rates = {
        row.area: row.proportion
        for row in _rows(session, 2)
        if row.indicator == "IND_COACHING" and row.base is Base.VALID and row.published and row.subset is Subset.ALL
    }
    place = PLACES["书院社区"]
    assert place not in rates, "fewer than thirty people of the place answered: it is told of the whole alone"
    whole, apart = rates[None], [rate for area, rate in rates.items() if area and area.endswith(("001", "003", "005"))]
    assert whole is not None
    assert whole > WARN_FROM_RATE > max(apart)
    assert any(row.subset is Subset.NOT_COACHED for row in _rows(session, 2))


def test_every_kind_of_change_is_found(session: Session) -> None:
    run = latest_run(session, 2)
    assert run is not None
    changes = load_changes(session, run.id)
    found = {(one.indicator, one.area): one.finding for one in changes if one.finding is not None}
    assert set(found.values()) == set(ChangeFinding)
    assert found["IND_AWARE", PLACES["松涛社区"]] is ChangeFinding.ROSE
    assert found["IND_SAT_ROADS", PLACES["河东社区"]] is ChangeFinding.FELL
    reasons = {one.reason for one in changes if one.reason is not None}
    assert {NotCompared.SUPPRESSED, NotCompared.WITH_CARE} <= reasons


def test_the_plan_tells_mends_and_asks_and_was_done_where_the_truth_moved(session: Session) -> None:
    actions = list_actions(session, 1)
    assert {action.kind for action in actions} == set(ActionKind)
    done = {(action.area, action.indicator) for action in actions if action.status is ActionStatus.DONE}
    places = read_city().communities[: SCALES[Size.SMALL].communities]
    moved = {(place.code, code) for place in places for code in place.moves}
    assert {(PLACES["松涛社区"], "IND_AWARE"), (PLACES["新桥社区"], "IND_SAT_SANITATION")} <= done <= moved
    quantities = done_quantities(session, 1)
    visits = next(action for action in actions if (action.area, action.indicator) == (PLACES["松涛社区"], "IND_AWARE"))
    assert quantities[visits.id] == visits.quantity
    assert coverage(session, visits.id).units > 50
    assert show_unrecorded_visits(session, visits.id, by=GRID_WORKER) is None, "the ledger and the outings agree"


def test_the_newest_plan_has_work_for_the_grid_worker_and_the_department(session: Session) -> None:
    begun = [action for action in list_actions(session, 2) if action.status is ActionStatus.IN_PROGRESS]
    assert any(action.kind is ActionKind.TELL and action.area in GRID_WORKER_AREAS for action in begun)
    assert any(action.kind is ActionKind.FIX for action in begun)


def test_the_official_has_suggestions_to_read_and_one_was_dealt_with(session: Session) -> None:
    written, marks = list_suggestions(session), list_marks(session)
    assert {one.kind for one in written} == set(SuggestionKind)
    assert len(marks) == 1
    assert any(one.contact for one in written)
    assert len({one.area for one in written}) > 2


def test_the_log_in_the_field_has_something_of_every_class(made: Made, session: Session) -> None:
    found = show_fieldwork(session, made.keys, 3)
    classes = {CLASSES[code] for code, count in found.total.dispositions.items() if count}
    assert classes >= set(DispositionClass) - {DispositionClass.UNKNOWN_OTHER}
    modes = Counter(response.mode for response in read_responses(session, 3))
    assert modes.keys() == {Mode.CAPI, Mode.WEB_TOKEN, Mode.WEB_OPEN}
    assert {Subset.ALL, Subset.OPEN_LINK} <= {row.subset for row in _rows(session, 3)}


def test_supervisors_have_something_to_assign_to_decide_and_to_look_at(made: Made, session: Session) -> None:
    waiting = list(list_inbox(session, 3, kind=PayloadKind.INTERVIEW, state=PayloadState.QUARANTINED))
    assert {record.reason for record in waiting} == {"second_interview", "not_assigned", "other_wording"}
    review = review_interviews(
        session, made.keys, get_wave(session, 3), role=Role.SUPERVISOR, scope=Scope(), at=datetime.now(UTC)
    )
    signs = Counter(sign for one in review.interviews for sign in one.signs)
    assert signs[Sign.SHORT] > 0
    assert signs[Sign.OVERLAP] > 0
    fabricator = find_account(session, FABRICATOR)
    assert fabricator is not None
    both = [one for one in review.interviews if {Sign.SHORT, Sign.OVERLAP} <= set(one.signs)]
    assert {one.payload.canvasser for one in both} == {fabricator[0].id}
    communities = show_assignments(session, made.keys, get_wave(session, 3), scope=Scope()).communities
    assert any(line.assigned < line.cases for line in communities)


def test_the_canvasser_to_sign_in_with_has_doors_left_and_an_interview_begun(made: Made, session: Session) -> None:
    found = find_account(session, CANVASSER)
    assert found is not None
    cases = next(one for one in list_my_cases(session, made.keys, found[0]) if one.wave.id == 3)
    assert cases.left > 5
    assert any(line.begun for line in cases.lines)
    assert any(line.interviewed for line in cases.lines)


def test_there_is_somebody_of_every_role_but_the_administrator(made: Made) -> None:
    assert {person.role for person in PEOPLE} == set(Role) - {Role.ADMINISTRATOR}
    assert {person.name for person in made.loaded.added} == {person.name for person in PEOPLE}


def test_the_truth_is_told_of_every_wave(made: Made) -> None:
    truth = made.loaded.truth
    assert (truth["fictitious"], truth["seed"], truth["scale"]) == (True, SEED, "small")
    assert [wave["wave"] for wave in truth["waves"]] == [1, 2, 3, 4, 5]
    first, second = (wave["communities"][PLACES["松涛社区"]]["rates"]["IND_AWARE"] for wave in truth["waves"][:2])
    assert first["asked"] == pytest.approx(0.42)
    assert second["asked"] == pytest.approx(0.92)
    assert truth["waves"][0]["communities"][PLACES["书院社区"]]["coached"] > 0.2
    assert truth["waves"][0]["fabricated"] == {"canvasser": FABRICATOR, "interviews": 4}
    assert truth["waves"][4]["patrol"]["issued"] == 358


@pytest.mark.slow
def test_the_same_seed_gives_the_same_truth_and_the_same_answers(
    made: Made, migrated_sqlite_file: Path, tmp_path: Path
) -> None:
    again = make_city(migrated_sqlite_file, tmp_path)
    assert again.loaded.truth == made.loaded.truth
    for wave in again.loaded.waves:
        assert _answers(again.database, wave) == _answers(made.database, wave)
    again.database.close()


def _answers(database: Database, wave: int) -> list[str]:
    with database.reading() as session:
        return sorted(f"{one.area} {one.mode} {sorted(one.answers.items())}" for one in read_responses(session, wave))


@pytest.mark.slow
@pytest.mark.postgresql
def test_it_is_the_same_city_on_a_server(made: Made, postgresql_database: Database, tmp_path: Path) -> None:
    there = make_city_in(postgresql_database, tmp_path)
    assert there.loaded.truth == made.loaded.truth
    for wave in there.loaded.waves:
        assert _answers(there.database, wave) == _answers(made.database, wave)
