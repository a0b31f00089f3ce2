"""Check the values of a public draw before it: which one it would be made of, spelled as it goes into the seed.

Nothing is drawn: whoever sees a draw before it is on record could try again. A wrong value that was drawn with is
spent, so this is the moment to compare it with what was published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import SampleDesign
from survey.casework.kept_promises import find_promised
from survey.casework.public_draws import check_method, choose_value
from survey.sampling.public_values import PublicValue
from survey.sampling.samples import METHOD
from survey.store.draws import used_values


@dataclass(frozen=True, kw_only=True)
class CheckedValue:
    commitment: int
    value: PublicValue


def check_public_values(
    session: Session, wave_id: int, *, values: Sequence[PublicValue], design: SampleDesign | None = None, at: datetime
) -> CheckedValue:
    """Raises as :func:`survey.workflow.draw_sample.draw_in_public` for values, design, method and commitment."""
    commitment = find_promised(session, wave_id, design)
    check_method(commitment, METHOD)
    value = choose_value(commitment, values, used=used_values(session, commitment.id), at=at)
    return CheckedValue(commitment=commitment.id, value=value)
