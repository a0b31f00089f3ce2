"""What closing keeps of groups that only the log told."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.publication import Base, Method, PublishedEstimate, Reason, Reliability
from survey.groupings import Grouping
from survey.messages import SurveyError
from survey.store.bulk import broken_constraint
from survey.store.frozen_groups import freeze_groups, read_frozen_groups

SHOWN = PublishedEstimate(
    indicator="IND_Q1",
    area="guided",
    base=Base.ASKED,
    published=True,
    n=40,
    n_effective=37.5,
    proportion=0.1 + 0.2,
    se=0.07,
    low=0.18,
    high=0.45,
    method=Method.WILSON_EFFECTIVE,
    df=38.0,
    pooled=False,
    design_effect=1.07,
    reliability=Reliability.RELIABLE,
)
HIDDEN = PublishedEstimate(indicator="IND_Q1", area="alone", base=Base.VALID, published=False, reason=Reason.TOO_FEW)
RANGED = replace(SHOWN, base=Base.VALID, shown_range=(0.9, 1.0), se=None)


def test_read_back_as_they_were(database, example):
    with database.writing() as session:
        freeze_groups(session, example.wave, Grouping.GUIDED, [SHOWN, HIDDEN, RANGED])
        freeze_groups(session, example.wave, Grouping.CANVASSER_TYPE, [])
    with database.reading() as session:
        assert read_frozen_groups(session, example.wave) == {
            Grouping.GUIDED: (SHOWN, HIDDEN, RANGED),
            Grouping.CANVASSER_TYPE: (),
        }
        assert read_frozen_groups(session, example.wave + 1) == {}


def test_once_and_for_all(database, example):
    with database.writing() as session:
        freeze_groups(session, example.wave, Grouping.GUIDED, [SHOWN])
    with pytest.raises(broken_constraint()), database.writing() as session:
        freeze_groups(session, example.wave, Grouping.GUIDED, [SHOWN])
    for change in ("UPDATE frozen_groups SET rows = '[]'", "DELETE FROM frozen_groups"):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(change))


def test_no_number_that_is_none(database, example):
    with pytest.raises(ValueError, match="nan"), database.writing() as session:
        freeze_groups(session, example.wave, Grouping.GUIDED, [replace(SHOWN, se=float("nan"))])


@pytest.mark.parametrize("grouping", ["sex", "age", "mode"])
def test_what_the_answers_tell_is_not_kept_twice(database, example, grouping):
    with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
        session.execute(text(f"INSERT INTO frozen_groups VALUES ({example.wave}, '{grouping}', '[]')"))  # noqa: S608
