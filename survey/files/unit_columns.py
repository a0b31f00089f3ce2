"""Which column of an office's table of units is which field, told by its header."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.files.personal_data import is_personal_column, is_personal_header
from survey.files.unit_headers import EVERYWHERE, HARMLESS, NEEDED, OF_KIND
from survey.files.unit_values import plain
from survey.messages import N_, BadInput, Message, Problem
from survey.units import UnitKind

#: The header stands within so many filled rows.
MOST_ROWS_ABOVE = 30


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where what stands, by the place of a column in its row.

    ``header_at``: the place of the header among the rows given. ``personal``: left out because of what they hold;
    ``unused``: left out because nothing here needs them.
    """

    header_at: int
    headers: tuple[str, ...]
    places: Mapping[str, int]
    personal: tuple[int, ...]
    unused: tuple[int, ...]


class UnknownHeaders(BadInput):
    """Headers whose meaning has to be told once."""

    def __init__(self, headers: Sequence[str], kind: UnitKind, name: str) -> None:
        fields = ", ".join(f"{field} ({header_of(kind, field)})" for field in fields_of(kind))
        expected = Message(N_("已知的表头，或者说明它是什么：{fields}；或者不要这一列"), {"fields": fields})
        super().__init__(
            Message(
                N_('{file} 有 {count} 个不认识的表头：用 --map "表头=字段" 说明一次，--map "表头=" 表示不要这一列'),
                {"file": name, "count": len(headers)},
            ),
            [Problem(where="", column=header, got=header, expected=expected) for header in headers],
        )
        self.headers = tuple(headers)


def fields_of(kind: UnitKind) -> tuple[str, ...]:
    """The fields a column of such a file may hold, in the order of an export."""
    return tuple(_known(kind))


def header_of(kind: UnitKind, field: str) -> str:
    """What heads the column of an export.

    >>> header_of(UnitKind.DWELLING, "room")
    '房号'
    """
    return _known(kind)[field].split()[0]


def _known(kind: UnitKind) -> Mapping[str, str]:
    return {**EVERYWHERE, **OF_KIND[kind]}


def normalise(header: str) -> str:
    """A header without what changes from office to office: blanks, full-width signs, marks of a must.

    >>> normalise("* 房 号：")
    '房号'
    """
    return re.sub(r"[\s*:★▲]", "", plain(header)).lower()


def _variants(header: str) -> tuple[str, ...]:
    """The header, and the header without what stands in brackets: a unit of measure, a remark."""
    return header, re.sub(r"[(\[【〔].*?[)\]】〕]", "", header)


class _Dictionary:
    """What headers mean for one kind: first what was told, then what offices use."""

    def __init__(self, kind: UnitKind, told: Mapping[str, str]) -> None:
        self.told = {normalise(header): field for header, field in told.items()}
        #: header -> field and how good a name for it this is (0: the best)
        self.known: dict[str, tuple[str, int]] = {}
        for field, headers in _known(kind).items():
            for rank, header in enumerate(headers.split()):
                self.known.setdefault(header, (field, rank))

    def field(self, header: str) -> tuple[str, int] | None:
        """``None``: not known, or of persons whatever was told; field ``""``: not wanted."""
        if header in self.known and header not in self.told:
            return self.known[header]
        if is_personal_header(header):
            return None
        if header in self.told:
            return self.told[header], -1
        return next((self.known[variant] for variant in _variants(header) if variant in self.known), None)

    def is_known(self, header: str) -> bool:
        return self.field(header) is not None or is_personal_header(header) or is_harmless(header)


def is_harmless(header: str) -> bool:
    return any(variant in HARMLESS for variant in _variants(header)) or header.startswith("是否")


