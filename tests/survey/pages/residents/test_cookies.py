"""The page of rights names every cookie that residents get, and how long it stays."""

from http.cookies import SimpleCookie

from flask import Flask

from tests.survey.answering import Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin


class Noting(Phone):
    """Notes what each reply leaves on the phone: name -> seconds; ``None``: until the browser is closed."""

    left: dict[str, set[int | None]]

    def open(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]  # as the client's, for any request
        response = super().open(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came
        for header in response.headers.getlist("Set-Cookie"):
            for name, cookie in SimpleCookie(header).items():
                self.left.setdefault(name, set()).add(int(cookie["max-age"]) if cookie["max-age"] else None)
        return response


def walk(phone: Phone, online: Online) -> None:
    """Every way that leaves something: looks, poster, letter, another one's turn, handing in, withdrawing, opinions."""
    for choice in ("language=en", "type=large", "contrast=high", "language=zh_Hans"):
        phone.go(f"/a?{choice}")
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:3])
    answer_all(phone.go(f"/o/{online.link}").take_other().press("start"), BY_LINK)
    assert phone.state == "complete"
    answer_all(phone.go(f"/a/{online.codes[0]}").take_other().press("start"), BY_CODE[:2])
    phone.press("type:largest")
    phone.go("/questionnaire/stop").press("decline")
    phone.go(f"/o/{online.link}").resume()
    for address in ("/rights", "/receipts", "/withdraw", "/suggest", f"/rights/{online.wave}"):
        phone.go(address)
    phone.post("/withdraw", data={"code": "0" * 16})
    phone.post("/suggest", data={"text": "路灯不亮", "consent": "yes"})


def test_every_cookie_of_a_whole_walk_is_named_with_how_long_it_stays(
    app: Flask, online: Online, new_phone: NewPhone
) -> None:
    app.test_client_class = Noting
    phone = app.test_client()
    assert isinstance(phone, Noting)
    left = phone.left = {}
    walk(phone, online)
    assert len(left) >= 7
    told = new_phone().go("/rights")
    named = {code.text: line.text for line in told.last.all("li") for code in line.all("code")}
    assert set(named) == set(left)
    for name, lengths in left.items():
        for seconds in lengths - {0}:
            said = (
                "关掉浏览器"
                if seconds is None
                else f"{seconds // 86400}天"
                if seconds > 86400
                else f"{seconds // 3600}小时"
            )
            assert said in named[name], name
