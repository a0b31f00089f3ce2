"""A small wave to report on, and the ways in which tests change it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from analysis.fieldwork.dispositions import CLASSES, Disposition
from analysis.publication import Band, Base, PublishedEstimate, Reason, Subset
from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from survey.areas import Area, Level
from survey.reports.comparison import Comparison
from survey.reports.document import ReportDocument, compose_report
from survey.reports.facts import WaveFacts
from survey.runs import DRAWN, EstimateRun, SampleFacts
from survey.waves import Mode, WaveState
from tests.survey.reports.sixteen_communities import (
    DETAILS,
    LABELS,
    RATES,
    both_bases,
    estimate,
    list_areas,
    published_estimates,
    questionnaire,
    suppressed,
)

SAMPLE = SampleFacts(
    draw_id=4,
    draw_digest="4c" * 32,
    frame_digest="5b" * 32,
    method="stratified-systematic/1",
    public=False,
    per_community=200,
    cases=3200,
    communities=16,
    unanswered=0,
    to_total=15,
    adults_unknown=7,
    adults_at_limit=61,
    weight_effect=1.2345,
    largest_weight=3.96,
    weights_digest="6a" * 32,
)


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything :func:`compose_report` takes; tests change what they are about."""

    wave: WaveFacts
    run: EstimateRun
    questionnaire: Questionnaire
    areas: tuple[Area, ...]
    estimates: tuple[PublishedEstimate, ...] = field(repr=False)
    comparison: Comparison | None = field(default=None, repr=False)

    def report(self, area: str | None = None, language: str = "zh_Hans") -> ReportDocument:
        found = next((candidate for candidate in self.areas if candidate.code == area), None)
        return compose_report(
            wave=self.wave,
            questionnaire=self.questionnaire,
            area=found,
            areas=self.areas,
            estimates=self.estimates,
            run=self.run,
            language=language,
            comparison=self._comparison(area),
        )

    def _comparison(self, area: str | None) -> Comparison | None:
        """As it is read for one area: nothing of the others."""
        if self.comparison is None or area is None:
            return self.comparison
        return replace(
            self.comparison,
            changes=tuple(change for change in self.comparison.changes if change.area == area),
            earlier=tuple(row for row in self.comparison.earlier if row.area == area),
            done={key: work for key, work in self.comparison.done.items() if key[1] == area},
        )

    def with_details(self, **changes: object) -> "World":
        details = replace(self.wave.details, **changes)  # type: ignore[arg-type]
        return replace(self, wave=replace(self.wave, details=details))

    def with_design(self, design: str | None) -> "World":
        return replace(self, run=replace(self.run, design=design))

    def drawn(self, **changes: object) -> "World":
        """As a closed wave with a draw has it: sample facts on the run, and final codes of 16 communities' cases."""
        communities = [area.code for area in self.areas if area.level is Level.COMMUNITY]
        counts = {Disposition.COMPLETE: 99, Disposition.REFUSED_PERSON: 41, Disposition.NO_ANSWER_UNKNOWN: 40}
        counts |= {Disposition.VACANT: 20}
        sample = replace(SAMPLE, **changes)  # type: ignore[arg-type]
        return replace(
            self,
            run=replace(self.run, design=DRAWN, sample=sample),
            wave=replace(
                self.wave,
                dispositions={(code, final): number for code in communities for final, number in counts.items()},
                weights={
                    (code, CLASSES[final]): number * (9 if code == communities[0] else 4.5)
                    for code in communities
                    for final, number in counts.items()
                },
            ),
        )

    def with_open_link(self, area: str | None, rate: float = 0.4, n: int = 35) -> "World":
        """Answers of the open link in one area (and the whole, if that is not the one)."""
        rows = []
        for where in {None, area}:
            for code in ("IND_AWARE", "IND_SAT_OVERALL"):
                for row in both_bases(code, where, rate, n, subset=Subset.OPEN_LINK):
                    plain = {"low": None, "high": None, "se": None, "reliability": None, "band": None, "target": None}
                    rows.append(replace(row, **plain, reason=Reason.NON_PROBABILITY))
        run = replace(self.run, open_responses=self.run.open_responses + n)
        return replace(self, estimates=(*self.estimates, *rows), run=run)

    def changing(
        self, change: Callable[[PublishedEstimate], PublishedEstimate], *, code: str, area: str | None
    ) -> "World":
        rows = tuple(change(e) if e.indicator == code and e.area == area else e for e in self.estimates)
        return replace(self, estimates=rows)

    def suppressing(self, *areas: str | None, codes: Iterable[str] = tuple(LABELS)) -> "World":
        """The estimates of ``areas`` withheld."""
        wanted = set(codes)
        rows = tuple(
            suppressed(e.indicator, e.area, e.base) if e.area in areas and e.indicator in wanted else e
            for e in self.estimates
        )
        return replace(self, estimates=rows)

    def without_intervals(self) -> "World":
        """As a non-probability sample gives it."""
        gone = {"low": None, "high": None, "se": None, "reliability": None, "band": None}
        rows = (replace(e, **gone, reason=Reason.NON_PROBABILITY) if e.published else e for e in self.estimates)
        return replace(self.with_design(None), estimates=tuple(rows))

    def renaming(self, code: str, name: str) -> "World":
        return replace(self, areas=tuple(replace(a, name=name) if a.code == code else a for a in self.areas))

    def with_coaching(self, rate: float, area: str | None = None, n: int = 120) -> "World":
        """The coaching rate set (both bases), and the headline rates without the coached."""
        kept = [e for e in self.estimates if (e.indicator, e.area) != ("IND_COACHING", area)]
        kept += [estimate("IND_COACHING", area, rate, n, base=base) for base in Base]
        for code in ("IND_AWARE", "IND_SAT_OVERALL"):
            kept += both_bases(code, area, RATES[code] - 0.1, n, subset=Subset.NOT_COACHED)
        return replace(self, estimates=tuple(kept))


