"""survey user add"""

import pytest

from tests.survey.cli.conftest import Refusals, Run
from tests.survey.conftest import Instance

PASSWORD = "correct horse battery"


def test_an_account_is_added_with_the_password_on_standard_input(empty_instance: Instance, run: Run) -> None:
    done = run("user", "add", "王芳", "--role", "statistician", "--password-stdin", "--json", stdin=PASSWORD + "\n")
    assert (done.code, done.err) == (0, "")
    assert done.document == {"user": 1, "name": "王芳", "role": "statistician"}


@pytest.mark.parametrize("password", ["", "short\n", "aaaaaaaaaaaa\n", "wang-fang-wang\n"])
def test_a_password_that_breaks_the_rules_adds_nobody(
    password: str, empty_instance: Instance, refused: Refusals
) -> None:
    said = refused("user", "add", "wang-fang-wang", "--role", "official", "--password-stdin", stdin=password)
    assert "密码" in said


def test_a_name_in_use_is_refused(empty_instance: Instance, run: Run, refused: Refusals) -> None:
    arguments = ("user", "add", "wang", "--role", "official", "--password-stdin")
    assert run(*arguments, stdin=PASSWORD).code == 0
    assert "wang" in refused(*arguments, stdin=PASSWORD)
