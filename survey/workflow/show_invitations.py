"""Show how many invitations of a wave were printed, answered and made void, by community."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.roles import Scope
from survey.store.areas import get_frame
from survey.store.cases import list_cases
from survey.store.draws import standing_draw
from survey.store.invitations import InvitationState, count_invitations
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class CommunityLetters:
    """``open``: codes that still work. ``spent``: codes of homes that have answered. ``printed``: both together, each
    drawn home once.
    """

    area: Area
    cases: int
    open: int
    spent: int
    revoked: int

    @property
    def printed(self) -> int:
        return self.open + self.spent


def show_invitations(session: Session, wave: WaveRecord, *, scope: Scope) -> tuple[CommunityLetters, ...]:
    """Every community with cases within reach, in the order of the frame; none while no draw stands."""
    draw = standing_draw(session, wave.id)
    if draw is None:
        return ()
    areas = get_frame(session, wave.frame_id).areas
    parents = {area.code: area.parent for area in areas}
    cases = Counter(case.area for case in list_cases(session, draw.id))
    codes = count_invitations(session, wave.id)
    return tuple(
        CommunityLetters(
            area=area,
            cases=cases[area.code],
            open=codes.get(area.code, {}).get(InvitationState.OPEN, 0),
            spent=codes.get(area.code, {}).get(InvitationState.SPENT, 0),
            revoked=codes.get(area.code, {}).get(InvitationState.REVOKED, 0),
        )
        for area in areas
        if cases[area.code] and scope.sees_area(area.code, parents)
    )
