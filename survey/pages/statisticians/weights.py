"""``/waves/<id>/weights``: build the weights of a closed wave from a table of totals, look at them, freeze them."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from survey.files.spreadsheets import SheetRows, read_rows
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, NotThere, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.language import current_language, gettext
from survey.pages.security import takes_up_to
from survey.pages.site import current_site
from survey.pages.statisticians.weight_chart import draw_histogram
from survey.pages.whole_waves import require_whole_wave
from survey.roles import Permission
from survey.weights import (
    COMMUNITY,
    DEFAULT_TRIM,
    GREATEST_TRIM,
    LEAST_CELL,
    LEAST_TRIM,
    MetMargin,
    NoFrameTotals,
    ResponseMethod,
    Source,
    WeightOptions,
)
from survey.workflow.build_weights import compute_weights, record_weights
from survey.workflow.freeze_weights import freeze_weights
from survey.workflow.show_weights import VersionView, WeightsView, show_version, show_weights

blueprint = Blueprint("weights", __name__)

LARGEST_FILE = 2_000_000
#: Room for a file that is too large by far: its sender gets an answer instead of a broken connection.
LARGEST_FORM = 16_000_000
_MOST_NAMED = 3

METHOD_WORDS = {
    ResponseMethod.CLASSES: N_("按社区分组：每组至少 20 份答卷，少的合并"),
    ResponseMethod.SHRUNK: N_("每个社区用自己的应答率，向全体的应答率收缩"),
    ResponseMethod.NONE: N_("不调整"),
}
NO_FRAME_WORDS = {
    NoFrameTotals.POPULATION: N_(
        "没有校准到抽样框里各社区的成年人数：{areas}在抽样框里没有人口数，或者比答卷还少。"
        "请补上人口数再导入抽样框，或者在表里写明各社区的总数。"
    ),
    NoFrameTotals.DRAWN: N_("没有校准到抽样框里各社区的成年人数：本轮先抽社区再抽住户，一个社区还代表别的社区。"),
    NoFrameTotals.FEW: N_("没有校准到抽样框里各社区的成年人数：答卷太少。"),
}
FACTOR_WORDS = {
    "inclusion": N_("1÷入样概率"),
    "adults": N_("户内成年人数"),
    "response": N_("应答调整"),
    "calibration": N_("校准"),
    "trimming": N_("截尾"),
}


@dataclass(frozen=True, kw_only=True)
class WeightsPage:
    """``error``: why the form came back, with what it held."""

    view: WeightsView
    options: WeightOptions
    trim: str
    error: SurveyError | None
    largest: int = LARGEST_FILE // 1_000_000
    least: int = LEAST_CELL
    least_trim: float = LEAST_TRIM
    greatest_trim: float = GREATEST_TRIM
    methods: tuple[tuple[ResponseMethod, str], ...] = tuple(METHOD_WORDS.items())

    @property
    def wrong(self) -> str:
        """The id of the field that the error is about."""
        if not isinstance(self.error, BadInput):
            return ""
        try:  # it is looked at before the table
            return "margins" if LEAST_TRIM <= float(self.trim) <= GREATEST_TRIM else "trim"
        except ValueError:
            return "trim"

    @property
    def may_build(self) -> bool:
        return self.view.obstacle is None


@dataclass(frozen=True, kw_only=True)
class VersionPage:
    """``reason``: what the form held that came back with ``error``."""

    view: VersionView
    error: SurveyError | None
    reason: str = ""

    @property
    def method(self) -> str:
        return gettext(METHOD_WORDS[self.view.version.plan.options.response])

    @property
    def no_frame(self) -> str:
        """Why the frame's totals were wanted and are not met; ``""``: they are, or nobody wanted them."""
        look = self.view.version.look
        return gettext(NO_FRAME_WORDS[look.no_frame], areas=self.areas(look.lacking)) if look.no_frame else ""

    @property
    def chart(self) -> Markup:
        bars = self.view.version.look.histogram
        return draw_histogram(bars, title=gettext(N_("权重的分布")), axis=gettext(N_("权重÷平均权重")))

    @property
    def variables(self) -> tuple[tuple[str, str, bool, tuple[MetMargin, ...]], ...]:
        """Of each margin its name, its words, whether it comes from the frame, and its groups."""
        met = self.view.version.look.margins
        return tuple(
            (
                margin.variable,
                self.view.variable(margin.variable, current_language()),
                margin.source is Source.FRAME,
                tuple(one for one in met if one.variable == margin.variable),
            )
            for margin in self.view.version.plan.margins
        )

    def factor(self, name: str) -> str:
        return gettext(FACTOR_WORDS[name])

    def group(self, one: MetMargin) -> str:
        if not one.codes:
            return gettext(N_("没有回答"))
        words = self.view.group(one.variable, one.codes, current_language())
        shown = words if one.variable != COMMUNITY else words[:_MOST_NAMED]
        more = gettext(N_("等 {count} 个社区"), count=len(words)) if len(words) > len(shown) else ""
        return gettext(N_("、")).join(shown) + more

    def areas(self, codes: tuple[str, ...]) -> str:
        return gettext(N_("、")).join(self.view.names.get(code, code) for code in codes)

    def rate(self, indicator: str) -> str:
        return self.view.rate(indicator, current_language())


