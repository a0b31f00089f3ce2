"""The small wave with a questionnaire that asks for other readings of its rates and an index of their scores."""

from questionnaires.loading import load_text
from survey.files.wave_file import parse_wave_file
from survey.store.database import Database
from survey.workflow.add_instrument import add_instrument
from survey.workflow.open_wave import open_wave
from tests.survey import small_wave
from tests.survey.conftest import AT, import_answers, open_small_wave, run_estimates

#: Of those who are at least neutral: how many are satisfied; the index is of one item, twice.
INSTRUMENT = (
    small_wave.INSTRUMENT.replace('slug = "small"', 'slug = "graded"')
    + """
[[indicator.alternate]]
name = "valid"

[[indicator.alternate]]
name = "score"

[[indicator]]
code = "IND_SMALL_CONTENT"
label = { zh_Hans = "不反感率", en = "Content rate" }
item = "B1"
set = "domain"
counted = { codes = [1, 2] }

[[indicator.alternate]]
name = "top_box"

[[composite]]
code = "IND_SMALL_INDEX"
label = { zh_Hans = "小综合分", en = "Small index" }
parts = [{ indicator = "IND_SMALL_SATISFIED", weight = 3 }, { indicator = "IND_SMALL_CONTENT" }]
"""
)


def graded_wave(database: Database, text: str = small_wave.ANSWERS) -> int:
    """Wave 2: the answers of the small wave to the questionnaire above, estimated."""
    open_small_wave(database)
    details = parse_wave_file(small_wave.WAVE, "wave.toml")
    with database.writing() as session:
        add_instrument(session, load_text(INSTRUMENT, "graded.toml"), at=AT)
        wave = open_wave(session, instrument="graded", frame=1, name="打分轮次", details=details, at=AT, by="tests")
    import_answers(database, wave, text)
    run_estimates(database, wave)
    return wave
