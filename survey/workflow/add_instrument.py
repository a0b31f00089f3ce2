"""Add an instrument: checked, expanded to stand by itself, and named by the fingerprint of its wording."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import InstrumentError, load_file, to_document
from survey.messages import N_, BadInput, Message, Problem
from survey.store import instruments
from survey.store.instruments import InstrumentRecord


def check_instrument(path: Path) -> Questionnaire:
    """The questionnaire in the file; :class:`BadInput` names file, item and field of everything wrong with it."""
    try:
        return load_file(path)
    except InstrumentError as error:
        raise BadInput(
            Message(N_("问卷文件 {file} 有 {count} 处问题"), {"file": path, "count": len(error.problems)}),
            [
                Problem(
                    where=problem.item,
                    column=problem.field,
                    got=problem.got,
                    expected=Message(problem.expected_msgid, problem.params),
                )
                for problem in error.problems
            ],
        ) from error


def add_instrument(session: Session, questionnaire: Questionnaire, *, at: datetime) -> InstrumentRecord:
    """Store it; the same wording again is the same instrument.

    Raises ``Conflict`` when this slug and version exist with another wording: a new wording is a new version.
    """
    return instruments.add_instrument(
        session,
        slug=questionnaire.slug,
        version=questionnaire.version,
        fingerprint=questionnaire_fingerprint(questionnaire),
        document=to_document(questionnaire),
        at=at,
    )