@blueprint.get("/waves/<id:wave_id>/weights")
@needs(Permission.MANAGE_WAVES)
def show(wave_id: int) -> ResponseReturnValue:
    return _list_page(wave_id)


@blueprint.post("/waves/<id:wave_id>/weights")
@needs(Permission.MANAGE_WAVES)
@takes_up_to(LARGEST_FORM)
def build(wave_id: int) -> ResponseReturnValue:
    require_whole_wave()
    site, account = current_site(), current_account()
    try:
        with site.database.reading() as store:
            show_weights(store, wave_id, scope=account.scope)  # that it is within reach
            computed = compute_weights(
                store,
                site.keys,
                wave_id,
                options=_options(),
                margins=_upload(),
                at=datetime.now(UTC),
                by=account.name,
            )
        with site.database.writing() as store:
            version_id = record_weights(store, computed)
    except (BadInput, Conflict) as error:
        return _list_page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("weights.show_one", wave_id=wave_id, version_id=version_id), code=303)


@blueprint.get("/waves/<id:wave_id>/weights/<id:version_id>")
@needs(Permission.MANAGE_WAVES)
def show_one(wave_id: int, version_id: int) -> ResponseReturnValue:
    return _version_page(wave_id, version_id)


@blueprint.post("/waves/<id:wave_id>/weights/<id:version_id>/freeze")
@needs(Permission.MANAGE_WAVES)
def freeze(wave_id: int, version_id: int) -> ResponseReturnValue:
    require_whole_wave()
    account = current_account()
    try:
        if request.form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选“我已看过”，再定版。")))
        with current_site().database.writing() as store:
            _find(show_version(store, version_id, scope=account.scope), wave_id)
            reason = request.form.get("reason", "")
            freeze_weights(store, version_id, reason=reason, at=datetime.now(UTC), by=account.name)
    except (BadInput, Conflict, CheckFailed) as error:
        return _version_page(wave_id, version_id, error=error), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("weights.show_one", wave_id=wave_id, version_id=version_id), code=303)


def _find(view: VersionView, wave_id: int) -> VersionView:
    """Raises :class:`NotThere` for a version of another wave than the address says."""
    if view.wave.id != wave_id:
        raise NotThere(Message(N_("没有编号为 {id} 的权重版本"), {"id": view.version.id}))
    return view


def _list_page(wave_id: int, *, error: SurveyError | None = None) -> str:
    require_whole_wave()
    with current_site().database.reading() as store:
        view = show_weights(store, wave_id, scope=current_account().scope)
    page = WeightsPage(view=view, options=_chosen(), trim=request.form.get("trim", f"{DEFAULT_TRIM:g}"), error=error)
    return render_template("statisticians/weights.html", page=page)


def _version_page(wave_id: int, version_id: int, *, error: SurveyError | None = None) -> str:
    require_whole_wave()
    with current_site().database.reading() as store:
        view = _find(show_version(store, version_id, scope=current_account().scope), wave_id)
    page = VersionPage(view=view, error=error, reason=request.form.get("reason", ""))
    return render_template("statisticians/weight_version.html", page=page)


def _chosen() -> WeightOptions:
    """What the form holds, as far as it can be read; what stands in an empty one."""
    if request.method != "POST":
        return WeightOptions()
    said = request.form.get("response", "")
    method = next((one for one in ResponseMethod if one.value == said), ResponseMethod.CLASSES)
    return WeightOptions(response=method, frame_totals=request.form.get("frame_totals") == "yes")


def _options() -> WeightOptions:
    written, chosen = request.form.get("trim", "").strip(), _chosen()
    try:
        trim = float(written)
    except ValueError as error:
        message = N_("截尾的上限“{got}”不是数：应为 {least} 到 {greatest}")
        places = {"got": written[:20], "least": LEAST_TRIM, "greatest": f"{GREATEST_TRIM:g}"}
        raise BadInput(Message(message, places)) from error
    return WeightOptions(response=chosen.response, trim=trim, frame_totals=chosen.frame_totals)


def _upload() -> SheetRows:
    file: FileStorage | None = request.files.get("margins")
    if file is None or not file.filename:
        raise BadInput(Message(N_("请选择已知总数的表。")))
    with closing(file):
        data = file.stream.read(LARGEST_FORM)
    if len(data) > LARGEST_FILE:
        message = N_("{file} 有 {size} MB，最多 {largest} MB：请拆成几个文件")
        places = {"file": file.filename, "size": -(-len(data) // 1_000_000), "largest": LARGEST_FILE // 1_000_000}
        raise BadInput(Message(message, places))
    return read_rows(data, file.filename)
