"""A small wave: three headline rates, five domains, the honesty pair; 16 communities in two streets."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability
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
from survey.areas import Area, Level
from survey.waves import Approval, Mode, WaveDetails

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


def questionnaire() -> Questionnaire:
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


def list_areas() -> tuple[Area, ...]:
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


def published_estimates(areas: tuple[Area, ...]) -> tuple[PublishedEstimate, ...]:
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
