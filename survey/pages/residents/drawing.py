"""The pages of the questionnaire as the templates get them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import Response

from questionnaires.definition import Item
from questionnaires.option_orders import is_reversed
from questionnaires.routing import ends_screened
from questionnaires.screens import Screen, Walk
from survey.fieldwork.resident_codes import ResidentCodes
from survey.messages import N_, Message
from survey.one_time_codes import grouped
from survey.pages.language import current_language
from survey.pages.language_marks import worded
from survey.pages.questionnaire_fields import Audience, Field, draw_fields, holds_any
from survey.pages.questionnaire_form import Posted
from survey.pages.residents.papers import Paper
from survey.pages.residents.rendering import render_kept, render_page
from survey.pages.residents.visitors import DECLINED
from survey.store.recordings import Recording
from survey.store.sheets import Ending, Sheet
from survey.waves import WaveDetails


@dataclass(frozen=True, kw_only=True)
class WelcomePage:
    """``begun``: there are answers already; ``by_family``: somebody of the family fills it in, as they said before."""

    title: str
    introduction: str
    details: WaveDetails
    begun: bool
    by_family: bool
    community: str
    open_link: bool


@dataclass(frozen=True, kw_only=True)
class ScreenPart:
    """The items of one section."""

    section: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class ScreenPage:
    """``percent``: how much lies behind; ``last``: nothing follows as things are; ``open_link``: came by one."""

    parts: tuple[ScreenPart, ...]
    percent: int
    first: bool
    last: bool
    recordings: Mapping[str, tuple[Recording, ...]]
    open_link: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for part in self.parts for field in part.fields)


@dataclass(frozen=True, kw_only=True)
class EndPage:
    """``screened``: handing in now means not to belong to the population."""

    screened: bool
    invited: bool


@dataclass(frozen=True, kw_only=True)
class ThanksPage:
    """``state``: as programs read it from the page. ``hotline``: to be named, the closing does not."""

    state: str
    title: Message
    text: Message | None
    closing: str
    hotline: bool
    receipt: str
    withdrawal: str


#: Where the codes of one person stand in a page that is kept for everybody.
RECEIPT_PLACE, WITHDRAWAL_PLACE = "the-receipt-of-the-person", "the-code-of-the-person"
#: Of whom answers were taken in.
ANSWERED = (Ending.COMPLETE, Ending.KEPT_ASIDE)
HOTLINE = "12345"
THANKS = {
    Ending.COMPLETE: Message(N_("谢谢，您的答卷已经收到")),
    Ending.SCREENED: Message(N_("谢谢您，问卷到此结束")),
    Ending.KEPT_ASIDE: Message(N_("谢谢。您家已经有人交过答卷")),
    DECLINED: Message(N_("好的，这次不参加")),
}
TEXTS = {
    Ending.SCREENED: Message(N_("您不属于这次调查的对象，不用再做什么。")),
    Ending.KEPT_ASIDE: Message(N_("每户只统计一份。您的答卷也收到了，单独保存，用哪一份由督导核对后决定。")),
    DECLINED: Message(N_("不会有任何影响，也没有保存您的任何回答。改变主意时，再打开同一个链接就可以。")),
}
#: To somebody with a code who does not belong to the population.
STAYS_GOOD = Message(
    N_(
        "您不属于这次调查的对象。填答码仍然有效：家里有年满18周岁、在这里住满六个月的人，"
        "请其中下一个过生日的那一位用信上的填答码来填；没有的，不用再做什么。"
    )
)


def draw_welcome(sheet: Sheet, paper: Paper, *, community: str, by_family: bool) -> Response:
    def page() -> WelcomePage:
        language = current_language()
        return WelcomePage(
            title=worded(paper.questionnaire.title, language),
            introduction=worded(paper.introduction(sheet.entrance.mode), language),
            details=paper.details,
            begun=sheet.begun,
            by_family=by_family,
            community=community,
            open_link=sheet.entrance.code_hash is None,
        )

    key = (paper.wording, sheet.entrance.mode, sheet.begun, by_family, community)
    return render_kept("residents/welcome.html", page, key=key)


def draw_screen(
    sheet: Sheet,
    paper: Paper,
    screen: Screen,
    *,
    posted: Posted | None = None,
    again: frozenset[str] = frozenset(),
) -> Response:
    def page() -> ScreenPage:
        return _screen_page(sheet, paper, screen, posted, again)

    if posted is None and not holds_any(screen.items, sheet.answers):
        names = tuple(item.id for item in screen.items)
        order = _order_shown(screen, sheet.entrance.order_seed)
        modules = paper.walk(sheet.entrance).modules
        key = (paper.wording, sheet.entrance.mode, modules, names, order, sheet.recordings)
        return render_kept("residents/screen.html", page, key=key)
    wrong = posted is not None and bool(posted.problems or posted.failed)
    return render_page("residents/screen.html", page(), status=422 if wrong else 200)


def _screen_page(
    sheet: Sheet, paper: Paper, screen: Screen, posted: Posted | None, again: frozenset[str]
) -> ScreenPage:
    walk, language = paper.walk(sheet.entrance), current_language()

    def part(section: str, items: tuple[Item, ...]) -> ScreenPart:
        fields = draw_fields(
            items,
            language=language,
            audience=Audience.RESIDENT,
            answers=sheet.answers,
            posted=posted,
            again=again,
            order_seed=sheet.entrance.order_seed,
        )
        return ScreenPart(section=worded(paper.section_titles[section], language), fields=fields)

    return ScreenPage(
        parts=tuple(part(section, tuple(items)) for section, items in groupby(screen.items, _section)),
        percent=round(100 * walk.progress(screen)),
        first=screen.place == 0,
        last=screen.place == len(walk.layout) - 1,
        recordings={item.id: tuple(one for one in sheet.recordings if one.item == item.id) for item in screen.items},
        open_link=sheet.entrance.code_hash is None,
    )


def _order_shown(screen: Screen, order_seed: int | None) -> int | bool | None:
    """Equal where the screen looks the same."""
    if order_seed is None or any(item.random_order for item in screen.items):
        return order_seed
    return any(item.reverse_order for item in screen.items) and is_reversed(order_seed)


def _section(item: Item) -> str:
    return item.section


def draw_end(sheet: Sheet, walk: Walk) -> Response:
    screened = ends_screened(walk.route(sheet.answers), sheet.answers)
    return render_page("residents/end.html", EndPage(screened=screened, invited=sheet.entrance.code_hash is not None))


def draw_thanks(ending: str, paper: Paper | None, *, invited: bool, codes: ResidentCodes | None = None) -> Response:
    """``ending``: an :class:`Ending` or ``DECLINED``. ``invited``: by a code, which others of the home may use."""
    own = {RECEIPT_PLACE: grouped(codes.receipt), WITHDRAWAL_PLACE: grouped(codes.withdrawal)} if codes else {}

    def page() -> ThanksPage:
        says_closing = ending in ANSWERED
        closing = worded(paper.questionnaire.closing, current_language()) if paper and says_closing else ""
        return ThanksPage(
            state="kept-aside" if ending == Ending.KEPT_ASIDE else ending,
            title=THANKS[ending],
            text=STAYS_GOOD if invited and ending == Ending.SCREENED else TEXTS.get(ending),
            closing=closing,
            hotline=HOTLINE not in closing and ending != DECLINED,
            receipt=RECEIPT_PLACE if own else "",
            withdrawal=WITHDRAWAL_PLACE if own and ending in ANSWERED else "",
        )

    return render_kept(
        "residents/thanks.html", page, key=(paper.wording if paper else None, ending, invited, bool(own)), own=own
    )
