"""Save the answers of a screen: a sealed draft, so that a phone that goes dark loses nothing."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey.messages import N_, Conflict, Message
from survey.store.responses import Answer
from survey.store.sheets import Sheet, Standing, save_sheet


def save_answers(session: Session, sheet: Sheet, answers: Mapping[str, Answer]) -> None:
    """Keep ``answers`` (item -> answer of every item seen, also of those no longer on the way); one statement.

    Raises :class:`Conflict` for a sheet that is not open.
    """
    if sheet.standing is not Standing.OPEN:
        raise Conflict(Message(N_("这份问卷现在不能填写")))
    save_sheet(session, sheet, answers)
