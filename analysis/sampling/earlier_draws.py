"""What a draw by permanent random numbers must know of the draws before it, and what it leaves for those after it.

A *series* of draws shares the permanent numbers. Whoever keeps the draws keeps with each of them, as text:

- the ``windows`` it took (:attr:`analysis.sampling.stages.DrawnUnits.windows` by :func:`windows_text`; ``"{}"`` for a
  draw without permanent numbers), which tell with the series seed who was drawn and are as secret as the cases;
- the ``earlier`` draws it was given (:func:`earlier_text`; ``""`` for none): without them it cannot be repeated, so
  they belong to what is verified, exported and digested.

For a new draw :class:`EarlierDraws` holds: ``series_seed``, the seed of the first draw of the series (a first draw is
given no earlier draws, and its own seed is the series'); ``on``, the day from which months are counted back;
``draws``, every approved draw of the series on the same kind of units, oldest first, rejected ones left out. A draw
of another method within the months of rest belongs in the list, too, with no windows: it is then refused, as its homes
cannot be left alone by shifting.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.sampling.sample_design import Method
from analysis.sampling.sampling_error import SamplingError

_KEY_DIGITS = 32


@dataclass(frozen=True, kw_only=True)
class Window:
    """What one stream label took, ``taken`` units, by permanent numbers or systematically along their order.

    Of dwellings ``arcs``: (first, last) number, both in it, and the ``key`` their numbers hang on (32 hex digits, see
    :mod:`analysis.sampling.rest_windows`; ``""`` in draws of stages/1: those of the series). Of grids and communities
    ``start`` of ``total``: the unit it began with, or the start along the sizes.
    """

    method: Method
    taken: int
    arcs: tuple[tuple[int, int], ...] = ()
    start: int = 0
    total: int = 0
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class EarlierDraw:
    """``visited_on``: the last day its homes were visited (or will be). ``windows``: by stream label."""

    visited_on: date
    windows: Mapping[str, Window]


@dataclass(frozen=True, kw_only=True)
class EarlierDraws:
    """See the module. Raises :class:`SamplingError` for an empty seed and draws that are not oldest first."""

    series_seed: bytes
    on: date
    draws: tuple[EarlierDraw, ...] = ()

    def __post_init__(self) -> None:
        if not self.series_seed:
            raise SamplingError("series seed: got no bytes, expected those of the first draw's seed")
        days = [draw.visited_on for draw in self.draws]
        if days != sorted(days):
            raise SamplingError("earlier draws: got a later one first, expected the oldest first")

    def within(self, months: int) -> tuple[EarlierDraw, ...]:
        """Those visited less than so many months before ``on``; 0: none.

        >>> day, draws = date(2027, 3, 30), [EarlierDraw(visited_on=date(2026, 9, d), windows={}) for d in (29, 30)]
        >>> [d.visited_on.day for d in EarlierDraws(series_seed=b"s", on=day, draws=tuple(draws)).within(6)]
        [30]
        """
        return tuple(draw for draw in self.draws if months and _months_after(draw.visited_on, months) >= self.on)


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(day.year + year, month + 1, number)
        except ValueError:
            continue
    return date(day.year + year, month + 1, day.day)


def windows_text(windows: Mapping[str, Window]) -> str:
    """JSON with sorted keys; numbers of the circle in hex.

    >>> windows_text({"stratum:A": Window(method=Method.PERMANENT, taken=2, arcs=((0, 2**63),))})
    '{"stratum:A":{"arcs":[["0","8000000000000000"]],"method":"permanent","start":0,"taken":2,"total":0}}'
    """
    return _text(_windows_document(windows))


def windows_of(text: str) -> Mapping[str, Window]:
    """The windows of :func:`windows_text`. Raises :class:`SamplingError` for any other text."""
    try:
        return _windows(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SamplingError(f"windows: got {text[:40]!r}, expected the windows of a draw") from error


def earlier_text(earlier: EarlierDraws | None) -> str:
    """JSON with sorted keys; ``""`` for none."""
    if earlier is None:
        return ""
    draws = [
        {"visited_on": draw.visited_on.isoformat(), "windows": _windows_document(draw.windows)}
        for draw in earlier.draws
    ]
    return _text({"series_seed": earlier.series_seed.hex(), "on": earlier.on.isoformat(), "draws": draws})


def earlier_of(text: str) -> EarlierDraws | None:
    """The draws of :func:`earlier_text`. Raises :class:`SamplingError` for any other text.

    >>> earlier = EarlierDraws(series_seed=b"x", on=date(2027, 1, 1), draws=(
    ...     EarlierDraw(visited_on=date(2026, 9, 1), windows={
    ...         "grids:A": Window(method=Method.PPS_SYSTEMATIC, taken=2, start=5, total=9)}),))
    >>> earlier_of(earlier_text(earlier)) == earlier
    True
    """
    if not text:
        return None
    try:
        document = json.loads(text)
        draws = tuple(
            EarlierDraw(visited_on=date.fromisoformat(draw["visited_on"]), windows=_windows(draw["windows"]))
            for draw in document["draws"]
        )
        seed, day = bytes.fromhex(document["series_seed"]), date.fromisoformat(document["on"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SamplingError(f"earlier draws: got {text[:40]!r}, expected the earlier draws of a draw") from error
    return EarlierDraws(series_seed=seed, on=day, draws=draws)


def _windows_document(windows: Mapping[str, Window]) -> dict[str, object]:
    return {
        label: {
            "method": window.method,
            "taken": window.taken,
            "arcs": [[f"{first:x}", f"{last:x}"] for first, last in window.arcs],
            "start": window.start,
            "total": window.total,
        }
        | ({"key": window.key} if window.key else {})
        for label, window in windows.items()
    }


def _windows(document: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Window]:
    return {label: _window(table) for label, table in document.items()}


def _window(table: Mapping[str, Any]) -> Window:
    numbers = [table[name] for name in ("taken", "start", "total")]
    if any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError(f"got {numbers}, expected whole numbers from 0 up")
    arcs = tuple((int(first, 16), int(last, 16)) for first, last in table["arcs"])
    if any(not 0 <= first <= last < 2**64 for first, last in arcs):
        raise ValueError(f"got {arcs}, expected arcs of numbers below 2^64")
    key = table.get("key", "")
    if key and (len(key) != _KEY_DIGITS or bytes.fromhex(key).hex() != key):
        raise ValueError(f"got the key {key!r}, expected {_KEY_DIGITS} hex digits")
    return Window(
        method=Method(table["method"]), taken=numbers[0], arcs=arcs, start=numbers[1], total=numbers[2], key=key
    )


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
