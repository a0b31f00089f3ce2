"""Serials: what slips of the fingers are noticed, and how modules go round."""

import pytest

from questionnaires.loading import load_text
from survey.fieldwork.paper_serials import Serial, modules_on, read_serial
from survey.messages import BadInput
from tests.survey.paper_wave import INSTRUMENT


@pytest.mark.parametrize("batch", [1, 42, 9999, 123456])
@pytest.mark.parametrize("number", [1, 77, 500])
def test_a_serial_is_read_as_it_is_printed(batch: int, number: int) -> None:
    serial = Serial(batch=batch, number=number)
    for typed in (str(serial), str(serial).replace("-", ""), f"  {str(serial).replace('-', ' ')} "):
        assert read_serial(typed) == serial
    wide = str(serial).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    assert read_serial(wide) == serial


def test_every_wrong_digit_and_every_two_that_changed_places_are_noticed() -> None:
    for number in (1, 12, 98, 305):
        plain = str(Serial(batch=7, number=number)).replace("-", "")
        slips = [plain[:at] + str(digit) + plain[at + 1 :] for at in range(len(plain)) for digit in range(10)]
        slips += [plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :] for at in range(len(plain) - 1)]
        for slip in set(slips) - {plain}:
            with pytest.raises(BadInput):
                read_serial(slip)


@pytest.mark.parametrize(
    "typed", ["", " ", "12", "x" * 1000, "0007-0012", "٠٠٠٧٠٠١٢٤x", "0007-0012-4-0007-0012-4", "²"]
)
def test_what_is_no_serial(typed: str) -> None:
    with pytest.raises(BadInput):
        read_serial(typed)


def test_modules_go_round() -> None:
    questionnaire = load_text(INSTRUMENT, "paper.toml")
    found = [modules_on(questionnaire, Serial(batch=3, number=number)) for number in range(1, 11)]
    assert {len(one) for one in found} == {1}
    assert found.count(frozenset({"one"})) == found.count(frozenset({"two"})) == 5
