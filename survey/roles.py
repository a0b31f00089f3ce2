"""Who may do what, and how far each account reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    STATISTICIAN = "statistician"
    SUPERVISOR = "supervisor"
    CANVASSER = "canvasser"
    OFFICIAL = "official"
    LEADER = "leader"  # reads only
    GRID_WORKER = "grid_worker"
    DEPARTMENT = "department"


class CanvasserType(StrEnum):
    """Recorded because the answers people give depend on who asks."""

    STUDENT = "student"
    COMMUNITY_STAFF = "community_staff"
    AGENCY = "agency"


class Permission(StrEnum):
    """What a page or a verb asks for."""

    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_FRAMES = "manage_frames"  # import, export and summary of the units
    MANAGE_WAVES = "manage_waves"  # open, describe, start, close, estimate, publish
    IMPORT_RESPONSES = "import_responses"
    DRAW = "draw"  # run a draw, print the letters of its cases
    APPROVE_DRAWS = "approve_draws"
    SEE_CASES = "see_cases"  # the drawn units
    ASSIGN_CASES = "assign_cases"
    SEE_FIELDWORK = "see_fieldwork"  # progress in counts
    KEY_PAPER = "key_paper"  # paper forms: print, count, key; a form has a serial and nobody's address
    REVIEW_INTERVIEWS = "review_interviews"  # flags, durations, factual items; never opinions
    INTERVIEW = "interview"  # own cases: visits and interviews
    SEE_UNPUBLISHED = "see_unpublished"
    SEE_PUBLISHED = "see_published"
    WANT_REPORTS = "want_reports"
    SEE_OUTREACH = "see_outreach"  # the actions within reach, what was done, why; to take away, too
    PLAN_OUTREACH = "plan_outreach"  # make and edit plans, prices of action types, cancel
    DO_OUTREACH = "do_outreach"  # count work done, tick visited homes; there is no opinion to write down
    DO_FIXES = "do_fixes"  # tell how far a department's fixes are
    COMMENT_OUTREACH = "comment_outreach"
    READ_SUGGESTIONS = "read_suggestions"  # what residents wrote of their own accord, apart from any questionnaire
    OPERATE = "operate"  # database, backups, server and worker


_READERS = frozenset({Permission.SEE_PUBLISHED})
_CAMPAIGNERS = _READERS | {Permission.SEE_OUTREACH}
_SPEAKERS = _CAMPAIGNERS | {Permission.COMMENT_OUTREACH}

#: The one table of rights. Nobody who runs the campaign sees drawn units; nobody who keeps the machine sees answers.
#: Whoever goes to the drawn homes, or settles what they said, has nothing to do with the campaign.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_ACCOUNTS, Permission.OPERATE, Permission.SEE_PUBLISHED}),
    Role.STATISTICIAN: frozenset(
        {
            Permission.MANAGE_FRAMES,
            Permission.MANAGE_WAVES,
            Permission.IMPORT_RESPONSES,
            Permission.DRAW,
            Permission.APPROVE_DRAWS,
            Permission.SEE_CASES,
            Permission.ASSIGN_CASES,
            Permission.SEE_FIELDWORK,
            Permission.KEY_PAPER,
            Permission.REVIEW_INTERVIEWS,
            Permission.SEE_UNPUBLISHED,
            Permission.SEE_PUBLISHED,
            Permission.WANT_REPORTS,
            Permission.SEE_OUTREACH,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.APPROVE_DRAWS,
            Permission.SEE_CASES,
            Permission.ASSIGN_CASES,
            Permission.SEE_FIELDWORK,
            Permission.KEY_PAPER,
            Permission.REVIEW_INTERVIEWS,
            Permission.SEE_PUBLISHED,
        }
    ),
    Role.CANVASSER: frozenset({Permission.INTERVIEW}),
    Role.OFFICIAL: _SPEAKERS | {Permission.WANT_REPORTS, Permission.PLAN_OUTREACH, Permission.READ_SUGGESTIONS},
    Role.LEADER: _CAMPAIGNERS,
    Role.GRID_WORKER: _SPEAKERS | {Permission.DO_OUTREACH},
    Role.DEPARTMENT: _SPEAKERS | {Permission.DO_FIXES, Permission.READ_SUGGESTIONS},
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role has the right.

    >>> may(Role.OFFICIAL, Permission.SEE_CASES), may(Role.STATISTICIAN, Permission.SEE_CASES)
    (False, True)
    """
    return permission in PERMISSIONS[role]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """How far an account reaches: codes of areas (with all that lies under them) and numbers of waves; empty: all."""

    areas: frozenset[str] = frozenset()
    waves: frozenset[int] = frozenset()

    def sees_wave(self, wave_id: int) -> bool:
        return not self.waves or wave_id in self.waves

    def sees_area(self, code: str | None, parents: Mapping[str, str | None]) -> bool:
        """Whether ``code`` or one of the areas above it (``parents``: code -> code above) is within reach.

        ``None`` is the whole wave: only an account without limits sees it.

        >>> street = Scope(areas=frozenset({"2"}))
        >>> street.sees_area("21", {"21": "2", "2": None}), street.sees_area(None, {}), Scope().sees_area(None, {})
        (True, False, True)
        """
        if not self.areas:
            return True
        while code is not None:
            if code in self.areas:
                return True
            code = parents.get(code)
        return False


#: Names of people behind accounts are personal; the others read the account's name.
SEES_FULL_NAMES = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})

#: Before a wave is published only these see its numbers.
SEES_UNPUBLISHED = frozenset(role for role in Role if may(role, Permission.SEE_UNPUBLISHED))
