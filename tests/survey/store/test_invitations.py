import hashlib
from dataclasses import replace
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.keys import Sealer
from survey.messages import SurveyError
from survey.store.bulk import broken_constraint
from survey.store.invitations import (
    InvitationState,
    add_invitations,
    context,
    count_invitations,
    drop_invitations,
    find_invitation,
    revoke_by_tags,
    spend,
)
from tests.survey.store.counting import statements
from tests.survey.store.fieldwork_rows import CASE, invitation

SEALER = Sealer(key=bytes(range(32)))


def hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def test_found_by_the_hash_of_its_code(database, example):
    given = [invitation(SEALER, example.wave, code) for code in ("first", "second")]
    with database.writing() as session:
        assert add_invitations(session, given) == 2
        assert add_invitations(session, []) == 0
    with database.reading() as session:
        assert [find_invitation(session, hashed(code)) for code in ("first", "second", "third")] == [*given, None]
        found = find_invitation(session, hashed("first"))
    assert SEALER.unseal(found.body, context=context(found.code_hash)).decode() == str(CASE)


def test_spent_once(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
        assert [spend(session, hashed("code")), spend(session, hashed("code"))] == [True, False]
        assert not spend(session, hashed("unknown"))
        assert find_invitation(session, hashed("code")).state is InvitationState.SPENT


def test_a_rollback_spends_nothing(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])

    def fail_after_spending() -> None:
        with database.writing() as session:
            assert spend(session, hashed("code"))
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_spending()
    with database.writing() as session:
        assert spend(session, hashed("code"))


def test_of_many_at_once_one_spends_it(database, example):
    with database.writing() as session:
        add_invitations(session, [invitation(SEALER, example.wave, "code")])
    barrier, answers = Barrier(8), []

    def take() -> None:
        barrier.wait()
        with database.writing() as session:
            answers.append(spend(session, hashed("code")))

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [False] * 7 + [True]


def test_revoked_by_the_tags_of_cases_and_a_spent_one_stays_spent(database, example):
    cases = [UUID(int=number) for number in range(1, 1300)]
    given = [invitation(SEALER, example.wave, str(case.int), case=case) for case in cases]
    given[0] = replace(given[0], state=InvitationState.SPENT)
    with database.writing() as session:
        add_invitations(session, given)
        tags = [one.tag for one in given[:1200]]
        assert revoke_by_tags(session, example.wave, iter(tags)) == 1199
        assert revoke_by_tags(session, example.wave, tags) == 0
        assert revoke_by_tags(session, example.wave, []) == 0
        assert revoke_by_tags(session, example.wave + 1, [given[1250].tag]) == 0
        assert not spend(session, given[1].code_hash)
        assert spend(session, given[1200].code_hash)
        assert count_invitations(session, example.wave) == {
            "330106001001": {InvitationState.OPEN: 98, InvitationState.SPENT: 2, InvitationState.REVOKED: 1199}
        }


def test_counted_by_area_and_state(database, example):
    given = [invitation(SEALER, example.wave, str(number), area=area) for number, area in enumerate("bab")]
    with database.writing() as session:
        add_invitations(session, given)
        spend(session, given[0].code_hash)
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
        assert find_invitation(session, hashed("a")) is None


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
            find_invitation(session, hashed("code"))
            spend(session, hashed("code"))
    assert len(seen) == 2
