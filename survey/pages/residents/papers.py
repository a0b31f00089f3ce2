"""A questionnaire made ready for residents: its wordings filled with the wave's facts, its screens laid out.

The same for everyone who answers the wave, so it is made once and kept in the process.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from threading import Lock

from questionnaires.checking import AnswerChecker
from questionnaires.definition import Questionnaire, Text
from questionnaires.duration import Clock
from questionnaires.screens import Walk, modules_for
from questionnaires.wording import fill_questionnaire
from survey.reports.introductions import introduction, placeholders
from survey.store.fielded_waves import FieldedWave
from survey.store.sheets import Entrance
from survey.waves import Mode

#: Wordings kept in memory; a site fields a few waves at once.
_MOST = 32


class Paper:
    """``questionnaire``: every wording filled. ``wording``: equal where papers are."""

    def __init__(self, wave: FieldedWave) -> None:
        self.wording, self.details = wave.wording, wave.details
        self._plain = wave.questionnaire
        self.questionnaire: Questionnaire = fill_questionnaire(
            wave.questionnaire, placeholders(wave.questionnaire, wave.details)
        )
        self._walks: dict[tuple[str, frozenset[str]], Walk] = {}

    @cached_property
    def checker(self) -> AnswerChecker:
        return AnswerChecker(self.questionnaire)

    @cached_property
    def section_titles(self) -> Mapping[str, Text]:
        return {section.id: section.title for section in self.questionnaire.sections}

    @cached_property
    def _clock(self) -> Clock:
        return Clock(self._plain, aloud=False)

    def quick_seconds(self, items: Iterable[str]) -> float:
        """What a quick reader needs for ``items``; whatever is none of them takes no time."""
        known = self.questionnaire.items_by_id
        return self._clock.items(item for item in items if item in known).low

    @cached_property
    def _has_modules(self) -> bool:
        return any(item.module for item in self.questionnaire.items)

    def walk(self, entrance: Entrance) -> Walk:
        """The way of this person: their mode, their module."""
        key = entrance.mode.value, modules_for(self.questionnaire, entrance.uuid) if self._has_modules else frozenset()
        found = self._walks.get(key)
        if found is None:
            found = self._walks[key] = Walk(self.questionnaire, mode=key[0], modules=key[1])
        return found

    def introduction(self, mode: Mode) -> Text:
        return introduction(self._plain, mode, self.details)


_papers: dict[tuple[str, ...], Paper] = {}
_lock = Lock()


def paper_of(wave: FieldedWave) -> Paper:
    """The paper of the wave's wording, made at the first use."""
    found = _papers.get(wave.wording)
    if found is None:
        found = Paper(wave)
        with _lock:
            while len(_papers) >= _MOST:
                del _papers[next(iter(_papers))]
            _papers[wave.wording] = found
    return found
