"""Which of the eligible adults of a dwelling is asked: a draw from their list, Kish's tables, or the next birthday.

Draw and table are fixed by seed and case before anybody is asked who lives there, so nobody at the door can steer them:
neither by the order of naming (which is a rule) nor by trying again.

Where the one who was drawn turned out not to be eligible, the home is counted anew and *recount* 1 draws by a lot of
its own, then 2, …: the first lot has said already who it is not, and what is left of it is not even.

The chance of each of n adults, which is what a person's weight would be exact with:

- *List* (the default): 1/n each.
- *Kish's tables* (L. Kish, "A procedure for objective respondent selection within the household", Journal of the
  American Statistical Association 44, 1949): 1/n each for one to four adults and for six. Of five adults the third and
  the fifth have 1/4, the others 1/6. Of seven and more the first six have 1/6, the others none.
- *Next birthday*: not known. Birthdays are spread over the year, but nobody draws; it is quasi-random, told as such and
  weighted as if the chance were 1/n.

Weights count the eligible adults in all three, so their number is always kept.
"""

from dataclasses import dataclass
from fractions import Fraction

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sample_design import Respondent
from analysis.sampling.sampling_error import SamplingError

#: More adults than these are not told apart by Kish's tables: the seventh is never asked.
MOST_IN_TABLES = 6


@dataclass(frozen=True, kw_only=True)
class KishTable:
    """``twelfths``: its share of the dwellings. ``persons``: who is asked of 1, 2, 3, 4, 5, and 6 or more adults."""

    name: str
    twelfths: int
    persons: tuple[int, int, int, int, int, int]

    def select(self, adults: int) -> int:
        """Who is asked, 1 … ``adults``: men from oldest to youngest, then women from oldest to youngest.

        Raises :class:`SamplingError` for fewer than one adult.

        >>> [TABLES[5].select(adults) for adults in (1, 2, 3, 4, 5, 6, 7)]
        [1, 2, 3, 3, 3, 5, 5]
        """
        return self.persons[min(_checked(adults), MOST_IN_TABLES) - 1]


TABLES = (
    KishTable(name="A", twelfths=2, persons=(1, 1, 1, 1, 1, 1)),
    KishTable(name="B1", twelfths=1, persons=(1, 1, 1, 1, 2, 2)),
    KishTable(name="B2", twelfths=1, persons=(1, 1, 1, 2, 2, 2)),
    KishTable(name="C", twelfths=2, persons=(1, 1, 2, 2, 3, 3)),
    KishTable(name="D", twelfths=2, persons=(1, 2, 2, 3, 4, 4)),
    KishTable(name="E1", twelfths=1, persons=(1, 2, 3, 3, 3, 5)),
    KishTable(name="E2", twelfths=1, persons=(1, 2, 3, 4, 5, 5)),
    KishTable(name="F", twelfths=2, persons=(1, 2, 3, 4, 5, 6)),
)
#: A table as often as its share says: one of these places is drawn for a case.
_PLACES = tuple(table for table in TABLES for _ in range(table.twelfths))


def select_adult(seed: bytes, case: str, adults: int, *, recount: int = 0) -> int:
    """Position 1 … ``adults`` in the list of eligible adults from oldest to youngest.

    The stream's label is ``"adult:"`` followed by the case, and by ``":recount k"`` for the k-th recount. Raises
    :class:`SamplingError` for fewer than one adult.

    >>> [select_adult(bytes(range(16)), "case-1", adults) for adults in (1, 2, 3, 4)]
    [1, 1, 2, 1]
    """
    return 1 + CounterStream(seed=seed, label=_label("adult", case, recount)).below(_checked(adults))


def kish_table(seed: bytes, case: str, *, recount: int = 0) -> KishTable:
    """The table of a case: the place ``below(12)`` of the stream labelled ``"kish:"`` followed by the case (and by
    ``":recount k"`` for the k-th recount), among A, A, B1, B2, C, C, D, D, E1, E2, F, F.

    >>> [kish_table(bytes(range(16)), f"case-{number}").name for number in (1, 2, 3)]
    ['B1', 'D', 'A']
    """
    return _PLACES[CounterStream(seed=seed, label=_label("kish", case, recount)).below(len(_PLACES))]


def kish_chances(adults: int) -> tuple[Fraction, ...]:
    """The exact chance of each adult, in the order of the tables; they add up to one.

    >>> [str(chance) for chance in kish_chances(5)], kish_chances(7)[6]
    (['1/6', '1/6', '1/4', '1/6', '1/4'], Fraction(0, 1))
    """
    found = [Fraction(0)] * _checked(adults)
    for table in TABLES:
        found[table.select(adults) - 1] += Fraction(table.twelfths, len(_PLACES))
    return tuple(found)


def select_respondent(method: Respondent, seed: bytes, case: str, adults: int, *, recount: int = 0) -> int | None:
    """Who is asked, 1 … ``adults``; ``None`` where no lot says it, but the next birthday.

    For the list from oldest to youngest, for Kish's tables men before women. Raises :class:`SamplingError` for fewer
    than one adult.

    >>> seed = bytes(range(16))
    >>> [select_respondent(method, seed, "case-1", 3) for method in Respondent]
    [2, 1, None]
    """
    _checked(adults)
    if method is Respondent.LIST:
        return select_adult(seed, case, adults, recount=recount)
    return kish_table(seed, case, recount=recount).select(adults) if method is Respondent.KISH else None


def _label(kind: str, case: str, recount: int) -> str:
    return f"{kind}:{case}:recount {recount}" if recount else f"{kind}:{case}"


def _checked(adults: int) -> int:
    if adults < 1:
        raise SamplingError(f"adults: got {adults}, expected at least 1")
    return adults
