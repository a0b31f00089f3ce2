"""What was withdrawn is kept under one key for good: nothing is begun over what is damaged or lost."""

from pathlib import Path

import pytest

from survey.messages import Failure
from survey.withdrawn_marks import WithdrawnMarks


@pytest.fixture
def marks(tmp_path: Path) -> WithdrawnMarks:
    return WithdrawnMarks(folder=tmp_path / "keys")


def files(marks: WithdrawnMarks) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in marks.folder.iterdir()}


def test_what_was_added_is_held_and_nothing_else(marks: WithdrawnMarks) -> None:
    assert "a" not in marks.holds()
    for mark in "ab":
        marks.add([mark])
    held = marks.holds()
    assert ["a" in held, "b" in held, "c" in held] == [True, True, False]


@pytest.mark.parametrize("size", [33, 31, 0])
def test_over_a_damaged_key_no_new_one_is_made(marks: WithdrawnMarks, size: int) -> None:
    marks.add(["a"])
    key = marks.folder / "withdrawn.key"
    good = key.read_bytes()
    key.write_bytes((good + b"\n")[:size])
    before = files(marks)
    for do in (marks.holds, lambda: marks.add(["b"])):
        with pytest.raises(Failure, match=r"withdrawn\.key"):
            do()
    assert files(marks) == before
    key.write_bytes(good)
    marks.add(["b"])
    assert all(mark in marks.holds() for mark in "ab")


@pytest.mark.parametrize("lost", ["withdrawn.key", "withdrawn.txt"])
def test_one_file_without_the_other_is_a_loss(marks: WithdrawnMarks, lost: str) -> None:
    marks.add(["a"])
    (marks.folder / lost).unlink()
    before = files(marks)
    for do in (marks.holds, lambda: marks.add(["b"])):
        with pytest.raises(Failure, match=r"withdrawn\.txt"):
            do()
    assert files(marks) == before
    (marks.folder / "withdrawn.txt").write_text("")  # what the message says to do without a copy
    marks.add(["b"])
    assert "b" in marks.holds()


def test_half_a_key_that_a_power_cut_left_before_the_first_line_is_made_anew(marks: WithdrawnMarks) -> None:
    marks.folder.mkdir()
    (marks.folder / "withdrawn.txt").write_text("")
    (marks.folder / "withdrawn.key").write_bytes(b"half")
    marks.add(["a"])
    assert "a" in marks.holds()


@pytest.mark.parametrize("cut", [1, 20, 64])
def test_a_line_that_a_full_disk_cut_off_swallows_no_later_one(marks: WithdrawnMarks, cut: int) -> None:
    marks.add(["a"])
    path = marks.folder / "withdrawn.txt"
    path.write_bytes(path.read_bytes().rstrip(b"\n") + b"\n" + b"0" * cut)
    marks.add(["b", "c"])
    assert all(mark in marks.holds() for mark in "abc")
