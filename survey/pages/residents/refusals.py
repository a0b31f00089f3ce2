"""Why somebody cannot fill in a questionnaire now, each with what to do about it. Nothing they answered is lost."""

import logging

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from survey.messages import N_, Message, SurveyError
from survey.pages.request_log import rule_of_request
from survey.pages.residents.rendering import Refusal, render_page
from survey.store.sheets import Standing

logger = logging.getLogger("survey.errors")

#: Read and thrown away, so that the phone gets the answer instead of a broken connection.
_LARGEST_DRAINED = 20_000_000

STANDINGS = {
    Standing.UNKNOWN: Refusal(
        status=404,
        title=N_("没有这个填答码或链接"),
        advice=N_(
            "请对照信上的填答码再输一遍（共16位，不分大小写），或重新扫信上的二维码。"
            "如果信上的码一字不差，可能是调查已经结束，或者换发过新的信。"
        ),
        asks_code=True,
    ),
    Standing.SPENT: Refusal(
        status=409,
        title=N_("您家已经答过了"),
        advice=N_(
            "您家已经有人在网上交了答卷，或者在访员上门时答过，谢谢；"
            "每户只需要一份，不用再做什么。如果不是您家里人答的，请打信上的电话。"
        ),
    ),
    Standing.REVOKED: Refusal(
        status=409,
        title=N_("这个填答码已经作废"),
        advice=N_("可能给您换发过新的信：请用最新一封信上的填答码。没有收到新的信，请打信上的电话。"),
        asks_code=True,
    ),
    Standing.NOT_STARTED: Refusal(
        status=409,
        title=N_("调查还没有开始"),
        advice=N_("请过几天再打开这个链接或扫这个二维码，填答码不会失效。"),
    ),
    Standing.CLOSED: Refusal(
        status=409,
        title=N_("这次调查已经结束"),
        advice=N_("谢谢您。现在不能再填写了；没有交的答卷不会保存。有需要解决的问题，可以拨打12345。"),
    ),
    Standing.OTHER_MODE: Refusal(
        status=409,
        title=N_("这次调查不在网上填写"),
        advice=N_("请等访员上门，或打信上的电话。"),
    ),
}
CLEARED = Refusal(
    status=200,
    title=N_("已经从这部手机上清掉了"),
    advice=N_("回执号和撤回码都清掉了，谁也不能再从这部手机上看到。您交的答卷不受影响。现在可以关掉这一页了。"),
)
NO_COOKIE = Refusal(
    status=400,
    title=N_("没有找到您的问卷"),
    advice=N_(
        "请重新打开收到的链接、扫二维码，或输入填答码。没有交过的填答码还能用。"
        "如果每次都这样，请在浏览器的设置里允许 Cookie，或换一个浏览器：在微信里，点右上角的“…”，选“在浏览器打开”。"
    ),
    asks_code=True,
)
OTHER_FORM = Refusal(
    status=400,
    title=N_("这一页没有存上"),
    advice=N_("收到的内容不完整，或者这一页是另一份问卷的。您前面填的答案都还在，请接着填。"),
    goes_on=True,
)
TOO_LARGE = Refusal(
    status=413,
    title=N_("内容太大，没有收"),
    advice=N_("这里只收文字和选择，不收照片和文件。您前面填的答案都还在，请接着填，意见请写短一些。"),
    goes_on=True,
)
TOO_OFTEN = Refusal(
    status=429,
    title=N_("输错的次数太多"),
    advice=N_("请{minutes}分钟后再试，或直接扫信上的二维码。填答码不会失效。"),
)
TOO_OFTEN_LINKS = Refusal(
    status=429,
    title=N_("打开错误链接的次数太多"),
    advice=N_("请{minutes}分钟后再扫海报上的二维码；手里有信的，可以现在就扫信上的二维码。"),
)
TOO_OFTEN_CODES = Refusal(
    status=429,
    title=N_("输错的次数太多"),
    advice=N_("请{minutes}分钟后再试。撤回码不会失效。"),
)
TOO_MANY = Refusal(
    status=429,
    title=N_("交得太多了"),
    advice=N_("从您这个网络来的意见太多，请{minutes}分钟后再交，或拨打12345。"),
)
NO_LIST = Refusal(
    status=404,
    title=N_("这里没有回执名单"),
    advice=N_("回执在调查结束以后一起公布：调查还没有结束的，请结束以后再来。"),
)
BUSY = Refusal(
    status=503,
    title=N_("系统正忙，这一页没有存上"),
    advice=N_("不是您的操作有误。您前面填的答案都还在，请过一会儿接着填。"),
    goes_on=True,
)
BUSY_SHOWING = Refusal(
    status=503,
    title=N_("系统正忙"),
    advice=N_("不是您的操作有误。您已经交的、填的都还在，请过一会儿再打开这一页。"),
    goes_on=True,
)
NOT_HERE = Refusal(
    status=400,
    title=N_("这一页不能这样打开"),
    advice=N_("请重新打开收到的链接或扫二维码。您前面填的答案都还在。"),
    goes_on=True,
)


NO_WAVE = Refusal(
    status=404,
    title=N_("没有这次调查"),
    advice=N_("请对照信或海报上的地址再打开一次。调查还没有开始的，请过几天再来。"),
)
#: The same on pages where nobody fills in a questionnaire.
_APART = frozenset({"rights", "receipts", "withdrawals", "suggestions"})
_SAID_APART = {
    TOO_LARGE.title: Refusal(
        status=413,
        title=N_("内容太大，没有收"),
        advice=N_("这里只收文字，不收照片和文件。请返回上一页，写短一些再交。"),
    ),
    BUSY.title: Refusal(
        status=503,
        title=N_("系统正忙，没有存上"),
        advice=N_("不是您的操作有误。请返回上一页，过一会儿再交一次。"),
    ),
    BUSY_SHOWING.title: Refusal(
        status=503,
        title=N_("系统正忙"),
        advice=N_("不是您的操作有误。请过一会儿再打开这一页。"),
    ),
    NOT_HERE.title: Refusal(
        status=400,
        title=N_("这一页不能这样打开"),
        advice=N_("请返回上一页，或对照地址再打开一次。"),
    ),
}


def init_blueprint(blueprint: Blueprint) -> None:
    """What goes wrong on the pages of ``blueprint`` is said in the words of residents."""
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)
    blueprint.register_error_handler(HTTPException, _http_error)
    blueprint.register_error_handler(Exception, _unexpected)


def refuse(refusal: Refusal, **params: object) -> Response:
    """The page that says so."""
    return render_page(
        "residents/refusal.html",
        refusal,
        status=refusal.status,
        advice=Message(refusal.advice, params),
        title=Message(refusal.title),
    )


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    left = min(request.content_length or 0, _LARGEST_DRAINED)
    stream = request.environ["wsgi.input"]
    while left > 0 and (piece := stream.read(min(left, 65536))):
        left -= len(piece)
    return _say(TOO_LARGE)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error  # a redirect that Werkzeug asks for
    return _say(NOT_HERE)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Also what the disk or the database did: names of files and servers are not for residents."""
    if isinstance(error, SurveyError) and error.http_status < 500:
        return _say(NOT_HERE)
    logger.error("%s %s: %s", request.method, rule_of_request(), type(error).__name__, exc_info=error)
    return _say(BUSY if request.method == "POST" else BUSY_SHOWING)


def _say(refusal: Refusal) -> Response:
    """In words that fit the page."""
    return refuse(_SAID_APART[refusal.title] if request.blueprint in _APART else refusal)
