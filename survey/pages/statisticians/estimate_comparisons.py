"""``/waves/<id>/estimates/targets`` and ``…/changes``: against the targets, and against the wave before."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from analysis.publication import Base, Subset
from analysis.target_tests import targets_tested
from survey.areas import RANK
from survey.messages import N_
from survey.pages.access import needs
from survey.pages.site import current_site
from survey.pages.statisticians.estimate_page import EstimatesPage, TableSection, answer
from survey.pages.statisticians.estimate_parts import indicator_select, not_estimated, read, stale, view_of, words_of
from survey.pages.statisticians.estimates import blueprint
from survey.pages.whole_waves import require_whole_wave
from survey.reports.change_words import reason_words
from survey.reports.difference_table import difference_table
from survey.reports.estimate_table import area_labels, area_rows
from survey.reports.model_tables import contrast_table
from survey.reports.rates import legend_of
from survey.reports.target_table import target_table
from survey.reports.view import COACHING, View
from survey.reports.wording import Say, period
from survey.roles import Permission
from survey.workflow.show_estimates import EstimatedRun, EstimatesView
from survey.workflow.show_models import show_contrasts

__all__ = ["blueprint"]


@blueprint.get("/waves/<id:wave_id>/estimates/targets")
@needs(Permission.SEE_UNPUBLISHED)
def bands(wave_id: int) -> ResponseReturnValue:
    """One rate or all that have a target, in the whole and in every area."""
    view = read(wave_id)
    found = view.estimated
    if found is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates)
    say = seen.say
    aimed = [row for row in view.estimates if row.target is not None and row.subset is Subset.ALL]
    known = {row.indicator for row in aimed} if view.indicator is None else set(view.wave.details.targets)
    rows = area_rows(seen, aimed, bases=[Base.ASKED])
    tiers: dict[str | None, int] = {area.code: RANK[area.level] for area in found.frame}
    tests = targets_tested(aimed, {**tiers, None: -1})
    names = (say(N_("指标")), say(N_("地区")), say(N_("基数")))
    codes = (say(N_("指标代码")), say(N_("地区代码")))
    heading = seen.label(view.indicator) if view.indicator else say(N_("全部有目标的指标"))
    table = target_table(say, rows, tests, caption=heading, names=names, codes=codes)
    notes = (
        say(
            N_(
                "p值由Korn–Graubard区间反推，双侧；同一指标同一级的可靠地区为一族，50个以内用Holm校正，以上用Benjamini–Hochberg。"
            )
        ),
        say(N_("画出的区间是单个的95%区间，没有校正：区间不含目标，也可能仍看不出差别。")),
        say(N_("按代码排列，不是名次；不能由此比较地区之间的高低。")),
    )
    section = TableSection(
        id="targets",
        heading=heading,
        table=table,
        legend=legend_of([r.estimate for r in rows], found.run, say),
        notes=notes,
    )
    sections = [section] if rows else []
    contrasts = _against_the_whole(found, view, seen)
    aimed_at = [indicator for indicator in found.indicators if indicator.code in known]
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(indicator_select(seen, aimed_at or found.indicators, view.indicator, everything=True),),
            warnings=stale(found, say),
            sections=(*sections, *contrasts),
            words=words_of([row.estimate for row in rows]),
            empty=say(N_("没有指标定了目标，或者样本是非概率样本：没有可以比较的。目标写在轮次文件的 targets 里。")),
        )
    )


def _against_the_whole(found: EstimatedRun, view: EstimatesView, seen: View) -> tuple[TableSection, ...]:
    """Of one rate, each comparable area less the whole it is part of; not while the run is of other answers."""
    if view.indicator is None or found.newer or not found.sees_whole:
        return ()
    site, say = current_site(), seen.say
    with site.database.reading() as store:
        contrasts = show_contrasts(store, site.keys, view.wave, view.estimates)
    if not contrasts:
        return ()
    heading = say(N_("{label}：各地区与全部地区的差"), label=seen.label(view.indicator))
    table = contrast_table(contrasts, area_labels(found.frame), say, caption=heading)
    notes = (
        say(
            N_(
                "地区是全部地区的一部分，差的方差含两者的协方差；可靠的地区为一族，50个以内用Holm校正，以上用Benjamini–Hochberg。"
            )
        ),
        say(N_("画出的区间是单个的95%区间，没有校正：区间不含0，也可能仍看不出差别。")),
        say(N_("差是整数百分点。按代码排列，不是名次；只列可靠的地区。")),
    )
    return (TableSection(id="contrasts", heading=heading, table=table, notes=notes),)


@blueprint.get("/waves/<id:wave_id>/estimates/changes")
@needs(Permission.SEE_UNPUBLISHED)
def changes(wave_id: int) -> ResponseReturnValue:
    """What changed since the wave before: of the whole, and of one rate in every area."""
    require_whole_wave()
    view = read(wave_id, compared=True)
    found, comparison = view.estimated, view.comparison
    if found is None:
        return answer(not_estimated(view.wave))
    seen = view_of(found, view.estimates, view)
    say = seen.say
    chosen = [view.indicator] if view.indicator else list(found.indicators)
    # How answers were given is a finding of one wave: it is compared with nothing.
    compared = [each for each in found.indicators if each.code != COACHING]
    everywhere = sorted({change.area for change in seen.changes if change.area is not None})
    areas: Sequence[str | None] = [None, *everywhere] if view.indicator else [None]
    heading = seen.label(view.indicator) if view.indicator else say(N_("全部指标（全部地区合计）"))
    table = difference_table(seen, chosen, areas=areas, caption=heading)
    notes = (
        say(N_("区间由两轮印出的95%区间合成（MOVER）；差和区间由印出的数字算出，所以与报告一致。")),
        say(N_("p值是单独的；判断把同一指标同一级的地区作为一族校正（50个以内Holm，以上Benjamini–Hochberg）。")),
        say(N_("画出的区间是单个的95%区间，没有校正：区间不含0，也可能仍看不出差别。")),
        say(N_("两轮各自抽样时协方差为0。")),
    )
    intro: tuple[str, ...] = ()
    if comparison is not None:
        days = period(comparison.details, say)
        told = N_("上一轮是“{wave}”（{period}）。") if days else N_("上一轮是“{wave}”。")
        intro = (say(told, wave=comparison.name, period=days),)
    return answer(
        EstimatesPage(
            wave=view.wave,
            run=found.run,
            selects=(indicator_select(seen, compared, view.indicator, everything=True),),
            intro=intro,
            warnings=stale(found, say),
            sections=(TableSection(id="changes", heading=heading, table=table, notes=notes),) if table.rows else (),
            empty=_why_nothing(seen, say),
        )
    )


def _why_nothing(seen: View, say: Say) -> str:
    if seen.comparison is None:
        return say(N_("没有可以比较的上一轮：同一问卷、已经发布、在同样的地区做过的较早一轮。"))
    reasons = {change.reason for change in seen.changes}
    only = next(iter(reasons)) if len(reasons) == 1 else None
    if only is None:
        return say(N_("这项指标不与上一轮比较。"))
    return say(N_("不能与上一轮比较：{reason}。"), reason=reason_words(only, say))
