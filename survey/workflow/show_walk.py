"""Show what the guided walk leads to: waves of invented data in which each step of an answer's way can be seen."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.store import draws, example_accounts, open_links, waves
from survey.store.waves import WaveRecord
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class WalkWave:
    """``open_link``: the token of one of its links, ``None`` where it has none."""

    id: int
    name: str
    frame_id: int
    drawn: bool
    open_link: str | None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """``published``: the first one, drawn if any was; ``later``: the last one after it with the same questionnaire;
    ``in_field``: the newest. ``None``: there is none.
    """

    published: WalkWave | None
    in_field: WalkWave | None
    later: WalkWave | None


def show_walk(session: Session) -> Walk | None:
    """``None``: the site has no example to show, so the walk stands without links."""
    if not example_accounts.open_examples(session):
        return None
    found = waves.list_waves(session)
    done = [_of(session, wave) for wave in reversed(found) if wave.state is WaveState.PUBLISHED]
    first = next((wave for wave in done if wave.drawn), done[0] if done else None)
    slugs = {wave.id: wave.instrument_slug for wave in found}
    later = [wave for wave in done if first and wave.id > first.id and slugs[wave.id] == slugs[first.id] and wave.drawn]
    in_field = next((_of(session, wave) for wave in found if wave.state is WaveState.FIELDING), None)
    return Walk(published=first, in_field=in_field, later=later[-1] if later else None)


def _of(session: Session, wave: WaveRecord) -> WalkWave:
    links = open_links.list_open_links(session, wave.id) if wave.state is WaveState.FIELDING else {}
    return WalkWave(
        id=wave.id,
        name=wave.name,
        frame_id=wave.frame_id,
        drawn=draws.standing_draw(session, wave.id) is not None,
        open_link=next(iter(links.values()), None),
    )
