"""A test client that inspects every HTML page it fetches, whatever the test was about."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from flask import session as flask_session
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.language_files import known_languages
from survey.pages.access import start_session
from survey.store.accounts import Account

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
#: An ``xmlns`` is a name, not something to fetch.
FETCHED = ("href", "src", "action", "formaction", "data", "poster", "srcset", "hx-get", "hx-post", "xlink:href")


#: What tells apart two fetches of a page that are otherwise alike.
OWN = re.compile(r'(name="(?:csrf_token|next)" value=")[^"]+')
#: The hashes of pages without a problem: many tests fetch the same ones.
_good: set[int] = set()


@dataclass(repr=False)
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    pieces: list["str | Element"] = field(default_factory=list)
    _inside: list["Element"] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def walk(self) -> list["Element"]:
        """Itself and everything inside, in the order of the page; looked up once, when the page has been read."""
        if not self._inside:
            self._inside = [self, *(inner for child in self.children for inner in child.walk())]
        return self._inside

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag in tags]

    def inside(self, *tags: str) -> bool:
        element = self.parent
        while element is not None:
            if element.tag in tags:
                return True
            element = element.parent
        return False

    @property
    def text(self) -> str:
        """The words a reader or a screen reader gets, blanks put together."""
        parts = [piece if isinstance(piece, str) else piece.spoken for piece in self.pieces]
        return re.sub(r"\s+", " ", "".join(parts)).strip()

    @property
    def spoken(self) -> str:
        if self.tag in ("script", "style"):
            return ""
        if self.tag == "img":
            return self.get("alt")
        return self.text if self.tag in ("a", "b", "strong", "em", "span", "code") else f" {self.text} "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = self.root
        self.repeated: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        if len(element.attributes) < len(attrs):
            self.repeated.append(f"<{tag}> has an attribute twice")
        self.open.children.append(element)
        self.open.pieces.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.tag != tag or self.open.parent is None:
            self.repeated.append(f"</{tag}> closes <{self.open.tag}>")
            return
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.pieces.append(data)


def read_html(html: str) -> tuple[Element, list[str]]:
    """The tree of ``html``, and what is wrong with how it is written."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    problems = list(reader.repeated)
    if reader.open is not reader.root:
        problems.append(f"<{reader.open.tag}> is never closed")
    return reader.root, problems


def find_problems(html: str) -> list[str]:
    """Everything that no page of this site may do; empty for a good page."""
    return _inspect(*read_html(html))


def _inspect(root: Element, problems: list[str]) -> list[str]:
    for check in (_structure, _ids, _forms, _nothing_inline, _nothing_from_outside, _names):
        problems = problems + check(root)
    return problems


def _structure(root: Element) -> list[str]:
    problems = []
    tags = {language.tag for language in known_languages().values()}
    if len(root.all("html")) != 1 or root.all("html")[0].get("lang") not in tags:
        problems.append("the language of the page is not declared")
    headings, titles = root.all("h1"), [title for title in root.all("title") if title.inside("head")]
    if len(headings) != 1 or len(titles) != 1:
        return [*problems, f"{len(headings)} h1 and {len(titles)} title, expected one of each"]
    if not headings[0].text or not titles[0].text.startswith(headings[0].text):
        problems.append(f"the title {titles[0].text!r} does not start with the h1 {headings[0].text!r}")
    levels = [int(heading.tag[1]) for heading in root.all("h1", "h2", "h3", "h4", "h5", "h6")]
    if any(after > before + 1 for before, after in pairwise(levels)):
        problems.append(f"a heading level is skipped: {levels}")
    return problems


def _ids(root: Element) -> list[str]:
    counts = Counter(element.get("id") for element in root.walk() if "id" in element.attributes)
    problems = [f"id {name!r} is used {count} times" for name, count in counts.items() if count > 1 or not name]
    for element in root.walk():
        for attribute in REFERENCES:
            missing = [name for name in element.get(attribute).split() if name not in counts]
            problems += [f"{attribute}={name!r} points to nothing" for name in missing]
        target = element.get("href")
        if element.tag == "a" and target.startswith("#") and target[1:] not in counts:
            problems.append(f"the link {target!r} points to nothing")
    return problems


