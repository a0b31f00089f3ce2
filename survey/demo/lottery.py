"""The public lottery of the wave in the field: promised, an invented value come, drawn; and a reserve released."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from analysis.sampling.sample_design import Reserves, SampleDesign
from analysis.sampling.value_spelling import Spelling, SpellingRule
from survey.demo.context import Making
from survey.demo.people import STATISTICIAN
from survey.sampling.frame_digest import frame_digest
from survey.sampling.promised_method import promised_method
from survey.sampling.public_values import PublicValue, PublicValueName
from survey.sampling.sample_designs import canonical, of_equal
from survey.sampling.samples import METHOD
from survey.store.areas import get_frame
from survey.store.draw_commitments import add_commitment
from survey.store.waves import get_wave
from survey.workflow.draw_sample import draw_in_public
from survey.workflow.release_replicate import release_replicate

#: The balls of the lottery: so many red ones of 33, and one blue one of 16.
RED, OF_RED, OF_BLUE = 6, 33, 16
#: Two digits each, the red ones from the smallest up, then the blue one.
AS_PUBLISHED = SpellingRule(spelling=Spelling.ASCENDING, count=2 * (RED + 1), apart=2)
#: When the lottery is drawn in the evening; every other day.
EVENING, EVERY = timedelta(hours=21, minutes=15), timedelta(days=2)
SOURCE = "虚构：演示城市里没有这样的彩票"


def with_reserves(per_community: int, reserves: Reserves | None) -> SampleDesign:
    return replace(of_equal(per_community), reserves=reserves)


def draw_publicly(
    making: Making, wave: int, design: SampleDesign, *, number: int, promised_at: datetime, drawn_at: datetime
) -> int:
    """The draw. What is secret and what was published follow from the seed of the example, as everything else does.

    A commitment of the site makes up its secret by itself; this one has to be the same every time.
    """
    frame = get_frame(making.session, get_wave(making.session, wave).frame_id)
    midnight = promised_at.replace(hour=0, minute=0, second=0, microsecond=0)
    names = [
        PublicValueName(name=f"福彩双色球 {at:%Y-%m-%d} 开奖号码（虚构）", not_before=at, spelling=AS_PUBLISHED)
        for at in (midnight + EVENING, midnight + EVENING + EVERY)
    ]
    add_commitment(
        making.session,
        wave_id=wave,
        frame_id=frame.id,
        frame_digest=frame_digest(frame.digest, frame.units_digest or ""),
        design=canonical(design),
        secret=hashlib.sha256(f"example {making.seed} wave {number} secret".encode()).hexdigest(),
        public_values=names,
        at=promised_at,
        by=STATISTICIAN,
        method=promised_method(METHOD, design),
    )
    value = PublicValue(
        name=names[0].name,
        value=balls(making.seed),
        published_at=names[0].not_before + timedelta(minutes=5),
        source=SOURCE,
    )
    return draw_in_public(making.session, wave, values=[value], at=drawn_at, by=STATISTICIAN).draw


def balls(seed: int) -> str:
    """As they are published: red ones in order, then the blue one.

    >>> balls(20260302)
    '13 19 23 25 26 31 16'
    """
    rng = np.random.default_rng([seed, 300])
    red = sorted(rng.choice(OF_RED, RED, replace=False) + 1)
    return " ".join(f"{ball:02}" for ball in (*red, int(rng.integers(OF_BLUE)) + 1))


def release_one(making: Making, wave: int, area: str, *, at: datetime) -> None:
    """Its homes wait for somebody who goes there."""
    reason = "走访过半，完成的户数仍不够分社区看（演示）"
    release_replicate(making.session, wave, area=area, reason=reason, at=at, by=STATISTICIAN)
