from analysis.estimation.families import HOLM_UP_TO, rejected


def test_nobody_differs_from_nothing() -> None:
    assert rejected([]) == ()


def test_holm_steps_down() -> None:
    # .01 <= .05/3, .02 <= .05/2, .05 <= .05.
    assert rejected([0.02, 0.05, 0.01]) == (True, True, True)
    assert rejected([0.02, 0.05, 0.017]) == (False, False, False)


def test_many_are_judged_by_their_false_discoveries() -> None:
    many = [0.04] * (HOLM_UP_TO + 1)
    assert rejected(many) == (True,) * len(many)
    assert rejected(many[:HOLM_UP_TO]) == (False,) * HOLM_UP_TO
