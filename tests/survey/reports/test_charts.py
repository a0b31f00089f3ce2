import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.reports.charts import HEIGHT, WIDTH, Mark, MarkedRate, draw_rate, draw_sample, draw_scale

SVG = "{http://www.w3.org/2000/svg}"
RATES = {
    Mark.INTERVAL: MarkedRate(mark=Mark.INTERVAL, proportion=0.5, low=0.4, high=0.6, target=0.55),
    Mark.CARE: MarkedRate(mark=Mark.CARE, proportion=0.5, low=0.2, high=0.8),
    Mark.POINT: MarkedRate(mark=Mark.POINT, proportion=0.5),
    Mark.RANGE: MarkedRate(mark=Mark.RANGE, low=0.9, high=1.0),
}
shares = st.floats(0, 1)


def draw(rate: MarkedRate, title: str = "50%") -> ET.Element:
    return ET.fromstring(draw_rate(rate, title=title))  # noqa: S314 - made here


def shapes(svg: ET.Element) -> list[tuple[str | None, ...]]:
    """Path, fill and stroke of everything above the strip."""
    return [tuple(path.get(name) for name in ("d", "fill", "stroke")) for path in svg.iter(f"{SVG}path")][1:]


def columns(path: str) -> list[float]:
    """The x of every absolute move of a path."""
    return [float(x) for x in re.findall(r"[MH](-?[0-9.]+)", path)]


def test_it_is_a_named_image_of_shapes_only() -> None:
    for rate in RATES.values():
        svg = draw(rate, "知晓率 50%")
        assert svg.get("role") == "img"
        assert [element.text for element in svg.iter(f"{SVG}title")] == ["知晓率 50%"]
        assert {element.tag for element in svg.iter()} == {f"{SVG}svg", f"{SVG}title", f"{SVG}path"}


def test_nothing_needs_a_style_sheet_or_a_script() -> None:
    drawn = [*(draw_rate(rate, title="x") for rate in RATES.values()), draw_scale(title="x", size=12)]
    drawn += [draw_sample(mark, title="x") for mark in Mark]
    assert not re.search(r"style|script|onload|href|class=\"(?!scale)", "".join(drawn))


def test_an_interval_lies_where_its_rates_are() -> None:
    (target, _, red), (mark, fill, stroke) = shapes(
        draw(MarkedRate(mark=Mark.INTERVAL, low=0.0, proportion=0.25, high=1.0, target=0.75))
    )
    assert (target, red) == ("M117 0v14", "#a4262c")
    assert columns(mark or "") == [6, 154, 6, 154, 43]
    assert fill == stroke == "#1f4e79"


def test_every_kind_has_a_shape_of_its_own() -> None:
    drawn = {mark: shapes(draw(rate))[-1] for mark, rate in RATES.items()}
    assert len({shape[0].split("c")[0] if shape[0] else "" for shape in drawn.values()}) == 4
    assert drawn[Mark.INTERVAL][1] == "#1f4e79"  # filled: firm
    assert drawn[Mark.CARE][1] == "#ffffff"  # hollow: with care
    assert "stroke-dasharray" in draw_rate(RATES[Mark.CARE], title="x")


def test_a_range_shows_no_point() -> None:
    (bar,) = shapes(draw(MarkedRate(mark=Mark.RANGE, proportion=0.95, low=0.9, high=1.0)))
    assert columns(bar[0] or "") == [139.2, 154, 139.2]


@given(low=shares, proportion=shares, high=shares, target=shares, mark=st.sampled_from(list(RATES)))
def test_whatever_the_rates_all_is_on_the_drawing(
    low: float, proportion: float, high: float, target: float, mark: Mark
) -> None:
    svg = draw(MarkedRate(mark=mark, low=low, proportion=proportion, high=high, target=target))
    assert svg.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert all(0 <= x <= WIDTH for path in svg.iter(f"{SVG}path") for x in columns(path.get("d") or ""))


def test_the_scale_has_its_figures_in_the_font_of_the_page_or_the_pdf() -> None:
    svg = ET.fromstring(draw_scale(title="0 to 100", size=12, font_family="X Y"))  # noqa: S314 - made here
    assert (svg.get("font-family"), svg.get("font-size")) == ("X Y", "12")
    figures = {text.text: float(text.get("x", "")) for text in svg.iter(f"{SVG}text")}
    assert list(figures) == ["0", "50", "100%"]
    assert 0 <= figures["0"] < 6 < 70 < figures["50"] < 80 < figures["100%"] < 130


@pytest.mark.parametrize("mark", list(Mark))
def test_a_sample_of_every_mark(mark: Mark) -> None:
    svg = ET.fromstring(draw_sample(mark, title="words"))  # noqa: S314 - made here
    assert svg.get("aria-hidden") == "true"
    assert len(list(svg.iter(f"{SVG}path"))) >= 1


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))))
def test_any_title_is_text_and_never_markup(title: str) -> None:
    svg = draw(RATES[Mark.POINT], title + "<b>&amp;</b>")
    assert [element.text for element in svg.iter(f"{SVG}title")] == [title + "<b>&amp;</b>"]
