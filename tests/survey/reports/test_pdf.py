import re
import shutil
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.publication import Subset
from survey.messages import Failure
from survey.reports import pdf
from survey.reports.pdf import render_pdf, replace_missing
from survey.reports.rendering import render_html
from survey.waves import WaveDetails, WaveState
from tests.survey.reports.conftest import with_built_in_questionnaire
from tests.survey.reports.earlier_wave import with_earlier_wave

FIRST = "440983001001"
#: A report takes a second to typeset: in English, whose words are longer, each day; in Chinese in the whole run.
LANGUAGES = [pytest.param("zh_Hans", marks=pytest.mark.slow), "en"]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


def build(world, area=None, language="zh_Hans") -> bytes:
    html, _ = replace_missing(render_html(world.report(area, language)))
    return render_pdf(html).content


@pytest.fixture(scope="module")
def community(world) -> bytes:
    """The report of the first community, typeset once."""
    return build(world, FIRST)


def ask(tool: str, content: bytes, folder: Path, *options: str) -> str:
    path = folder / "report.pdf"
    path.write_bytes(content)
    command = [tool, *options, str(path)]
    if tool == "pdftotext":
        command.append("-")
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def fonts(content: bytes, folder: Path) -> set[str]:
    lines = ask("pdffonts", content, folder).splitlines()[2:]
    return {line.split()[0].partition("+")[2] for line in lines}


@needs_poppler
def test_a_community_report_says_what_it_must(world, community, tmp_path) -> None:
    text = re.sub(r"\s+", "", ask("pdftotext", community, tmp_path))
    for needed in (
        "双山社区居民调查报告", "表号：青调01表", "批准文号：青统制〔2026〕7号", "有效期限：2027年6月30日",
        "制定机关：青河区统计局", "设计为假定", "置信区间", "应答率", "88%", "81%–94%", "可以下的结论",
        "不能下的结论", "方法披露", "题目原文", world.run.digest, world.run.frame_digest, world.run.answers_digest,
        "1/2",
    ):  # fmt: skip
        assert needed in text, needed
    assert "草稿" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_of_a_community_is_two_pages(world, language) -> None:
    report = with_built_in_questionnaire(world).report(FIRST, language)
    assert [len(section.table.rows) for section in (*report.headline, *report.details)] == [4, 10, 4, 3]
    assert render_pdf(render_html(report)).pages == 2


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_whatever_is_to_be_said_of_a_community_adds_a_page_at_most(world, language) -> None:
    usual = with_built_in_questionnaire(world)
    for unusual in (usual.suppressing(FIRST), usual.without_intervals()):
        assert render_pdf(render_html(unusual.report(FIRST, language))).pages == 2
    draft = replace(usual, wave=replace(usual.wave, state=WaveState.CLOSED, details=WaveDetails()))
    assert render_pdf(render_html(draft.report(FIRST, language))).pages <= 3
    coached = usual.with_coaching(0.2, area=FIRST)
    assert render_pdf(render_html(coached.report(FIRST, language))).pages <= 3


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_report_of_a_whole_with_sixteen_communities_is_six_pages_at_most(world, language) -> None:
    report = with_built_in_questionnaire(world).report(None, language)
    assert [len(section.table.rows) for section in report.parts] == [16] * 4
    assert render_pdf(render_html(report)).pages <= 6


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("drawn", [False, True])
def test_what_changed_since_the_last_wave_adds_no_page_to_a_community(world, language, drawn) -> None:
    usual = with_built_in_questionnaire(world)
    report = with_earlier_wave(usual.drawn() if drawn else usual).report(FIRST, language)
    assert len(report.changes.lines) == 4
    assert report.changes.has_done
    assert render_pdf(render_html(report)).pages == 2


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("drawn", [False, True])
def test_with_what_changed_in_sixteen_communities_the_whole_has_six_pages_at_most(world, language, drawn) -> None:
    usual = with_built_in_questionnaire(world)
    report = with_earlier_wave(usual.drawn() if drawn else usual).report(None, language)
    assert len(report.changes.parts) == 16
    assert render_pdf(render_html(report)).pages <= 6


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("area", [None, FIRST])
def test_what_changed_is_printed_with_its_interval_and_the_work_beside_it(world, tmp_path, area) -> None:
    report = with_earlier_wave(world).report(area)
    text = re.sub(r"\s+", "", ask("pdftotext", render_pdf(render_html(report)).content, tmp_path))
    assert "与上一轮相比" in text
    for line in report.changes.lines:
        assert line.words.replace(" ", "") in text
    assert "同期登记：入户宣传" in text
    assert "不说明它有效果" in text
    assert text.count("1.资料收集方法") == 1  # what avoids a break is set once


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_open_link_stays_on_one_page_and_the_facts_in_one_row(world, tmp_path, language) -> None:
    usual = with_built_in_questionnaire(world).drawn()
    modules = [i.code for i in usual.questionnaire.indicators if i.item.startswith("M")]
    asked = [e for e in usual.estimates if e.area is None]
    asked += [replace(e, indicator=code) for code, e in zip(modules, asked, strict=False)]
    apart = (replace(e, subset=Subset.OPEN_LINK, low=None, high=None, target=None, band=None) for e in asked)
    mixed = replace(usual, estimates=(*usual.estimates, *apart), run=replace(usual.run, open_responses=117))
    report = mixed.report(None, language)
    assert len(report.apart[0].table.rows) > 24

    pages = ask("pdftotext", render_pdf(render_html(report)).content, tmp_path, "-layout").split("\f")

    (page,) = [page for page in pages if report.apart[0].heading in page]
    below = page[page.index(report.apart[0].heading) :]
    assert len(re.findall(r"\(1,590\)", below)) == len(report.apart[0].table.rows)
    row = next(line for line in pages[0].splitlines() if report.facts[3][1] in line)
    assert report.facts[4][1] in row


