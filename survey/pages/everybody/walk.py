"""``/walk``: one answer's way through the real pages. In the demo each step has buttons that lead to its page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from survey.messages import Message
from survey.pages.access import open_to_all
from survey.pages.everybody.walk_steps import STEPS, WAVE_NAMES, Step, Stop, Which
from survey.pages.site import current_site
from survey.roles import Role
from survey.workflow.show_walk import Walk, WalkWave, show_walk
from survey.workflow.try_example import open_examples

blueprint = Blueprint("walk", __name__)

#: Pages that are not of one wave, or found by something else than its number.
_ELSEWHERE = frozenset({"cases.show_list", "work.show_list", "fixes.show_list"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page to see: signed in as ``role``, or by everybody (``None``). ``wave``: which of the waves."""

    address: str
    wave: Message
    role: Role | None


@dataclass(frozen=True, kw_only=True)
class StepLine:
    key: str
    name: Message
    who: Message
    text: Message
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class WalkPage:
    """``guided``: there is an example, so that steps have places. ``waves``: which one -> what it is called."""

    steps: tuple[StepLine, ...]
    guided: bool
    waves: tuple[tuple[Message, str], ...]


@blueprint.get("/walk")
@open_to_all
def show() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        walk = show_walk(store)
        roles = frozenset(open_examples(store))
    steps = tuple(_line(step, walk, roles) for step in STEPS)
    named = {which: wave.name for which, wave in _waves(walk).items() if wave} if walk else {}
    waves = tuple((Message(WAVE_NAMES[which]), name) for which, name in named.items())
    return render_template("everybody/walk.html", page=WalkPage(steps=steps, guided=walk is not None, waves=waves))


def _waves(walk: Walk) -> Mapping[Which, WalkWave | None]:
    return {Which.PUBLISHED: walk.published, Which.LATER: walk.later, Which.IN_FIELD: walk.in_field}


def _line(step: Step, walk: Walk | None, roles: frozenset[Role]) -> StepLine:
    return StepLine(
        key=step.key,
        name=Message(step.name),
        who=Message(step.who),
        text=Message(step.text),
        places=tuple(_places(step, walk, roles)) if walk else (),
    )


def _places(step: Step, walk: Walk, roles: frozenset[Role]) -> Iterator[Place]:
    seen: set[tuple[str, Role | None]] = set()
    for stop in step.stops:
        wave = _waves(walk)[stop.which]
        reachable = stop.role is None or stop.role in roles
        if wave is None or not reachable or (stop.of_drawn and not wave.drawn):
            continue
        address = _address(stop, wave)
        if address is not None and (address, stop.role) not in seen:
            seen.add((address, stop.role))
            yield Place(address=address, wave=Message(WAVE_NAMES[stop.which]), role=stop.role)


def _address(stop: Stop, wave: WalkWave) -> str | None:
    if stop.endpoint not in current_app.view_functions:
        return None
    if stop.endpoint == "entrances.follow_link":
        return url_for(stop.endpoint, token=wave.open_link) if wave.open_link else None
    if stop.endpoint == "frames.show":
        return url_for(stop.endpoint, frame_id=wave.frame_id)
    return url_for(stop.endpoint) if stop.endpoint in _ELSEWHERE else url_for(stop.endpoint, wave_id=wave.id)
