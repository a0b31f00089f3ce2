"""What is to be kept is said in the reader's language: every word of the file of action types is translated."""

from survey.outreach_types import EVIDENCE, starting_types


def test_every_piece_of_evidence_is_marked_for_translation() -> None:
    assert {piece for kind in starting_types() for piece in kind.evidence} == set(EVIDENCE)
