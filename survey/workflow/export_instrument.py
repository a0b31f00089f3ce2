"""A questionnaire for use elsewhere: the stored version, else the one that comes with the program."""

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, built_in, from_document
from questionnaires.versions import version_key
from survey.messages import N_, Message, NotThere
from survey.store.instruments import find_instrument, list_instruments


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
    for questionnaire in built_in(slug):
        if version in (None, questionnaire.version):
            return questionnaire
    name = slug if version is None else f"{slug} {version}"
    raise NotThere(Message(N_("没有问卷“{name}”，请先添加"), {"name": name}))


def find_before(session: Session, questionnaire: Questionnaire, begun_from: tuple[str, str]) -> Questionnaire | None:
    """What a new version is to be compared with: the version it was begun from (slug and version), else the one before
    it in the order of their names, else the newest; ``None`` for the first of its name.
    """
    versions = {each.version: each for each in built_in(questionnaire.slug)}
    for record in list_instruments(session):
        if record.slug == questionnaire.slug:
            versions[record.version] = from_document(record.document)
    slug, begun = begun_from
    if slug == questionnaire.slug and begun in versions:
        return versions[begun]
    own = version_key(questionnaire.version)
    earlier = [version for version in versions if version_key(version) <= own]
    return versions[max(earlier or versions, key=version_key)] if versions else None
