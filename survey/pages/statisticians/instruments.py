"""``/instruments``: the questionnaires of the site, each with its versions, what changed between them, and as files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.definition import Questionnaire, Text
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.hint_kinds import Hint
from questionnaires.loading import BUILT_IN, built_in, from_document
from questionnaires.review import Placed, Review, review
from questionnaires.toml_text import to_toml
from questionnaires.versions import VersionComparison, compare_versions, version_key
from survey.files.instrument_files import xlsform_workbook
from survey.messages import N_, Conflict, Message, NotThere
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.instrument_words import WORDS
from survey.pages.whole_waves import require_no_limits
from survey.roles import Permission
from survey.store.instrument_drafts import InstrumentDraft, list_drafts
from survey.store.instruments import InstrumentRecord, list_instruments
from survey.workflow.add_instrument import add_instrument, refuse_reserved
from survey.workflow.export_instrument import find_questionnaire

blueprint = Blueprint("instruments", __name__)

MIME_TYPES = {
    "toml": "application/toml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """``added_at``: ``None`` while it only comes with the program."""

    version: str
    fingerprint: str
    questionnaire: Questionnaire
    added_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """``versions``: the newest first, by their names; ``addable``: the newest that comes with the program, if it is not
    added.
    """

    slug: str
    title: Text
    versions: tuple[Version, ...]
    addable: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListPage:
    instruments: tuple[Instrument, ...]
    drafts: tuple[InstrumentDraft, ...]


@dataclass(frozen=True, kw_only=True)
class InstrumentPage:
    """``old`` and ``new``: the versions compared; ``review``: of the newest."""

    instrument: Instrument
    shown: Version
    review: Review
    old: str = ""
    new: str = ""
    comparison: VersionComparison | None = None

    @property
    def hints(self) -> tuple[Placed[Hint], ...]:
        """A version that is stored has no lines."""
        return tuple(Placed(remark=hint, line=None) for hint in self.review.hints)


@blueprint.get("/instruments")
@needs(Permission.MANAGE_WAVES)
def show_list() -> ResponseReturnValue:
    require_no_limits()
    with current_site().database.reading() as store:
        page = ListPage(instruments=_instruments(list_instruments(store)), drafts=list_drafts(store))
    return render_template("statisticians/instruments.html", page=page, **WORDS)


@blueprint.post("/instruments")
@needs(Permission.MANAGE_WAVES)
def add_built_in() -> ResponseReturnValue:
    """Add a questionnaire that comes with the program."""
    require_no_limits()
    slug = request.form.get("slug", "")
    if slug not in BUILT_IN:
        raise NotThere(Message(N_("程序没有自带这份问卷：请从列表里选一份")))
    with current_site().database.writing() as store:
        add_instrument(store, built_in(slug)[0], at=datetime.now(UTC))
    return redirect(url_for("instruments.show", slug=slug), code=303)


@blueprint.get("/instruments/<slug>")
@needs(Permission.MANAGE_WAVES)
def show(slug: str) -> ResponseReturnValue:
    require_no_limits()
    instrument = _instrument(slug)
    by_version = {version.version: version for version in instrument.versions}
    new = request.args.get("new") or instrument.versions[0].version
    old = request.args.get("old") or (instrument.versions[1].version if len(instrument.versions) > 1 else "")
    for name in filter(None, (old, new)):
        if name not in by_version:
            raise NotThere(Message(N_("问卷 {slug} 没有版本 {version}"), {"slug": slug, "version": name}))
    comparison = compare_versions(by_version[old].questionnaire, by_version[new].questionnaire) if old else None
    shown = instrument.versions[0]
    page = InstrumentPage(
        instrument=instrument,
        shown=shown,
        review=review(shown.questionnaire),
        old=old,
        new=new,
        comparison=comparison,
    )
    return render_template("statisticians/instrument.html", page=page, **WORDS)


@blueprint.get("/instruments/<slug>/questionnaire.toml", defaults={"form": "toml"})
@blueprint.get("/instruments/<slug>/questionnaire.xlsx", defaults={"form": "xlsx"})
@needs(Permission.MANAGE_WAVES)
def download(slug: str, form: str) -> ResponseReturnValue:
    require_no_limits()
    version = request.args.get("version")
    with current_site().database.reading() as store:
        questionnaire = find_questionnaire(store, slug, version or None)
    data = to_toml(questionnaire).encode() if form == "toml" else xlsform_workbook(questionnaire)
    response = Response(data, mimetype=MIME_TYPES[form])
    # A version may be written with any mark; the name of a file may not.
    plain = "".join(mark if mark.isalnum() and mark.isascii() else "-" for mark in questionnaire.version)
    response.headers.set("Content-Disposition", "attachment", filename=f"{questionnaire.slug}-{plain}.{form}")
    return response


def refuse_used_version(questionnaire: Questionnaire, records: Iterable[InstrumentRecord]) -> None:
    """Raises :class:`Conflict` where the version is taken, by another wording or by the very same, and
    :class:`BadInput` where the slug is.
    """
    refuse_reserved(questionnaire)
    for record in records:
        if (record.slug, record.version) != (questionnaire.slug, questionnaire.version):
            continue
        if record.fingerprint == questionnaire_fingerprint(questionnaire):
            raise Conflict(Message(N_("与已有的版本 {version} 措辞完全相同，不用再添加"), {"version": record.version}))
        raise Conflict(
            Message(
                N_("版本 {version} 已经添加，不能再改；要用新的措辞，请在 [instrument] 里写新的 version"),
                {"version": record.version},
            )
        )


def _instruments(records: Iterable[InstrumentRecord]) -> tuple[Instrument, ...]:
    """What is stored, then what only comes with the program."""
    versions: dict[str, list[Version]] = {}
    for record in records:
        versions.setdefault(record.slug, []).append(
            Version(
                version=record.version,
                fingerprint=record.fingerprint,
                questionnaire=from_document(record.document),
                added_at=record.added_at,
            )
        )
    found = [_made(slug, tuple(each)) for slug, each in versions.items()]
    found += [_made(slug, ()) for slug in BUILT_IN if slug not in versions]
    return tuple(found)


def _made(slug: str, stored: tuple[Version, ...]) -> Instrument:
    there = {each.version for each in stored}
    brought = [each for each in built_in(slug) if each.version not in there]
    newest = next((each.version for each in built_in(slug)[:1] if each in brought), None)
    more = [Version(version=q.version, fingerprint=questionnaire_fingerprint(q), questionnaire=q) for q in brought]
    versions = sorted((*stored, *more), key=lambda each: version_key(each.version), reverse=True)
    return Instrument(slug=slug, title=versions[0].questionnaire.title, versions=tuple(versions), addable=newest)


def _instrument(slug: str) -> Instrument:
    with current_site().database.reading() as store:
        records = [record for record in list_instruments(store) if record.slug == slug]
    if not records and slug not in BUILT_IN:
        raise NotThere(Message(N_("没有问卷“{name}”，请先添加"), {"name": slug}))
    return next(each for each in _instruments(records) if each.slug == slug)
