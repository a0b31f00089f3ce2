"""Every URL of the site, its method and who may open it, as found by walking: compared with ``routes.txt``.

A changed line is a decision. When it is meant, put what the test prints into the file.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey.config import Config
from survey.factory import create_app
from survey.pages.access import is_open
from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import NAMES, PASSWORD, World
from tests.survey.pages.page_client import PageClient

ROUTES = Path(__file__).with_name("routes.txt")
NOBODYS = "6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877"
#: A form for each POST, such that only the right to send it decides.
FORMS = {
    "/instruments": {"slug": "urban-community"},
    "/instruments/edit": {"text": "[instrument]"},
    "/plans/new": {"goal": "given", "completes": "20", "name": "二十户"},
    "/sign-in": {"name": NAMES[Role.OFFICIAL], "password": PASSWORD},
    "/waves/<id:wave_id>/reports": {"choice": "whole", "report_language": "zh_Hans"},
    "/waves/<id:wave_id>/outreach": {"budget": "", "confirm": "yes"},
    "/waves/<id:wave_id>/outreach/<id:action_id>/comments": {"comment": "周五再去"},
}
#: What stands for each place of a rule: one record, or one of a published and one of an unpublished wave.
RECORDS: dict[str, Callable[[World], tuple[object, ...]]] = {
    "<id:wave_id>": lambda world: (world.published, world.draft),
    "<id:report_id>": lambda world: (world.published_report, world.draft_report),
    "<id:account_id>": lambda world: (world.spare_account,),
    "<id:frame_id>": lambda world: (world.frame,),
    # Nobody's case, interview, code or link: whoever has the right is told that it is not there.
    "<uuid:case_id>": lambda _: (NOBODYS,),
    "<uuid:interview_id>": lambda _: (NOBODYS,),
    "<uuid:suggestion_id>": lambda _: (NOBODYS,),
    "<uuid:visit_id>": lambda _: (NOBODYS,),
    "<uuid:work_id>": lambda _: (NOBODYS,),
    "<id:action_id>": lambda world: (world.action,),
    "<slug>": lambda _: ("urban-community",),
    "<id:draft_id>": lambda _: (999_999,),  # nobody's
    "<id:plan_id>": lambda world: (world.plan,),
    "<id:version_id>": lambda _: (999_999,),  # nobody's
    "<id:batch_id>": lambda _: (999_999,),
    "<id:commitment_id>": lambda _: (999_999,),
    "<id:draw_id>": lambda _: (999_999,),  # nobody's
    "<role>": lambda _: (Role.OFFICIAL,),  # the world has no examples
    "<item_id>": lambda _: ("Q1",),
    "<code>": lambda _: ("0000-0000-0000-0000",),
    "<token>": lambda _: ("0000000000",),
    "<sha256>": lambda _: ("0" * 64,),  # nobody's
    "<uuid:payload_id>": lambda _: (NOBODYS,),
    "<path:filename>": lambda _: ("survey.css",),
}


#: Whoever asks for these may be somebody else afterwards, or be signed out everywhere.
ENDING = {"/sign-in", "/sign-out", "/activate", "/try/<role>"}


class Browsers:
    """A browser of nobody and one of each role, signed in once and used on."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self._app = app
        self._sign_in = sign_in
        self._open: dict[Role | None, tuple[PageClient, str]] = {}

    def of(self, role: Role | None) -> tuple[PageClient, str]:
        """A browser, and the token of its forms."""
        if role not in self._open:
            browser = self._sign_in(role) if role else self._app.test_client()
            assert isinstance(browser, PageClient)
            # Every page has a form with a token, also the one that says that there is none.
            fields = browser.page("/nowhere", status=404).all("input")
            (token, *_) = [field.get("value") for field in fields if field.get("name") == "csrf_token"]
            self._open[role] = browser, token
        return self._open[role]

    def close(self) -> None:
        self._open.clear()


