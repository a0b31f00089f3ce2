"""The one place where what went wrong becomes a page."""

import logging

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from survey.messages import N_, Message, SurveyError
from survey.pages.access import account_or_none, is_api, is_open, refused
from survey.pages.language import message_text
from survey.pages.request_log import rule_of_request
from survey.roles import SEES_UNPUBLISHED, Permission, may

logger = logging.getLogger("survey.errors")

TITLES = {
    400: N_("提交的内容有误"),
    403: N_("您没有查看此页的权限"),
    404: N_("找不到此页"),
    405: N_("此页不能这样打开"),
    409: N_("现在不能这样做"),
    413: N_("提交的内容太大"),
    429: N_("尝试次数过多"),
    500: N_("系统出错"),
    503: N_("暂时无法使用"),
}
ADVICE = {
    400: N_("请返回上一页，检查后重试。"),
    403: N_("如果您需要查看，请联系管理员。"),
    404: N_("如果是手工输入的网址，请检查是否正确；如果是复制的，请检查是否完整。"),
    405: N_("请从首页重新进入。"),
    409: N_("请返回上一页，刷新后重试。"),
    413: N_("请缩短内容后重试。"),
    429: N_("请稍后再试。"),
    500: N_("不是您的操作有误，没有任何内容被更改。请稍后再试；如果仍然出错，请告诉管理员出错的时间。"),
    503: N_("请几分钟后再试。"),
}
EXPIRED_TITLE = N_("表单已过期")
EXPIRED_ADVICE = N_("页面打开得太久，或者您已重新登录。请返回上一页，刷新后再提交一次；没有任何内容被更改。")
#: Who keeps the machine cannot be told to ask themselves.
NOT_FOR_ADMINISTRATORS = N_(
    "管理员管账号和运行，看不到样本户、答卷和工作内容：这是有意分开的。要看的人，请用有这项权限的账号登录。"
)
SIGNED_OUT_TITLE = N_("您已经退出登录")
SIGNED_OUT_ADVICE = N_(
    "可能在另一个页面退出了，或者太久没有操作。没有任何内容被更改。请登录后重新打开刚才那一页，再填一次。"
)
#: Fields that hold no text of the reader's own, or one that is not to be shown.
_NOT_SHOWN = ("csrf_token", "password")


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(SurveyError, _survey_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, title: Message, advice: Message) -> ResponseReturnValue:
    """A page that says what happened and what to do, in the reader's language; for a device the same as JSON."""
    return _answer(title, advice), status


def _answer(title: Message, advice: Message) -> str | Response:
    if is_api(request.path):
        return refused(f"{message_text(title)}：{message_text(advice)}")
    return render_template("errors/error.html", title=title, advice=advice)


def _form_expired(_error: CSRFError) -> ResponseReturnValue:
    endpoint = request.endpoint
    if account_or_none() is None and endpoint is not None and not is_open(current_app, endpoint):
        title, advice = Message(SIGNED_OUT_TITLE), Message(SIGNED_OUT_ADVICE)
        return render_template(
            "errors/error.html", title=title, advice=advice, written=_written(), signed_out=True
        ), 400
    return error_page(400, Message(EXPIRED_TITLE), Message(EXPIRED_ADVICE))


def _written() -> list[str]:
    """What the reader wrote in the form that came too late, to be copied: going back would have lost it.

    Only from a page of ours: another site must not put its words on this one.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    texts = (text.strip() for name, text in request.form.items(multi=True) if not name.startswith(_NOT_SHOWN))
    return [text for text in texts if " " in text or not text.isascii()]


def _survey_error(error: SurveyError) -> ResponseReturnValue:
    status = error.http_status
    title = Message(TITLES.get(status, TITLES[400]))
    if status < 500:
        return error_page(status, title, error.message)
    logger.error("%s %s: %s", request.method, rule_of_request(), type(error).__name__, exc_info=error)
    # Names of files and servers are for those who look after them.
    account = account_or_none()
    told = account is not None and (may(account.role, Permission.OPERATE) or account.role in SEES_UNPUBLISHED)
    return error_page(status, title, error.message if told else Message(ADVICE[500]))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error  # a redirect that Werkzeug asks for
    status = error.code
    nearest = status if status in TITLES else (500 if status >= 500 else 400)
    advice = NOT_FOR_ADMINISTRATORS if status == 403 and _is_administrator() else ADVICE[nearest]
    page = _answer(Message(TITLES[nearest]), Message(advice))
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return page, status, headers


def _is_administrator() -> bool:
    account = account_or_none()
    return account is not None and may(account.role, Permission.MANAGE_ACCOUNTS)


def _unexpected(error: Exception) -> ResponseReturnValue:
    logger.error("%s %s: unexpected", request.method, rule_of_request(), exc_info=error)
    return error_page(500, Message(TITLES[500]), Message(ADVICE[500]))
