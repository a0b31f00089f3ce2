"""Add an instrument: checked, expanded to stand by itself, and named by the fingerprint of its wording."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import to_document
from survey.files.instrument_files import read_instrument
from survey.messages import N_, BadInput, Message
from survey.store import instruments
from survey.store.instruments import InstrumentRecord

#: Slugs that are the addresses of other pages below ``/instruments``.
RESERVED = frozenset({"edit"})


def check_instrument(path: Path) -> Questionnaire:
    """The questionnaire in the file; :class:`BadInput` names the place of everything wrong with it."""
    questionnaire = read_instrument(path).questionnaire
    refuse_reserved(questionnaire)
    return questionnaire


def refuse_reserved(questionnaire: Questionnaire) -> None:
    """Raises :class:`BadInput` for a slug whose page would never be found."""
    if questionnaire.slug in RESERVED:
        raise BadInput(
            Message(N_("问卷不能叫 {slug}：这个名称网站自己要用，请换一个 slug"), {"slug": questionnaire.slug})
        )


def add_instrument(session: Session, questionnaire: Questionnaire, *, at: datetime) -> InstrumentRecord:
    """Store it; the same wording again is the same instrument.

    Raises ``Conflict`` when this slug and version exist with another wording: a new wording is a new version.
    """
    refuse_reserved(questionnaire)
    return instruments.add_instrument(
        session,
        slug=questionnaire.slug,
        version=questionnaire.version,
        fingerprint=questionnaire_fingerprint(questionnaire),
        document=to_document(questionnaire),
        at=at,
    )