def rules(app: Flask) -> list[tuple[str, Rule]]:
    found = [
        (method, rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def addresses(rule: Rule, world: World) -> list[str]:
    """The rule with a published and with an unpublished record; one address where it names no record."""
    both = [rule.rule, rule.rule]
    for place, choose in RECORDS.items():
        values = choose(world)
        both = [
            address.replace(place, str(value)) for address, value in zip(both, (values[0], values[-1]), strict=True)
        ]
    assert "<" not in both[0], f"{rule.rule}: say in RECORDS what stands for its places"
    return sorted(set(both), key=both.index)


def answer(browser: PageClient, token: str, method: str, rule: Rule, address: str) -> str:
    """``yes`` where the right was there, also when the form then lacked something."""
    if rule.rule.startswith("/api/"):
        response = browser.open(address, method=method, json={})
    elif method == "POST":
        response = browser.post(address, data=FORMS.get(rule.rule, {}) | {"csrf_token": token})
    else:
        response = browser.get(address)
    assert response.mimetype != "text/html" or "表单已过期" not in response.text
    if response.location and response.location.partition("?")[0] == "/sign-in" and rule.rule != "/sign-out":
        return "sign in"
    return "yes" if response.status_code in (200, 302, 303, 400, 409, 422, 429) else str(response.status_code)


def open_to(browsers: Browsers, role: Role | None, method: str, rule: Rule, world: World) -> str:
    answers = []
    for address in addresses(rule, world):
        answers.append(answer(*browsers.of(role), method, rule, address))
        if rule.rule in ENDING:
            browsers.close()
    if len(set(answers)) == 1:
        return answers[0]
    assert answers == ["yes", "404"], f"{rule.rule}: {answers}"
    return "published"


def grouped(found: list[tuple[str, str]]) -> str:
    """Who gets which answer, each answer named once.

    >>> grouped([("nobody", "sign in"), ("official", "yes"), ("leader", "yes")])
    'sign in: nobody; yes: official leader'
    """
    people: dict[str, list[str]] = {}
    for who, what in found:
        people.setdefault(what, []).append(who)
    short = {tuple(Role): "every role", ("nobody", *Role): "everybody"}
    return "; ".join(f"{what}: {short.get(tuple(who), ' '.join(who))}" for what, who in people.items())


@pytest.mark.slow
def test_every_url_is_listed_with_who_may_open_it(app: Flask, signed_in: SignIn, world: World) -> None:
    lines = []
    browsers = Browsers(app, signed_in)
    for method, rule in rules(app):
        found = [("nobody", open_to(browsers, None, method, rule, world))]
        found += [(role.value, open_to(browsers, role, method, rule, world)) for role in Role]
        lines.append(f"{method:4} {rule.rule:46} {grouped(found)}")
    walked = "\n".join(lines) + "\n"
    assert walked == ROUTES.read_text("utf-8"), f"\n{walked}"


def test_only_these_are_open_to_everybody(app: Flask) -> None:
    assert sorted({rule.rule for _, rule in rules(app) if is_open(app, rule.endpoint)}) == [
        "/",
        "/a",
        "/a/<code>",
        "/activate",
        "/healthz",
        "/language",
        "/languages.css",
        "/o/<token>",
        "/questionnaire",
        "/questionnaire/end",
        "/questionnaire/other",
        "/questionnaire/stop",
        "/receipts",
        "/receipts/<id:wave_id>",
        "/receipts/<id:wave_id>/list",
        "/recordings/<sha256>",
        "/rights",
        "/rights/<id:wave_id>",
        "/sign-in",
        "/sign-out",
        "/static/<path:filename>",
        "/suggest",
        "/terms",
        "/try/<role>",
        "/walk",
        "/withdraw",
    ]


def test_a_page_that_forgets_to_say_who_is_closed(config: Config, sqlite_database: Database) -> None:
    app = create_app(config, sqlite_database, print)
    app.add_url_rule("/new", view_func=lambda: "secret", endpoint="new")
    response = app.test_client().get("/new")
    assert (response.status_code, response.location) == (303, "/sign-in?next=/new")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_other_method_does_anything(client: PageClient, world: World, method: str) -> None:
    for address in ("/waves", "/sign-in", f"/waves/{world.published}/reports"):
        assert client.open(address, method=method).status_code == 405
