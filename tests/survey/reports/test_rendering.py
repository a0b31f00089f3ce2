import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from survey.reports.rendering import render_html
from survey.waves import WaveDetails, WaveState

FIRST = "440983001001"
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


class Outline(HTMLParser):
    """Tags, ids, and whether what was opened was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in ("meta", "br", "wbr", "rect", "path", "line", "circle", "polygon"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("rect", "path", "line", "circle", "polygon"):
            return
        assert self.open.pop() == tag


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("area", [None, FIRST])
def test_the_page_is_whole(world, area) -> None:
    found = outline(render_html(world.report(area)))
    assert found.open == []
    assert found.tags.count("h1") == 1
    assert len(found.ids) == len(set(found.ids))
    assert not {"script", "style", "link", "img", "iframe"} & set(found.tags)


def test_a_name_is_never_markup(world) -> None:
    evil = '<img src=x onerror="alert(1)">&amp;{{ 7*7 }}'
    html = render_html(
        replace(world.renaming(FIRST, evil), wave=replace(world.wave, name=evil))
        .with_details(sponsor=evil, form_no=evil, limitations=evil)
        .report(FIRST)
    )
    assert "<img" not in html
    assert "img" not in outline(html).tags
    assert html.count("&lt;img") > 5
    assert "49" not in re.findall(r"&amp;amp;(.*?)<", html)


def test_a_draft_shows_its_watermark_and_what_is_missing(world) -> None:
    draft = replace(world, wave=replace(world.wave, state=WaveState.CLOSED, details=WaveDetails(fictitious=True)))
    html = render_html(draft.report(FIRST))
    assert '<p class="watermark">草稿 · 虚构数据</p>' in html
    assert "<li>经费来源</li>" in html
    assert "watermark" not in render_html(world.report(FIRST))


def test_a_complete_unpublished_wave_says_that_it_is_not_published(world) -> None:
    draft = replace(world, wave=replace(world.wave, state=WaveState.CLOSED))
    assert "本轮次尚未发布" in render_html(draft.report(FIRST))


def test_nothing_to_report_is_still_a_report(world) -> None:
    html = render_html(replace(world, estimates=()).report())
    assert "没有可以报告的总体指标" in html
    assert "方法披露" in html


@pytest.mark.parametrize("area", [None, FIRST])
def test_english_has_no_chinese_but_the_names(world, area) -> None:
    plain = world.with_details(
        sponsor="S", fieldwork="F", funder="M", form_no="1", authority="A", approval_no="2",
        population="P", recruitment="R", quality="Q", limitations="L", no_response_rate="N",
    )  # fmt: skip
    plain = replace(
        plain,
        wave=replace(plain.wave, name="Wave 1", state=WaveState.CLOSED),
        areas=tuple(replace(found, name=f"Area {found.code}") for found in plain.areas),
    ).with_coaching(0.2, area=area)
    for variant in (
        plain,
        plain.without_intervals(),
        plain.with_details(approval=None, funder=""),
        replace(plain, estimates=()),
    ):
        assert CHINESE.findall(render_html(variant.report(area, "en"))) == []
