"""What is on a paper form, in both languages, normal and large; and what must not be."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaires.definition import Text
from questionnaires.loading import BUILT_IN, built_in, load_file, load_text
from survey.fieldwork.paper_serials import Serial, modules_on
from survey.reports.paper_form import Copy, PaperBlock, PaperDocument, compose_paper
from survey.reports.pdf import render_pdf, replace_missing
from survey.reports.rendering import render_paper_html
from survey.workflow.print_paper import print_specimen, typeset
from tests.survey.paper_wave import DETAILS, INSTRUMENT

QUESTIONNAIRE = load_text(INSTRUMENT, "paper.toml")


def copies(count: int = 2) -> list[Copy]:
    serials = [Serial(batch=7, number=number) for number in range(1, count + 1)]
    return [
        Copy(serial=str(s), receipt=f"ABCD-EFGH-{s.number:04}", modules=modules_on(QUESTIONNAIRE, s)) for s in serials
    ]


def paper(language: str = "zh_Hans", **more: bool) -> PaperDocument:
    return compose_paper(QUESTIONNAIRE, DETAILS, copies(), language=language, **more)


def blocks(document: PaperDocument, form: int = 0) -> dict[str, PaperBlock]:
    return {block.rows[0].id: block for section in document.forms[form].sections for block in section.blocks}


def pages_of(document: PaperDocument, folder: Path) -> list[list[str]]:
    """The lines of every page as printed."""
    (folder / "form.pdf").write_bytes(typeset(document).content)
    done = subprocess.run(
        ["pdftotext", "-layout", "form.pdf", "-"], cwd=folder, capture_output=True, check=True, text=True
    )
    return [page.splitlines() for page in done.stdout.split("\f")]


def words(document: PaperDocument) -> str:
    html = re.sub(r"(?s)<style>.*?</style>", "", render_paper_html(document))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_who_asks_on_what_ground_and_the_legal_marks() -> None:
    told = words(paper())
    for fact in (
        "云城市委宣传部",
        "云城调查队",
        "0763-1234567",
        "云调 1 号表",
        "云城市统计局",
        "云统制〔2026〕1 号",
        "2027年6月30日",
    ):
        assert fact in told
    assert "表号" not in words(print_specimen(QUESTIONNAIRE, language="zh_Hans"))


def test_a_form_of_a_wave_says_where_rights_are_told() -> None:
    address = "https://survey.example/rights/7"
    for language in ("zh_Hans", "en"):
        form = compose_paper(QUESTIONNAIRE, DETAILS, copies(1), language=language, rights=address)
        assert words(form).count(address) == 1
    assert "/rights" not in words(print_specimen(QUESTIONNAIRE, language="zh_Hans"))


def test_routing_is_told_in_words() -> None:
    found = blocks(paper())
    assert found["S1"].routes == ("S1：选 2 → 到此结束，谢谢；其他 → 接着答 A1",)
    assert found["A1"].routes == ("A1：选 3 → 跳到 B1；其他 → 接着答 A2",)
    assert found["A2"].who == "A2 只请这样的人回答：A1 选 1 或 2"
    assert found["A2"].hint == "最多选 2 项"


def test_a_battery_is_one_table_and_asides_stand_last() -> None:
    block = blocks(paper())["B1"]
    assert block.kind == "grid"
    assert [row.id for row in block.rows] == ["B1", "B2"]
    assert [option.code for option in (*block.options, *block.asides)] == [1, 2, 3, 98, 99]
    assert block.asides[-1].text == "不想回答"
    assert blocks(paper(interviewer=True))["B1"].asides[-1].text == "拒答"


def test_boxes_lines_and_open_options() -> None:
    found = blocks(paper())
    assert found["N1"].boxes == ((2, ""),)
    assert [digits for digits, _ in found["D1"].boxes] == [4, 2, 2]
    assert found["T1"].lines >= 2
    assert [option.code for option in found["A2"].options if option.open] == [10]
    assert [option.code for option in found["A2"].options if option.alone] == [90]


def test_a_form_has_one_module_and_forms_take_turns() -> None:
    document = paper()
    both = [{"M1", "M2"} & blocks(document, form).keys() for form in (0, 1)]
    assert both[0] != both[1]
    assert {len(one) for one in both} == {1}


def test_notes_are_for_interviewers_and_decoys_for_nobody() -> None:
    assert "看样子不像就问" not in words(paper())
    assert "看样子不像就问" in words(paper(interviewer=True))
    html = render_paper_html(paper())
    shapes = [html.replace(text, "·") for text in (">1</span>电视<", ">2</span>海报<")]
    assert [shape.count("·") - html.count("·") for shape in shapes] == [2, 2], "one for each module, both alike"
    assert "decoy" not in html


def test_a_questionnaires_own_words_for_paper_are_printed_in_batches_and_specimens() -> None:
    urban = load_file(BUILT_IN["urban-community"])
    batch, specimen = (
        compose_paper(urban, DETAILS, copies(1), language="zh_Hans"),
        print_specimen(urban, language="zh_Hans"),
    )
    own = urban.introductions["paper_entry"].zh_Hans
    for told in (words(batch), words(specimen)):
        assert own[own.index("这份问卷") : own.index("本次调查")] in told
        assert "封好的信封到了录入的人手里才拆开" in told
    assert "云城调查队受云城市委宣传部委托" in words(batch)
    assert "（委托单位）" in words(specimen)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_words_for_paper_that_tell_of_a_draw_are_not_printed(version: str) -> None:
    """Waves of versions from before may still hand forms out."""
    urban = next(each for each in built_in("urban-community") if each.version == version)
    assert "填写的人不是抽签抽中的" in words(compose_paper(urban, DETAILS, copies(1), language="zh_Hans"))
    for language, drawn in (("zh_Hans", "随机抽到"), ("en", "drawn at random")):
        assert drawn not in words(compose_paper(urban, DETAILS, copies(1), language=language))


def test_a_questionnaire_without_words_for_paper_borrows_none_of_another_mode() -> None:
    callback = load_file(BUILT_IN["service-callback"])
    told = words(print_specimen(callback, language="zh_Hans"))
    assert "这份问卷按社区发放" in told


@pytest.mark.parametrize("slug", sorted(BUILT_IN))
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_item_of_a_built_in_questionnaire_is_on_its_form(slug: str, language: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    document = print_specimen(questionnaire, language=language)
    shown = {
        row.id for form in document.forms for section in form.sections for block in section.blocks for row in block.rows
    }
    assert shown == {item.id for item in questionnaire.items if not item.modes or "paper_entry" in item.modes}
    html, missing = replace_missing(render_paper_html(document))
    assert missing == ""
    assert html.count("<article") == len(document.forms)


@pytest.mark.parametrize(("language", "large"), [("zh_Hans", False), pytest.param("en", True, marks=pytest.mark.slow)])
def test_every_page_carries_its_serial_and_its_number(tmp_path: Path, language: str, large: bool) -> None:
    document = compose_paper(QUESTIONNAIRE, DETAILS, copies(), language=language, large=large)
    (tmp_path / "forms.pdf").write_bytes(typeset(document).content)
    text = subprocess.run(
        ["pdftotext", "-layout", "forms.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    pages = [page for page in text.split("\f") if page.strip()]
    found = [re.findall(r"0007-000\d-\d", page) for page in pages]
    assert {len(one) for one in found} == {1}
    half = len(pages) // 2
    assert {one[0] for one in found[:half]} == {str(Serial(batch=7, number=1))}
    assert {one[0] for one in found[half:]} == {str(Serial(batch=7, number=2))}
    numbers = [int(re.findall(r"(?:页码|Page) +(\d+)", page)[0]) for page in pages]
    assert numbers == [*range(1, half + 1), *range(1, half + 1)], "each form counts its own"
    receipts = [re.findall(r"ABCD-EFGH-\d+", page) for page in pages]
    assert [one for one in receipts if one] == [["ABCD-EFGH-0001"], ["ABCD-EFGH-0002"]]
    assert all([receipts[half - 1], receipts[-1]]), "on the last page of each, to cut off"


def test_a_head_of_a_battery_is_not_broken_before_its_last_sign(tmp_path: Path) -> None:
    lines = [
        line.split()
        for page in pages_of(print_specimen(built_in("urban-community")[0], language="zh_Hans"), tmp_path)
        for line in page
    ]
    assert ["非常满意", "比较满意", "一般", "不太满意", "很不满意", "不了解", "不想回答"] in lines
    assert "没有" in {word for line in lines for word in line}, "five signs: two and three"


@pytest.mark.slow
def test_what_to_know_first_and_a_batterys_questions_stay_whole_in_large_print(tmp_path: Path) -> None:
    form = compose_paper(
        built_in("urban-community")[0],
        DETAILS,
        copies(1),
        language="en",
        large=True,
        rights="https://survey.example/rights/7",
    )
    pages = ["\n".join(page) for page in pages_of(form, tmp_path)]
    assert len({n for n, page in enumerate(pages) if "Tick the box" in page or "survey.example" in page}) == 1
    scales = [(page.count("Very satisfied"), page.count("Very dissatisfied")) for page in pages]
    assert all(first == last for first, last in scales)
    assert sum(first for first, _ in scales) > 10


@pytest.mark.slow
def test_hostile_wordings_stay_words() -> None:
    naughty = INSTRUMENT.replace("家里几口人", "</p><script>alert(1)</script>😀\u202e")
    document = compose_paper(load_text(naughty, "x.toml"), DETAILS, copies(1), language="zh_Hans")
    html, missing = replace_missing(render_paper_html(document))
    assert "<script>" not in html
    assert "😀" in missing
    assert render_pdf(html).pages >= 1


@pytest.mark.slow
def test_a_question_longer_than_a_page_leaves_no_page_with_a_heading_alone(tmp_path: Path) -> None:
    """Nobody writes such options on purpose; whoever does should not have to print pages with nothing on them."""
    long = Text(
        zh_Hans="道路楼道电梯车库绿地都有人按时打扫，没有积水没有异味，" * 12, en="swept on time and well, " * 20
    )
    items = tuple(
        replace(item, ask_if=(), options=tuple(replace(option, text=long) for option in item.options))
        for item in QUESTIONNAIRE.items
    )
    document = print_specimen(replace(QUESTIONNAIRE, items=items), language="zh_Hans", large=True)
    (tmp_path / "long.pdf").write_bytes(typeset(document).content)
    done = subprocess.run(
        ["pdftotext", "-layout", "long.pdf", "-"], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    pages = [[line for line in page.splitlines() if line.strip()] for page in done.stdout.split("\f")]
    assert len(pages) > 8
    assert all(len(lines) > 4 for lines in pages[:-1] if lines)
