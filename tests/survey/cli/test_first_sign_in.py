"""The file of made-up passwords."""

import stat

from survey.cli.first_sign_in import SignIn, keep_sign_ins, make_password, path_of, read_sign_ins
from tests.survey.conftest import Instance

ADMIN = SignIn(name="admin", password="made-up-1", role="administrator")
LEADER = SignIn(name="leader", password="made-up-2", role="leader")


def test_what_is_kept_is_read_again_by_this_user_alone(empty_instance: Instance) -> None:
    config = empty_instance.config
    assert read_sign_ins(config) == ()
    keep_sign_ins(config, [ADMIN])
    keep_sign_ins(config, [LEADER])
    assert read_sign_ins(config) == (ADMIN, LEADER)
    assert stat.S_IMODE(path_of(config).stat().st_mode) == 0o600


def test_a_name_is_kept_once(empty_instance: Instance) -> None:
    later = SignIn(name="admin", password="made-up-3", role="administrator")
    keep_sign_ins(empty_instance.config, [ADMIN, LEADER])
    keep_sign_ins(empty_instance.config, [later])
    assert read_sign_ins(empty_instance.config) == (later, LEADER)


def test_a_file_from_before_names_only_the_administrator(empty_instance: Instance) -> None:
    path_of(empty_instance.config).write_text("admin made-up-1\n", "utf-8")
    assert read_sign_ins(empty_instance.config) == (ADMIN,)


def test_passwords_are_long_and_differ() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) >= 16 for password in made)