def find_columns(
    rows: Sequence[tuple[int, tuple[str, ...]]], *, kind: UnitKind, name: str, told: Mapping[str, str]
) -> Columns:
    """The header among the first rows, and what its columns are; ``told``: header -> field, ``""`` to leave it out.

    Raises :class:`UnknownHeaders`, and :class:`BadInput` when there is no header, two columns of one header, or no
    column of the community or of what finds a unit.
    """
    wrong = sorted({field for field in told.values() if field and field not in fields_of(kind)})
    if wrong:
        raise BadInput(
            Message(
                N_("没有这样的字段：{wrong}；可用的：{fields}"),
                {"wrong": ", ".join(wrong), "fields": ", ".join(fields_of(kind))},
            )
        )
    dictionary = _Dictionary(kind, told)
    at = _header_row(rows, dictionary)
    if at is None:
        best = ", ".join(header_of(kind, field) for field in fields_of(kind))
        raise BadInput(
            Message(N_("{file} 的前 {count} 行里没有表头：要有一行写明各列，如 {headers}"),
                    {"file": name, "count": MOST_ROWS_ABOVE, "headers": best})
        )  # fmt: skip
    columns = _columns(rows, at, dictionary, kind, name)
    _check_needed(columns, kind, name)
    return columns


def _header_row(rows: Sequence[tuple[int, tuple[str, ...]]], dictionary: _Dictionary) -> int | None:
    """The row with the most known headers: titles and groups of columns stand above it."""
    best, most = None, 0
    for at, (_, cells) in enumerate(rows[:MOST_ROWS_ABOVE]):
        headers = {normalise(cell) for cell in cells if cell and len(cell) <= 50}
        if len(headers) < 2 or not any((found := dictionary.field(header)) and found[0] for header in headers):
            continue
        count = sum(1 for header in headers if dictionary.is_known(header))
        if count > most:
            best, most = at, count
    return best


def _columns(
    rows: Sequence[tuple[int, tuple[str, ...]]], at: int, dictionary: _Dictionary, kind: UnitKind, name: str
) -> Columns:
    headers = tuple(plain(cell) for cell in rows[at][1])
    found: dict[str, tuple[int, int]] = {}
    personal, unused, unknown = [], [], []
    for place, header in enumerate(headers):
        meaning = dictionary.field(normalise(header))
        if meaning is not None and meaning[0]:
            field, rank = meaning
            other = found.get(field)
            if other and other[0] == rank:
                raise BadInput(Message(N_("{file} 的表头有重复的列：{columns}"), {"file": name, "columns": header}))
            if other and other[0] < rank:
                unused.append(place)  # a better name for the same thing stands elsewhere
                continue
            if other:
                unused.append(other[1])
            found[field] = (rank, place)
        elif meaning is not None or not header or is_harmless(normalise(header)):
            unused.append(place)
        elif is_personal_header(normalise(header)):
            personal.append(place)
        else:
            unknown.append(place)
    for place in [*unknown, *(place for _, place in found.values())]:
        if is_personal_column([cells[place] for _, cells in rows[at + 1 :] if place < len(cells)]):
            personal.append(place)
    asked = [headers[place] for place in unknown if place not in personal]
    if asked:
        raise UnknownHeaders(list(dict.fromkeys(asked)), kind, name)
    return Columns(
        header_at=at,
        headers=headers,
        places={field: place for field, (_, place) in found.items() if place not in personal},
        personal=tuple(sorted(personal)),
        unused=tuple(sorted(unused)),
    )


def _check_needed(columns: Columns, kind: UnitKind, name: str) -> None:
    for group in (("area", "community", "grid"), NEEDED[kind]):
        if not any(field in columns.places for field in group):
            wanted = ", ".join(header_of(kind, field) for field in group)
            # Headers of columns that were left out for what they hold are shown too: it is why one is missing.
            there = ", ".join(header for header in columns.headers if header)
            raise BadInput(
                Message(
                    N_("{file} 缺少列：至少要有其中一列 {wanted}；现有的列：{found}"),
                    {"file": name, "wanted": wanted, "found": there},
                )
            )
