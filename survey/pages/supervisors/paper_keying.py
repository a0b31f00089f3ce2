"""``/waves/<id>/paper/<id>/key``: key a form. The serial is posted, never in an address: addresses stand in logs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.answer_values import AnswerProblemKind
from questionnaires.checking import AnswerChecker, AnswerProblem
from questionnaires.codes import parts_of
from questionnaires.definition import Check, Item, ItemType, Option, Questionnaire, open_key
from survey.casework.paper_answers import items_to_key, read_typed, spelled
from survey.messages import N_, BadInput, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.field_errors import at_field, check_fields
from survey.pages.language import current_language
from survey.pages.questionnaire_form import PREFIX, read_form
from survey.pages.site import current_site
from survey.pages.supervisors.paper import VOID_WORDS
from survey.roles import Permission
from survey.store.database import Session
from survey.store.paper_batches import VoidReason
from survey.workflow.key_paper import FormToKey, Round, Saved, key_form, open_form, void_form
from survey.workflow.show_paper import BatchView, require_batch, show_batch
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("paper_keying", __name__)

_LONGEST, _LONGEST_TEXT = 200, 10_000
_DONE = {
    Saved.KEYED: N_("已保存。请输入下一份的编号。"),
    Saved.MENDED: N_("已改好。请输入下一份的编号。"),
    Saved.RESTORED: N_("已重录。抽过复录以后才恢复的问卷，都要由另一个人再录一遍。请输入下一份的编号。"),
    Saved.ALIKE: N_("两遍录得一样，已计入。请输入下一份的编号。"),
    Saved.SETTLED: N_("已按纸上改定并计入。请输入下一份的编号。"),
    "void": N_("已作废。请输入下一份的编号。"),
}


@dataclass(frozen=True, kw_only=True)
class KeyBox:
    """A box to type into. ``first``: what the first keying has where it differs; ``None``: nothing to settle."""

    name: str
    label: str
    value: str
    first: str | None
    long: bool


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """An item. ``told``: what is odd about what was typed."""

    item: Item
    text: str
    options: tuple[tuple[int, str], ...]
    box: KeyBox
    words: tuple[KeyBox, ...]
    told: tuple[Message | str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyPage:
    """``form`` ``None``: the serial is to be typed. ``told``: something is odd, and may be as on the paper."""

    view: BatchView
    error: SurveyError | None = None
    done: Message | None = None
    serial: str = ""
    form: FormToKey | None = None
    rows: tuple[KeyRow, ...] = ()
    told: bool = False

    @property
    def reasons(self) -> Mapping[VoidReason, Message]:
        return {reason: Message(words) for reason, words in VOID_WORDS.items()}


@blueprint.get("/waves/<id:wave_id>/paper/<id:batch_id>/key")
@needs(Permission.KEY_PAPER)
def show(wave_id: int, batch_id: int) -> ResponseReturnValue:
    done = _DONE.get(request.args.get("done", ""))
    return _page(wave_id, batch_id, done=Message(done) if done else None)


@blueprint.post("/waves/<id:wave_id>/paper/<id:batch_id>/key")
@needs(Permission.KEY_PAPER)
def key(wave_id: int, batch_id: int) -> ResponseReturnValue:
    """First the serial alone, then with it what stands on the form. Pages are made when nobody's writing waits."""
    posted = request.form
    serial = posted.get("serial", "")[:100]
    saved: Saved | None = None
    typed: Mapping[str, str] = {}
    told: Mapping[str, Sequence[Message | str]] = {}
    try:
        if not serial.strip():
            raise BadInput(Message(N_("请输入问卷编号，像 0007-0012-4。")))
        with current_site().database.reading() as store:
            form = _opened(store, wave_id, batch_id, serial)
        if posted.get("round") == form.round:  # else the serial alone, or a form that has been saved meanwhile
            typed = _typed(form)
            told = _oddities(form, typed)
            if not told or posted.get("as_on_paper") == "yes":
                form, saved = _save(wave_id, batch_id, form, typed)
    except (BadInput, Conflict) as error:
        return _serial_page(wave_id, batch_id, error, serial)
    if saved is None and told:
        return _page(wave_id, batch_id, form=form, typed=typed, told=told), 422
    if saved in (None, Saved.DIFFERS):
        return _page(wave_id, batch_id, form=form, typed=form.typed)
    return redirect(url_for("paper_keying.show", wave_id=wave_id, batch_id=batch_id, done=saved), code=303)


def _opened(store: Session, wave_id: int, batch_id: int, serial: str) -> FormToKey:
    """Raises as :func:`open_form`; ``NotThere`` out of the reader's reach."""
    site, account = current_site(), current_account()
    wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
    require_batch(store, wave, batch_id, scope=account.scope)
    return open_form(store, site.keys, wave_id, batch_id, serial=serial, keyer=account.id)


def _save(wave_id: int, batch_id: int, shown: FormToKey, typed: Mapping[str, str]) -> tuple[FormToKey, Saved | None]:
    """The form as it is afterwards; nothing is saved where it is not any more as it was ``shown``."""
    serial = str(shown.serial)
    with current_site().database.writing() as store:
        form = _opened(store, wave_id, batch_id, serial)
        if form.round is not shown.round:
            return form, None
        saved = key_form(store, form, typed, keyer=current_account().id)
        return _opened(store, wave_id, batch_id, serial) if saved is Saved.DIFFERS else form, saved