def _forms(root: Element) -> list[str]:
    labelled = {label.get("for") for label in root.all("label") if label.text}
    problems = [
        f"<{field_.tag} name={field_.get('name')!r}> has no label"
        for field_ in root.all("input", "select", "textarea")
        if field_.get("type") not in UNLABELLED
        and field_.get("id") not in labelled
        and not field_.get("aria-label")
        and not field_.inside("label")
    ]
    for form in root.all("form"):
        tokens = [field_ for field_ in form.all("input") if field_.get("name") == "csrf_token"]
        if form.get("method").lower() == "post" and [bool(token.get("value")) for token in tokens] != [True]:
            problems.append(f"the form to {form.get('action')!r} has {len(tokens)} CSRF fields")
        if form.get("method").lower() != "post" and tokens:
            problems.append(f"the form to {form.get('action')!r} puts its CSRF token into an address")
    for group in root.all("fieldset"):
        if not any(legend.text for legend in group.all("legend")):
            problems.append("a fieldset has no legend")
    return problems


def _nothing_inline(root: Element) -> list[str]:
    problems = [f"a <{element.tag}> in the page" for element in root.all("style", "base", "object", "embed")]
    problems += [
        f"a frame of {frame.get('src')!r} that is not ours or has no title"
        for frame in root.all("iframe")
        if not frame.get("src").startswith("/") or not frame.get("title")
    ]
    problems += ["a script in the page" for script in root.all("script") if not script.get("src") or script.text]
    for element in root.walk():
        problems += [
            f"<{element.tag} {name}> runs or styles inline"
            for name, value in element.attributes.items()
            if name == "style" or name.startswith(("on", "hx-on")) or value.strip().lower().startswith("javascript:")
        ]
    return problems


def _nothing_from_outside(root: Element) -> list[str]:
    return [
        f"<{element.tag} {name}={element.get(name)!r}> leads to another site"
        for element in root.walk()
        for name in FETCHED
        if name in element.attributes and re.match(r"\s*([a-z][a-z0-9+.-]*:|//)", element.get(name), re.IGNORECASE)
    ]


def _names(root: Element) -> list[str]:
    problems = [
        f"an image {image.get('src')!r} has no alt" for image in root.all("img") if "alt" not in image.attributes
    ]
    problems += [
        "a drawing has no name"
        for drawing in root.all("svg")
        if drawing.get("aria-hidden") != "true"
        and not drawing.get("aria-label")
        and not any(title.text for title in drawing.all("title"))
    ]
    problems += [
        f"a <{element.tag}> says nothing"
        for element in root.all("a", "button", "th", "label", "legend", "h1", "h2", "h3", "caption")
        if not element.text and not element.get("aria-label")
    ]
    problems += [f"the link {link.text!r} leads nowhere" for link in root.all("a") if not link.get("href")]
    problems += [
        f"a table {table.text[:20]!r} has no caption" for table in root.all("table") if not table.all("caption")
    ]
    return problems


class PageClient(FlaskClient):
    """Fetches as a browser does; a page with a problem fails the test that fetched it."""

    #: The last page that was inspected, and what was found in it.
    _read: tuple[str, Element, list[str]] = ("", Element("root", {}), [])

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # files are closed when they are read
        kwargs.setdefault("headers", {"Accept-Language": "zh-CN,zh;q=0.9"})
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.text and not 300 <= response.status_code < 400:
            self._inspect(response)
        return response

    def _inspect(self, response: TestResponse) -> None:
        if (key := hash(OWN.sub(r"\1", response.text))) in _good:
            return
        self._read = response.text, *read_html(response.text)
        problems = _inspect(*self._read[1:])
        assert not problems, f"{response.request.path}: " + "; ".join(problems)
        _good.add(key)

    def page(self, address: str, *, status: int = 200) -> Element:
        """The page at ``address``, which must answer with ``status``."""
        response = self.get(address)
        assert response.status_code == status, f"{address}: {response.status_code}"
        return self._read[1] if self._read[0] == response.text else read_html(response.text)[0]

    def submit(self, address: str, data: dict[str, str], *, page: str, page_status: int = 200) -> TestResponse:
        """Post ``data`` to ``address`` with the CSRF token found on ``page``."""
        form = self.page(page, status=page_status)
        tokens = [field_.get("value") for field_ in form.all("input") if field_.get("name") == "csrf_token"]
        assert tokens, f"{page} has no form"
        return self.post(address, data={**data, "csrf_token": tokens[0]})

    def sign_in(self, name: str, password: str) -> TestResponse:
        return self.submit("/sign-in", {"name": name, "password": password}, page="/sign-in")

    def be(self, account: Account) -> None:
        """Have a session of ``account``, without the form and its password."""
        with self.application.test_request_context():
            start_session(account)
            made = dict(flask_session)
        with self.session_transaction() as session:
            session.clear()
            session.update(made)
