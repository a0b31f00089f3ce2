"""A resident's browser without scripts: it fills in the form it sees and follows where it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.test import TestResponse

from tests.survey.pages.page_client import Element, PageClient, read_html

Typed = Mapping[str, str | Sequence[str]]


class Phone(PageClient):
    """``last`` is the page on the screen."""

    last: Element
    status: int
    address: str

    def go(self, address: str) -> "Phone":
        """Open ``address`` and follow redirects, as a browser does."""
        return self.follow(self.get(address), address)

    def press(self, action: str = "next", answers: Typed | None = None, **more: str) -> "Phone":
        """Fill ``answers`` (item -> value or values) into the form on the screen and press a button."""
        return self.follow(self.post("/questionnaire", data=self.form(action, answers) | more), "/questionnaire")

    def take_other(self) -> "Phone":
        """On the page that asks whose a questionnaire is: another one."""
        return self.follow(self.post("/questionnaire/other", data=self.saying()), "/questionnaire/other")

    def resume(self, number: int = 0) -> "Phone":
        """On that page: that one of those listed is one's own."""
        return self.follow(self.post("/questionnaire/other", data=self.saying(number)), "/questionnaire/other")

    def again(self) -> "Phone":
        """Open the questionnaire anew and say that what is half filled in is one's own."""
        return self.go("/questionnaire").resume()

    def saying(self, number: int | None = None) -> dict[str, str]:
        """What the page sends that asks: which one is one's own, or ``None``."""
        (form,) = [one for one in self.last.all("form") if one.get("action") == "/questionnaire/other"]
        data = {field.get("name"): field.get("value") for field in form.all("input")}
        named = [one.get("value") for one in form.all("button") if one.get("name") == "mine"]
        assert number is not None or len(named) < len(form.all("button")), "there is another one"
        return data if number is None else data | {"mine": named[number]}

    def form(self, action: str = "next", answers: Typed | None = None) -> dict[str, Any]:
        """What the browser would send: hidden fields, what is checked or typed, and ``answers`` over it."""
        data: dict[str, Any] = {}
        forms = [form for form in self.last.all("form") if form.get("id") == "questionnaire"]
        form = forms[0] if forms else self.last.all("form")[0]
        for field in form.all("input", "textarea"):
            name, kind = field.get("name"), field.get("type")
            if kind in ("radio", "checkbox"):
                if "checked" in field.attributes:
                    data.setdefault(name, []).append(field.get("value"))
            else:
                data[name] = field.get("value") if field.tag == "input" else field.text
        for item, value in (answers or {}).items():
            assert f"q-{item}" in {field.get("name") for field in form.all("input", "textarea")}, f"{item} is not here"
            data[f"q-{item}"] = value
        return data | {"action": action}

    @property
    def words(self) -> str:
        return self.last.all("main")[0].text

    @property
    def heading(self) -> str:
        return self.last.all("h1")[0].text

    @property
    def state(self) -> str:
        """What programs read: complete, screened, declined, or "" on the way."""
        return self.last.all("main")[0].get("data-survey-state")

    @property
    def items(self) -> list[str]:
        """The items on the screen."""
        return next((f.get("value").split() for f in self.last.all("input") if f.get("name") == "shown"), [])

    @property
    def chosen(self) -> dict[str, list[str]]:
        """What is checked or typed on the screen, by item."""
        form = self.form()
        found = {name[2:]: value for name, value in form.items() if name.startswith("q-") and value}
        return {item: value if isinstance(value, list) else [value] for item, value in found.items()}

    def follow(self, response: TestResponse, address: str) -> "Phone":
        for _ in range(5):
            if response.status_code != 303:
                break
            address = response.location or ""
            response = self.get(address)
        self.status, self.address = response.status_code, address
        self.last = read_html(response.text)[0]
        return self


#: The screens of the small questionnaire, each with a whole answer.
BY_LINK: Sequence[Mapping[str, str | Sequence[str]]] = (
    {"S1": "1"},
    {"A1": "1"},
    {"B1": "2"},
    {"C1": ["1", "2"]},
    {"D1": "1", "D2": "2", "D3": "3"},
    {"T1": ""},
)
BY_CODE = (BY_LINK[0], {"N1": "2"}, *BY_LINK[1:])


def begin(phone: Phone, address: str) -> Phone:
    """From the letter or the poster to the first screen."""
    phone.go(address)
    return phone.press("start")


def answer_all(phone: Phone, screens: Sequence[Typed]) -> Phone:
    for answers in screens:
        phone.press(answers=answers)
    return phone
