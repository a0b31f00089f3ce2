"""What residents load to see a page: only what is needed, and nothing that is missing."""

from survey.language_files import known_languages, style_sheet
from tests.survey.pages.residents.phone import Phone
from tests.survey.pages.residents.trimming import TRIMMED, trim, used_classes, written


def test_the_trimmed_styles_are_those_of_the_pages() -> None:
    message = "write it anew: python -m tests.survey.pages.residents.trimming"
    assert TRIMMED.read_text(encoding="utf-8") == written(), message


def test_trimming_keeps_what_is_used_and_nothing_else() -> None:
    css = ".govuk-a,.govuk-b:focus{color:red}.govuk-b{top:0}@media print{.govuk-a{left:0}.govuk-b{left:1px}}p{margin:0}"
    assert trim(css, {"govuk-a"}) == ".govuk-a{color:red}@media print{.govuk-a{left:0}}p{margin:0}"


def test_no_used_class_is_without_its_styles() -> None:
    assert "govuk-radios__item" in used_classes()
    assert ".govuk-radios__item{" in TRIMMED.read_text(encoding="utf-8")


def test_each_language_that_is_set_apart_has_its_class() -> None:
    for language in known_languages().values():
        assert (f".language-{language.tag} " in style_sheet()) == language.is_set_apart
    assert ".language-mn-Mong { writing-mode: vertical-lr" in style_sheet()


def test_looks_are_chosen_on_any_page_and_kept(phone: Phone) -> None:
    phone.go("/a?type=large").go("/a?contrast=high").go("/rights")
    classes = phone.last.all("html")[0].get("class").split()
    assert {"resident--large", "resident--contrast"} <= set(classes)
    assert "更大的字" in phone.words
    phone.go("/a?type=largest")
    assert "更大的字" not in phone.words
    phone.go("/a?type=normal").go("/a?contrast=normal&type=enormous")
    classes = phone.last.all("html")[0].get("class").split()
    assert not {"resident--large", "resident--largest", "resident--contrast"} & set(classes)
