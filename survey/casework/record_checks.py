"""What the record of a draw says of itself: what cannot be, and what no digest covers.

A digest holds frame, design, seed and cases. Who drew and approved, when, and what was rejected before can be written
anew by whoever has the folder: only what is impossible is found out here; the rest has to be compared with the
certificate, which was published.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from survey.account_rules import name_key
from survey.casework.commitment_checks import text_digest
from survey.files.draw_record import DrawRecord, RejectedDraw
from survey.messages import N_, Message, Problem
from survey.sampling.public_values import PublicValueName, in_beijing
from survey.waves import SeedSource

PROPOSED, APPROVED, REJECTED = "proposed", "approved", "rejected"


def record_problems(record: DrawRecord) -> Iterator[Problem]:
    """What cannot be, whoever drew: of its state, its people, its times, its seed and the draws rejected before."""
    if record.state not in (PROPOSED, APPROVED, REJECTED):
        expected = Message("{states}", {"states": f"{PROPOSED} / {APPROVED} / {REJECTED}"})
        yield _problem("draw.state", record.state, expected)
    decided = record.decided_by is not None and record.decided_at is not None
    if (record.state == PROPOSED) == decided or (record.decided_by is None) != (record.decided_at is None):
        expected = Message(N_("待批准的没有批准人和时间；已批准、已否决的两样都有"))
        got = f"{record.state} {record.decided_by or '-'} {_told(record.decided_at)}"
        yield _problem("draw.decided_by", got, expected)
    yield from _second_person("draw", record.drawn_by, record.drawn_at, record.decided_by, record.decided_at)
    if (record.seed_source is SeedSource.PUBLIC_VALUE) != record.public:
        expected = Message(N_("公开抽签的种子是 public_value，别的抽样不是"))
        yield _problem("draw.seed_source", record.seed_source.value, expected)
    if record.state == REJECTED and not record.reason.strip():
        yield _problem("draw.reason", "", Message(N_("谁在何时否决、为什么：三样都有")))
    yield from _kept_back_problems(record)
    yield from _rejected_problems(record)


def to_compare(record: DrawRecord) -> tuple[tuple[str, str], ...]:
    """Name and value of all that no digest covers and that stands on the certificate, times in Beijing."""
    told = [
        ("wave", f"{record.wave} {record.wave_name}"),
        ("state", record.state),
        ("seed_source", record.seed_source.value),
        ("drawn", _who(record.drawn_at, record.drawn_by)),
        ("decided", _who(record.decided_at, record.decided_by)),
        ("reason", record.reason or "-"),
    ]
    if record.commitment is not None:
        made = record.commitment
        told.append(("commitment", f"{made.id} {_who(made.committed_at, made.committed_by)}"))
        told += [("promised", _promised_words(one)) for one in made.public_values]
    told += [("used", f"{one.name} {in_beijing(one.published_at)} {one.source}") for one in record.values[-1:]]
    told += [("rejected", _rejected_words(one)) for one in record.rejected] or [("rejected", "-")]
    return (*told, *_while_kept_back(record))


def _while_kept_back(record: DrawRecord) -> Iterator[tuple[str, str]]:
    """What the digest of the draw and the seed cover, as long as neither can be worked out."""
    if not record.kept_back:
        return
    yield "frame_digest", record.frame_digest
    yield "design_digest", text_digest(record.design)
    yield "method", record.method
    yield "cases", str(record.count)
    if record.commitment is not None:
        yield "secret_digest", record.commitment.secret_digest
        yield "earlier_digest", record.commitment.earlier_digest or "-"
    yield "digest", record.digest


def _kept_back_problems(record: DrawRecord) -> Iterator[Problem]:
    """Before the wave is closed nothing of it is told, afterwards everything."""
    parts = {"seed": record.seed, "salt": record.salt, "cases": record.cases}
    if record.commitment is not None:
        parts["secret"] = record.commitment.secret
    missing = [name for name, part in parts.items() if part is None]
    more = record.pairs is not None or record.earlier or record.windows is not None
    if missing and (more or len(missing) < len(parts)):
        expected = Message(N_("密数、种子、盐、样本和此前各次抽样：要么都在，要么都没有"))
        yield _problem("draw.kept_back", ", ".join(missing), expected)


def _second_person(
    name: str, drawn_by: str, drawn_at: datetime, decided_by: str | None, decided_at: datetime | None
) -> Iterator[Problem]:
    if decided_by is not None and name_key(decided_by) == name_key(drawn_by):
        expected = Message(N_("另一人：“{by}”抽取的，不能由他自己批准或否决"), {"by": drawn_by})
        yield _problem(f"{name}.decided_by", decided_by, expected)
    if decided_at is not None and decided_at < drawn_at:
        expected = Message(N_("不早于抽取的时间 {at}"), {"at": in_beijing(drawn_at)})
        yield _problem(f"{name}.decided_at", in_beijing(decided_at), expected)


def _rejected_problems(record: DrawRecord) -> Iterator[Problem]:
    """They came one after the other, each decided before the next; a value that was used has its draw."""
    next_ones: Sequence[RejectedDraw | DrawRecord] = (*record.rejected[1:], record)
    for one, following in zip(record.rejected, next_ones, strict=False):
        name = f"draw.rejected {one.draw}"
        if one.decided_by is None or one.decided_at is None or not one.reason.strip():
            yield _problem(name, _rejected_words(one), Message(N_("谁在何时否决、为什么：三样都有")))
        yield from _second_person(name, one.drawn_by, one.drawn_at, one.decided_by, one.decided_at)
        if following.draw <= one.draw or (one.decided_at is not None and following.drawn_at < one.decided_at):
            expected = Message(N_("在第 {draw} 号以前抽取和否决"), {"draw": following.draw})
            yield _problem(name, _rejected_words(one), expected)
    named = iter([one.public_value_name for one in record.rejected])
    for value in record.values[:-1]:
        if value.name not in named:  # reads on: each after the one before
            expected = Message(N_("用公开数字“{name}”抽的那一次：它用过了，却没有否决的抽样"), {"name": value.name})
            yield _problem("draw.rejected", ", ".join(str(one.draw) for one in record.rejected) or "-", expected)


def _promised_words(one: PublicValueName) -> str:
    return f"{one.name} {in_beijing(one.not_before)} {one.spelling.text if one.spelling else '-'}"


def _rejected_words(one: RejectedDraw) -> str:
    value = f" ({one.public_value_name})" if one.public_value_name else ""
    drawn, decided = _who(one.drawn_at, one.drawn_by), _who(one.decided_at, one.decided_by)
    return f"{one.draw}{value}: {drawn}; {decided}; {one.reason}; {one.digest}"


def _who(at: datetime | None, by: str | None) -> str:
    return "-" if at is None and by is None else f"{_told(at)} {by or '-'}"


def _told(at: datetime | None) -> str:
    return "-" if at is None else in_beijing(at)


def _problem(name: str, got: str, expected: Message) -> Problem:
    return Problem(where=name, column="", got=got, expected=expected)
