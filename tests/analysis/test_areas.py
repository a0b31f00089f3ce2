import pytest

from analysis.areas import AreaTree
from analysis.design import DesignError


def tree(parents: tuple[int | None, ...], tiers: tuple[int, ...]) -> AreaTree:
    names = tuple("abcdef"[: len(parents)])
    return AreaTree(codes=names, parents=parents, tiers=tiers, populations=(None,) * len(parents))


def test_a_tier_may_be_skipped() -> None:
    # a is the city; b a street with community c; community d stands directly in the city.
    found = tree((None, 0, 1, 0), (0, 2, 4, 4))
    assert found.ancestors_at(0).tolist() == [0, 0, 0, 0]
    assert found.ancestors_at(2).tolist() == [-1, 1, 1, -1]
    assert found.ancestors_at(4).tolist() == [-1, -1, 2, 3]
    assert found.ancestors_at(3).tolist() == [-1, -1, -1, -1]


@pytest.mark.parametrize(
    ("parents", "tiers"),
    [((None, 2, 0), (0, 2, 1)), ((None, 1), (0, 1)), ((None, 0), (1, 1)), ((None, -1), (0, 1))],
)
def test_parents_stand_before_and_above(parents: tuple[int | None, ...], tiers: tuple[int, ...]) -> None:
    with pytest.raises(DesignError, match="area b: got parent"):
        tree(parents, tiers)
