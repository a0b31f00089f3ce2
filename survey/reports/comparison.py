"""What a page or a report must know of the wave that this one was compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.publication import Change, PublishedEstimate
from questionnaires.definition import Text
from survey.runs import EstimateRun
from survey.waves import WaveDetails


@dataclass(frozen=True, kw_only=True)
class DoneWork:
    """What the earlier wave's outreach plan has on record as done, of one type of action, in its unit."""

    name: Text
    unit: Text
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """``run``: the one the earlier wave was published with. ``earlier``: its estimates of the areas that are shown.

    ``done``: (indicator, area code) -> the work done for that rate there.
    """

    wave_id: int
    name: str
    details: WaveDetails
    run: EstimateRun
    changes: tuple[Change, ...]
    earlier: tuple[PublishedEstimate, ...]
    done: Mapping[tuple[str, str], tuple[DoneWork, ...]] = field(default_factory=dict)
