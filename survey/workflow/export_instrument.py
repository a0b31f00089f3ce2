"""A questionnaire for use elsewhere: the stored version, else the one that comes with the program."""

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, from_document, load_file
from survey.messages import N_, Message, NotThere
from survey.store.instruments import find_instrument


def find_questionnaire(session: Session | None, slug: str, version: str | None) -> Questionnaire:
    """That version, or the one added last; ``session``: ``None`` where there is no database (yet).

    Raises :class:`NotThere`.
    """
    if session is not None:
        try:
            return from_document(find_instrument(session, slug, version).document)
        except NotThere:
            if slug not in BUILT_IN:
                raise
    if slug in BUILT_IN:
        questionnaire = load_file(BUILT_IN[slug])
        if version in (None, questionnaire.version):
            return questionnaire
    name = slug if version is None else f"{slug} {version}"
    raise NotThere(Message(N_("没有问卷“{name}”，请先添加"), {"name": name}))
