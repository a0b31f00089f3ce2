from xml.etree import ElementTree

import pytest

from survey.reports.plan_charts import Curve, CurveChart, draw_curves, draw_line_sample, nice_end

SVG = "{http://www.w3.org/2000/svg}"


def parse(chart: CurveChart) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw_curves(chart, title="<半宽> & 户数")))  # noqa: S314 - our own


def texts(chart: CurveChart) -> list[str]:
    return [element.text or "" for element in parse(chart).iter(f"{SVG}text")]


def test_scales_have_round_figures() -> None:
    chart = CurveChart(curves=(), largest=300, top=0.15)
    assert texts(chart) == ["0%", "5%", "10%", "15%", "0", "100", "200", "300"]


def test_a_curve_is_where_its_points_are() -> None:
    """Half of the size is half of the width between the margins, half of the share half of the height."""
    chart = CurveChart(curves=(Curve(points=((50, 0.1), (100, 0.0))),), largest=100, top=0.2)
    curve = list(parse(chart).iter(f"{SVG}path"))[-1]
    assert curve.get("d") == "M194 106L348 200"


def test_what_lies_above_the_scale_is_left_out() -> None:
    chart = CurveChart(curves=(Curve(points=((1, 0.5), (50, 0.1), (100, 0.05))),), largest=100, top=0.2)
    curve = list(parse(chart).iter(f"{SVG}path"))[-1]
    assert (curve.get("d") or "").count("L") == 1


def test_lines_differ_without_colour() -> None:
    samples = [str(draw_line_sample(number)) for number in range(3)]
    assert len({sample.partition("stroke-dasharray")[2] for sample in samples}) == 3


def test_the_title_is_escaped_and_nothing_is_styled() -> None:
    chart = CurveChart(curves=(), largest=10, top=1.0, wanted=0.8, planned=5)
    title = parse(chart).find(f"{SVG}title")
    assert title is not None
    assert title.text == "<半宽> & 户数"
    assert "style" not in str(draw_curves(chart, title=""))


@pytest.mark.parametrize("number", [0.0001, 0.07, 0.5, 1, 3.3, 99, 100, 101, 27_362, 1e7])
def test_an_end_is_just_beyond(number: float) -> None:
    assert number <= nice_end(number) * (1 + 1e-9) <= 2 * number * (1 + 1e-9)
