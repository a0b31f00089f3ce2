"""``/waves/<id>/fieldwork``: how far the wave is, what came of the visits, and the rates that follow from the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from analysis.fieldwork.refusal_contrasts import RefusalContrast
from survey.messages import N_
from survey.pages.access import current_account, needs, person_name
from survey.pages.language import gettext
from survey.pages.site import current_site
from survey.pages.statisticians.fieldwork_charts import Line, draw_hours, draw_progress, plan_line
from survey.pages.statisticians.fieldwork_words import FORMULAS, e_words, facts, letters, progress_words, refusal_facts
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.store.areas import get_frame
from survey.store.waves import WaveRecord
from survey.workflow.show_fieldwork import Days, Fieldwork, Progress, add_up, show_fieldwork
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("fieldwork", __name__)

_WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
#: Those that reports print, each in a sentence.
_MEANINGS = {
    "RR1": N_("完成的访问 ÷ 全部合格或可能合格的样本户"),
    "RR3": N_("同上，但不知是否合格的只按估计的合格比例计入"),
    "COOP1": N_("完成的访问 ÷ 联系上的样本户"),
    "REF1": N_("拒访 ÷ 全部合格或可能合格的样本户"),
    "CON1": N_("联系上的 ÷ 全部合格或可能合格的样本户"),
}


@dataclass(frozen=True, kw_only=True)
class RateLine:
    """``plain`` and ``weighted`` 0-1; ``None``: no case to divide by."""

    name: str
    formula: str
    meaning: str
    plain: float | None
    weighted: float | None


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """``so_far``: completes at the end of the day; ``due``: those planned by then."""

    days: Days
    so_far: int
    due: float | None


@dataclass(frozen=True, kw_only=True)
class WeekdayLine:
    name: str
    daytime: int
    evening: int


@dataclass(frozen=True, kw_only=True)
class FieldworkPage:
    """``areas``: code -> name of those within the reader's reach, in the order of the frame; ``total``: of them.

    ``limited``: the reader's reach is some areas; what is only known of the whole wave is not shown then.
    """

    wave: WaveRecord
    fieldwork: Fieldwork
    areas: Mapping[str, str]
    total: Progress
    limited: bool
    today: date

    @property
    def rates(self) -> tuple[RateLine, ...]:
        return tuple(line for line in self.all_rates if line.meaning)

    @property
    def all_rates(self) -> tuple[RateLine, ...]:
        plain, weighted = self.total.rates, self.total.weighted
        return tuple(
            RateLine(
                name=name,
                formula=formula,
                meaning=gettext(_MEANINGS[name]) if name in _MEANINGS else "",
                plain=getattr(plain, name.lower()),
                weighted=getattr(weighted, name.lower()),
            )
            for name, formula in FORMULAS.items()
        )

    @property
    def letters(self) -> list[tuple[str, str, int]]:
        return letters(self.total, gettext)

    @property
    def e_words(self) -> str:
        return e_words(self.total, gettext)

    @property
    def progress_words(self) -> list[str]:
        plan = self.fieldwork.plan
        return list(progress_words(plan, self.fieldwork.state, self.today, gettext)) if plan else []

    @property
    def facts(self) -> list[str]:
        return list(facts(self.fieldwork, self.total, self.areas, gettext))

    @property
    def refusal_facts(self) -> list[str]:
        return list(refusal_facts(self.fieldwork, person_name, gettext))

    @property
    def refusals(self) -> Mapping[int, RefusalContrast]:
        """Of every canvasser in the table, or of nobody: one share by itself would make a case of one person."""
        told = self.fieldwork.tables.refusals
        found = {one.id: contrast for one in self.fieldwork.canvassers if (contrast := told.get(one.id))}
        return found if len(found) == len(self.fieldwork.canvassers) else {}

    @property
    def waiting(self) -> int:
        return sum(self.fieldwork.quarantined.values())

    @property
    def days(self) -> tuple[DayLine, ...]:
        plan, days = self.fieldwork.plan, self.fieldwork.tables.days
        so_far = accumulate(day.completes for day in days)
        return tuple(
            DayLine(days=day, so_far=number, due=plan.due(day.last) if plan else None)
            for day, number in zip(days, so_far, strict=True)
        )

    @property
    def progress_chart(self) -> Markup | None:
        """``None`` until there is a day with a visit or a complete."""
        plan, days = self.fieldwork.plan, self.days
        if not days:
            return None
        planned = None
        if plan and plan.expected and plan.start and plan.end:
            planned = plan_line(plan.expected, plan.start, plan.end)
        done = Line(points=tuple((line.days.last, float(line.so_far)) for line in days))
        title = gettext(N_("到每一天为止完成的访问，旁边是预计的进度；数字在“各天”的表里"))
        return draw_progress(done, planned, title=title)

    @property
    def hours_chart(self) -> Markup | None:
        hours = self.fieldwork.tables.hours
        if not hours or not any(map(any, hours)):
            return None
        title = gettext(N_("每个星期几、每个小时的到访次数，颜色越深越多；数字在旁边的表里"))
        return draw_hours(hours, [gettext(name) for name in _WEEKDAYS], title=title)

    @property
    def weekdays(self) -> list[WeekdayLine]:
        hours = self.fieldwork.tables.hours or ()
        return [
            WeekdayLine(name=gettext(name), daytime=sum(row[:18]), evening=sum(row[18:]))
            for name, row in zip(_WEEKDAYS, hours, strict=bool(hours))
        ]


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
    limited = bool(account.scope.areas)
    page = FieldworkPage(
        wave=wave,
        fieldwork=fieldwork,
        areas=areas,
        total=add_up(fieldwork.by_area[code] for code in areas) if limited else fieldwork.total,
        limited=limited,
        today=datetime.now(UTC).astimezone(BEIJING).date(),
    )
    return render_template("statisticians/fieldwork.html", page=page)
