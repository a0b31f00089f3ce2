"""A small wave to report on: three headline rates, five domains, the honesty pair; 16 communities in two streets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from analysis.fieldwork.dispositions import Disposition
from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability, Subset
from questionnaires.definition import (
    Indicator,
    IndicatorSet,
    Item,
    ItemType,
    Option,
    OptionKind,
    Questionnaire,
    Section,
    Text,
)
from questionnaires.loading import BUILT_IN, load_file
from survey.areas import Area, Level
from survey.reports.document import ReportDocument, compose_report
from survey.reports.facts import WaveFacts
from survey.runs import DRAWN, EstimateRun, SampleFacts
from survey.waves import Approval, Mode, WaveDetails, WaveState

LABELS = {
    "IND_AWARE": ("知晓率", "Awareness rate", IndicatorSet.HEADLINE),
    "IND_SUPPORT": ("支持率", "Support rate", IndicatorSet.HEADLINE),
    "IND_PARTICIPATE": ("参与率", "Participation rate", IndicatorSet.HEADLINE),
    "IND_SAT_OVERALL": ("总体满意率", "Overall satisfaction rate", IndicatorSet.HEADLINE),
    "IND_SAT_CLEAN": ("环境卫生满意率", "Satisfaction with cleanliness", IndicatorSet.DOMAIN),
    "IND_SAT_ORDER": ("公共秩序满意率", "Satisfaction with public order", IndicatorSet.DOMAIN),
    "IND_SAT_TRAFFIC": ("交通出行满意率", "Satisfaction with traffic", IndicatorSet.DOMAIN),
    "IND_SAT_SAFETY": ("社会治安满意率", "Satisfaction with safety", IndicatorSet.DOMAIN),
    "IND_SAT_SERVICE": ("办事服务满意率", "Satisfaction with services", IndicatorSet.DOMAIN),
    "IND_COACHING": ("被授意率", "Coaching rate", IndicatorSet.HONESTY),
    "IND_OUTREACH_REACH": ("入户宣传触达率", "Outreach reach rate", IndicatorSet.HONESTY),
}
RATES = dict(zip(LABELS, (0.93, 0.88, 0.46, 0.84, 0.81, 0.72, 0.66, 0.91, 0.86, 0.02, 0.37), strict=True))


def _questionnaire() -> Questionnaire:
    def item(code: str) -> Item:
        zh, en, _ = LABELS[code]
        options = (
            Option(code=1, text=Text(zh_Hans="非常满意", en="Very satisfied")),
            Option(code=2, text=Text(zh_Hans="比较满意", en="Satisfied")),
            Option(code=3, text=Text(zh_Hans="一般", en="Neither")),
            Option(code=98, text=Text(zh_Hans="说不清", en="Don't know"), kind=OptionKind.DONT_KNOW),
            Option(code=99, text=Text(zh_Hans="拒答", en="Refused"), kind=OptionKind.REFUSED),
        )
        return Item(
            id=code,
            section="all",
            type=ItemType.SINGLE,
            text=Text(zh_Hans=f"关于{zh},您怎么看{{campaign}}?", en=f"What about the {en.lower()} of {{campaign}}?"),
            options=options,
            interviewer_note=Text(zh_Hans="不要提示", en="Do not prompt") if code == "IND_AWARE" else None,
        )

    return Questionnaire(
        slug="urban-community",
        version="1.0",
        title=Text(zh_Hans="城市社区居民问卷", en="Urban community residents"),
        population=Text(zh_Hans="18岁以上居民", en="Residents aged 18+"),
        modes=("capi",),
        introductions=MappingProxyType({}),
        closing=Text(zh_Hans="谢谢", en="Thank you"),
        sections=(Section(id="all", title=Text(zh_Hans="全部", en="All")),),
        items=tuple(item(code) for code in LABELS),
        indicators=tuple(
            Indicator(code=code, label=Text(zh_Hans=zh, en=en), item=code, codes=frozenset({1, 2}), set=where)
            for code, (zh, en, where) in LABELS.items()
        ),
        placeholders=MappingProxyType({"campaign": Text(zh_Hans="创建工作", en="the campaign")}),
    )


DETAILS = WaveDetails(
    modes=(Mode.CAPI, Mode.WEB_TOKEN),
    start=date(2026, 8, 3),
    end=date(2026, 8, 30),
    sponsor="青河区文明办",
    fieldwork="青河区社情民意调查中心",
    funder="区级财政",
    telephone="0660-1234567",
    form_no="青调01表",
    authority="青河区统计局",
    approval=Approval.APPROVED,
    approval_no="青统制〔2026〕7号",
    valid_until=date(2027, 6, 30),
    population="在本区居住满六个月、18岁以上的居民;不含集体宿舍和空置住房。",
    recruitment="以社区住户名册为抽样框,每个社区等距抽取住户,户内取下一个过生日的成年人。",
    quality="10%电话回访,查重和时长检查,删除0份。",
    limitations="夜班人员和流动人口访到的少。",
    no_response_rate="入户记录尚未录入,不能计算应答率。",
)
NAMES = [a + b for a, b in zip("双岭东西南北红胜人建新文前和光团", "山咀门门桥桥旗利民设华化进平明结", strict=True)]


def _areas() -> tuple[Area, ...]:
    city = Area(code="440983000000", name="青河区", level=Level.COUNTY, parent=None, population=68000)
    streets = [
        Area(code=f"44098300{n}000", name=f"{name}街道", level=Level.STREET, parent=city.code, population=34000)
        for n, name in ((1, "河东"), (2, "河西"))
    ]
    communities = [
        Area(
            code=f"44098300{1 + n // 8}0{n % 8 + 1:02d}",
            name=f"{name}社区",
            level=Level.COMMUNITY,
            parent=streets[n // 8].code,
            population=4250,
        )
        for n, name in enumerate(NAMES)
    ]
    return (city, *streets, *communities)


def estimate(code: str, area: str | None, p: float, n: int, **changes: object) -> PublishedEstimate:
    """A published estimate with a plausible interval; ``changes`` override."""
    half = 1.96 * (p * (1 - p) / n) ** 0.5
    made = PublishedEstimate(
        indicator=code,
        area=area,
        base=Base.ASKED,
        published=True,
        n=n,
        n_effective=n / 1.2,
        proportion=p,
        se=half / 1.96,
        low=max(0.0, p - half * 1.1),
        high=min(1.0, p + half * 0.9),
        reliability=Reliability.WITH_CARE if n < 30 else Reliability.RELIABLE,
        design_effect=1.2,
        dont_know_share=0.031,
        refusal_share=0.012,
        no_answer_share=0.004,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def both_bases(code: str, area: str | None, p: float, n: int, **changes: object) -> list[PublishedEstimate]:
    asked = estimate(code, area, p, n, **changes)
    valid = estimate(code, area, min(1.0, p * 1.03), round(n * 0.95), **{**changes, "base": Base.VALID, "band": None})
    return [asked, valid]


def suppressed(code: str, area: str | None, base: Base) -> PublishedEstimate:
    return PublishedEstimate(indicator=code, area=area, base=base, published=False, reason=Reason.TOO_FEW)


def _estimates(areas: tuple[Area, ...]) -> tuple[PublishedEstimate, ...]:
    rows: list[PublishedEstimate] = []
    targets = {"IND_AWARE": (0.9, Band.INDISTINGUISHABLE), "IND_SAT_OVERALL": (0.8, Band.ABOVE)}
    communities = [area for area in areas if area.level is Level.COMMUNITY]
    for code, p in RATES.items():
        target, band = targets.get(code, (None, None))
        rows += both_bases(code, None, p, 1590, target=target, band=band)
        for number, area in enumerate(communities):
            here = min(0.98, max(0.01, p + 0.05 * ((number * 7) % 5 - 2) / 2))
            if number == 3:
                rows += [suppressed(code, area.code, base) for base in Base]
            elif number == 5 and p > 0.9:
                rows += both_bases(code, area.code, 1.0, 22, target=target, shown_range=(0.9, 1.0))
            else:
                n = 24 if number == 9 else 96 + number
                verdict = band if n >= 30 else None
                pooled = number == 7
                rows += both_bases(code, area.code, here, n, target=target, band=verdict, pooled=pooled)
    return tuple(rows)


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
                inclusion={code: (200, 1800 if code == communities[0] else 900) for code in communities},
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
    areas = _areas()
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
        questionnaire=_questionnaire(),
        areas=areas,
        estimates=_estimates(areas),
    )


def with_built_in_questionnaire(world: World) -> World:
    """The same communities asked the questionnaire for cities: 4 headline, 10 domain, 5 other, 2 honesty rates."""
    questionnaire = load_file(BUILT_IN["urban-community"])
    targets = {"IND_AWARE": (0.85, Band.INDISTINGUISHABLE), "IND_SUPPORT": (0.9, Band.BELOW)}
    rows: list[PublishedEstimate] = []
    asked = [indicator for indicator in questionnaire.indicators if not indicator.item.startswith("M")]  # no modules
    for number, indicator in enumerate(asked):
        target, band = targets.get(indicator.code, (None, None))
        rate = 0.02 if indicator.code == "IND_COACHING" else 0.5 + 0.01 * number
        rows += both_bases(indicator.code, None, rate, 1590, target=target, band=band)
        for area in world.areas:
            if area.level is Level.COMMUNITY:
                rows += both_bases(indicator.code, area.code, rate, 104, target=target, band=band)
    return replace(world, questionnaire=questionnaire, estimates=tuple(rows))


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()
