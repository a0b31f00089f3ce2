"""An outreach plan as a workbook: numbers as numbers, and no text that a spreadsheet would run as a formula."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from survey.files.cells import protect
from survey.messages import N_
from survey.reports.outreach_plan import PlanDocument, ProblemGroup
from survey.reports.outreach_rows import PlanLine, PlanRow
from survey.reports.wording import Say, speaker

#: Heading, and how wide its column is.
_COLUMNS = (
    (N_("行动编号"), 9),
    (N_("种类"), 9),
    (N_("问题"), 26),
    (N_("社区代码"), 15),
    (N_("社区"), 18),
    (N_("地点"), 24),
    (N_("行动"), 20),
    (N_("足额数量"), 10),
    (N_("计划数量"), 10),
    (N_("完成数量"), 10),
    (N_("单位"), 8),
    (N_("单价（元）"), 11),
    (N_("单价为假定"), 11),
    (N_("计划费用（元）"), 14),
    (N_("预算（元）"), 12),
    (N_("已支出（元）"), 13),
    (N_("开始日期"), 12),
    (N_("截止日期"), 12),
    (N_("责任领导"), 12),
    (N_("责任人"), 12),
    (N_("责任部门"), 20),
    (N_("状态"), 10),
    (N_("依据"), 40),
    (N_("说明"), 40),
    (N_("离目标约差居民数"), 14),
    (N_("区间下端"), 10),
    (N_("区间上端"), 10),
    (N_("应到户数"), 10),
    (N_("到过户数"), 10),
    (N_("见到人的户数"), 10),
    (N_("无人的户数"), 10),
    (N_("勿扰的户数"), 10),
    (N_("佐证材料"), 30),
    (N_("结果"), 30),
)
#: The sheets of a workbook that is written as a stream are not typed.
Sheet = Any
Value = str | int | float | date | None


def plan_workbook(plan: PlanDocument) -> bytes:
    """Two sheets: the actions, and what the plan is and adds up to."""
    from openpyxl import Workbook  # a quarter of a second that no page needs

    say = speaker(plan.language)
    book = Workbook(write_only=True)
    _actions(book.create_sheet(say(N_("行动"))), plan, say)
    _about(book.create_sheet(say(N_("说明和合计"))), plan, say)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _actions(sheet: Sheet, plan: PlanDocument, say: Say) -> None:
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions[_letter(number)].width = width
    _append(sheet, [say(heading) for heading, _ in _COLUMNS], bold=True)
    for group in plan.groups:
        for row in group.rows:
            _append(sheet, _values(group, row, say, plan.language))


def _values(group: ProblemGroup, row: PlanRow, say: Say, language: str) -> list[Value]:
    line = row.line
    return [
        line.id,
        group.kind_name,
        group.heading,
        line.area,
        line.area_name,
        row.place,
        row.action,
        line.wanted,
        line.quantity,
        line.done,
        line.unit.in_language(language),
        line.unit_cost,
        say(N_("是")) if line.cost_assumed else say(N_("否")),
        round(line.cost, 2),
        line.budget,
        line.spent,
        line.start,
        line.end,
        line.leader,
        line.owner,
        line.department,
        row.status,
        row.reason,
        row.why,
        row.people_short,
        *(row.people_range or (None, None)),
        *_homes(row.line),
        row.evidence,
        line.result,
    ]


def _homes(line: PlanLine) -> tuple[int | None, ...]:
    """What the ledger holds: nothing where no homes are ticked."""
    if not line.units:
        return (None,) * 5
    return (
        line.units,
        line.reached + line.nobody + line.do_not_disturb,
        line.reached,
        line.nobody,
        line.do_not_disturb,
    )


def _about(sheet: Sheet, plan: PlanDocument, say: Say) -> None:
    for letter, width in zip("ABCDEFGH", (24, 10, 14, 14, 10, 16, 14, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    _append(sheet, [f"{plan.title} · {plan.wave_name}"], bold=True)
    if plan.watermark:
        _append(sheet, [plan.watermark], bold=True)
    if plan.filters:
        _append(sheet, [say(N_("只含这些行动：{filters}。"), filters=plan.filters)])
    for sentence in plan.origin:
        _append(sheet, [sentence])
    for pair in plan.facts:
        _append(sheet, pair)
    _append(sheet, [])
    headings = (
        N_("行动"),
        N_("项数"),
        N_("计划数量"),
        N_("完成数量"),
        N_("单位"),
        N_("计划费用（元）"),
        N_("预算（元）"),
        N_("已支出（元）"),
    )
    _append(sheet, [say(heading) for heading in headings], bold=True)
    for total in (*plan.totals, plan.overall):
        actions, planned, done, *amounts = total.values
        _append(sheet, (total.name, actions, planned, done, total.unit, *amounts), bold=total is plan.overall)


def _append(sheet: Sheet, values: Iterable[Value], *, bold: bool = False) -> None:
    sheet.append([_cell(sheet, value, bold=bold) for value in values])


def _cell(sheet: Sheet, value: Value, *, bold: bool) -> Any:
    if isinstance(value, str):
        value = protect("".join(c if c.isprintable() else " " for c in value))
    if not bold:
        return value
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # it takes days too
    cell.font = Font(bold=True)
    return cell


def _letter(number: int) -> str:
    """The name of a column.

    >>> _letter(0), _letter(26)
    ('A', 'AA')
    """
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
