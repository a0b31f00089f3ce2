"""``/waves/<id>/fieldwork``: how far the wave is, what came of the visits, and the rates that follow from the log."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey.messages import N_, Message
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.roles import Permission
from survey.store.areas import get_frame
from survey.store.waves import WaveRecord
from survey.workflow.show_fieldwork import Fieldwork, Progress, show_fieldwork
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("fieldwork", __name__)


@dataclass(frozen=True, kw_only=True)
class RateLine:
    """``value`` 0-1; ``None``: no case to divide by."""

    name: str
    meaning: Message
    value: float | None


@dataclass(frozen=True, kw_only=True)
class FieldworkPage:
    """``areas``: code -> name of those within the reader's reach, in the order of the frame."""

    wave: WaveRecord
    fieldwork: Fieldwork
    areas: Mapping[str, str]
    limited: bool

    @property
    def rates(self) -> tuple[RateLine, ...]:
        return rate_lines(self.fieldwork.total)

    @property
    def waiting(self) -> int:
        return sum(self.fieldwork.quarantined.values())


def rate_lines(progress: Progress) -> tuple[RateLine, ...]:
    """The rates of AAPOR's Standard Definitions that reports print, each in a sentence."""
    rates = progress.rates
    lines = (
        ("RR1", N_("完成的访问 ÷ 全部合格或可能合格的样本户"), rates.rr1),
        ("RR3", N_("同上，但不知是否合格的只按估计的合格比例计入"), rates.rr3),
        ("COOP1", N_("完成的访问 ÷ 联系上的样本户"), rates.coop1),
        ("REF1", N_("拒访 ÷ 全部合格或可能合格的样本户"), rates.ref1),
        ("CON1", N_("联系上的 ÷ 全部合格或可能合格的样本户"), rates.con1),
        ("e", N_("不知是否合格的样本户中估计的合格比例（按已知部分的比例）"), rates.e),
    )
    return tuple(RateLine(name=name, meaning=Message(meaning), value=value) for name, meaning, value in lines)


@blueprint.get("/waves/<id:wave_id>/fieldwork")
@needs(Permission.SEE_FIELDWORK)
def show(wave_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    with site.database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        fieldwork = show_fieldwork(store, site.keys, wave_id)
        frame = get_frame(store, wave.frame_id)
    parents = {area.code: area.parent for area in frame.areas}
    areas = {
        area.code: area.name
        for area in frame.areas
        if area.code in fieldwork.by_area and account.scope.sees_area(area.code, parents)
    }
    page = FieldworkPage(wave=wave, fieldwork=fieldwork, areas=areas, limited=bool(account.scope.areas))
    return render_template("statisticians/fieldwork.html", page=page)
