import hashlib
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.keys import Sealer
from survey.messages import SurveyError
from survey.store import inbox
from survey.store.bulk import broken_constraint
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.invitations import (
    InvitationState,
    add_invitations,
    context,
    count_invitations,
    drop_invitations,
    find_invitation,
    hash_of,
    list_answered,
    list_spent,
    revoke_all,
    spend,
)
from survey.store.responses import NewResponse, add_response
from survey.waves import Mode
from tests.survey.store.conftest import EAST
from tests.survey.store.counting import statements
from tests.survey.store.fieldwork_rows import CASE, invitation, received

SEALER = Sealer(key=bytes(range(32)))


def hashed(code: str) -> str:
    return hash_of(SEALER, hashlib.sha256(code.encode()).hexdigest())


def first_with(session, example, code_hash: str) -> bool:
    """Answers with the code, of a home that has no others."""
    return spend(session, example.wave, code_hash, home="")


def test_found_by_the_hash_of_its_code(database, example):
    given = [invitation(SEALER, example.wave, code) for code in ("first", "second")]
    with database.writing() as session:
        assert add_invitations(session, given) == 2
        assert add_invitations(session, []) == 0
    with database.reading() as session:
        assert [find_invitation(session, [hashed(code)]) for code in ("first", "second", "third")] == [*given, None]
        found = find_invitation(session, [hashed("first")])
    assert SEALER.unseal(found.body, context=context(found.code_hash)).decode() == str(CASE)


def test_spent_once(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
        assert [first_with(session, example, hashed("code")), first_with(session, example, hashed("code"))] == [
            True,
            False,
        ]
        assert not first_with(session, example, hashed("unknown"))
        assert find_invitation(session, [hashed("code")]).state is InvitationState.SPENT


@pytest.mark.parametrize("kind", [PayloadKind.INTERVIEW, PayloadKind.VISIT])
@pytest.mark.parametrize(
    ("state", "answered", "first"),
    [
        (PayloadState.PLACED, True, False),
        (PayloadState.PLACED, False, True),
        (PayloadState.QUARANTINED, True, True),
        (PayloadState.VOID, True, True),
    ],
)
def test_a_home_that_has_a_response_is_not_answered_for_again_and_its_code_ends(
    database, example, at, kind, state, answered, first
):
    """An interview that was broken off leaves no response; one that is void has none that counts."""
    record = received(SEALER, example.wave, 7, kind=kind, state=state)
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
        inbox.add(session, record)
        inbox.add(session, received(SEALER, example.wave, 8, case=None))
        if answered:
            response = NewResponse(
                uuid=record.uuid, area=EAST.code, mode=Mode.CAPI, day=at.date(), answers="{}", completeness="complete"
            )
            add_response(session, example.wave, response)
        assert list_answered(session, example.wave) == (frozenset() if first else {record.tag})
        assert list_answered(session, example.wave + 1) == frozenset()
        assert spend(session, example.wave, hashed("code"), home=record.tag or "") is first
        assert find_invitation(session, [hashed("code")]).state is InvitationState.SPENT
        assert not first_with(session, example, hashed("code"))


def test_a_rollback_spends_nothing(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])

    def fail_after_spending() -> None:
        with database.writing() as session:
            assert first_with(session, example, hashed("code"))
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_spending()
    with database.writing() as session:
        assert first_with(session, example, hashed("code"))


def test_of_many_at_once_one_spends_it(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
    barrier, answers = Barrier(8), []

    def take() -> None:
        barrier.wait()
        with database.writing() as session:
            answers.append(first_with(session, example, hashed("code")))

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [False] * 7 + [True]


def test_all_of_a_community_are_revoked_at_once_used_or_not(database, example):
    states = [InvitationState.OPEN, InvitationState.SPENT, InvitationState.REVOKED] * 2
    given = [
        invitation(SEALER, example.wave, str(number), area="ab"[number // 3], state=state)
        for number, state in enumerate(states)
    ]
    with database.writing() as session:
        add_invitations(session, given)
        assert list_spent(session, example.wave, "a") == (given[1],)
        assert list_spent(session, example.wave + 1, "a") == ()
        assert revoke_all(session, example.wave + 1, "a") == 0
        assert (revoke_all(session, example.wave, "a"), revoke_all(session, example.wave, "a")) == (2, 0)
        assert list_spent(session, example.wave, "a") == ()
        assert not first_with(session, example, given[0].code_hash)
        assert first_with(session, example, given[3].code_hash)
        assert count_invitations(session, example.wave)["a"] == {InvitationState.REVOKED: 3}


def test_counted_by_area_and_state(database, example):
    given = [invitation(SEALER, example.wave, str(number), area=area) for number, area in enumerate("bab")]
    with database.writing() as session:
        add_invitations(session, given)
        first_with(session, example, given[0].code_hash)
        assert count_invitations(session, example.wave) == {
            "a": {InvitationState.OPEN: 1},
            "b": {InvitationState.OPEN: 1, InvitationState.SPENT: 1},
        }
        assert count_invitations(session, example.wave + 1) == {}


def test_dropped_with_the_wave(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, code) for code in "abc"])
        assert drop_invitations(session, example.wave + 1) == 0
        assert drop_invitations(session, example.wave) == 3
        assert find_invitation(session, [hashed("a")]) is None


def test_the_database_itself_refuses(database, example):
    one = invitation(SEALER, example.wave, "code")
    with database.writing() as session:
        add_invitations(session, [one])
    with pytest.raises(broken_constraint()), database.writing() as session:
        add_invitations(session, [one])
    for change in ("code_hash = NULL", "code_hash = 'code'", "tag = 'case'", "state = 'used'", "body = NULL"):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(f"UPDATE invitations SET {change}"))  # noqa: S608


def test_each_is_one_statement(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
        with statements(database) as seen:
            find_invitation(session, [hashed("code")])
            first_with(session, example, hashed("code"))
    assert len(seen) == 2