@blueprint.post("/waves/<id:wave_id>/paper/<id:batch_id>/void")
@needs(Permission.KEY_PAPER)
def void(wave_id: int, batch_id: int) -> ResponseReturnValue:
    serial = request.form.get("serial", "")[:100]
    form: FormToKey | None = None
    try:
        with current_site().database.reading() as store:
            form = _opened(store, wave_id, batch_id, serial)
        check_fields({"reason": _reason, "confirm": _confirmed})
        with current_site().database.writing() as store:
            void_form(store, _opened(store, wave_id, batch_id, serial), _reason())
    except (BadInput, Conflict) as error:
        if form is not None and error.problems:
            return _page(wave_id, batch_id, error=error, form=form, typed=form.typed), 422
        return _serial_page(wave_id, batch_id, error, serial)
    return redirect(url_for("paper_keying.show", wave_id=wave_id, batch_id=batch_id, done="void"), code=303)


def _reason() -> VoidReason:
    try:
        return VoidReason(request.form.get("reason", ""))
    except ValueError:
        raise BadInput(Message(N_("请选择作废的原因。"))) from None


def _confirmed() -> None:
    if request.form.get("confirm") != "yes":
        raise BadInput(Message(N_("请勾选“确认作废”。")))


def _serial_page(wave_id: int, batch_id: int, error: SurveyError, serial: str) -> ResponseReturnValue:
    """What is wrong with the form of that serial, said beside it."""
    said = at_field("serial", error.message)
    return _page(wave_id, batch_id, error=said, serial=serial), 409 if isinstance(error, Conflict) else 422


def _page(
    wave_id: int,
    batch_id: int,
    *,
    error: SurveyError | None = None,
    done: Message | None = None,
    serial: str = "",
    form: FormToKey | None = None,
    typed: Mapping[str, str] | None = None,
    told: Mapping[str, Sequence[Message | str]] | None = None,
) -> str:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_batch(store, site.keys, wave, batch_id, scope=account.scope, keyer=account.id)
    page = KeyPage(
        view=view,
        error=error,
        done=done,
        serial=serial,
        form=form,
        rows=_rows(form, typed or {}, told or {}) if form else (),
        told=bool(told),
    )
    return render_template("supervisors/paper_key.html", page=page)


def _typed(form: FormToKey) -> dict[str, str]:
    """What was typed into the boxes of this form, under the items' ids and the keys of words."""
    typed = {}
    for item in items_to_key(form.opened.questionnaire, form.serial):
        most = _LONGEST_TEXT if item.type is ItemType.TEXT else _LONGEST
        typed[item.id] = request.form.get(PREFIX + item.id, "")[:most].strip()
        for code in sorted(item.open_codes):
            words = open_key(item.id, code)
            typed[words] = request.form.get(PREFIX + words, "")[:_LONGEST].strip()
    return typed


class _Codes:
    """What was typed, as a form of :func:`~survey.pages.questionnaire_form.read_form` would have it."""

    def __init__(self, items: Sequence[Item], typed: Mapping[str, str]) -> None:
        self._items, self._typed = {PREFIX + item.id: item for item in items}, typed

    def get(self, key: str, default: str, /) -> str:
        return next(iter(self.getlist(key)), default)

    def getlist(self, key: str) -> list[str]:
        value = self._typed.get(key.removeprefix(PREFIX), "")
        if not value:
            return []
        item = self._items.get(key)
        if item is None:
            return [value]
        return [str(part) for part in parts_of(value)] if item.type is ItemType.MULTI else [spelled(item, value)]


def _oddities(form: FormToKey, typed: Mapping[str, str]) -> dict[str, list[Message | str]]:
    """Item id -> what is odd: a value that cannot be, an answer off the route, two answers that do not fit."""
    questionnaire, told = form.opened.questionnaire, dict[str, list[Message | str]]()
    items = items_to_key(questionnaire, form.serial)
    read = read_form(_Codes(items, typed), items, AnswerChecker(questionnaire))
    for item_id, problem in read.problems.items():
        told.setdefault(item_id, []).append(problem)
    for found in read_typed(questionnaire, form.serial, typed).problems:
        if (words := _routing_words(questionnaire, found)) is not None:
            told.setdefault(found.item.partition(".")[0], []).append(words)
    return told


def _routing_words(questionnaire: Questionnaire, problem: AnswerProblem) -> Message | str | None:
    if problem.kind is AnswerProblemKind.NOT_ROUTED:
        return Message(N_("照前面的答案，这道题不用答；纸上写了就照录，不计入统计。"))
    if problem.kind is AnswerProblemKind.NOT_CHOSEN:
        return Message(N_("写了说明，但没有选这个答案：说明不保存。"))
    if problem.kind is AnswerProblemKind.CHECK_FAILED:
        check: Check = next(one for one in questionnaire.checks if one.id == problem.check)
        return check.text.in_language(current_language())
    return None


def _rows(form: FormToKey, typed: Mapping[str, str], told: Mapping[str, Sequence[Message | str]]) -> tuple[KeyRow, ...]:
    language = current_language()
    settling = form.round is Round.SETTLING

    def box(key: str, label: str, *, long: bool) -> KeyBox:
        first = form.first.get(key, "") if settling and key in form.differing else None
        return KeyBox(name=PREFIX + key, label=label, value=typed.get(key, ""), first=first, long=long)

    def words(item: Item, option: Option) -> KeyBox:
        return box(open_key(item.id, option.code), option.text.in_language(language), long=True)

    return tuple(
        KeyRow(
            item=item,
            text=item.text.in_language(language),
            options=tuple((option.code, option.text.in_language(language)) for option in item.options),
            box=box(item.id, item.id, long=item.type is ItemType.TEXT),
            words=tuple(words(item, option) for option in item.options if option.open),
            told=tuple(told.get(item.id, ())),
        )
        for item in items_to_key(form.opened.questionnaire, form.serial)
    )
