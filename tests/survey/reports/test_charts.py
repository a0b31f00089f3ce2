import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.reports.charts import ChartRow, Mark, interval_chart

LEGEND = {mark: f"legend {mark}" for mark in Mark if mark is not Mark.ABSENT}
SVG = "{http://www.w3.org/2000/svg}"


def draw(*rows: ChartRow, prefix: str = "c", width: int = 480) -> ET.Element:
    text = interval_chart(
        rows, prefix=prefix, title="Rates", description="See table", legend=LEGEND, font_family="X Y", width=width
    )
    return ET.fromstring(text)  # noqa: S314 - made here


def interval(label: str = "A", **changes: object) -> ChartRow:
    values: dict[str, object] = {"proportion": 0.5, "low": 0.4, "high": 0.6, "value": "50%"}
    return ChartRow(label=label, mark=Mark.INTERVAL, **(values | changes))  # type: ignore[arg-type]


def words(svg: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in svg.iter(f"{SVG}text")]


def test_it_is_an_image_with_a_title_and_description_and_its_own_font() -> None:
    svg = draw(interval(), prefix="chart-x")
    assert svg.get("role") == "img"
    assert svg.get("font-family") == "X Y"
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert named == {"chart-x-title": "Rates", "chart-x-desc": "See table"}
    assert svg.get("aria-labelledby") == "chart-x-title chart-x-desc"


def test_nothing_needs_a_style_sheet_or_a_script() -> None:
    text = ET.tostring(draw(*(interval(mark_row.label) for mark_row in ALL_MARKS)), encoding="unicode")
    assert not re.search(r"style|script|onload|href", text)


ALL_MARKS = [
    interval("firm", target=0.55),
    ChartRow(label="care", mark=Mark.CARE, proportion=0.5, low=0.2, high=0.8, value="50%"),
    ChartRow(label="point", mark=Mark.POINT, proportion=0.5, value="50%"),
    ChartRow(label="range", mark=Mark.RANGE, low=0.9, high=1.0, value="90%–100%"),
    ChartRow(label="absent", mark=Mark.ABSENT, words="too few"),
]


def test_rows_keep_their_order_and_every_kind_has_a_shape_of_its_own() -> None:
    svg = draw(*ALL_MARKS)
    printed = [word for word in words(svg) if word in {row.label for row in ALL_MARKS}]
    assert printed == [row.label for row in ALL_MARKS]
    circles = list(svg.iter(f"{SVG}circle"))
    assert {circle.get("fill") for circle in circles} == {"#1f4e79", "#ffffff"}  # filled: firm, hollow: care
    assert len(list(svg.iter(f"{SVG}polygon"))) == 2  # point and its legend
    assert "too few" in words(svg)


def test_the_legend_explains_only_what_is_drawn() -> None:
    assert [word for word in words(draw(interval())) if word.startswith("legend")] == ["legend interval"]
    assert [word for word in words(draw(*ALL_MARKS)) if word.startswith("legend")] == [
        "legend interval",
        "legend care",
        "legend point",
        "legend range",
        "legend target",
    ]


def test_an_interval_lies_where_its_rates_are() -> None:
    svg = draw(interval(low=0.0, proportion=0.25, high=1.0, target=0.75), width=528)
    lines = [(line.get("x1"), line.get("x2"), line.get("stroke")) for line in svg.iter(f"{SVG}line")]
    assert ("14", "514", "#1f4e79") in lines
    assert ("389", "389", "#a4262c") in lines
    assert svg.find(f"{SVG}circle").get("cx") == "139"  # type: ignore[union-attr]


def test_an_absent_row_draws_no_number_and_no_target() -> None:
    svg = draw(ChartRow(label="a", mark=Mark.ABSENT, words="too few", target=0.9))
    assert not list(svg.iter(f"{SVG}line"))
    assert words(svg)[:2] == ["a", "too few"]


def test_a_long_label_is_wrapped_and_at_last_cut() -> None:
    svg = draw(interval("社区" * 200))
    lines = [word for word in words(svg) if word.startswith("社区") or word.startswith("区")]
    assert len(lines) == 3
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("rows", [[], [interval()] * 60])
def test_no_row_and_many_rows(rows: list[ChartRow]) -> None:
    svg = draw(*rows)
    bottom = float(svg.get("height", "0"))
    assert all(float(text.get("y", "0")) <= bottom for text in svg.iter(f"{SVG}text"))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))))
def test_any_label_is_printed_as_text_and_never_as_markup(label: str) -> None:
    svg = draw(interval(label), interval("<b>&amp;</b>"))
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {
        "svg", "title", "desc", "text", "rect", "path", "line", "circle", "polygon",
    }  # fmt: skip
    assert "<b>&amp;</b>" in words(svg)
