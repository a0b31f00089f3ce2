import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.pages.statisticians.fieldwork_charts import HEIGHT, WIDTH, Line, draw_hours, draw_progress, nice_limit

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [f"W{number}" for number in range(7)]
START = date(2026, 5, 1)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 100_000)), min_size=1, max_size=30), st.booleans())
def test_every_point_lies_on_the_drawing(found: list[tuple[int, int]], planned: bool) -> None:
    done = Line(points=[(START + timedelta(days=day), float(number)) for day, number in sorted(found)])
    plan = Line(points=[(START - timedelta(days=1), 0.0), (START + timedelta(days=20), 500.0)]) if planned else None
    drawing = ET.fromstring(draw_progress(done, plan, title="<a & b>"))  # noqa: S314 - our own
    assert drawing.findtext(f"{SVG}title") == "<a & b>"
    dot = drawing.find(f"{SVG}circle")
    assert dot is not None
    for path in [one.get("d", "") for one in drawing.iter(f"{SVG}path") if "L" in one.get("d", "")]:
        for point in path.removeprefix("M").split("L"):
            x, y = map(float, point.split(" "))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
    assert 0 <= float(dot.get("cy", "-1")) <= HEIGHT


def test_a_drawing_of_nothing_done_and_of_one_day() -> None:
    drawing = draw_progress(Line(points=[(START, 0.0)]), None, title="t")
    assert "nan" not in drawing
    assert "5-01" in drawing


@given(st.floats(0, 1e7))
def test_the_scale_ends_above_and_not_far_above(most: float) -> None:
    limit = nice_limit(most)
    assert limit >= most
    assert limit % 2 == 0
    assert limit <= max(2, 2 * most)


@pytest.mark.parametrize("night", [0, 23])
def test_hours_that_nobody_expects_are_drawn_too(night: int) -> None:
    hours = [[0] * 24 for _ in range(7)]
    hours[6][night] = 1
    hours[0][10] = 1000
    drawing = ET.fromstring(draw_hours(hours, NAMES, title="t"))  # noqa: S314 - our own
    cells = drawing.findall(f"{SVG}rect")
    assert len(cells) % 7 == 0
    shades = {cell.get("fill") for cell in cells}
    assert len(shades) == 3, "none, one, and the most"
    assert [text.text for text in drawing.iter(f"{SVG}text")][:7] == NAMES
