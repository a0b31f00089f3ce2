"""A closed wave small enough to weigh by hand: 30 of 40 dwellings drawn in the east and in the west.

In the east 24 answered (every third of a dwelling of two adults, the others of one) and six refused. In the west 20
answered (all of two adults), four were not met, of four nobody knows whether anybody lives there, two are empty. Every
second answer is that of a man who knows of the campaign (H1 = A1 = 1), the others of women who do not (2); nobody is
satisfied but the first 33 (B1 = 1), who live in flats (H2 = 1).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.files.spreadsheets import read_rows
from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.disposition_counts import add_counts
from survey.store.fieldwork_counts import add_weights
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import NewResponse, add_responses, answers_document
from survey.store.wave_keys import mark_to_destroy
from survey.store.waves import change_state
from survey.waves import Mode, WaveState
from survey.weights import WeightOptions
from survey.workflow.build_weights import compute_weights, record_weights
from survey.workflow.freeze_weights import freeze_weights
from tests.prepared import prepared
from tests.survey.field import INSTRUMENT, Field, open_field
from tests.survey.small_wave import EAST, WEST

CLOSED = datetime(2026, 6, 1, 2, tzinfo=UTC)
SHARES = "variable,category,share\nH1,1,60%\nH1,2,40%\n"
OPTIONS = WeightOptions()
ANSWERS = {EAST: 24, WEST: 20}
#: With items no indicator counts: only such may be calibrated to.
WITH_GROUPS = INSTRUMENT.replace(
    "[[indicator]]",
    """[[item]]
id = "H1"
section = "main"
type = "single"
zh_Hans = "您的性别"
en = "Your sex"
options = [
  { code = 1, zh_Hans = "男", en = "Male" },
  { code = 2, zh_Hans = "女", en = "Female" },
  { code = 98, zh_Hans = "不便回答", en = "Prefer not to say", kind = "ref" },
]

[[item]]
id = "H2"
section = "main"
type = "single"
zh_Hans = "您住哪种房"
en = "What do you live in"
options = [
  { code = 1, zh_Hans = "楼房", en = "A flat" },
  { code = 2, zh_Hans = "平房", en = "A house" },
  { code = 3, zh_Hans = "其他", en = "Another" },
]

[[indicator]]""",
    1,
)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """``uuids``: of the answers, those of the east first."""

    wave: int
    draw: int
    field: Field
    uuids: tuple[UUID, ...]
    keys: KeyRing


@prepared
def close_small_wave(database: Database, keys: KeyRing, *, silent: int = 0) -> Weighed:
    """``silent``: so many of the first answers say neither their sex nor whether they know of the campaign."""
    field = open_field(database, keys, per_community=30, instrument=WITH_GROUPS)
    areas = [EAST] * ANSWERS[EAST] + [WEST] * ANSWERS[WEST]
    uuids = tuple(UUID(int=1000 + place, version=4) for place in range(len(areas)))
    with database.writing() as session:
        add_responses(
            session,
            field.wave,
            None,
            [
                NewResponse(
                    uuid=uuid,
                    area=area,
                    mode=Mode.CAPI,
                    day=None,
                    answers=answers_document(
                        {
                            "S1": 1,
                            "A1": 98 if place < silent else 1 + place % 2,
                            "B1": 1 if place < 33 else 3,
                            "H1": 98 if place < silent else 1 + place % 2,
                            "H2": 1 if place < 33 else 3,
                        }
                    ),
                    completeness="complete",
                )
                for place, (uuid, area) in enumerate(zip(uuids, areas, strict=True))
            ],
        )
        change_state(session, field.wave, WaveState.CLOSED, at=CLOSED, by="tests")
        add_factors(
            session,
            [
                Factors(
                    uuid=uuid,
                    stratum=area,
                    psu=place + 1,
                    canvasser="",
                    inclusion_n=30,
                    inclusion_total=40,
                    adults=2 if area == WEST or place % 3 == 0 else 1,
                )
                for place, (uuid, area) in enumerate(zip(uuids, areas, strict=True))
            ],
        )
        counts = {
            (EAST, Disposition.COMPLETE): 24,
            (EAST, Disposition.REFUSED_PERSON): 6,
            (WEST, Disposition.COMPLETE): 20,
            (WEST, Disposition.AWAY): 4,
            (WEST, Disposition.NO_ANSWER_UNKNOWN): 4,
            (WEST, Disposition.VACANT): 2,
        }
        add_counts(session, field.wave, counts)
        classes = {
            (EAST, DispositionClass.COMPLETE): 24,
            (EAST, DispositionClass.REFUSAL): 6,
            (WEST, DispositionClass.COMPLETE): 20,
            (WEST, DispositionClass.NON_CONTACT): 4,
            (WEST, DispositionClass.UNKNOWN_HOUSEHOLD): 4,
            (WEST, DispositionClass.NOT_ELIGIBLE): 2,
        }
        add_weights(session, field.wave, {group: cases * 40 / 30 for group, cases in classes.items()})
        mark_to_destroy(session, field.wave)
    return Weighed(wave=field.wave, draw=field.draw, field=field, uuids=uuids, keys=keys)


def build_version(
    database: Database, wave: Weighed, margins: str | bytes = SHARES, options: WeightOptions = OPTIONS
) -> int:
    data = margins.encode() if isinstance(margins, str) else margins
    with database.reading() as session:
        computed = compute_weights(
            session,
            wave.keys,
            wave.wave,
            margins=read_rows(data, "margins.csv"),
            options=options,
            at=CLOSED,
            by="wang",
        )
    with database.writing() as session:
        return record_weights(session, computed)


def freeze_version(database: Database, version: int) -> None:
    with database.writing() as session:
        freeze_weights(session, version, reason="只差性别", at=CLOSED, by="li")