def make_world() -> World:
    areas = list_areas()
    at = datetime(2026, 9, 2, 3, 4, tzinfo=UTC)
    return World(
        wave=WaveFacts(
            wave_id=7,
            name="2026年第三季度居民调查",
            state=WaveState.PUBLISHED,
            details=DETAILS,
            responses=1590,
            mode_counts=MappingProxyType({Mode.CAPI: 1211, Mode.WEB_TOKEN: 379}),
            imported_at=(at,),
        ),
        run=EstimateRun(
            id=12,
            wave_id=7,
            responses=1590,
            mode_counts=MappingProxyType({Mode.CAPI: 1211, Mode.WEB_TOKEN: 379}),
            by="tests",
            at=at,
            by_level=Level.COMMUNITY,
            level=0.95,
            design="assumed-srs",
            seed="2026",
            code_version="0.1.0+abc1234",
            instrument_fingerprint="1f" * 32,
            frame_digest="2e" * 32,
            answers_digest="3d" * 32,
        ),
        questionnaire=questionnaire(),
        areas=areas,
        estimates=published_estimates(areas),
    )


def with_built_in_questionnaire(world: World) -> World:
    """The same communities asked the questionnaire for cities: 4 headline, 10 domain, 5 other, 2 honesty rates."""
    built_in = load_file(BUILT_IN["urban-community"])
    targets = {"IND_AWARE": (0.85, Band.INDISTINGUISHABLE), "IND_SUPPORT": (0.9, Band.BELOW)}
    rows: list[PublishedEstimate] = []
    asked = [indicator for indicator in built_in.indicators if not indicator.item.startswith("M")]  # no modules
    for number, indicator in enumerate(asked):
        target, band = targets.get(indicator.code, (None, None))
        rate = 0.02 if indicator.code == "IND_COACHING" else 0.5 + 0.01 * number
        rows += both_bases(indicator.code, None, rate, 1590, target=target, band=band)
        for area in world.areas:
            if area.level is Level.COMMUNITY:
                rows += both_bases(indicator.code, area.code, rate, 104, target=target, band=band)
    return replace(world, questionnaire=built_in, estimates=tuple(rows))


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()
