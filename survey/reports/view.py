"""The estimates of one run as one report looks at them: found by indicator, base, subset and area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.integrity.coaching import NAME_FROM_RESPONDENTS, WARN_FROM_RATE, warns
from analysis.publication import Base, Change, PublishedEstimate, Reason, Subset
from questionnaires.definition import Indicator, IndicatorSet, Questionnaire
from survey.areas import RANK, Area, Level
from survey.messages import N_
from survey.reports.comparison import Comparison
from survey.reports.wording import Say, speaker
from survey.runs import EstimateRun

COACHING = "IND_COACHING"
#: Who recognised something that does not exist.
DECOY = "IND_DECOY"

LEVEL_WORDS: Mapping[Level, str] = {
    Level.CITY: N_("市"),
    Level.COUNTY: N_("县（市、区）"),
    Level.STREET: N_("街道（乡镇）"),
    Level.ZONE: N_("片区"),
    Level.COMMUNITY: N_("社区"),
    Level.VILLAGE: N_("村"),
    Level.GRID: N_("网格"),
}


@dataclass(frozen=True, kw_only=True)
class View:
    """What one report shows. ``area`` ``None``: the whole, with its parts beside it. ``comparison``: with which earlier
    wave it was compared, if with any.
    """

    questionnaire: Questionnaire
    estimates: Sequence[PublishedEstimate]
    area: Area | None
    areas: Sequence[Area]
    run: EstimateRun
    language: str
    comparison: Comparison | None = None

    @cached_property
    def say(self) -> Say:
        return speaker(self.language)

    @cached_property
    def digits(self) -> int:
        """Decimals of the percentages: areas are shown in whole percents."""
        return 1 if self.area is None else 0

    @cached_property
    def area_code(self) -> str | None:
        return self.area.code if self.area else None

    @cached_property
    def _index(self) -> dict[tuple[str, str | None, Base, Subset], PublishedEstimate]:
        return {(e.indicator, e.area, e.base, e.subset): e for e in map(self._withheld, self.estimates)}

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    def find(
        self,
        indicator: Indicator,
        base: Base = Base.ASKED,
        subset: Subset = Subset.ALL,
        *,
        area: str | None = None,
    ) -> PublishedEstimate | None:
        """The estimate of ``area``, or of this report's own area where none is named."""
        return self._index.get((indicator.code, area or self.area_code, base, subset))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Of every rate and area that was compared, or could not be."""
        return self.comparison.changes if self.comparison else ()

    @cached_property
    def _changes(self) -> dict[tuple[str, str | None], Change]:
        return {(change.indicator, change.area): change for change in self.changes}

    @cached_property
    def _earlier(self) -> dict[tuple[str, str | None], PublishedEstimate]:
        of_sample = (e for e in (self.comparison.earlier if self.comparison else ()) if e.subset is Subset.ALL)
        return {(e.indicator, e.area): e for e in of_sample if e.base is Base.ASKED}

    def change(self, indicator: Indicator, area: str | None = None) -> Change | None:
        """What changed in ``area``, or in this report's own area where none is named."""
        return self._changes.get((indicator.code, area or self.area_code))

    def earlier(self, indicator: Indicator, area: str | None = None) -> PublishedEstimate | None:
        """As :meth:`find` on the asked base, of the wave this one was compared with."""
        return self._earlier.get((indicator.code, area or self.area_code))

    def indicators(self, wanted: IndicatorSet, subset: Subset = Subset.ALL) -> tuple[Indicator, ...]:
        """The indicators of one set in the order of the questionnaire; those that have an estimate."""
        return tuple(
            i for i in self.questionnaire.indicators if i.set is wanted and self.find(i, subset=subset) is not None
        )

    def shown(self) -> tuple[PublishedEstimate, ...]:
        """Every estimate on the asked base that this report prints of the sample: its own, and of the whole also the
        parts'.
        """
        codes = {self.area_code, *(self.part_codes() if self.area is None else ())}
        of_sample = (e for e in self._index.values() if e.subset is not Subset.OPEN_LINK)
        asked = (e for e in of_sample if e.base is Base.ASKED and e.area in codes)
        headline = {i.code for i in self.indicators(IndicatorSet.HEADLINE)}
        return tuple(e for e in asked if e.area == self.area_code or e.indicator in headline)

    def open_link(self) -> tuple[PublishedEstimate, ...]:
        """The open link's estimates of the report's own area on the asked base."""
        return tuple(
            e
            for e in self._index.values()
            if e.subset is Subset.OPEN_LINK and e.base is Base.ASKED and e.area == self.area_code
        )

    def label(self, indicator: Indicator) -> str:
        return indicator.label.in_language(self.language)

    def part_codes(self) -> tuple[str, ...]:
        """The areas compared in a report of the whole: the communities, or the finest there are above them, those
        without an answer among them; by code and never by rate.
        """
        return self._part_codes

    @cached_property
    def _part_codes(self) -> tuple[str, ...]:
        of_sample = (estimate for estimate in self.estimates if estimate.subset is not Subset.OPEN_LINK)
        codes = {estimate.area for estimate in of_sample if estimate.area is not None}
        ranks = {code: RANK[self._areas[code].level] for code in codes}
        finest = max((rank for rank in ranks.values() if rank <= RANK[Level.COMMUNITY]), default=None)
        ranks |= {code: RANK[self._areas[code].level] for code in self.unanswered}
        return tuple(sorted(code for code, rank in ranks.items() if rank == finest))

    @cached_property
    def unanswered(self) -> frozenset[str]:
        """Areas that were drawn in and have no answer; known where the whole is shown."""
        if self.area is not None or self.run.sample is None:
            return frozenset()
        return frozenset(self.run.sample.unanswered_areas) & self._areas.keys()

    def part_name(self, code: str) -> str:
        """The area's name, with the code where two share one."""
        area = self._areas.get(code)
        if area is None:
            return code
        return f"{area.name} {code}" if area.name in self._shared_names else area.name

    @cached_property
    def _shared_names(self) -> frozenset[str]:
        parts = [self._areas[code].name for code in self.part_codes() if code in self._areas]
        return frozenset(name for name in parts if parts.count(name) > 1)

    @cached_property
    def area_name(self) -> str:
        """The report's own area; of the whole, the one area at the top of the frame, or that all are meant."""
        if self.area is not None:
            return self.area.name
        tops = [area for area in self.areas if area.parent is None]
        return tops[0].name if len(tops) == 1 else self.say(N_("全部地区"))

    def level_name(self) -> str:
        return self.say(LEVEL_WORDS[self.run.by_level])

    def coaching_warning(self, area: str | None = None) -> PublishedEstimate | None:
        """The coaching rate (valid base) when it calls for a warning; a range lies on one side of that point."""
        found = self._index.get((COACHING, area or self.area_code, Base.VALID, Subset.ALL))
        if found is None or found.proportion is None or found.n is None:
            return None
        if found.shown_range is not None:
            return found if found.shown_range[0] >= WARN_FROM_RATE else None
        return found if warns(respondents=found.n, coached=round(found.proportion * found.n)) else None

    @cached_property
    def _answers_on_coaching(self) -> dict[tuple[str | None, Subset], int]:
        return {
            (e.area, e.subset): e.n or 0 for e in self.estimates if e.indicator == COACHING and e.base is Base.VALID
        }

    def _withheld(self, estimate: PublishedEstimate) -> PublishedEstimate:
        """A coaching rate of a small area is not shown at all; every other estimate as it is."""
        if estimate.indicator != COACHING or estimate.area is None or not estimate.published:
            return estimate
        if self._answers_on_coaching.get((estimate.area, estimate.subset), 0) >= NAME_FROM_RESPONDENTS:
            return estimate
        return PublishedEstimate(
            indicator=estimate.indicator,
            area=estimate.area,
            base=estimate.base,
            subset=estimate.subset,
            published=False,
            level=estimate.level,
            reason=Reason.TOO_FEW,
        )
