"""A third language for residents, from files alone: how it is set, its words, and the wordings of the instrument."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey import i18n, language_files
from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering
from tests.survey.pages.residents.phone import Phone, begin

#: A tag for private use: nobody's language, so nobody's words are made up.
TAG = "qaa-Test"
FILE = f"""
tag = "{TAG}"
name = "Atset"
direction = "rtl"
writing_mode = "horizontal-tb"
fonts = ["Font of the Test", "Another"]
line_height = 1.8
accepts = ["qaa"]
fallback = "zh-Hans"
"""
WORDS = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "继续"\nmsgstr "Aet"\n'


@pytest.fixture(autouse=True)
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more file in each of two folders."""
    for module, name, files in (
        (language_files, "FOLDER", {f"{TAG}.toml": FILE}),
        (i18n, "CATALOGUES", {f"{TAG}.po": WORDS}),
    ):
        folder = tmp_path / name
        shutil.copytree(getattr(module, name), folder)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        monkeypatch.setattr(module, name, folder)
    _forget()
    yield
    _forget()


def _forget() -> None:
    for kept in (
        language_files.known_languages,
        language_files.style_sheet,
        language_files.style_sheet_version,
        i18n._catalogue,
    ):
        kept.cache_clear()


@pytest.fixture
def link(database: Database, config: Config) -> str:
    """An open link to an instrument that declares the language."""
    text = (BEHAVIOURS / "languages.toml").read_text(encoding="utf-8")
    instrument = text.replace('languages = ["bo"]', f'languages = ["{TAG}"]').replace("bo =", f"{TAG} =")
    return f"/o/{answering.start(database, KeyRing(folder=config.keys), instrument=instrument).link}"


def test_whoever_chooses_it_reads_it_set_as_its_file_says(phone: Phone, link: str) -> None:
    phone.go(link)
    (choice,) = [one for one in phone.last.all("a") if one.text == "Atset"]
    assert choice.get("lang") == TAG
    phone.go(f"/questionnaire{choice.get('href')}")
    begin(phone, link)
    (root,) = phone.last.all("html")
    assert (root.get("lang"), root.get("dir")) == (TAG, "rtl")
    assert f"language-{TAG}" in root.get("class").split()
    assert "ཡིད་ཚིམ་མམ" in phone.words  # the instrument's own wording
    assert "Aet" in phone.words  # what the language has a word for
    assert "您的权利" in phone.words  # what it has none for
    (sheet,) = [one.get("href") for one in phone.last.all("link") if "/languages.css" in one.get("href")]
    styles = phone.get(sheet)
    assert styles.mimetype == "text/css"
    assert "max-age" in styles.headers["Cache-Control"]
    assert f'.language-{TAG} body {{ font-family: "Font of the Test", "Another"' in styles.text
    assert "line-height: 1.8" in styles.text


def test_what_it_has_no_words_for_says_that_it_is_chinese(phone: Phone, link: str) -> None:
    """For a screen reader; of the page's own words, of the instrument's, and nowhere inside a tag."""
    begin(phone, link).press(f"language:{TAG}")
    marked = {one.text for one in phone.last.all("span") if one.get("lang") == "zh-Hans"}
    assert "回到说明" in marked
    assert not any("Aet" in words or "ཡིད་ཚིམ་མམ" in words for words in marked)
    labels = {label.text.strip(): [one.get("lang") for one in label.all("span")] for label in phone.last.all("label")}
    assert (labels["ཡིད་ཚིམ།"], labels["不满意"]) == ([], ["zh-Hans"])
    page = phone.get(f"/questionnaire?at=L1&language={TAG}").text
    assert not {"\ufdd0", "\ufdd1", "\ufdd2"} & set(page)
    assert 'data-read="读给我听"' in page
    assert "<title>" in page
    assert "<span" not in page.partition("</title>")[0]


def test_a_page_in_chinese_or_english_has_no_such_marks(phone: Phone, link: str) -> None:
    for language in ("zh_Hans", "en"):
        begin(phone, link).press(f"language:{language}")
        assert [one for one in phone.last.all("span") if one.get("lang")] == []


def test_the_whole_way_is_in_it_to_the_thanks(phone: Phone, link: str) -> None:
    begin(phone, link).press(f"language:{TAG}").press(answers={"L1": "1"})
    assert phone.state == "complete"
    assert phone.last.all("html")[0].get("lang") == TAG
    phone.go("/rights")
    assert phone.last.all("html")[0].get("lang") == TAG


def test_a_browser_that_wishes_for_it_gets_it(phone: Phone, link: str) -> None:
    address = phone.get(link).location or ""
    page = phone.get(address, headers={"Accept-Language": "qaa,zh;q=0.5"})
    assert f'lang="{TAG}"' in page.text


def test_it_is_offered_only_where_an_instrument_declares_it(
    phone: Phone, database: Database, config: Config, link: str
) -> None:
    phone.go("/sign-in?language=" + TAG)
    assert "Atset" not in phone.last.text
    phone.go(f"{link}?language={TAG}")
    phone.go("/sign-in")
    assert phone.last.all("html")[0].get("lang") == "zh-Hans"
    other = answering.start(database, KeyRing(folder=config.keys))
    phone.go(f"/o/{other.link}")
    assert "Atset" not in phone.last.text
    assert phone.last.all("html")[0].get("lang") == "zh-Hans"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('direction = "up"', "up"),
        ('fonts = ["a; } body { color: red"]', "expected letters"),
        ("line_height = 9", "expected 1 to 4"),
        ('colour = "red"', "expected only"),
        ('name = " "', "expected words"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_was_expected(line: str, said: str) -> None:
    key = line.split(" = ")[0]
    kept = [each for each in FILE.splitlines() if not each.startswith(f"{key} =")]
    path = language_files.FOLDER / f"{TAG}.toml"
    path.write_text("\n".join([*kept, line]), encoding="utf-8")
    _forget()
    with pytest.raises(ValueError, match=said) as error:
        language_files.known_languages()
    assert path.name in str(error.value)