def test_every_drawing_has_its_words_for_those_who_do_not_see_it(world, community) -> None:
    report = world.report(FIRST)
    drawn = [row for section in (*report.headline, *report.details) for row in section.table.rows if row.drawing]
    objects = b"".join(inflate(s) for s in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", community, re.DOTALL))
    figures, named = objects.count(b"/S /Figure"), objects.count(b"/Alt")
    assert figures == named > len(drawn) == 11


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("area", [None, FIRST])
def test_only_our_fonts_are_in_it(world, tmp_path, area, language) -> None:
    assert fonts(build(world, area, language), tmp_path) == {"Survey-Sans-SC", "Survey-Sans-SC-Bold"}


@pytest.mark.slow
@needs_poppler
def test_absurd_names_become_a_readable_report(world, tmp_path) -> None:
    name = "🎉" + "\u202e" + "<script>alert('x')</script>&amp;𠮷" + "很长的名字" * 60
    absurd = replace(world.renaming(FIRST, name), wave=replace(world.wave, name="W" * 300))
    html, missing = replace_missing(render_html(absurd.with_details(sponsor="S" * 500).report(FIRST)))
    assert missing == "🎉𠮷"
    content = render_pdf(html).content
    assert fonts(content, tmp_path) == {"Survey-Sans-SC", "Survey-Sans-SC-Bold"}
    text = ask("pdftotext", content, tmp_path)
    assert "□<script>alert('x')</script>&amp;□很长" in text.replace("\n", "")


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("area", [None, FIRST])
def test_nothing_published_is_still_a_report(world, tmp_path, area) -> None:
    everywhere = (None, *(found.code for found in world.areas))
    text = ask("pdftotext", build(world.suppressing(*everywhere), area), tmp_path)
    assert "样本不足" in text
    assert not re.search(r"\d%–", text)
    assert "没有可以报告的总体指标" in ask("pdftotext", build(replace(world, estimates=()), area), tmp_path)


@pytest.mark.slow
@needs_poppler
def test_the_watermark_is_on_every_page(world, tmp_path) -> None:
    draft = replace(world, wave=replace(world.wave, state=WaveState.CLOSED)).with_details(fictitious=True)
    html, _ = replace_missing(render_html(draft.report(FIRST)))
    made = render_pdf(html)
    text = ask("pdftotext", made.content, tmp_path, "-raw")
    pages = [re.sub(r"\s", "", page) for page in text.split("\f")[:-1]]
    assert len(pages) == made.pages
    assert all("草稿" in page and "虚构数据" in page for page in pages)


@needs_poppler
def test_title_language_and_tags_are_in_the_file(community, tmp_path) -> None:
    info = ask("pdfinfo", community, tmp_path)
    assert re.search(r"Title:\s+双山社区居民调查报告 · 2026年第三季度居民调查", info)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Page size:.*A4", info)
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", community, re.DOTALL)
    assert any(b"/Lang (zh-Hans)" in inflate(stream) for stream in streams)


def inflate(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def test_no_address_is_opened(tmp_path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>SECRET</text></svg>')
    html = f'<html><body><img src="{secret.as_uri()}"><img src="http://127.0.0.1:9/x.png"><p>text</p></body></html>'
    made = render_pdf(html)
    assert made.pages == 1
    assert b"/Image" not in made.content


def test_text_whose_characters_are_all_there_is_unchanged() -> None:
    text = "社区 95% ≥ ≤ ± × ÷ − □ ①⑩ → “”〔〕 déjà vu"
    assert replace_missing(text) == (text, "")


def test_missing_characters_are_named_once_in_order() -> None:
    assert replace_missing("一😀二🎉三😀") == ("一□二□三□", "😀🎉")
    assert replace_missing("👨\u200d👩\ufe0f\u202e\x00x") == ("□□x", "👨👩")
    assert replace_missing("cafe\u0301") == ("café", "")


def test_a_missing_font_file_is_a_clear_failure(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf._renderer.cache_clear()
    try:
        with pytest.raises(Failure, match=r"SurveySansSC-Regular\.ttf"):
            render_pdf("<p>x</p>")
    finally:
        pdf._renderer.cache_clear()


@pytest.mark.slow
def test_a_missing_system_library_names_the_packages() -> None:
    program = """
import ctypes.util, sys
from survey.messages import Failure
from survey.reports.pdf import render_pdf
import cffi
real = cffi.FFI.dlopen
def without_pango(self, name, *rest):
    if name and "pango" in str(name):
        raise OSError(f"cannot load library {name!r}")
    return real(self, name, *rest)
cffi.FFI.dlopen = without_pango
try:
    render_pdf("<p>x</p>")
except Failure as failure:
    print(failure)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "libpango-1.0-0" in done.stdout
    assert "libharfbuzz-subset0" in done.stdout


@pytest.mark.slow
def test_a_pdf_worker_loads_no_numbers_and_no_database() -> None:
    program = """
import sys
import zlib
import survey.reports.document, survey.reports.rates, survey.reports.rendering
from survey.reports.pdf import render_pdf
assert "weasyprint" not in sys.modules
render_pdf("<p>社区</p>")
print([name for name in ("numpy", "scipy", "pandas", "sqlalchemy", "flask") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
