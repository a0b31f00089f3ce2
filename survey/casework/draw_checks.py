"""Whether a draw comes out again: from its record alone, wherever that was kept."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from math import isclose
from operator import attrgetter

from analysis.sampling.earlier_draws import earlier_of
from analysis.sampling.psu_pairs import PsuPair, psu_pairs
from analysis.sampling.sample_design import SampleDesign
from analysis.sampling.sampling_error import SamplingError
from survey.casework.commitment_checks import commitment_problems, text_digest
from survey.casework.record_checks import record_problems
from survey.files.draw_record import CaseLine, DrawRecord, SeenUnits
from survey.messages import N_, BadInput, CheckFailed, Message, Problem
from survey.sampling.drawable_units import DrawableUnits
from survey.sampling.frame_digest import areas_digest, frame_digest
from survey.sampling.sample_designs import from_canonical
from survey.sampling.samples import (
    METHOD,
    METHOD_BEFORE,
    METHOD_BY_ARCS,
    Design,
    Selected,
    draw_digest,
    needs_keys,
    read_seed,
    select,
)

#: So many differences are named; one is enough to say no.
MOST_NAMED = 10
_SAME = 1e-9
_line = attrgetter(*CaseLine._fields)


def check_draw(record: DrawRecord, read: Callable[[bool], SeenUnits]) -> int:
    """Repeat the draw and compare everything with the record; the number of units in the frame.

    ``read``: the units of the frame, with or without the keys of permanent random numbers. While seed, salt and cases
    are kept back, frame, design and commitment are all that is compared.

    Raises :class:`CheckFailed` naming the first differences: frame, design, who and when, commitment, digest, cases.
    """
    design, wrong = _design(record)
    try:
        seen = read(design is not None and needs_keys(design))
    except SamplingError as error:
        raise _failed(record, [problem("frame.units", "", _repeatable(error))]) from error
    found = chain(_frame_problems(record, seen), wrong, record_problems(record), commitment_problems(record))
    if design is not None and not wrong and not record.kept_back:
        found = chain(found, _sample_problems(record, design, seen.units))
    problems = list(islice(found, MOST_NAMED + 1))
    if problems:
        raise _failed(record, problems)
    return seen.count


def design_digest(design: str) -> str:
    """Of the canonical text."""
    return text_digest(design)


def _failed(record: DrawRecord, problems: Sequence[Problem]) -> CheckFailed:
    count = f"{MOST_NAMED}+" if len(problems) > MOST_NAMED else str(len(problems))
    message = N_("第 {draw} 号抽样对不上：{count} 处不符，列出最先的几处")
    return CheckFailed(Message(message, {"draw": record.draw, "count": count}), problems[:MOST_NAMED])


def _frame_problems(record: DrawRecord, seen: SeenUnits) -> Iterator[Problem]:
    frame = record.frame
    if frame.unit_count != seen.count:
        expected = Message(N_("{count} 个"), {"count": frame.unit_count})
        yield problem("frame.unit_count", str(seen.count), expected)
    of_areas = areas_digest(frame.areas)
    for name, computed, stored in (
        ("frame.areas", of_areas, frame.areas_digest),
        ("frame.units", seen.digest, frame.units_digest),
    ):
        if computed != stored:
            yield problem(name, computed, Message(N_("{digest}：导入之后有一行被改动"), {"digest": stored}))
    whole = frame_digest(of_areas, seen.digest)
    if whole != record.frame_digest:
        yield problem(
            "frame.digest", whole, Message(N_("{digest}：抽样之后抽样框被改动"), {"digest": record.frame_digest})
        )


def _design(record: DrawRecord) -> tuple[SampleDesign | None, list[Problem]]:
    """The design, and what keeps the draw from being repeated at all."""
    design, found = None, []
    if record.method not in (METHOD, METHOD_BY_ARCS, METHOD_BEFORE):
        found.append(problem("draw.method", record.method, Message("{method}", {"method": METHOD})))
    try:
        design = from_canonical(record.design)
    except BadInput as error:
        found.append(problem("draw.design", record.design, error.message))
    else:
        found += _number_problems(record, design)
    for name, digits in (("draw.seed", record.seed), ("draw.salt", record.salt)):
        try:
            if digits is not None:
                read_seed(digits)
        except BadInput as error:
            found.append(problem(name, digits or "", error.message))
    return design, found


def _number_problems(record: DrawRecord, design: SampleDesign) -> Iterator[Problem]:
    """What the record repeats of the design."""
    equal = design.allocation and design.allocation.per_community
    replicates = design.reserves.replicates if design.reserves else 0
    for name, got, said in (
        ("draw.per_community", record.per_community, equal if record.per_community is not None else None),
        ("draw.replicates", record.replicates, replicates),
    ):
        if got != said:
            yield problem(
                name, str(got), Message(N_("{number}：设计里写的"), {"number": "-" if said is None else said})
            )


def _sample_problems(record: DrawRecord, design: SampleDesign, units: DrawableUnits) -> Iterator[Problem]:
    try:
        earlier = earlier_of(record.earlier)
        selection = select(units, design, seed=record.seed or "", earlier=earlier, method=record.method)
    except SamplingError as error:
        yield problem("draw", "", _repeatable(error))
        return
    selected = selection.cases
    facts = Design(
        frame_digest=record.frame_digest,
        method=record.method,
        design=record.design,
        seed=record.seed or "",
        earlier=record.earlier,
        per_community=record.per_community,
    )
    computed = draw_digest(facts, selected, salt=bytes.fromhex(record.salt or ""))
    if computed != record.digest:
        expected = Message(
            N_("{digest}（由抽样框、设计、种子、样本和盐算出）：其中之一或摘要本身被改动"), {"digest": computed}
        )
        yield problem("draw.digest", record.digest, expected)
    if selection.windows != (record.windows or selection.windows):
        yield problem("draw.windows", record.windows or "", Message("{windows}", {"windows": selection.windows}))
    cases = record.cases or ()
    if record.count != len(cases):
        yield problem("draw.cases", str(len(cases)), Message(N_("{count} 户"), {"count": record.count}))
    yield from _case_problems(selected, cases)
    if record.pairs is not None:
        found = psu_pairs(units.frame, design, ((one.stratum, one.psu) for one in selected))
        yield from _pair_problems(found, record.pairs)


def _repeatable(error: SamplingError) -> Message:
    return Message(N_("能重抽一遍（{reason}）"), {"reason": error})


def _case_problems(selected: Sequence[Selected], cases: Sequence[CaseLine]) -> Iterator[Problem]:
    if list(map(_line, selected)) == list(cases):
        return
    drawn = {one.unit_serial: one for one in selected}
    stored = {case.unit_serial: case for case in cases}
    if len(stored) < len(cases):
        yield problem(
            "draw.cases", str(len(cases)), Message(N_("每个单元最多一行：有 {count} 个不同的"), {"count": len(stored)})
        )
    for serial in sorted(drawn.keys() | stored.keys()):
        expected, got = drawn.get(serial), stored.get(serial)
        if expected is None and got is not None:
            yield _unit_problem(serial, described(got), Message(N_("不在样本里：按种子没有抽中它")))
        elif got is None and expected is not None:
            yield _unit_problem(serial, "", Message(N_("{case}：按种子抽中了它"), {"case": described(expected)}))
        elif expected is not None and got is not None and _line(expected) != got:
            yield _unit_problem(serial, described(got), Message("{case}", {"case": described(expected)}))


def _pair_problems(computed: Sequence[PsuPair], recorded: Sequence[PsuPair]) -> Iterator[Problem]:
    """Probabilities are compared as far as floating point is the same on every machine."""
    right = {(one.stratum, one.first, one.second): one.probability for one in computed}
    got = {(one.stratum, one.first, one.second): one.probability for one in recorded}
    if len(got) < len(recorded):
        expected = Message(N_("每一对最多一行：有 {count} 对不同的"), {"count": len(got)})
        yield problem("joint", str(len(recorded)), expected)
    for key in sorted(right.keys() | got.keys()):
        chance, found = right.get(key), got.get(key)
        if chance is None or found is None or not isclose(chance, found, rel_tol=_SAME, abs_tol=_SAME):
            wanted = Message(N_("{chance}：两个初级单元同时抽中的概率"), {"chance": "-" if chance is None else chance})
            yield problem(f"joint {' '.join(key)}", "" if found is None else str(found), wanted)


def described(case: CaseLine | Selected) -> str:
    """The case in one line; what a simple draw has not is left out."""
    parts = [case.area, case.grid or "-", f"{case.inclusion_n}/{case.inclusion_total}"]
    if case.replicate:
        parts.append(f"replicate {case.replicate}")
    if case.stratum != case.area or case.psu:
        parts.append(f"stratum {case.stratum or '-'} psu {case.psu or '-'}")
    if case.stages != parts[2]:
        parts.append(f"stages {case.stages or '-'}")
    return " ".join(parts)


def problem(name: str, got: str, expected: Message) -> Problem:
    """``name``: which part of the record, as the documentation of the draw calls it."""
    return Problem(where=name, column="", got=got, expected=expected)


def _unit_problem(serial: int, got: str, expected: Message) -> Problem:
    return Problem(where=f"serial {serial}", column="", got=got, expected=expected)
