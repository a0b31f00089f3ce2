"""What the forms of a draw send: a design, the public values that are promised, and one as it was published."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from flask import request

from analysis.sampling.sample_design import SampleDesign
from analysis.sampling.value_spelling import Spelling, SpellingRule, rule_of
from survey.messages import N_, BadInput, Message
from survey.reports.wording import BEIJING
from survey.sampling.public_values import PublicValue, PublicValueName
from survey.sampling.sample_designs import from_canonical, of_equal, read_design
from survey.sampling.samples import check_per_community

#: Rows for public values in the form of a commitment.
ROWS = 3
LONGEST_VALUE = 500
LONGEST_SOURCE = 300
#: Of a design.toml; a community takes some thirty.
LARGEST_DESIGN = 200_000


@dataclass(frozen=True, kw_only=True)
class NameRow:
    """A public value as it was typed, its time as the browser writes it: ``2026-11-24T21:15``, in Shanghai.

    ``spelling``: ``""``, or one of :class:`analysis.sampling.value_spelling.Spelling` with its ``count``.
    """

    name: str = ""
    not_before: str = ""
    spelling: str = ""
    count: str = ""


def sent_number() -> int:
    """``per_community``: a whole number as it was typed; -1, which no step takes, for anything else."""
    text = request.values.get("per_community", "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def sent_design() -> SampleDesign | None:
    """The design that was looked at before, in its canonical text; ``None``: the form is about a number alone.

    Raises :class:`BadInput`.
    """
    text = request.form.get("design", "")
    return from_canonical(text) if text else None


def equal_design() -> SampleDesign:
    """So many per community. Raises :class:`BadInput`."""
    number = sent_number()
    check_per_community(number)
    return of_equal(number)


def written_design() -> tuple[str, str]:
    """The text of a design.toml, from the file if one was chosen, and what it is called.

    Raises :class:`BadInput` for a file that is too large or no text.
    """
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("toml", ""), "design.toml"
    with closing(file):
        data = file.stream.read(LARGEST_DESIGN + 1)
    name = file.filename[-60:]
    if len(data) > LARGEST_DESIGN:
        message = N_("{file} 超过 {most} kB：抽样设计没有这样长")
        raise BadInput(Message(message, {"file": name, "most": LARGEST_DESIGN // 1000}))
    try:
        return data.decode("utf-8-sig"), name
    except UnicodeDecodeError as error:
        message = N_("{file} 不是 UTF-8 的文字：请用记事本另存为 UTF-8")
        raise BadInput(Message(message, {"file": name})) from error


def parsed_design(text: str, name: str) -> tuple[SampleDesign, tuple[NameRow, ...]]:
    """The design, and the public values it names as rows of the form. Raises :class:`BadInput`."""
    if not text.strip():
        raise BadInput(Message(N_("请粘贴抽样设计，或者选择一个文件。")))
    design, names = read_design(text, name)
    return design, padded(map(_row, names))


def _row(one: PublicValueName) -> NameRow:
    rule = one.spelling
    return NameRow(
        name=one.name,
        not_before=written_moment(one.not_before),
        spelling=rule.spelling.value if rule else "",
        count=rule.count_text if rule else "",
    )


def padded(rows: Iterable[NameRow]) -> tuple[NameRow, ...]:
    """At least :data:`ROWS`, and an empty one to write on."""
    found = [row for row in rows if row.name or row.not_before]
    return (*found, *(NameRow() for _ in range(max(1, ROWS - len(found)))))


def sent_rows() -> tuple[NameRow, ...]:
    columns = [request.form.getlist(key) for key in ("value_name", "not_before", "spelling", "spelling_count")]
    rows = zip_longest(*columns, fillvalue="")
    return padded(NameRow(name=n.strip(), not_before=at.strip(), spelling=s, count=c.strip()) for n, at, s, c in rows)


def promised_values(rows: Iterable[NameRow]) -> tuple[PublicValueName, ...]:
    """Raises :class:`BadInput` for a row that says but one of the two, a time or a number of digits that is none."""
    return tuple(
        PublicValueName(name=row.name, not_before=read_moment(row.not_before, row.name), spelling=_rule(row))
        for row in rows
        if row.name or row.not_before
    )


def _rule(row: NameRow) -> SpellingRule | None:
    if not row.spelling:
        return None
    try:
        return rule_of(Spelling(row.spelling), row.count)
    except ValueError as error:
        message = N_(
            "公开数字“{name}”有几位，得到“{got}”：应为整数，数字至少 1 位，最多 200 位；小数最多 20 位；"
            "从小到大的号码每个两位，另开的另写，如 12+2"
        )
        raise BadInput(Message(message, {"name": row.name, "got": row.count[:20]})) from error


def published_value(name: str) -> PublicValue:
    """The value named ``name`` as it was published. Raises :class:`BadInput`."""
    value, source = request.form.get("value", ""), " ".join(request.form.get("source", "").split())
    if not value.strip():
        raise BadInput(Message(N_("请照公布的原文输入公开数字“{name}”"), {"name": name}))
    if not source or len(source) > LONGEST_SOURCE or not source.isprintable():
        message = N_("请写明在哪里可以查到公开数字“{name}”，1 到 {most} 个字")
        raise BadInput(Message(message, {"name": name, "most": LONGEST_SOURCE}))
    at = read_moment(request.form.get("published_at", ""), name)
    return PublicValue(name=name, value=value, published_at=at, source=source)


def read_moment(text: str, name: str) -> datetime:
    """A day and a time in Shanghai unless it says another place.

    >>> read_moment("2026-11-24 21:15", "x").isoformat()
    '2026-11-24T21:15:00+08:00'
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        message = N_("公开数字“{name}”的时间“{got}”读不出来：应像 {example}（北京时间）")
        facts = {"name": name, "got": text.strip()[:40], "example": "2026-11-24 21:15"}
        raise BadInput(Message(message, facts)) from error
    return found.replace(tzinfo=BEIJING) if found.tzinfo is None else found


def written_moment(moment: datetime) -> str:
    """As a browser's field for a moment holds it.

    >>> from datetime import UTC
    >>> written_moment(datetime(2026, 11, 24, 13, 15, tzinfo=UTC))
    '2026-11-24T21:15'
    """
    local = moment.astimezone(BEIJING)
    return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"
