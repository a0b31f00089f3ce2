"""The action types the project ships (``outreach_types.toml``): every price in them is an assumption."""

import tomllib
from functools import lru_cache
from pathlib import Path

from questionnaires.definition import Text
from survey.messages import N_
from survey.outreach import ActionKind, ActionType, Per

FILE = Path(__file__).with_suffix(".toml")
#: What the file asks to be kept, for the translations: pages say it in the reader's language.
EVIDENCE = (
    N_("走访台账（只记日期和结果，不记态度）"),
    N_("物料签收数"),
    N_("照片"),
    N_("设置的位置"),
    N_("维护日期"),
    N_("播放记录"),
    N_("张贴数量"),
    N_("撤除日期"),
    N_("领用登记"),
    N_("推送时间"),
    N_("群数"),
    N_("阅读数"),
    N_("路线"),
    N_("时段（避开休息时间）"),
    N_("签到人数"),
    N_("照片（10人以上）"),
    N_("整改点位"),
    N_("议题与答复清单"),
    N_("交办单"),
    N_("整改前后照片"),
    N_("反馈与复核"),
    N_("回访记录"),
    N_("二次办理单"),
    N_("刊播记录"),
    N_("下一轮抽样记录"),
    N_("下一轮的应答率"),
)


@lru_cache(maxsize=1)
def starting_types() -> tuple[ActionType, ...]:
    """In the order of the file; the assumed price is the middle of its range.

    >>> visit = starting_types()[0]
    >>> visit.name.zh_Hans, visit.unit_cost_cny, visit.assumed, sorted(map(str, visit.kinds))
    ('入户宣传', 5.0, True, ['tell'])
    """
    with FILE.open("rb") as file:
        entries = tomllib.load(file)["type"]
    return tuple(
        ActionType(
            code=entry["code"],
            name=Text(zh_Hans=entry["name"]["zh_Hans"], en=entry["name"]["en"]),
            unit=Text(zh_Hans=entry["unit"]["zh_Hans"], en=entry["unit"]["en"]),
            kinds=frozenset(map(ActionKind, entry["kinds"])),
            unit_cost_cny=round(sum(entry["cost_cny"]) / 2, 2),
            cost_low=float(entry["cost_cny"][0]),
            cost_high=float(entry["cost_cny"][1]),
            assumed=True,
            evidence=tuple(entry["evidence"]),
            per=Per(entry["per"]),
            amount=float(entry["amount"]),
        )
        for entry in entries
    )
