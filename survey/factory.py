"""The Flask application, put together from its settings, its database and its queue."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.routing import IntegerConverter, Map

from survey.config import ROOT, Config
from survey.keys import KeyRing
from survey.pages import (
    access,
    assets,
    bodies,
    errors,
    formats,
    forwarding,
    health,
    home,
    language,
    navigation,
    request_log,
    security,
    site,
)
from survey.pages.accounts import accounts, activation, cards, operation, sign_in, tokens
from survey.pages.canvassers import api, cases, interviews
from survey.pages.departments import fixes
from survey.pages.everybody import examples, terms, walk
from survey.pages.grid_workers import ledgers, work
from survey.pages.officials import action_types, outreach_actions, reports, waves
from survey.pages.officials import suggestions as suggestions_read
from survey.pages.residents import entrances, questionnaires, receipts, rights, suggestions, withdrawals
from survey.pages.residents import recordings as heard_recordings
from survey.pages.statisticians import (
    draw_certificates,
    draw_commitments,
    draw_designs,
    draw_reviews,
    draws,
    estimate_alternates,
    fieldwork,
    frames,
    instrument_drafts,
    instrument_previews,
    instruments,
    letters,
    open_answers,
    recordings,
    replicate_releases,
    sample_plans,
    standards,
    wave_details,
    wave_openings,
    wave_states,
    weights,
)
from survey.pages.supervisors import assignments, paper, paper_keying, teams
from survey.pages.supervisors import interviews as reviewed_interviews
from survey.public_address import parse_public_url
from survey.store.database import Database
from survey.trusted_proxies import parse_trusted_proxies

#: What residents use: without a session of the staff's kind.
_RESIDENTS = (
    entrances.blueprint,
    questionnaires.blueprint,
    rights.blueprint,
    receipts.blueprint,
    withdrawals.blueprint,
    suggestions.blueprint,
    heard_recordings.blueprint,
)


class RecordId(IntegerConverter):
    """The number of a record in a URL. A larger one than the databases hold is no such page, not an error."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


class _App(Flask):
    """Flask where every view is a plain function, as ours are."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func  # Flask's own asks a dozen functions per request whether they are coroutines


def create_app(config: Config, database: Database, enqueue: Callable[[int], None]) -> Flask:
    """The site. ``enqueue`` is called with a report's id once its wish is committed."""
    app = _App("survey", static_folder="static", template_folder=str(ROOT / "templates"))
    app.config["SECRET_KEY"] = config.secret_key
    app.config["WTF_CSRF_TIME_LIMIT"] = int(access.LONGEST_SESSION.total_seconds())
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters["id"] = RecordId

    # The order matters: the log starts its clock first; the form check comes before anybody is looked up.
    request_log.init_app(app)
    security.init_app(app)
    site.init_app(app, _site(config, database, enqueue))
    bodies.init_app(app)
    forwarding.init_app(app, parse_trusted_proxies(config.trusted_proxies))
    errors.init_app(app)
    csrf = CSRFProtect(app)
    access.init_app(app)
    language.init_app(app)
    formats.init_app(app)
    assets.init_app(app)
    navigation.init_app(app)
    examples.init_app(app)
    terms.init_app(app)
    for blueprint in (
        health.blueprint,
        home.blueprint,
        examples.blueprint,
        walk.blueprint,
        terms.blueprint,
        sign_in.blueprint,
        activation.blueprint,
        accounts.blueprint,
        cards.blueprint,
        operation.blueprint,
        tokens.blueprint,
        waves.blueprint,
        reports.blueprint,
        outreach_actions.blueprint,
        action_types.blueprint,
        cases.blueprint,
        interviews.blueprint,
        api.blueprint,
        fieldwork.blueprint,
        frames.blueprint,
        instruments.blueprint,
        instrument_drafts.blueprint,
        instrument_previews.blueprint,
        sample_plans.blueprint,
        wave_openings.blueprint,
        wave_details.blueprint,
        wave_states.blueprint,
        draws.blueprint,
        draw_designs.blueprint,
        draw_commitments.blueprint,
        replicate_releases.blueprint,
        recordings.blueprint,
        draw_certificates.blueprint,
        draw_reviews.blueprint,
        letters.blueprint,
        open_answers.blueprint,
        estimate_alternates.blueprint,
        standards.blueprint,
        weights.blueprint,
        teams.blueprint,
        assignments.blueprint,
        reviewed_interviews.blueprint,
        paper.blueprint,
        paper_keying.blueprint,
        work.blueprint,
        ledgers.blueprint,
        fixes.blueprint,
        suggestions_read.blueprint,
        *_RESIDENTS,
    ):
        app.register_blueprint(blueprint)
    app.context_processor(_page_context)
    for blueprint in _RESIDENTS:
        csrf.exempt(blueprint)  # their forms have a token of their own: residents get no session of the staff's kind
    for rule in app.url_map.iter_rules():
        if access.is_api(rule.rule):
            csrf.exempt(app.view_functions[rule.endpoint])  # no cookie opens anything there
    return app


def _site(config: Config, database: Database, enqueue: Callable[[int], None]) -> site.Site:
    return site.Site(
        config=config,
        database=database,
        keys=KeyRing(folder=config.keys),
        enqueue=enqueue,
        address=parse_public_url(config.public_url),
    )


def _page_context() -> dict[str, object]:
    """What the layout shows on every page."""
    this_page = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "account": access.account_or_none(),
        "language": language.current_language(),
        "languages": language.offered(),
        "page_language": language.page_language(),
        "this_page": this_page,
    }
