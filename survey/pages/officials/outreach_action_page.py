"""What the page of one action shows: its form, the work by grid, the history in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from survey.messages import N_, Message, SurveyError
from survey.outreach import (
    KIND_MEANINGS,
    KIND_NAMES,
    LONGEST_NAME,
    LONGEST_TEXT,
    PRIVACY_HINT,
    STATUS_NAMES,
    ActionStatus,
    ShownStatus,
    by_grid_workers,
)
from survey.pages.language import current_language, gettext
from survey.pages.officials.outreach import Option, today
from survey.pages.officials.outreach_forms import FIELD_NAMES, YES
from survey.reports.outreach_rows import PlanRow
from survey.reports.outreach_words import quantity
from survey.reports.wording import DASH, count, day, percent
from survey.store.outreach_actions import OutreachChange
from survey.store.waves import WaveRecord
from survey.workflow.show_outreach import ActionView


@dataclass(frozen=True, kw_only=True)
class GridWork:
    """What was done in one grid, in words."""

    name: str
    days: str
    people: str
    quantity: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ActionPage:
    """``form``: the fields as they stand, empty for readers; ``was``: as stored when the form was opened.

    ``theirs``: where somebody else changed a field that the reader changed too, what is stored now.
    ``completion``: what was typed of the work that makes the action done.
    ``unsent``: a comment that was refused.
    """

    view: ActionView
    row: PlanRow
    form: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
    completion: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=today)
    unsent: str = ""
    error: SurveyError | None = None
    done: Message | None = None
    longest_name: int = LONGEST_NAME
    longest_text: int = LONGEST_TEXT
    privacy_hint: Message = Message(PRIVACY_HINT)  # noqa: RUF009 - frozen

    @property
    def wave(self) -> WaveRecord:
        return self.view.wave

    @property
    def revision(self) -> int:
        return self.view.action.revision

    @property
    def kind_name(self) -> str:
        return gettext(KIND_NAMES[self.view.action.kind])

    @property
    def kind_meaning(self) -> str:
        return gettext(KIND_MEANINGS[self.view.action.kind])

    @property
    def level(self) -> str:
        return percent(self.row.line.estimate.level)

    @property
    def types(self) -> list[Option]:
        return [Option(value=kind.code, name=kind.name.in_language(current_language())) for kind in self.view.types]

    @property
    def statuses(self) -> list[Option]:
        """Cancelling is a button of its own."""
        return [
            Option(value=status.value, name=gettext(STATUS_NAMES[ShownStatus(status.value)]))
            for status in ActionStatus
            if status is not ActionStatus.CANCELLED
        ]

    @property
    def places(self) -> list[Option]:
        view = self.view
        whole = Option(value="", name=gettext(N_("整个{area}"), area=view.area.name))
        grids = [
            Option(value=grid, name=gettext(N_("网格 {grid}"), grid=view.place_name(grid)))
            for grid in view.places.grids
        ]
        return [whole, *grids, *(Option(value=name, name=name) for name in view.places.estates)]

    @property
    def grids(self) -> list[GridWork]:
        """Void work does not count."""
        by_grid: dict[str, list[tuple[datetime, int, int]]] = {}
        for work in self.view.work:
            if not work.voided:
                moment = datetime.combine(work.day, datetime.min.time())
                by_grid.setdefault(work.grid, []).append((moment, work.people, work.quantity))
        unit = self.row.line.unit.in_language(current_language())
        return [self._grid(grid, by_grid[grid], unit) for grid in sorted(by_grid)]

    def _grid(self, grid: str, done: Sequence[tuple[datetime, int, int]], unit: str) -> GridWork:
        first, last = min(done)[0].date(), max(done)[0].date()
        days = day(first, gettext)
        if last != first:
            days = gettext(N_("{start}至{end}"), start=days, end=day(last, gettext))
        return GridWork(
            name=self.view.place_name(grid) if grid else gettext(N_("不分网格")),
            days=days,
            people=count(sum(people for _, people, _ in done)) if self._people_counted else DASH,
            quantity=quantity(sum(number for *_, number in done), unit, gettext),
        )

    @property
    def _people_counted(self) -> bool:
        """Of fixes and interviews it is not asked how many people did them."""
        return by_grid_workers(self.view.action.kind, self.view.action.type_code)

    @property
    def history(self) -> list[ChangeLine]:
        """The newest first."""
        return [
            ChangeLine(at=change.at, by=change.by, words=self._change(change)) for change in reversed(self.view.changes)
        ]

    def _change(self, change: OutreachChange) -> str:
        before, after = (self.stored(change.field, value) for value in (change.before, change.after))
        return gettext(
            N_("{field}：{before} → {after}"), field=gettext(FIELD_NAMES[change.field]), before=before, after=after
        )

    def stored(self, name: str, value: str) -> str:
        """A value of the store or of the form in the reader's words; ``name``: as the store or the form calls it."""
        if name == "place":
            return self.view.place_name(value) if value else gettext(N_("整个社区"))
        if not value:
            return gettext(N_("（空）"))
        if name == "status":
            return gettext(STATUS_NAMES[ShownStatus(value)])
        if name in ("type_code", "type"):
            return next((kind.name for kind in self.types if kind.value == value), value)
        if name in ("start", "end"):
            return day(date.fromisoformat(value), gettext)
        return gettext(YES[value]) if name == "cost_assumed" else value
