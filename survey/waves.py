"""A wave's states and the facts a report must print about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from survey.messages import N_, Message


class SeedSource(StrEnum):
    """Where the seed of a draw came from; only the last one makes it a public draw."""

    GIVEN = "given"  # by the person who drew
    MACHINE = "machine"  # by the random numbers of the server
    PUBLIC_VALUE = "public_value"  # by a secret committed before, and a public value named before


class WaveState(StrEnum):
    DRAFT = "draft"
    DRAWN = "drawn"
    FIELDING = "fielding"
    CLOSED = "closed"
    PUBLISHED = "published"


class Mode(StrEnum):
    """How an answer came in."""

    CAPI = "capi"  # door to door
    WEB_TOKEN = "web_token"  # noqa: S105 - online by invitation
    WEB_OPEN = "web_open"  # open link: self-chosen
    PAPER = "paper_entry"
    CATI = "cati_entry"
    KIOSK = "kiosk"
    IMPORTED = "imported"


class FilledBy(StrEnum):
    """Whose hand filled in a questionnaire online; the answers are the person's own either way."""

    SELF = "self"
    FAMILY = "family"  # who reads badly or has no phone is helped at home


#: On the site these are no part of a sample: whoever answers chose to. Paper is handed out by community, not to drawn
#: dwellings. (In a file they may be the sample.)
SELF_CHOSEN = frozenset({Mode.WEB_OPEN, Mode.PAPER})


class Approval(StrEnum):
    """The legal standing of the survey, printed on every report."""

    APPROVED = "approved"  # 批准
    FILED = "filed"  # 备案
    NOT_STATISTICAL = "not_statistical"  # 不属于统计调查项目


@dataclass(frozen=True, kw_only=True)
class WaveDetails:
    """What ``wave.toml`` holds; everything may be missing in a draft, nothing in a publication."""

    modes: tuple[Mode, ...] = ()
    start: date | None = None
    end: date | None = None
    sponsor: str = ""
    fieldwork: str = ""
    funder: str = ""
    telephone: str = ""
    form_no: str = ""
    authority: str = ""
    approval: Approval | None = None
    approval_no: str = ""  # 批准文号 or 备案号
    approval_ground: str = ""  # why it is not a statistical survey project
    valid_until: date | None = None
    population: str = ""  # population statement and what is excluded
    recruitment: str = ""  # frame, coverage, how respondents were reached
    quality: str = ""  # processing and checks
    limitations: str = ""
    no_response_rate: str = ""  # why there is no response rate
    placeholders: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)  # indicator code -> rate 0-1
    fictitious: bool = False  # watermark 虚构数据


def missing_for_publication(details: WaveDetails, *, drawn: bool = False) -> tuple[Message, ...]:
    """What a report of this wave still lacks; empty when it may be published.

    ``drawn``: the visit log of its drawn sample gives the response rates, so nobody has to say why there are none.
    """
    needed = {
        N_("调查方式"): details.modes,
        N_("调查起止日期"): details.start and details.end,
        N_("委托单位"): details.sponsor,
        N_("实施单位"): details.fieldwork,
        N_("经费来源"): details.funder,
        N_("咨询电话"): details.telephone,
        N_("表号"): details.form_no,
        N_("制定机关"): details.authority,
        N_("批准、备案或不属于统计调查项目"): details.approval,
        N_("有效期限"): details.valid_until,
        N_("调查总体"): details.population,
        N_("抽样与招募方式"): details.recruitment,
        N_("数据处理与质量控制"): details.quality,
        N_("局限性"): details.limitations,
        N_("应答率或没有应答率的原因"): details.no_response_rate or drawn,
    }
    missing = [Message(name) for name, value in needed.items() if not value]
    if details.approval in (Approval.APPROVED, Approval.FILED) and not details.approval_no:
        missing.append(Message(N_("批准文号或备案号")))
    if details.approval is Approval.NOT_STATISTICAL and not details.approval_ground:
        missing.append(Message(N_("不属于统计调查项目的依据")))
    return tuple(missing)
