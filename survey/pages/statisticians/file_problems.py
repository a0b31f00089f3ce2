"""Problems of a workbook for its reader: what is wrong in many rows of a column is told once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.messages import Message, Problem

#: Of the values that were found, how many are told.
MOST_VALUES = 3


@dataclass(frozen=True, kw_only=True)
class ProblemGroup:
    """``place``: a sheet, or what a problem without rows is about; ``values``: some of what was found."""

    place: str
    rows: tuple[int, ...]
    column: str
    values: tuple[str, ...]
    expected: Message

    @property
    def ranges(self) -> tuple[str, ...]:
        """
        >>> from survey.messages import Message
        >>> ProblemGroup(place="survey", rows=(2, 3, 4, 9), column="", values=(), expected=Message("")).ranges
        ('2–4', '9')
        """
        runs: list[list[int]] = []
        for row in self.rows:
            if runs and row == runs[-1][-1] + 1:
                runs[-1].append(row)
            else:
                runs.append([row])
        return tuple(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def grouped(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """In the order in which each kind of problem comes first."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        place, _, _ = problem.where.partition(":")
        groups.setdefault((place, problem.column, str(problem.expected)), []).append(problem)
    return tuple(_group(place, column, found) for (place, column, _), found in groups.items())


def _group(place: str, column: str, problems: Sequence[Problem]) -> ProblemGroup:
    rows = {int(row) for problem in problems if (row := problem.where.partition(":")[2]).isdecimal()}
    values = dict.fromkeys(problem.got for problem in problems if problem.got)
    return ProblemGroup(
        place=place,
        rows=tuple(sorted(rows)),
        column=column,
        values=tuple(values)[:MOST_VALUES],
        expected=problems[0].expected,
    )
