"""Print paper forms: a batch with its serials and receipts, or a specimen of a questionnaire."""

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from survey.casework.paper_keying import open_batch, receipt_of, serials_of
from survey.fieldwork.paper_serials import modules_on
from survey.keys import KeyRing
from survey.messages import N_, CheckFailed, Message, Problem
from survey.one_time_codes import grouped
from survey.reports.introductions import missing_for_residents
from survey.reports.paper_form import Copy, PaperDocument, compose_paper
from survey.reports.pdf import Pdf, render_pdf, render_stamped, replace_missing
from survey.reports.rendering import render_paper_html


def print_batch(
    session: Session, keys: KeyRing, wave_id: int, batch_id: int, *, rights: str, interviewer: bool = False
) -> PaperDocument:
    """All forms of the batch, the same each time. ``rights`` as in :func:`compose_paper`. Raises ``NotThere``;
    ``Conflict`` when the wave is not in the field; ``CheckFailed`` while it does not say what people must be told.
    """
    opened = open_batch(session, keys, wave_id, batch_id)
    if missing := missing_for_residents(opened.wave.details):
        raise CheckFailed(
            Message(N_("纸质问卷还缺 {count} 项；请先补全轮次的说明"), {"count": len(missing)}),
            [Problem(where="", column="", got="", expected=message) for message in missing],
        )
    copies = [
        Copy(
            serial=str(serial),
            receipt=grouped(receipt_of(opened.sealer, str(serial))),
            modules=modules_on(opened.wave.questionnaire, serial),
        )
        for serial in serials_of(opened.batch)
    ]
    return compose_paper(
        opened.wave.questionnaire,
        opened.wave.details,
        copies,
        language=opened.batch.language,
        large=opened.batch.large,
        interviewer=interviewer,
        rights=rights,
    )


def print_specimen(
    questionnaire: Questionnaire, *, language: str, large: bool = False, interviewer: bool = False
) -> PaperDocument:
    """One form of no wave for each rotating module, without a serial: there is nothing to key."""
    modules = sorted({item.module for item in questionnaire.items if item.module})
    copies = [Copy(modules=frozenset({module})) for module in modules] or [Copy()]
    return compose_paper(questionnaire, None, copies, language=language, large=large, interviewer=interviewer)


def typeset(paper: PaperDocument) -> Pdf:
    """Raises ``Failure`` where the machine has no typesetter."""
    html, _ = replace_missing(render_paper_html(paper))
    return render_stamped(html, [f"form-{one.form}" for one in paper.stamps]) if paper.stamps else render_pdf(html)
