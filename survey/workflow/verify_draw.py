"""Verify a draw: repeat it from what is stored, and name what does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from survey.frame_digest import areas_digest, frame_digest, units_digest
from survey.messages import N_, BadInput, CheckFailed, Message, Problem
from survey.samples import METHOD, Design, Selected, check_per_community, draw_digest, read_seed, select_units
from survey.store.areas import Frame, get_frame
from survey.store.cases import Case, list_cases
from survey.store.draws import Draw, get_draw
from survey.store.units import read_units
from survey.units import Unit

#: So many differences are named; one is enough to say no.
MOST_NAMED = 10


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A draw that came out again exactly."""

    draw: Draw
    cases: int
    units: int


def verify_draw(session: Session, draw_id: int) -> Verified:
    """Repeat the draw from frame, design and seed, and compare it with the cases and the digest on record.

    Raises ``NotThere``, and :class:`CheckFailed` naming the first differences: the frame, then the design and its
    digest, then the cases.
    """
    draw = get_draw(session, draw_id)
    frame = get_frame(session, draw.frame_id)
    units = list(read_units(session, frame.id))
    cases = list_cases(session, draw_id)
    problems = list(islice(_problems(draw, frame, units, cases), MOST_NAMED + 1))
    if problems:
        count = f"{MOST_NAMED}+" if len(problems) > MOST_NAMED else str(len(problems))
        message = N_("第 {draw} 号抽样对不上：{count} 处不符，列出最先的几处")
        raise CheckFailed(Message(message, {"draw": draw_id, "count": count}), problems[:MOST_NAMED])
    return Verified(draw=draw, cases=len(cases), units=len(units))


def _problems(draw: Draw, frame: Frame, units: Sequence[Unit], cases: Sequence[Case]) -> Iterator[Problem]:
    yield from _frame_problems(draw, frame, units)
    wrong = list(_design_problems(draw))
    if wrong:
        yield from wrong
        return
    selected = select_units(units, per_community=draw.per_community, seed=draw.seed)
    design = Design(
        frame_digest=draw.frame_digest, method=draw.method, per_community=draw.per_community, seed=draw.seed
    )
    computed = draw_digest(design, selected, salt=bytes.fromhex(draw.salt))
    if computed != draw.digest:
        expected = Message(
            N_("{digest}（由抽样框、方法、每社区数、种子和盐算出）：其中之一或摘要本身被改动"), {"digest": computed}
        )
        yield _problem("draw.digest", draw.digest, expected)
    if draw.cases != len(cases):
        yield _problem("draw.cases", str(len(cases)), Message(N_("{count} 户"), {"count": draw.cases}))
    yield from _case_problems(selected, cases)


def _frame_problems(draw: Draw, frame: Frame, units: Sequence[Unit]) -> Iterator[Problem]:
    if frame.unit_count != len(units):
        yield _problem("frame.unit_count", str(len(units)), Message(N_("{count} 个"), {"count": frame.unit_count}))
    of_areas, of_units = areas_digest(frame.areas), units_digest(units)
    for name, computed, stored in (
        ("frame.areas", of_areas, frame.digest),
        ("frame.units", of_units, frame.units_digest or ""),
    ):
        if computed != stored:
            yield _problem(name, computed, Message(N_("{digest}：导入之后有一行被改动"), {"digest": stored}))
    whole = frame_digest(of_areas, of_units)
    if whole != draw.frame_digest:
        expected = Message(N_("{digest}：抽样之后抽样框被改动"), {"digest": draw.frame_digest})
        yield _problem("frame.digest", whole, expected)


def _design_problems(draw: Draw) -> Iterator[Problem]:
    """What keeps the draw from being repeated at all."""
    if draw.method != METHOD:
        yield _problem("draw.method", draw.method, Message("{method}", {"method": METHOD}))
    for name, got, check in (
        ("draw.seed", draw.seed, lambda: read_seed(draw.seed)),
        ("draw.per_community", str(draw.per_community), lambda: check_per_community(draw.per_community)),
        ("draw.salt", draw.salt, lambda: read_seed(draw.salt)),
    ):
        try:
            check()
        except BadInput as error:
            yield _problem(name, got, error.message)


def _case_problems(selected: Sequence[Selected], cases: Sequence[Case]) -> Iterator[Problem]:
    drawn = {one.unit_serial: one for one in selected}
    stored = {case.unit_serial: case for case in cases}
    for serial in sorted(drawn.keys() | stored.keys()):
        expected, got = drawn.get(serial), stored.get(serial)
        if expected is None and got is not None:
            yield _unit_problem(serial, _described(got), Message(N_("不在样本里：按种子没有抽中它")))
        elif got is None and expected is not None:
            yield _unit_problem(serial, "", Message(N_("{case}：按种子抽中了它"), {"case": _described(expected)}))
        elif expected is not None and got is not None and _described(expected) != _described(got):
            yield _unit_problem(serial, _described(got), Message("{case}", {"case": _described(expected)}))


def _described(case: Selected | Case) -> str:
    return f"{case.area} {case.grid or '-'} {case.inclusion_n}/{case.inclusion_total}"


def _problem(name: str, got: str, expected: Message) -> Problem:
    """``name``: which part of the record, as the documentation of the draw calls it."""
    return Problem(where=name, column="", got=got, expected=expected)


def _unit_problem(serial: int, got: str, expected: Message) -> Problem:
    return Problem(where=f"unit {serial}", column="", got=got, expected=expected)
